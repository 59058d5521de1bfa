"""Bytes that are UTF-8 for the most part, with paragraphs in an encoding from before Unicode among them."""

from __future__ import annotations

import re

from migrator.text.detect import detect_bytes
from migrator.text.encodings import ENCODINGS, decode_bytes

_PIECES = re.compile(rb"(<[^<>]*>|\n)")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
# Vietnamese letters of three bytes: no encoding from before Unicode writes such a row by chance more than once or twice.
_UTF8_LETTER = re.compile(rb"\xe1[\xba\xbb][\x80-\xbf]")


def decode_mixed(data: bytes) -> tuple[str, str] | None:
    """The text, and the encoding of the pieces (between tags or line ends) that are not UTF-8.

    Null where the bytes are not such a mixture: without a Vietnamese letter in UTF-8, with a piece that is broken UTF-8
    rather than legacy text, or where the encoding is not sure.
    """
    pieces = _PIECES.split(data)
    legacy = {place for place, piece in enumerate(pieces) if _BEYOND_ASCII.search(piece) and not _is_utf8(piece)}
    if not legacy or any(_UTF8_LETTER.search(pieces[place]) for place in legacy) or not _UTF8_LETTER.search(data):
        return None
    encoding = detect_bytes(b"\n".join(pieces[place] for place in sorted(legacy))).encoding
    if encoding not in ENCODINGS:
        return None
    read = [decode_bytes(piece, encoding) if place in legacy else piece.decode() for place, piece in enumerate(pieces)]
    return "".join(read), encoding


def _is_utf8(piece: bytes) -> bool:
    try:
        piece.decode()
    except UnicodeDecodeError:
        return False
    return True
