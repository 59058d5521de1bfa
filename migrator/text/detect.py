"""Which encoding a text is in: a verdict with its confidence, or an honest "ambiguous".

Every encoding is tried. The readings compete with the text as it is, which has the better odds from the start: a text
that is good Vietnamese, French or Chinese is to be left alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import exp, log
from typing import Final

from migrator.text.composed import composed
from migrator.text.encodings import ENCODINGS, WINDOWS_1252, decode_bytes, decode_lookalike
from migrator.text.mojibake import unscrambled
from migrator.text.plausibility import CHUNK, as_latin, as_vietnamese, likelihood, plain
from migrator.text.wide import marked_unicode

UTF8: Final = "UTF-8"
WINDOWS: Final = "CP1252"
UNICODE: Final = frozenset((UTF8, "UTF-16", "UTF-32"))

# A reading in a legacy encoding is taken for right above this, the text as it is above that; between is ambiguous.
SURE: Final = 0.95
GOOD: Final = 0.75
# A rival this close to the best reading makes the text ambiguous.
_RIVAL = 0.05
# Before anything is read: a text is good more often than not; the encodings of Windows fonts are the common ones.
_ODDS = {"TCVN3": log(0.01), "VNI": log(0.01)}
_RARE = log(0.002)

# What text read as Windows-1252 or Latin-1 cannot contain; U+2212 is what PDF readers make of a letter of TCVN3.
_FOREIGN = re.compile(r"[^\x00-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ−]")
_ODD = re.compile(r"[^\x07-\x0d\x20-\x7f]")
# What a text in one of the encodings contains at least one of; typographic signs alone are no sign of them.
_TELLING = re.compile(r"[\x00-\x06\x0e-\x1f\x80-\x9f\xa1-\xff]")
# UTF-8 of two bytes that is no letter of Vietnam's or of Western Europe's.
_EXOTIC = re.compile(r"[\u0180-\u019f\u01a2-\u01ae\u01b1-\u07ff]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_FEW = 2

_Chunks = tuple[str, ...]  # what the chunks with letters beyond ASCII are, in one reading
_ASCII_LETTERS = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text would be in one encoding, and how probable that is (0 to 1)."""

    encoding: str
    confidence: float
    text: str


@dataclass(frozen=True, slots=True)
class Detection:
    """The verdict on a text.

    ``encoding`` is null where the text is good as it is, and where it is ambiguous; ``text`` is the best reading that
    was sure enough, else the text as it is (bytes: as Windows-1252). ``confidence`` is that of ``text``, from 0 to 1.
    ``alternatives`` are the readings an ambiguous text may have otherwise, the likeliest first.
    """

    encoding: str | None
    confidence: float
    text: str
    alternatives: tuple[Reading, ...] = ()

    @property
    def is_ambiguous(self) -> bool:
        """Whether there is no verdict: another reading is about as plausible as the text as it is, or as the best one."""
        return self.encoding is None and bool(self.alternatives)


def detect(text: str) -> Detection:
    """The legacy encoding of text that was read as Latin-1 or Windows-1252; null for good text, and for mojibake."""
    if _TELLING.search(text) is None or is_beyond_windows(text):
        return Detection(None, 1.0, text)
    verdict = _verdict(text, None, str, decode_lookalike)
    mended = unscrambled(text)[0]
    if mended == text or (verdict.encoding is None and not verdict.alternatives):
        return verdict
    gain = likelihood(composed(detect(mended).text)) - likelihood(verdict.text)
    return Detection(None, round(1 / (1 + exp(-gain)), 4), text) if gain > 0 else verdict


def is_beyond_windows(text: str) -> bool:
    """Whether the text has characters that text read as Latin-1 or Windows-1252 cannot have."""
    return _FOREIGN.search(text) is not None


