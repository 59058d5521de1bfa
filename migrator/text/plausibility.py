"""How likely a piece of text is under two explanations: Vietnamese, or any language in Latin letters.

Figures are natural logarithms of probabilities; only differences mean something. Letter frequencies were counted in
340,000 words of Vietnamese message catalogues (Debian 12); the rest are round figures, chosen so that the corpora
named in ``docs/text.md`` come out right.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import log
from typing import Final

from migrator.text.letters import MARKED
from migrator.text.syllables import is_syllable

_PER_100000 = """
n11163 h9940 t7584 c6552 i5906 g5403 đ2976 u2688 a2358 k2221 m2203 p2042 o1981 l1740 r1677 b1444 á1438 ư1394 à1327
ô1321 d1204 v1156 y1141 ể1040 s1013 ạ952 ế914 ộ896 ả885 ệ882 ố877 ê876 ị842 ậ785 ợ753 ó651 ầ555 ấ523 ớ521 ụ464 ặ456
ọ430 ỗ427 í399 ã397 ề397 ờ376 ủ375 ì362 x357 ữ319 ù315 ự287 ứ274 â264 ý245 ơ244 ở242 q235 ỉ229 ú229 ổ217 e215 ử213
ỏ209 ắ208 ừ199 ồ180 ă173 ò163 ẫ146 é129 ằ111 ẩ102 ỡ101 ẽ79 õ78 ĩ66 ũ56 è48 ẻ43 ẵ32 ỳ27 ẹ14 ễ11 ỷ10 ỹ9 ẳ6 f3 w2 ỵ1 j1 z1
"""
_LETTER: Final = {entry[0]: log(int(entry[1:]) / 100_000) for entry in _PER_100000.split()}

# For regular expressions m³ is a word of two letters; for readers it is a letter and a sign.
_WORD = re.compile(r"(?:(?![¹²³¼½¾])[^\W\d_])+")
_SIGN = re.compile(r"[¹²³¼½¾]|(?![^\W\d_])[^\x20-\x7e]")
_CONSONANTS_ONLY = re.compile(r"[bcdfghjklmnpqrstvwxyzđ]+")

# A syllable is one of few: its letters say less than their product.
_SYLLABLE_BONUS = 2.0
# What it costs a Vietnamese text to have a word that is none of its syllables.
_NO_SYLLABLE = -4.6
_PLAIN_SYLLABLE = 0.3
_PLAIN_OTHER = -2.0
_CAPITAL = -2.0
_ACCENTED = -5.5
_STRANGE_LETTER = -7.0
_PUNCTUATION = -4.0
_SIGN_IN_WORD = -9.0
_AFTER_LETTERS = frozenset("’”…–—·»›®™©°²³ªº")
_AFTER_SOMETHING = frozenset("®™²³ªº")
_BEFORE_LETTERS = frozenset("‘’“„…–—·•«‹¡¿")
_CONTROL = -12.0


# White space of ASCII only: U+00A0 and U+001C to U+001F are letters in some encodings.
CHUNK: Final = re.compile(r"[^ \t\n\r\f]+")


def likelihood(text: str) -> float:
    """The likelihood of a whole text as Vietnamese. Comparable between readings of one text only."""
    return sum(map(as_vietnamese, CHUNK.findall(text)))


@lru_cache(maxsize=32768)
def as_latin(chunk: str) -> float:
    """The likelihood of a chunk (text without white space) in some language of Latin letters."""
    return sum(_latin_sign(chunk, place) for place in range(len(chunk)) if not " " <= chunk[place] < "\x7f") + sum(
        _LETTER[letter] for letter in chunk.lower() if letter.isascii() and letter in _LETTER
    )


@lru_cache(maxsize=32768)
def as_vietnamese(chunk: str) -> float:
    """The likelihood of a chunk as Vietnamese."""
    signs = [_latin_sign(chunk, place) for place, sign in enumerate(chunk) if _SIGN.match(sign)]
    is_broken = any(cost <= _SIGN_IN_WORD for cost in signs)
    return sum(signs) + sum(_word(word, is_broken) for word in _WORD.findall(chunk))


@lru_cache(maxsize=32768)
def plain(chunk: str) -> float:
    """How much more likely an ASCII chunk is in a Vietnamese text than in another."""
    return sum(_PLAIN_SYLLABLE if is_syllable(word) else _PLAIN_OTHER for word in _WORD.findall(chunk) if len(word) > 1)


def _word(word: str, is_broken: bool) -> float:
    """One run of letters; ``is_broken`` where signs that belong to no word stand in the same chunk."""
    if word.isascii():
        return as_latin(word) + plain(word)
    if _is_abbreviation(word):
        return as_latin(word)
    if is_broken or not is_syllable(word):
        return as_latin(word) + _NO_SYLLABLE
    bonus = _SYLLABLE_BONUS if len(word) > 1 else 0.0
    capital = _CAPITAL if any(letter.isupper() and not letter.isascii() for letter in word) else 0.0
    return sum(_LETTER[letter] for letter in word.lower()) + bonus + capital


def _is_abbreviation(word: str) -> bool:
    """đ, HĐND, ĐT: no syllables, and nothing against a reading either."""
    return len(word) < 6 and _CONSONANTS_ONLY.fullmatch(word.lower()) is not None


def _latin_sign(chunk: str, place: int) -> float:
    """The cost of one character beyond ASCII (or a control character), by what it is and what stands beside it."""
    sign = chunk[place]
    if sign.isalpha():
        usual = sign.lower() in MARKED or "ß" <= sign.lower() <= "ÿ"
        return (_ACCENTED if usual else _STRANGE_LETTER) + (_CAPITAL if sign.isupper() else 0.0)
    if not sign.isprintable() and sign not in "\xa0\xad":
        return _CONTROL
    after_letter = place > 0 and chunk[place - 1].isalpha()
    before_letter = chunk[place + 1 : place + 2].isalpha()
    if sign == "\xad":
        return _ACCENTED
    is_stray = sign in _AFTER_SOMETHING and not (place and chunk[place - 1].isalnum())
    is_inside = sign == "—" and after_letter and before_letter
    misplaced = (after_letter and sign not in _AFTER_LETTERS) or (before_letter and sign not in _BEFORE_LETTERS)
    return _SIGN_IN_WORD if misplaced or is_stray or is_inside else _PUNCTUATION
