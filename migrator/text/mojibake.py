"""Mojibake: UTF-8 that was read as Windows-1252 or Latin-1, once or twice, all of a text or parts of it.

A sequence of characters that spells a character in UTF-8 is either *certain* (``Ä‘``, ``á»‡``: nobody writes that) or
*possible*: in “THỊ XÃ” the last two characters spell ``Ô``, and yet they are a letter and a quotation mark. Possible
sequences are decoded only beside certain ones, in a line without a letter that Windows-1252 lacks.

Why this is not left to ftfy: ``docs/decisions/0010-mojibake.md``.
"""

from __future__ import annotations

import re
from typing import Final

from migrator.text.encodings import TO_BYTE, WINDOWS_1252
from migrator.text.letters import LETTERS, TONES
from migrator.text.syllables import is_syllable

# The characters that stand for the bytes 0x80 to 0xBF; the rest of Windows-1252 stands for itself.
_CONTINUATION = "\x80-\xbf" + "".join(WINDOWS_1252[byte] for byte in range(0x80, 0xA0))
_C = f"[{_CONTINUATION}]"

# Vietnamese and Western European letters, signs, combining tones; á and â begin what takes three bytes, ð an emoji.
_SEQUENCE: Final = re.compile(f"[ÂÃÄÅÆËÌ]{_C}|á[º»]{_C}|â{_C}{_C}|ï»¿|ðŸ{_C}{_C}")
# How every sequence begins: a pattern without alternatives, which is quicker to look for.
_BEGINNING: Final = re.compile(f"[ÂÃÄÅÆËÌáâïð]{_C}")
# à whose second half, a no-break space, has become a plain one: "lÃ " is là, "hÃ ng" is hàng.
_WORN_A: Final = re.compile(r"([a-zđ]+)Ã( {1,2}|$)(?=([^\W\d_]*))")
_NOT_IN_WINDOWS = re.compile(f"[^\x00-\xff{''.join(WINDOWS_1252[byte] for byte in range(0x80, 0xA0))}]")
_LETTER_NOT_IN_WINDOWS = re.compile(rf"(?![\x00-\xff{_CONTINUATION}ƒŠŒŽšœžŸˆ])[^\W\d_]")

# What may stand after a letter, or after a letter that ends a word in capitals, in good text.
_CLOSING = frozenset("\xa0\xad“”‘’„«»‹›…–—·")
_NOT_BEFORE_LETTER = frozenset("“”„«»‹›·²³ºª°®™©")
_RAISED = frozenset("²³ºª°®™©")
_OTHER_LEADS = frozenset("ÄÅÆË")
_NATURAL_AFTER_OTHERS = frozenset("\xa0\xad”’“»")

_COMBINING = frozenset((*TONES[1:], "\u0302", "\u0306", "\u031b"))
_KNOWN = frozenset((*LETTERS, *(WINDOWS_1252[byte] for byte in range(0x80, 0x100)), *map(chr, range(0x80, 0xA0))))
_CLOSED_QUOTE = re.compile("(?<!á)»")
_SPACED = re.compile(r"[^ \t]+")
_LETTERS_BEFORE = re.compile(r"[^\W\d_]+$")
_LETTERS_AFTER = re.compile(r"^[^\W\d_]+")
_LONGEST_WORD = 100
_LONGEST_QUOTATION = 1_000


def unscrambled(text: str) -> tuple[str, int]:
    """The text with its mojibake undone, and how many times that took: 0 where there is none.

    It goes on until nothing is left: what is looked at again is found as it is. Every round makes the text shorter.
    """
    rounds = 0
    while _BEGINNING.search(text):
        better = "\n".join(map(_once, text.split("\n")))
        if better == text:
            break
        text = better
        rounds += 1
    return text, rounds


def _once(line: str) -> str:
    """One line, one round."""
    matches = list(_SEQUENCE.finditer(line))
    certain = [match for match in matches if _is_certain(match)]
    if not certain:
        return line
    whole = None if _NOT_IN_WINDOWS.search(line) else _decoded(line)
    if whole is not None:
        return whole
    chosen = _beside(certain, matches, line) if _LETTER_NOT_IN_WINDOWS.search(line) else matches
    pieces = []
    end = 0
    for match in chosen:
        pieces += [line[end : match.start()], _decoded(match[0]) or match[0]]
        end = match.end()
    return _WORN_A.sub(_mended, "".join([*pieces, line[end:]]))


def _beside(certain: list[re.Match[str]], matches: list[re.Match[str]], line: str) -> list[re.Match[str]]:
    """The certain sequences of a line that also has good letters, and those possible ones that belong to them."""
    sure = {match.start() for match in certain}
    words = [word for word in _SPACED.finditer(line) if not _LETTER_NOT_IN_WINDOWS.search(word[0])]
    broken = [range(*word.span()) for word in words if not sure.isdisjoint(range(*word.span()))]
    in_broken = {place for span in broken for place in span}
    return [match for match in matches if match.start() in sure or match.start() in in_broken or _belongs(match)]


def _belongs(match: re.Match[str]) -> bool:
    """Whether a possible sequence makes a syllable of the letters around it (``TÃ­n``), or is a sign on its own."""
    before = _LETTERS_BEFORE.findall(match.string[max(match.start() - _LONGEST_WORD, 0) : match.start()])
    after = _LETTERS_AFTER.findall(match.string[match.end() : match.end() + _LONGEST_WORD])
    if not before:
        return match[0][0] == "Â"
    joins = match[0][-1] in _RAISED or (match[0][-1] in "\xa0\xad" and after)
    return bool(joins) and is_syllable("".join([*before, _decoded(match[0]) or "", *after]))


def _is_certain(match: re.Match[str]) -> bool:
    """Whether the sequence is nothing that good text could contain at this place."""
    sequence = match[0]
    meant = _decoded(sequence)
    if meant is None or (len(meant) == 1 and meant not in _KNOWN and not _is_sign(meant)):
        return False
    lead, last = sequence[0], sequence[-1]
    if lead in _OTHER_LEADS:
        return last not in _NATURAL_AFTER_OTHERS
    before = match.string[max(match.start() - _LONGEST_QUOTATION, 0) : match.start()]
    after = match.string[match.end() : match.end() + 1]
    if len(sequence) > 2:
        return sequence[:2] != "á»" or last not in _CLOSING or not _is_open_quote(before)
    if before[-1:].islower() or (last in _NOT_BEFORE_LETTER and after.isalpha()):
        return True
    if before[-1:].isupper():
        return last not in _CLOSING and last not in _RAISED
    return last == "\xad" or last not in _CLOSING


def _is_open_quote(before: str) -> bool:
    return before.count("«") > len(_CLOSED_QUOTE.findall(before))


def _is_sign(meant: str) -> bool:
    return meant in _COMBINING or "\u2000" <= meant <= "\u27bf" or meant == "\ufeff" or meant > "\uffff"


def _decoded(scrambled: str) -> str | None:
    """The characters as bytes, and those as UTF-8; null where they are not UTF-8."""
    try:
        return bytes(TO_BYTE.get(ord(sign), ord(sign)) for sign in scrambled).decode("utf-8")
    except ValueError:
        return None


def _mended(match: re.Match[str]) -> str:
    before, spaces, after = match.groups()
    if spaces == " " and is_syllable(f"{before}à{after}"):
        return f"{before}à"
    return f"{before}à{' ' if spaces else ''}"