def detect_bytes(data: bytes) -> Detection:
    """The encoding of bytes: one of Unicode, Windows-1252 or one of the Vietnamese ones; null only for ambiguous bytes.

    A byte order mark is not part of the text.
    """
    marked = marked_unicode(data)
    if marked is not None:
        name, length = marked
        return Detection(
            name.upper().removesuffix("-LE").removesuffix("-BE"), 1.0, data[length:].decode(name, "replace")
        )
    raw = data.decode("latin-1")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _verdict(raw, WINDOWS, _windows, _decode_chunk)
    plain_text = Detection(UTF8, 1.0, text)
    if _TELLING.search(raw) is None:
        return plain_text
    if text.isascii() or (_EXOTIC.search(text) and len(_NOT_ASCII.findall(text)) <= _FEW):
        other = _verdict(raw, WINDOWS, _windows, _decode_chunk)
        return plain_text if other.encoding == WINDOWS else other
    return plain_text


def _verdict(
    raw: str, name_untouched: str | None, untouched: Callable[[str], str], decode: Callable[[str, str], str]
) -> Detection:
    chunks = Counter(CHUNK.findall(raw))
    odd = {chunk: count for chunk, count in chunks.items() if _ODD.search(chunk)}
    shared = sum(plain(chunk) * count for chunk, count in chunks.items() if chunk not in odd)
    as_it_is = {chunk: untouched(chunk) for chunk in odd}
    baseline = sum(as_latin(as_it_is[chunk]) * count for chunk, count in odd.items())

    def evidence(readings: Mapping[str, str]) -> float:
        return shared + sum(as_vietnamese(readings[chunk]) * count for chunk, count in odd.items()) - baseline

    untouched_chunks = tuple(as_it_is.values())
    names = {untouched_chunks: name_untouched}
    weights = {untouched_chunks: max(0.0, evidence(as_it_is))}
    for name in ENCODINGS:
        readings = _readings(raw, odd, name, decode)
        chunks_read = tuple(readings.values())
        if chunks_read not in names:
            names[chunks_read] = name
            weights[chunks_read] = evidence(readings) + _ODDS.get(name, _RARE)
    return _decided(untouched_chunks, names, weights, lambda read: _written(raw, dict(zip(odd, read, strict=True))))


def _readings(raw: str, odd: Iterable[str], encoding: str, decode: Callable[[str, str], str]) -> dict[str, str]:
    """What each chunk is in an encoding. Where all plain letters are capitals, TCVN3 stood in a font of capitals."""
    readings = {chunk: decode(chunk, encoding) for chunk in odd}
    if encoding == "TCVN3":
        everywhere = _shouts(raw, 3)
        readings |= {chunk: text.upper() for chunk, text in readings.items() if everywhere or _shouts(chunk, 2)}
    return readings


def _written(raw: str, readings: Mapping[str, str]) -> str:
    return CHUNK.sub(lambda match: readings.get(match[0], match[0]), raw)


def _decided(
    as_it_is: _Chunks,
    names: Mapping[_Chunks, str | None],
    weights: Mapping[_Chunks, float],
    written: Callable[[_Chunks], str],
) -> Detection:
    """From log likelihoods to a verdict; ``written`` makes a text of its chunks."""
    highest = max(weights.values())
    total = sum(exp(weight - highest) for weight in weights.values())
    share = {read: exp(weight - highest) / total for read, weight in weights.items()}
    best = max(share, key=lambda read: share[read])
    if best == as_it_is and share[best] > GOOD:
        return Detection(names[best], round(share[best], 4), written(best))
    if best != as_it_is and share[best] > SURE:
        return Detection(names[best], round(share[best], 4), written(best))
    rivals = tuple(
        Reading(names[read] or "", round(share[read], 4), written(read))
        for read in sorted(share, key=lambda read: share[read], reverse=True)
        if read != as_it_is and share[read] > _RIVAL * share[best]
    )
    return Detection(None, round(share[as_it_is], 4), written(as_it_is), rivals)


def _shouts(text: str, at_least: int) -> bool:
    letters = "".join(_ASCII_LETTERS.findall(text))
    return len(letters) >= at_least and letters.isupper()


def _windows(chunk: str) -> str:
    return chunk.translate(WINDOWS_1252)


def _decode_chunk(chunk: str, encoding: str) -> str:
    return decode_bytes(chunk.encode("latin-1"), encoding)
