"""Legacy Vietnamese letters as the auditor reads them, and whether text is plausible Vietnamese. Code of its own.

The *facts* – which bytes stand for which letter – are the published table ``migrator/text/encodings.json``, read as a data
file; nothing is imported from there. A second copy would hold the same facts from the same sources, and two copies drift
apart; what must be independent is the reading, and that is below: a trie walked from left to right, judged by how many
words are syllables. Where to look for damage is decided by the source's text alone, never by what stands at the target.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources

from migrator.verify.kinds import MISREAD_AS, undo_misreading

_TABLE = ("text", "encodings.json")
_WINDOWS = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256)}
"""Bytes as a database shows them that took them for Windows-1252; its five gaps are control characters."""

_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_ONSETS = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx]"
_NUCLEI = (
    "uyê|uya|uyu|oai|oay|oao|oeo|uây|uôi|ươi|ươu|iêu|yêu|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|yê|iu|oa|oă|oe|oi|oo|ôi|ơi|ua|uâ|uê|"
    "ui|uô|uơ|uy|ưa|ưi|ươ|ưu|[aăâeêioôơuưy]"
)
_SYLLABLE = re.compile(f"(?:{_ONSETS})?(?:{_NUCLEI})(?:ch|ng|nh|[cmnpt])?")
_EDGES = "".join(chr(c) for c in range(33, 127) if not chr(c).isalnum()) + "“”‘’„–—…•·«»"
_MIDDLE = re.compile("[-–/.,:;()“”‘’\"'%+]")


@cache
def encodings() -> tuple[str, ...]:
    """Names of the encodings of the published table."""
    return tuple(_tables())


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    """For each encoding what stands in a database -> the letter that is meant."""
    entries = json.loads(resources.files("migrator").joinpath(*_TABLE).read_text(encoding="utf-8"))
    return {name: _spelled(entry) for name, entry in entries.items()}


def _spelled(entry: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Each code both as Latin-1 and as Windows-1252 shows it."""
    codes = [(bytes.fromhex(code), letter) for letter, code in entry["letters"].items()]
    codes += [(bytes.fromhex(code), letter) for code, letter in entry["decode_only"].items()]
    spelled = dict(entry["lookalikes"])
    for code, letter in codes:
        spelled[code.decode("latin-1")] = letter
        spelled["".join(_WINDOWS[byte] for byte in code)] = letter
    return spelled


def decoded(text: str, encoding: str) -> str:
    """The text meant by text in this encoding that was taken for Latin-1 or Windows-1252, in NFC."""
    table = _tables()[encoding]
    longest = max(map(len, table))
    out: list[str] = []
    place = 0
    while place < len(text):
        for length in range(longest, 0, -1):
            letter = table.get(text[place : place + length])
            if letter is not None:
                out.append(letter)
                place += length
                break
        else:
            code = ord(text[place])
            out.append(_WINDOWS[code] if 0x80 <= code < 0xA0 else text[place])
            place += 1
    return unicodedata.normalize("NFC", "".join(out))


def plausibility(text: str) -> float | None:
    """Share of the words with letters beyond ASCII that are syllables of Vietnamese; None where there is no such word."""
    words = [part for word in text.split() if not word.isascii() for part in _MIDDLE.split(word.strip(_EDGES))]
    judged = [word for word in words if word and not word.isascii()]
    if not judged:
        return None
    return sum(map(_is_syllable, judged)) / len(judged)


@lru_cache(maxsize=20_000)
def _is_syllable(word: str) -> bool:
    apart = unicodedata.normalize("NFD", word.lower())
    if len(_TONES.findall(apart)) > 1:
        return False
    return _SYLLABLE.fullmatch(unicodedata.normalize("NFC", _TONES.sub("", apart))) is not None


def is_scrambled(text: str) -> bool:
    """Whether anything in the text spells a character in UTF-8."""
    return not text.isascii() and _SCRAMBLED.search(text) is not None


def unscrambled(text: str) -> str:
    """UTF-8 that was read as another encoding, once or twice, read rightly; other text as it is."""
    for _ in range(2):
        better = next(filter(None, (undo_misreading(text, encoding) for encoding in MISREAD_AS)), None)
        text = better if better is not None else _SCRAMBLED.sub(_mended, text)
    return text


_SPECIAL = "\x80-\xbf" + re.escape("".join(_WINDOWS[byte] for byte in range(0x80, 0xA0)))
_SCRAMBLED = re.compile(f"(?:[Â-ÆÈ-Ì][{_SPECIAL}]|[àáâ][{_SPECIAL}][{_SPECIAL}]|ð[{_SPECIAL}]{{3}})+")


def _mended(match: re.Match[str]) -> str:
    """One scrambled run in text that is otherwise good; as it is where its bytes are no UTF-8."""
    return next(filter(None, (undo_misreading(match[0], encoding) for encoding in MISREAD_AS)), match[0])


# --- judged by the text alone -----------------------------------------------------------------------------------------
DAMAGED, GOOD = 0.6, 0.9
"""Text of which fewer words are syllables is damaged; text of which more are is good. What is between is left alone."""

_GAIN = 0.3
_FEWEST_WORDS = 3
_UNICODE_ONLY = re.compile("[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")
"""Letters no legacy text shows: only Unicode has them, so text that holds one needs no reading by its letters."""


def mended(text: str) -> str:
    """Text whose letters spell UTF-8, read rightly – where that makes syllables of what were none."""
    if not is_scrambled(text):
        return text
    meant = unscrambled(text)
    before, after = plausibility(text), plausibility(meant)
    return text if meant == text or before is None or before >= (1.0 if after is None else after) else meant


def is_strange(text: str) -> bool:
    """Whether text may be in a legacy encoding at all."""
    return not text.isascii() and _UNICODE_ONLY.search(text) is None


def encoding_of(text: str) -> str | None:
    """The encoding that makes Vietnamese of text that is none; None where the text is good, or too short to tell."""
    if not is_strange(text) or len([word for word in text.split() if not word.isascii()]) < _FEWEST_WORDS:
        return None
    before = plausibility(text)
    if before is None or before > DAMAGED:
        return None
    likely = {encoding: plausibility(decoded(text, encoding)) or 0.0 for encoding in encodings()}
    best = max(likely, key=lambda encoding: likely[encoding])
    return best if likely[best] >= max(GOOD, before + _GAIN) else None


def by_letters(text: str) -> str:
    """Text in a legacy encoding nobody declared, read by it; other text as it is."""
    encoding = encoding_of(text)
    return decoded(text, encoding) if encoding is not None else text
