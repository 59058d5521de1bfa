"""The words of a body: how the auditor reads the source's text, and words as they are compared.

A reading is applied where ``audit.yaml`` names it after ``read:``, and where the text itself shows that it is needed: a run
in a legacy font that is no Vietnamese as it stands, a line whose letters spell UTF-8. What stands at the target plays no
part in that, so text that was not repaired, or repaired where it was good, does not compare equal.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from migrator.model.finding import DifferenceKind
from migrator.verify.kinds import INVISIBLE
from migrator.verify.letters import DAMAGED, GOOD, decoded, encoding_of, is_strange, mended, plausibility
from migrator.verify.prose import Body, Font, read_body, runs

TEXT_READINGS: Mapping[str, DifferenceKind] = {
    "legacy-fonts": DifferenceKind.MOJIBAKE,
    "legacy-letters": DifferenceKind.MOJIBAKE,
    "repair-mojibake": DifferenceKind.MOJIBAKE,
    "entities-twice": DifferenceKind.ESCAPE,
    "nfc": DifferenceKind.UNICODE_FORM,
}
"""Readings of a body's text, and the kind of difference each announces."""

_WORD = re.compile(r"[^\W_]+")
_EMPTY_LINE = re.compile(r"\n[ \t\r\xa0]*\n")
_ENTITY = re.compile(r"&#?\w{2,31};")


@dataclass(frozen=True, slots=True)
class Worded:
    """Text as it is compared. ``lines`` are those that have words; ``announced`` the readings that changed something."""

    words: list[str]
    lines: int
    announced: tuple[str, ...] = ()


def words_of(text: str) -> list[str]:
    """The words of plain text: runs of letters and digits, in NFC, without characters that take no room."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", INVISIBLE.sub("", text))
    return _WORD.findall(text)


def has_words(html: str, text: str, readings: Sequence[str]) -> bool:
    """Whether a body means the words of a text, together and in their order. A text without words stands nowhere."""
    wanted, shown = words_of(text), source_words(read_body(html), readings).words
    ends = (place + len(wanted) for place, word in enumerate(shown) if wanted and word == wanted[0])
    return any(shown[end - len(wanted) : end] == wanted for end in ends)


def source_words(body: Body, readings: Sequence[str]) -> Worded:
    """The words the source means, by these readings."""
    used: dict[str, None] = {}
    lines = [_line(line, readings, used) for line in body.lines]
    if "legacy-letters" in readings:
        lines = _by_letters(lines, used)
    if "nfc" in readings and any(not unicodedata.is_normalized("NFC", line) for line in lines):
        used["nfc"] = None
    return _worded(lines, tuple(used))


def target_words(body: Body) -> Worded:
    """The words that stand at the target, as they stand there."""
    return _worded(["".join([piece for piece, _ in line]) for line in body.lines], ())


def _worded(lines: Sequence[str], announced: tuple[str, ...]) -> Worded:
    """Words by line. An empty line in a text begins another one, as WordPress shows it."""
    apart = [part for line in lines for part in (_EMPTY_LINE.split(line) if "\n" in line else (line,))]
    found = [words for line in apart if (words := words_of(line))]
    return Worded([word for words in found for word in words], len(found), announced)


def _line(line: Sequence[tuple[str, Font | None]], readings: Sequence[str], used: dict[str, None]) -> str:
    if not readings:
        return "".join([piece for piece, _ in line])
    if "legacy-fonts" in readings and any(font for _, font in line):
        apart = list(runs(line))
        beside = plausibility(" ".join(text for text, font in apart if font))
        return "".join([_run(text, font, beside, readings, used) for text, font in apart])
    return _plain("".join([piece for piece, _ in line]), readings, used)


def _run(text: str, font: Font | None, beside: float | None, readings: Sequence[str], used: dict[str, None]) -> str:
    """One font run. Good Vietnamese in a legacy font stays: somebody has typed Unicode into an old document.

    A run of a word or less says nothing of itself (a first letter in a font of capitals): all such runs of the line do.
    """
    if font is None:
        return _plain(text, readings, used)
    as_it_is = plausibility(text) if len(text.split()) > 1 else beside
    if as_it_is is not None and as_it_is >= GOOD:
        return _plain(text, readings, used)
    meant = decoded(text, font[0])
    meant = meant.upper() if font[1] else meant
    return _changed("legacy-fonts", text, meant, used)


def _plain(text: str, readings: Sequence[str], used: dict[str, None]) -> str:
    if "entities-twice" in readings and "&" in text and _ENTITY.search(text):
        text = _changed("entities-twice", text, html.unescape(text), used)
    if "repair-mojibake" in readings:
        text = _changed("repair-mojibake", text, mended(text), used)
    return text


def _by_letters(lines: Sequence[str], used: dict[str, None]) -> list[str]:
    """Text in a legacy encoding that no font declares: the whole body, or single lines with enough words to tell."""
    strange = [line for line in lines if is_strange(line)]
    if not strange:
        return list(lines)
    whole = encoding_of("\n".join(strange))
    read = []
    for line in lines:
        encoding = (whole or encoding_of(line)) if is_strange(line) else None
        damaged = encoding is not None and (plausibility(line) or 0.0) <= DAMAGED
        read.append(_changed("legacy-letters", line, decoded(line, encoding), used) if damaged and encoding else line)
    return read


def _changed(reading: str, before: str, after: str, used: dict[str, None]) -> str:
    if after != before:
        used[reading] = None
    return after
