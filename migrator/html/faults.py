"""What the parser (lexbor in selectolax 1.0.2) gets wrong, written so that it gets it right.

Markup in UTF-8 in and out; see ``docs/decisions/0012-html-parser.md``.
"""

from __future__ import annotations

import re

# The two references that are shorter than what they mean: the parser has no room for that and damages its memory
# (measured with 1,000 of them).
_OVERFLOWING = re.compile(rb"&n[GL]t;")
_MEANT = {b"&nGt;": "≫⃒".encode(), b"&nLt;": "≪⃒".encode()}

# In svg and math it is an element of its own; there it is left.
_IMAGE = re.compile(rb"<image(?=[\s/>])", re.IGNORECASE)
_TABLE = re.compile(rb"<table", re.IGNORECASE)
_FOREIGN = re.compile(rb"<(?:svg|math)", re.IGNORECASE)

_FEW_OPTIONS = 1_000
_SELECT = re.compile(rb"<select(?=[\s/>])", re.IGNORECASE)
_OPTION = re.compile(rb"<option", re.IGNORECASE)


def without_faults(data: bytes) -> bytes:
    """A body that the parser neither damages its memory with nor loses a picture of."""
    if _OVERFLOWING.search(data):
        data = _OVERFLOWING.sub(lambda found: _MEANT[found[0]], data)
    # "image" is an old name of "img"; straight in a table the parser drops it.
    if _IMAGE.search(data) and _TABLE.search(data) and not _FOREIGN.search(data):
        data = _IMAGE.sub(b"<img", data)
    return data


def without_default_options(data: bytes) -> bytes:
    """Markup whose menus, where there are thousands of choices, are all for several.

    For each ``option`` in a ``select`` the parser looks through all those before it for the one that a browser would
    show: 8,000 take 0.7 s, 90,000 take 80 s. In a menu for several choices none is looked for, and the tree is the
    same; no body keeps a menu.
    """
    is_short = len(data) <= _FEW_OPTIONS * len(b"<option")
    if is_short or data.count(b"<") <= _FEW_OPTIONS or _SELECT.search(data) is None:
        return data
    return _SELECT.sub(rb"\g<0> multiple", data) if len(_OPTION.findall(data)) > _FEW_OPTIONS else data
