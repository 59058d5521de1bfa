"""One entry for text that may be damaged: what it should be, and each change with its reason.

The order is legacy encoding, mojibake, NFC; a layer of entities is resolved before each look, because ``&shy;`` is a
letter in a legacy font, mojibake may have been escaped, and ``ho&agrave;n to&agrave;n`` is to be judged with the
``&#7843;`` beside it. Two layers, where text was escaped twice. Good text comes back as the same object.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from migrator.text.composed import composed
from migrator.text.detect import Detection, detect, is_beyond_windows
from migrator.text.encodings import decode_lookalike
from migrator.text.entities import resolved
from migrator.text.fonts import LegacyFont, legacy_font
from migrator.text.mojibake import unscrambled
from migrator.text.plausibility import CHUNK, likelihood, plain

_LAYERS = ("HTML entities", "HTML entities, escaped twice")
_TIMES = {1: "once", 2: "twice"}
_BEYOND_WINDOWS = re.compile(r"[^\W\d_\x00-\xffƒŠŒŽšœžŸˆ]")
_FRENCH_WORD = re.compile(r"\W*[a-zàâæçéèêëîïôùûüÿœ]+(?:[-'’][a-zàâæçéèêëîïôùûüÿœ]+)*\W*", re.IGNORECASE)
_LONGEST_WORD = 60
# A declared font is worth this much in natural logarithms: reading by the font loses only to clearly better text.
_TRUST_IN_FONT = 5.0


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was done to a text, or was not: kind, reason in English, and the whole text before and after.

    ``kind`` is ``legacy-encoding``, ``mojibake``, ``entities`` or ``unicode-nfc``.
    """

    kind: str
    why: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """The text as it should be; the changes in their order; ``doubts``, changes that were thought of and not made."""

    text: str
    changes: tuple[Change, ...] = ()
    doubts: tuple[Change, ...] = ()


@dataclass(slots=True)
class _Work:
    """A text under repair."""

    text: str
    changes: list[Change] = field(default_factory=list)
    doubts: list[Change] = field(default_factory=list)

    def doubt(self, kind: str, why: str, after: str) -> None:
        """Notes a change that is not made."""
        change = Change(kind, why, self.text, after)
        if after != self.text and change not in self.doubts:
            self.doubts.append(change)

    def becomes(self, kind: str, why: str, after: str) -> bool:
        """Takes over a text; false if it is the same."""
        if after == self.text:
            return False
        self.changes.append(Change(kind, why, self.text, after))
        self.text = after
        return True


def repair(text: str, *, fonts: str | None = None, entities: bool = True) -> Repaired:
    """The repaired text (NFC) with its changes.

    ``text`` is plain text, of one font run where ``fonts`` (a name, a list, or a style: see
    :func:`~migrator.text.fonts.legacy_font`) says which font it was set in. Without ``entities`` what looks like one is
    text: somebody has resolved them already. Never raises.
    """
    font = legacy_font(fonts) if fonts else None
    if text.isascii() and "&" not in text and font is None:
        return Repaired(text)
    work = _Work(text)
    for layer in (*_LAYERS, None):
        is_uncovered = entities and layer is not None and work.becomes("entities", layer, resolved(work.text))
        if layer == _LAYERS[0] and font is not None:
            _read_by_font(work, font)
        elif font is None:
            _read_by_content(work)
        if _unscramble(work) and font is None:
            _read_by_content(work)
        if not is_uncovered:
            break
    work.becomes("unicode-nfc", "letters and tones were separate characters", composed(work.text))
    return Repaired(work.text, tuple(work.changes), tuple(work.doubts))


def _read_by_font(work: _Work, font: LegacyFont) -> None:
    """Decodes a font run, unless that makes good text worse."""
    plainly = decode_lookalike(work.text, font.encoding)
    mended = unscrambled(work.text)[0]
    if mended != work.text and likelihood(decode_lookalike(mended, font.encoding)) > likelihood(plainly):
        _unscramble(work)
        plainly = decode_lookalike(work.text, font.encoding)
    after = decode_lookalike(work.text, font.encoding, capitals=font.capitals)
    why = f"font {font.name}: {font.encoding}{', capitals' if font.capitals else ''}"
    if _BEYOND_WINDOWS.search(work.text):
        work.doubt("legacy-encoding", f"{why}; but the text has letters of Unicode", after)
    elif likelihood(work.text) > likelihood(plainly) + _TRUST_IN_FONT:
        work.doubt("legacy-encoding", f"{why}; but the text is better as it is", after)
    else:
        work.becomes("legacy-encoding", why, after)


def _read_by_content(work: _Work) -> None:
    """Decodes what is surely in a legacy encoding: the whole text, or single lines among good ones."""
    verdict = detect(work.text)
    if verdict.encoding:
        work.becomes("legacy-encoding", _told(verdict), verdict.text)
    elif verdict.is_ambiguous and not _is_lone_word(work.text):
        for reading in verdict.alternatives:
            work.doubt("legacy-encoding", f"ambiguous: {reading.encoding}, {reading.confidence:.2f}", reading.text)
    elif "\n" in work.text and is_beyond_windows(work.text):
        verdicts = [detect(line) for line in work.text.split("\n")]
        reasons = {_told(line): None for line in verdicts if line.encoding}
        work.becomes("legacy-encoding", "; ".join(reasons), "\n".join(line.text for line in verdicts))


def _is_lone_word(text: str) -> bool:
    """Whether all there is for another reading is a word that French could have: laïc is not lạc, Caïn not cạn."""
    chunks = CHUNK.findall(text)
    odd = [chunk for chunk in chunks if not chunk.isascii()]
    if len(odd) != 1 or len(odd[0]) > _LONGEST_WORD or not _FRENCH_WORD.fullmatch(odd[0]):
        return False
    return sum(plain(chunk) for chunk in chunks if chunk.isascii()) <= 0


def _told(verdict: Detection) -> str:
    return f"{verdict.encoding}, confidence {verdict.confidence:.2f}"


def _unscramble(work: _Work) -> bool:
    text, rounds = unscrambled(work.text)
    times = _TIMES.get(rounds, f"{rounds} times")
    return work.becomes("mojibake", f"UTF-8 read as Windows-1252 or Latin-1, {times}", text)
