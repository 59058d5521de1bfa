"""Decode text from before Unicode: TCVN3, TCVN5712-1, VNI, VPS, VISCII or CP1258, or whichever it is (`detect`).

Bytes are decoded, text that was read as Windows-1252 is put right. Text that is better as it is stays as it is, with the
note ``decoding-doubt``; so does text that may be several things. Note ``legacy-encoding`` with the text before and
after. Null stays null.
"""

from __future__ import annotations

from typing import Any

from migrator.ports import Step, StepContext
from migrator.text.detect import detect
from migrator.text.encodings import ENCODINGS, decode_bytes, decode_lookalike
from migrator.text.plausibility import likelihood
from migrator.transform.values import as_text, shown
from migrator.transform.verb import Argument

DETECT = "detect"
ARGUMENTS = (
    Argument("encoding", "text", "tcvn3, tcvn5712-1, vni, vps, viscii, cp1258, or detect", default=DETECT),
    Argument("capitals", "boolean", "the font showed small letters as capitals, as .VnTimeH does", default=False),
)
NOTES = True
GIVES = "text"
EXAMPLES = (
    ("tcvn3", "B¸o H¶i Phßng", "Báo Hải Phòng"),
    ({"encoding": "tcvn3", "capitals": True}, "B¸o H¶i Phßng", "BÁO HẢI PHÒNG"),
    ("vni", "Baùo Haûi Phoøng", "Báo Hải Phòng"),
    ("tcvn3", "Báo Hải Phòng", "Báo Hải Phòng"),
    (None, "§µi ph¸t thanh vµ truyÒn h×nh H¶i Phßng", "Đài phát thanh và truyền hình Hải Phòng"),
    (None, "Thành phố Hải Phòng", "Thành phố Hải Phòng"),
    (None, None, None),
)
_BY_NAME = {name.lower(): name for name in ENCODINGS}
_TRUST = 5.0
"""What is written in a mapping is worth this much in natural logarithms, as a font's name is in `repair`."""


def make(encoding: str, capitals: bool) -> Step:
    """The step. ValueError for an encoding that does not exist."""
    if encoding.lower() == DETECT:
        if capitals:
            raise ValueError("capitals needs an encoding")
        return _detecting
    if encoding.lower() not in _BY_NAME:
        raise ValueError(f"there is no encoding {encoding!r}: {', '.join((*_BY_NAME, DETECT))}")
    return _from(_BY_NAME[encoding.lower()], capitals)


def _from(encoding: str, capitals: bool) -> Step:

    def step(value: Any, context: StepContext) -> str:
        if isinstance(value, bytes | bytearray):
            decoded = decode_bytes(bytes(value), encoding)
            return decoded.upper() if capitals else decoded
        text = as_text(value)
        if text.isascii() and not capitals:
            return text
        after = decode_lookalike(text, encoding, capitals=capitals)
        plainly = decode_lookalike(text, encoding) if capitals else after
        if likelihood(text) > likelihood(plainly) + _TRUST:
            context.note("decoding-doubt", f"{encoding}: {shown(text)} is better as it is")
            return text
        if after != text:
            context.note("legacy-encoding", f"{encoding}: {shown(text)} → {shown(after)}")
        return after

    return step


def _detecting(value: Any, context: StepContext) -> str:
    verdict = detect(value.decode("latin-1") if isinstance(value, bytes | bytearray) else as_text(value))
    if verdict.encoding:
        context.note("legacy-encoding", f"{verdict.encoding}: {shown(as_shown(value))} → {shown(verdict.text)}")
        return verdict.text
    if verdict.is_ambiguous:
        readings = ", ".join(reading.encoding for reading in verdict.alternatives)
        context.note("decoding-doubt", f"may be {readings}: {shown(as_shown(value))}")
    return as_text(value)


def as_shown(value: Any) -> str:
    """Bytes as Latin-1, so that they can be shown."""
    return value.decode("latin-1") if isinstance(value, bytes | bytearray) else as_text(value)
