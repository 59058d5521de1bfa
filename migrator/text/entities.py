"""Character references in plain text: ``&ograve;``, ``&#7843;``, ``&#x1ea3;``.

Only those that end in a semicolon and mean a character: ``?a=1&copy=2`` is an address, and ``&#0;`` means nothing.
"""

from __future__ import annotations

import re
from html import unescape

_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_NOT_A_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")


def resolved(text: str) -> str:
    """One layer of references resolved: ``&amp;lt;`` becomes ``&lt;``."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    meant = unescape(match[0])
    return match[0] if _NOT_A_CHARACTER.search(meant) else meant
