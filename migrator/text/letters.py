"""The letters of Vietnamese: which there are, and how a letter is a base and a tone."""

from __future__ import annotations

from typing import Final
from unicodedata import normalize

# Level tone first. Vietnamese orders them: ngang, huyền, hỏi, ngã, sắc, nặng.
TONES: Final = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
VOWELS: Final = "aăâeêioôơuưy"

_LOWER = [normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES]

# What ASCII lacks: 134 letters, lower case first.
MARKED: Final = "".join(letter for letter in _LOWER if not letter.isascii()) + "đ"
LETTERS: Final = MARKED + MARKED.upper()

_PARTS = {
    cased(letter): (cased(vowel), tone)
    for cased in (str.lower, str.upper)
    for letter, (vowel, tone) in zip(_LOWER, ((v, t) for v in VOWELS for t in TONES), strict=True)
}


def base_and_tone(letter: str) -> tuple[str, str]:
    """``ặ`` is ``ă`` and the dot below; anything that carries no tone is itself and the empty string."""
    return _PARTS.get(letter, (letter, ""))
