"""Names in a byline: taken apart, told from what is no name, and looked up in the register."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from itertools import pairwise

from migrator.text.bylines.lexicon import (
    ACADEMIC,
    AGENCIES,
    GROUP,
    NOT_A_SOURCE,
    NOT_FIRST,
    NOT_NAMES,
    SITE,
    SOURCE_BEGINNING,
    SOURCES,
    STAFF,
    WORD_TITLES,
)
from migrator.text.bylines.model import CONFIDENT, Kind
from migrator.text.match_keys import match_key

EDGES = " \t-–—−.,;:/|*•\"“”'‘’=_"
"""What may stand around a name without belonging to it."""

REGISTERED, KNOWN, SOURCE, UNREGISTERED = 0.95, 0.9, 0.8, 0.4
MOST_WORDS, LONGEST = 6, 50

_ASIDE = re.compile(r"[(\[]([^()\[\]]*)(?:[)\]]|$)")
_SEPARATOR = re.compile(r"\s*[,;/|&+•)\]]\s*|\s*[–—−]\s*|\s+-\s*|\s*-\s+|\s+(?:và|and)\s+", re.IGNORECASE)
_TITLE = re.compile(rf"(?:{ACADEMIC}|{WORD_TITLES})+", re.IGNORECASE)
_PLACE = re.compile(r"\s+(?:tại|từ|ở)\s+\w.*$")
_GROUP = re.compile(GROUP, re.IGNORECASE)
_STAFF = re.compile(STAFF, re.IGNORECASE)
_SOURCE = re.compile(SOURCE_BEGINNING, re.IGNORECASE)
_SITE = re.compile(SITE, re.IGNORECASE)
_NAME_WORD = re.compile(r"[^\W\d_](?:[\w'’.-]*[\w'’.])?")
_OF_PAPER = frozenset(("báo", "tạp", "đài", "điện", "tử", "chí"))

Register = Container[str] | None


@dataclass(frozen=True, slots=True)
class Name:
    """A name as read; see :class:`migrator.text.bylines.model.Contribution`."""

    name: str
    kind: Kind
    confidence: float
    registered: bool = False
    title: str = ""


def read_names(text: str, register: Register, *, as_sources: bool) -> tuple[list[Name], list[str]]:
    """The names in a piece of a byline, in order, and what could not be read as one.

    With ``as_sources`` the text stood behind "Theo" or "Nguồn:". What stands in brackets beside a name must be known.
    """
    names: list[Name] = []
    unread: list[str] = []
    whole = SOURCES if as_sources else register
    for piece in split_names(_ASIDE.sub(" ", text), whole):
        name = _name(piece, register, as_sources=as_sources)
        if name:
            names.append(name)
        else:
            unread.append(piece)
    for aside in filter(None, (aside.strip() for aside in _ASIDE.findall(text))):
        found = [_name(piece, register, as_sources=as_sources) for piece in split_names(aside, whole)]
        known = [name for name in found if name and name.confidence >= CONFIDENT]
        if len(known) == len(found):
            names.extend(known)
        else:
            unread.append(aside)
    return names, unread


def split_names(text: str, register: Register) -> list[str]:
    """The names of a list, white space and separators taken off.

    A registered pen name is not cut where it holds a separator itself, nor a title from its name.
    """
    cuts = [(0, 0), *(match.span() for match in _SEPARATOR.finditer(text)), (len(text), len(text))]
    ends = [(before[1], after[0]) for before, after in pairwise(cuts)]
    pieces: list[str] = []
    first = 0
    while first < len(ends):
        start = ends[first][0]
        last = next(
            (n for n in range(len(ends) - 1, first, -1) if is_registered(text[start : ends[n][1]], register)), first
        )
        while last + 1 < len(ends) and _TITLE.fullmatch(text[start : ends[last][1]] + " "):
            last += 1
        pieces += _split_hyphens(text[start : ends[last][1]].strip(EDGES), register)
        first = last + 1
    return [piece for piece in pieces if piece]


def _split_hyphens(piece: str, register: Register) -> list[str]:
    """Names with a bare hyphen between them, where it is none of a double name (Hoàng Anh-Thu Hà, not Jean-Pierre)."""
    if "-" not in piece or is_registered(piece, register):
        return [piece]
    parts = piece.split("-")
    if all(" " in part or is_registered(part, register) for part in parts):
        return parts
    return [piece]


def is_registered(name: str, register: Register) -> bool:
    """Whether the register of authors has the name, in any spelling."""
    return register is not None and any(match_key(each) in register for each in (name, name.strip(EDGES)))


def _name(piece: str, register: Register, *, as_sources: bool) -> Name | None:
    """The piece as a name, or None where it is none."""
    whole = _PLACE.sub("", piece.strip(EDGES))
    match = _TITLE.match(whole)
    title = whole[: match.end()].strip(" ,:-–") if match else ""
    name = whole[match.end() :].strip(EDGES) if match else whole
    if match_key(name) in AGENCIES:
        return Name(name, "agency", KNOWN, title=title)
    if _is_collective(whole):
        return Name(whole, "collective", KNOWN)
    if as_sources:
        return Name(whole, "source", SOURCE) if _is_publication(whole) or _is_source(whole) else None
    if is_registered(piece, register):
        return Name(piece, "person", REGISTERED, registered=True)
    if is_registered(name, register):
        return Name(name, "person", REGISTERED, registered=True, title=title)
    if _is_publication(whole):
        return Name(whole, "source", SOURCE)
    return Name(name, "person", UNREGISTERED, title=title) if _is_name(name) else None


def _is_collective(text: str) -> bool:
    match = _GROUP.match(text) or _STAFF.match(text)
    if not match:
        return False
    rest = text[match.end() :].split()
    if rest and match.re is _STAFF and rest[0].lower() not in _OF_PAPER:
        return False
    return len(rest) <= MOST_WORDS and all(word[0].isupper() or word in _OF_PAPER for word in rest)


def _is_publication(text: str) -> bool:
    if match_key(text) in SOURCES or _SITE.fullmatch(text):
        return True
    match = _SOURCE.match(text)
    return match is not None and text[match.end()].isupper() and _is_source(text)


def _is_source(text: str) -> bool:
    """Whether the text can be the name of a publication or an office: "Trí thức trẻ", "Bộ Y tế", "baochinhphu.vn"."""
    words = text.split()
    if not words or len(text) > LONGEST or len(words) > MOST_WORDS or not (text[0].isupper() or _SITE.fullmatch(text)):
        return False
    beginnings = {match_key(words[0]), match_key(" ".join(words[:2]))}
    return beginnings.isdisjoint(NOT_A_SOURCE) and not re.search(r"[:?!…]|\. ", text)


def _is_name(text: str) -> bool:
    """Whether the text is written like a person's name: a few words, each with a capital, nothing else."""
    words = text.split()
    if not words or len(words) > MOST_WORDS or len(text) > LONGEST:
        return False
    if match_key(text) in NOT_NAMES or match_key(words[0]) in NOT_FIRST:
        return False
    return all(_NAME_WORD.fullmatch(word) and word[0].isupper() for word in words)
