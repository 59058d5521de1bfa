"""Keys for comparing names and tags that different hands have typed. For comparing only: never stored as text."""

from __future__ import annotations

import re
from unicodedata import normalize

_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_WORD = re.compile("(?:[^\\W\\d_][\u0300-\u036f]*)+")
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")


def match_key(text: str) -> str:
    """The same for texts that differ only in Unicode form, case, white space and the place of the tone (hoà, hòa)."""
    visible = _INVISIBLE.sub("", text)
    return " ".join(fold_tone_placement(normalize("NFC", visible).casefold()).split())


def fold_tone_placement(text: str) -> str:
    """The text (NFC) with the tone mark of each word moved to its end, so that hoà and hòa, thuý and thúy are one.

    A Vietnamese word is a syllable and has one tone, wherever it was put. Words with several marks are foreign and stay.
    """
    return normalize("NFC", _WORD.sub(_tone_last, normalize("NFD", text)))


def _tone_last(match: re.Match[str]) -> str:
    word = match[0]
    tones = _TONES.findall(word)
    return _TONES.sub("", word) + tones[0] if len(tones) == 1 else word
