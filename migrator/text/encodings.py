"""The Vietnamese encodings from before Unicode: bytes, or text that was read as Latin-1, to NFC text and back.

``encodings.json`` holds the facts: for each encoding the bytes (hex) of its ``letters``; ``decode_only``, further byte
sequences and what they mean (second spellings, combining tones, the đồng sign); ``lookalikes``, characters that stand
for a letter in damaged text only. Bytes that are not listed are ASCII or, from 0x80, those of Windows-1252.

Sources: TCVN5712-1 and VISCII as glibc's iconv has them; VNI and VPS as GNU recode has them, with Ắ Ằ of VNI the right
way round and Ỗ of VPS added, as the PyPI package viparse has them, and its second spellings of VNI; CP1258 as Python
has it. TCVN3, the encoding of the ABC fonts, is the part of TCVN5712-1 those fonts can show; U+2212 is what PDF readers
make of its ư.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from migrator.text.composed import composed
from migrator.text.letters import base_and_tone

ENCODINGS: Final = ("TCVN3", "TCVN5712-1", "VNI", "VPS", "VISCII", "CP1258")

_ENTITY = re.compile(r"(&#?\w+;)")

# Windows-1252 as web browsers read it: its five undefined bytes are control characters.
_WINDOWS: Final = "".join(
    bytes([byte]).decode("cp1252") if byte not in b"\x81\x8d\x8f\x90\x9d" else chr(byte) for byte in range(256)
)
WINDOWS_1252: Final = dict(enumerate(_WINDOWS))  # for str.translate of bytes read as Latin-1
TO_BYTE: Final = {ord(sign): byte for byte, sign in enumerate(_WINDOWS)}


@dataclass(frozen=True, slots=True)
class _Table:
    """One encoding. Units are byte strings written as Latin-1."""

    letters: Mapping[str, bytes]
    units: Mapping[str, str]
    lookalikes: Mapping[str, str]


def decode_bytes(data: bytes, encoding: str) -> str:
    """The text of bytes, NFC. Never fails on data: what the encoding does not define is read as Windows-1252.

    ValueError for an encoding that is not one of :data:`ENCODINGS`.
    """
    return composed(_bytes_decoder(encoding)(data.decode("latin-1")))


def decode_lookalike(text: str, encoding: str, *, capitals: bool = False) -> str:
    """The text meant by text that was read as Latin-1 or Windows-1252, NFC. Other characters stay as they are.

    Control characters from 0x80 on that are no letters become the signs of Windows-1252 (quotation marks, dashes).
    ``capitals`` for fonts that show small letters as capitals (``.VnTimeH``); entities keep their case.
    ValueError for an encoding that is not one of :data:`ENCODINGS`.
    """
    decoded = composed(_lookalike_decoder(encoding)(text))
    if not capitals:
        return decoded
    pieces = _ENTITY.split(decoded)
    pieces[::2] = [piece.upper() for piece in pieces[::2]]
    return "".join(pieces)


def encode(text: str, encoding: str) -> bytes:
    """The bytes of text: the inverse of :func:`decode_bytes`.

    UnicodeEncodeError for a character the encoding does not have; ValueError for an unknown encoding.
    """
    letters = _table(encoding).letters
    known = frozenset(_table(encoding).units)
    out = bytearray()
    for place, sign in enumerate(composed(text)):
        spelled = letters.get(sign) or _spelled_out(sign, encoding)
        if not spelled:
            byte = TO_BYTE.get(ord(sign), -1)
            if byte < 0 or chr(byte) in known:
                raise UnicodeEncodeError(encoding, text, place, place + 1, "not in this encoding")
            spelled = bytes([byte])
        out += spelled
    return bytes(out)


def _spelled_out(sign: str, encoding: str) -> bytes:
    """A letter as base and combining tone, where the encoding has those bytes; else nothing."""
    table = _table(encoding)
    base, tone = base_and_tone(sign)
    tones = [unit for unit, meaning in table.units.items() if tone and meaning == tone]
    if not tones:
        return b""
    return (table.letters.get(base) or base.encode("ascii")) + tones[0].encode("latin-1")


@cache
def _tables() -> Mapping[str, _Table]:
    source = json.loads(resources.files(__package__).joinpath("encodings.json").read_text(encoding="utf-8"))
    tables = {}
    for name, entry in source.items():
        letters = {letter: bytes.fromhex(code) for letter, code in entry["letters"].items()}
        units = {code.decode("latin-1"): letter for letter, code in letters.items()}
        units |= {bytes.fromhex(code).decode("latin-1"): meaning for code, meaning in entry["decode_only"].items()}
        tables[name] = _Table(letters, units, entry["lookalikes"])
    return tables


def _table(encoding: str) -> _Table:
    try:
        return _tables()[encoding]
    except KeyError:
        raise ValueError(f"no such encoding: {encoding} (there are {', '.join(ENCODINGS)})") from None


@cache
def _bytes_decoder(encoding: str) -> Callable[[str], str]:
    return _substitution(_table(encoding).units, WINDOWS_1252)


@cache
def _lookalike_decoder(encoding: str) -> Callable[[str], str]:
    table = _table(encoding)
    as_windows = {unit.translate(WINDOWS_1252): meaning for unit, meaning in table.units.items()}
    controls = {byte: WINDOWS_1252[byte] for byte in range(0x80, 0xA0)}
    return _substitution({**table.units, **as_windows, **table.lookalikes}, controls)


def _substitution(units: Mapping[str, str], others: Mapping[int, str]) -> Callable[[str], str]:
    """A function that replaces units, the longest first, and translates what is left."""
    single = {**others, **{ord(unit): meaning for unit, meaning in units.items() if len(unit) == 1}}
    double = {unit: meaning for unit, meaning in units.items() if len(unit) > 1}
    if not double:
        return lambda text: text.translate(single)
    pattern = re.compile("|".join(map(re.escape, sorted(double, key=len, reverse=True))))

    def replace(text: str) -> str:
        pieces = []
        end = 0
        for match in pattern.finditer(text):
            pieces += [text[end : match.start()].translate(single), double[match[0]]]
            end = match.end()
        return "".join([*pieces, text[end:].translate(single)])

    return replace
