"""Text from before Unicode, and text that was read wrongly, made right before anything is cleaned.

A run whose font carries an encoding (``<font face=".VnTime">``) is read by its font. Of other runs those of one block
are judged together, because three words say less than thirty; then each by itself, where good and damaged ones stand
side by side. What that does, and what it leaves alone, is the affair of :mod:`migrator.text`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape as resolved

from migrator.html.attributes import escape, name_of, unescape
from migrator.html.plain import escaped, unescaped
from migrator.html.vocabulary import INLINE, VOID, names
from migrator.text.composed import composed
from migrator.text.detect import detect
from migrator.text.encodings import decode_lookalike
from migrator.text.fonts import legacy_font
from migrator.text.repair import Change, Repaired, repair

Told = tuple[str, str]
"""A code and what was changed: why, before and after."""

# What good Vietnamese has of the second half of Latin-1: letters, and signs that newspapers use. The rest is what old
# encodings and mojibake are full of; damaged text of more than a word or two has some of it.
_GOOD = frozenset("àáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ\xa0§«°±²³·»")
_ODD = [sign for sign in map(chr, range(0x80, 0x100)) if sign not in _GOOD]
_ODD_TEXT = re.compile(f"[{re.escape(''.join(_ODD))}]|á»")
_ODD_SYMBOLS, _ODD_LETTERS = (
    b"[" + b"".join([re.escape(sign.encode()[1:]) for sign in _ODD if sign.encode()[:1] == lead]) + b"]"
    for lead in (b"\xc2", b"\xc3")
)
_ODD_SYMBOL = re.compile(b"\xc2" + _ODD_SYMBOLS)
# "á»" is what most letters of Vietnamese become; the byte of "á" is one of good Vietnamese too.
_ODD_LETTER = re.compile(b"\xc3(?:" + _ODD_LETTERS + b"|\xa1\xc2\xbb)")

_REFERENCE = re.compile(rb"&(?!nbsp;|amp;|lt;|gt;|quot;)")
# Names of fonts, written so that the search is for one character first; ".vnexpress.net" costs a second look, no more.
_FONTS = (re.compile(rb"\.[Vv][Nn][A-Za-z0-9]"), re.compile(rb"-(?<=[Vv][Nn][Ii]-)"))
_ESCAPED = re.compile(r"&(?:amp;)*((?:#[0-9]{2,7}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z][A-Za-z0-9]{1,31});)")
_ESCAPED_TWICE = re.compile("&amp;(?:amp;|#[0-9xX]|[A-Za-z]+;)")
_PUNCTUATION = frozenset("\xa0–—‘’“”„…«»•·°²³")

_FACE = re.compile(r' face="([^"]*)"')
_FAMILY = re.compile(r' style="([^"]*font-family[^"]*)"', re.IGNORECASE)
_WORDED = re.compile(r' (alt|title)="([^"]*)"')
_IN_LINE = INLINE | names("font big tt strike ins del nobr acronym label img wbr br ruby rt rp")
_LONGEST = 120


@dataclass(slots=True)
class _Run:
    """A text between two tags: its place among the pieces, its words, and the font it was set in, or null."""

    place: int
    before: str
    font: str | None
    text: str = ""


def may_be_damaged(data: bytes, written: str) -> bool:
    """Whether a body (its source in UTF-8, and as the parser wrote it) shows any sign of damaged text. Quick."""
    in_abc, in_vni = _FONTS
    if _is_odd(data) or in_abc.search(data) or in_vni.search(data):
        return True
    if "&amp;" in written and _ESCAPED_TWICE.search(written):
        return True
    return _REFERENCE.search(data) is not None and _is_odd(written.encode())


def _is_odd(data: bytes) -> bool:
    return _ODD_LETTER.search(data) is not None or (b"\xc2" in data and _ODD_SYMBOL.search(data) is not None)


def repaired(pieces: list[str]) -> list[Told]:
    """Repairs the texts among ``pieces`` (text, tag, …, text) in their places, ``alt`` and ``title`` too.

    Returns what was changed, and what was left although it is in doubt; one entry a block and reason.
    """
    told: list[Told] = []
    runs: list[_Run] = []
    fonts: list[str | None] = [None]
    for place, piece in enumerate(pieces):
        if not place % 2:
            if piece:
                runs.append(_Run(place, unescaped(piece), fonts[-1]))
            continue
        name = name_of(piece)
        if name.lstrip("/") not in _IN_LINE and ":" not in name:
            _repair_block(runs, pieces, told)
            runs = []
        if name[0] == "/":
            fonts.pop()
        elif name not in VOID and name[0] != "!":
            fonts.append(_font(piece, fonts[-1]))
        if ' alt="' in piece or ' title="' in piece:
            pieces[place] = _WORDED.sub(lambda found: _attribute(found, told), piece)
    _repair_block(runs, pieces, told)
    return told


@lru_cache(maxsize=1024)
def _font(tag: str, around: str | None) -> str | None:
    """The declaration of the legacy font inside an element, or null."""
    for pattern in (_FAMILY, _FACE):
        found = pattern.search(tag)
        if found:
            declared = unescape(found[1])
            return declared if legacy_font(declared) else None
    return around


def _attribute(found: re.Match[str], told: list[Told]) -> str:
    """An attribute with words, as it should be."""
    value = unescape(found[2])
    if _ODD_TEXT.search(value) is None:
        return found[0]
    result = repair(value, entities=False)
    told += _told(result)
    return f' {found[1]}="{escape(result.text)}"' if result.changes else found[0]


def _repair_block(runs: list[_Run], pieces: list[str], told: list[Told]) -> None:
    """Repairs the runs of one block."""
    for run in runs:
        # Judged in the form it will have in the clean body, where it is judged again: U+037E becomes ";".
        run.text = composed(_unescaped_again(run.before))
        if "&" in run.before and run.text != composed(run.before):
            told.append(("entities", f"escaped twice: {_cut(run.before)} → {_cut(run.text)}"))
    plain = [run for run in runs if run.font is None]
    by_font = [_take(run, repair(run.text, fonts=run.font, entities=False)) for run in runs if run.font is not None]
    by_content = _by_content(plain) if _ODD_TEXT.search("".join([run.text for run in plain])) else []
    told += _told(_joined([*by_font, *by_content]))
    for run in runs:
        if run.text != composed(run.before):
            pieces[run.place] = escaped(run.text)


def _by_content(runs: list[_Run]) -> list[Repaired]:
    """Repairs runs without a font: all of them as one text, or else each by itself."""
    whole = "".join([run.text for run in runs])
    result = repair(whole, entities=False)
    if result.changes:
        encoding = detect(whole).encoding
        read = [composed(decode_lookalike(run.text, encoding)) if encoding else repair(run.text).text for run in runs]
        if "".join(read) == result.text:
            for run, text in zip(runs, read, strict=True):
                run.text = text
            return [result]
    if len(runs) == 1:
        return [_take(runs[0], result)]
    each = [_take(run, repair(run.text, entities=False)) for run in runs]
    return each if any(one.changes for one in each) else [result]


def _take(run: _Run, result: Repaired) -> Repaired:
    run.text = result.text
    return result


def _unescaped_again(text: str) -> str:
    """Letters and punctuation that were escaped twice or more; ``&amp;lt;`` is text about markup and stays."""
    while "&" in text:
        better = _ESCAPED.sub(_letter, text)
        if better == text:
            break
        text = better
    return text


def _letter(found: re.Match[str]) -> str:
    meant = resolved(f"&{found[1]}")
    return meant if len(meant) == 1 and (meant.isalpha() or meant in _PUNCTUATION) else found[0]


def _joined(results: list[Repaired]) -> Repaired:
    """Changes that follow one another for the same reason, as one."""
    changes: list[Change] = []
    doubts: list[Change] = []
    for result in results:
        for kind, found in ((changes, result.changes), (doubts, result.doubts)):
            for change in found:
                last = kind[-1] if kind else None
                if last is not None and (last.kind, last.why) == (change.kind, change.why):
                    kind[-1] = Change(last.kind, last.why, last.before + change.before, last.after + change.after)
                else:
                    kind.append(change)
    return Repaired("", tuple(changes), tuple(doubts))


def _told(result: Repaired) -> list[Told]:
    """What an auditor reads of it. Bringing a text to NFC is counted elsewhere."""
    changes = [(change.kind, change) for change in result.changes if change.kind != "unicode-nfc"]
    doubts = [("encoding-doubt", change) for change in result.doubts]
    return [
        (code, f"{change.why}: {_cut(change.before)} → {_cut(change.after)}")
        for code, change in (*changes, *doubts)
        if change.before.strip()
    ]


def _cut(text: str) -> str:
    """A text as a note shows it: one line, not long, signs that cannot be seen written out."""
    folded = " ".join(text.split())
    shown = folded if len(folded) <= _LONGEST else folded[: _LONGEST - 1] + "…"
    return shown if shown.isprintable() else "".join([_visible(sign) for sign in shown])


def _visible(sign: str) -> str:
    return sign if sign.isprintable() else f"\\x{ord(sign):02x}"
