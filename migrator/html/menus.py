"""Menus of thousands of choices, which the parser would take minutes for.

For each ``option`` in a ``select`` lexbor (in selectolax 1.0.2) looks through all those before it for the one that a
browser would show: 8,000 take 0.7 s, 90,000 take 80 s. In a menu for several choices none is looked for, and the tree
is the same; no body keeps a menu.
"""

from __future__ import annotations

import re

_FEW = 1_000
_SELECT = re.compile(rb"<select(?=[\s/>])", re.IGNORECASE)
_OPTION = re.compile(rb"<option", re.IGNORECASE)


def without_default_options(data: bytes) -> bytes:
    """Markup in UTF-8 whose menus, where there are many choices, are all for several."""
    if data.count(b"<") <= _FEW or _SELECT.search(data) is None or len(_OPTION.findall(data)) <= _FEW:
        return data
    return _SELECT.sub(rb"\g<0> multiple", data)
