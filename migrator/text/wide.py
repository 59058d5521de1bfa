"""Bytes that say themselves that they are Unicode: by a byte order mark, or by the NULs of UTF-16."""

from __future__ import annotations

import codecs
from typing import Final

# The mark of UTF-32 begins as that of UTF-16 does.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE, _SHORTEST = 256, 8
# Of Vietnamese letters one in five has no NUL in UTF-16; ASCII and tags always have one.
_MANY, _FEW = 0.25, 0.02


def marked_unicode(data: bytes) -> tuple[str, int] | None:
    """Python's name of the encoding, and how many bytes the mark has that tells it; null for bytes that tell nothing."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    head = data[:_SAMPLE]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(head) < _SHORTEST or max(even, odd) <= _MANY * len(head) or min(even, odd) > _FEW * len(head):
        return None
    return ("utf-16-be" if even > odd else "utf-16-le"), 0
