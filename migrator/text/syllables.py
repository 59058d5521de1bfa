"""How a Vietnamese syllable is built: an initial, a rhyme, a tone.

Vietnamese is written one syllable at a time, and only some 7,000 of all letter combinations are syllables. That is what
tells a right decoding from a wrong one: a wrong table puts tones and vowels where no syllable can have them.

The rules are those of school grammars. Measured on the syllable dictionary of hunspell-vi 7.5 and on message
catalogues of Debian 12; the figures stand in ``docs/text.md``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from migrator.text.letters import VOWELS, base_and_tone

_INITIALS = "b ch d đ g gh gi h kh l m n nh ng ngh p ph qu r s t th tr v x c k"
_BEFORE_FRONT = frozenset(("gh", "ngh", "k"))
_NEVER_BEFORE_FRONT = frozenset(("g", "ng", "c"))

# Rhymes as they are written after an initial; after "qu" the u is part of the initial.
_OPEN = """
a e ê i o ô ơ u ư y ia ua ưa uê ue uy uơ uya oa oe
ai ao au ay âu ây eo êu iu oi ôi ơi ui ưi ưu oai oao oay oeo uây uôi uyu ươi ươu iêu yêu uêu
"""
_NASAL = """
am an ang anh ăm ăn ăng âm ân âng em en eng êm ên êng ênh im in inh om on ong oong ôm ôn ông ôông ơm ơn ơng um un ung
ưm ưn ưng iêm iên iêng yêm yên yêng oam oan oang oanh oăm oăn oăng oen oeng uân uâng uên uênh uôm uôn uông ươm ươn ương
uyn uynh uyên
"""
_STOPPED = """
ac ach ap at ăc ăp ăt âc âp ât ec ep et êc êch êp êt ich ip it oc ooc op ot ôc ôôc ôp ôt ơc ơp ơt uc up ut ưc ưp ưt
iêc iêp iêt yêt oac oach oap oat oăc oăt oet uât uât uêch uêt uôc uôt uôp ươc ươp ươt uych uyt uyêt uyp oec
"""
_STOPPED_RHYMES = frozenset(_STOPPED.split())
_RHYMES: Final = _STOPPED_RHYMES.union(_OPEN.split(), _NASAL.split())
_FRONT = frozenset("eêiy")
_MARKED_VOWELS = frozenset("ăâêôơư")
_TWO_SPELLINGS = frozenset(("oa", "oe", "uy"))
_STOP_TONES = frozenset(("\u0301", "\u0323"))
_DIVIDED = re.compile(f"({'|'.join(sorted(_INITIALS.split(), key=len, reverse=True))})?(.*)")


@lru_cache(maxsize=16384)
def is_syllable(word: str) -> bool:
    """Whether a word (NFC; all small, all capitals, or a capital first) is spelled as a Vietnamese syllable can be.

    Both tone placements are good: hoà, hòa. Syllables that end in c, ch, p or t must have the acute or the dot.
    """
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    parts = [base_and_tone(letter) for letter in word.lower()]
    tones = [(len(parts) - place, tone) for place, (_, tone) in enumerate(parts) if tone]
    if len(tones) > 1:
        return False
    from_end, tone = tones[0] if tones else (0, "")
    plain = "".join(base for base, _ in parts)
    return any(_fits(initial, rhyme, from_end, tone) for initial, rhyme in _divisions(plain))


def _divisions(plain: str) -> list[tuple[str, str]]:
    """The ways to divide a toneless syllable: "giêt" is gi and iêt with one i, "quy" is qu and uy with one u."""
    match = _DIVIDED.fullmatch(plain)
    if match is None:
        return []
    initial, rhyme = match[1] or "", match[2]
    shared = {"gi": "i", "qu": "u"}.get(initial, "")
    return [(initial, rhyme), (initial, shared + rhyme)] if shared else [(initial, rhyme)]


def _fits(initial: str, rhyme: str, from_end: int, tone: str) -> bool:
    if rhyme not in _RHYMES or initial in (_NEVER_BEFORE_FRONT if rhyme[0] in _FRONT else _BEFORE_FRONT):
        return False
    if rhyme in _STOPPED_RHYMES and tone not in _STOP_TONES:
        return False
    return not tone or len(rhyme) - from_end in _tone_places(rhyme)


@cache
def _tone_places(rhyme: str) -> frozenset[int]:
    """Where in a rhyme the tone mark may stand: one place, or two where old and new spelling differ."""
    vowels = [place for place, letter in enumerate(rhyme) if letter in VOWELS]
    marked = [place for place in vowels if rhyme[place] in _MARKED_VOWELS]
    if marked:
        return frozenset(marked[-1:])
    if rhyme[-1] not in VOWELS:
        return frozenset(vowels[-1:])
    if rhyme in _TWO_SPELLINGS:
        return frozenset(vowels)
    return frozenset(vowels[1:2] if len(vowels) > 2 else vowels[:1])
