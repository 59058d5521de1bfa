"""What stands beside a headline on pages that call nothing by its name: the date, who wrote it, the section."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from migrator.extract.page.automatic import Line
from migrator.extract.page.dates import Calendar, date_within, without_date
from migrator.extract.page.linked import HOME
from migrator.extract.page.model import PageLink
from migrator.html.dom import Document, Node, attribute, select
from migrator.text.bylines import Byline, read_byline
from migrator.text.match_keys import match_key

_LABEL = re.compile(
    r"^(?:tác giả|người viết|viết bởi|đăng bởi|người đăng|bài(?: viết)?|written by|bởi|by)\s*:?\s+", re.I
)
_EDGES = " \t\u00a0·•|–—-/,;:."
_LONGEST_DATE, _LONGEST_NAME, _LONGEST_SECTION = 120, 60, 40
_MOST_LINKS = 600
_HIGHEST, _LONGEST_WAY = 3, 4  # what has more links is a menu
_FULL_NAME = (3, 4)  # words; of two words sections are called too
_SECTION = re.compile(
    r"(?:^|[\s_-])(?:cat|cates?|category|categories|chuyen-?muc|section|zone|folder)(?:$|[\s_-])", re.I
)
_AUTHOR = re.compile(r"/(?:tac-gia|author|authors|by|nha-bao|u|user|profile)/", re.IGNORECASE)


def dates_near(lines: Sequence[Line], calendar: Calendar) -> list[str]:
    """The texts beside the headline that are dates, those below it first."""
    texts = (text for line in lines if not line.is_apart for text in (" ".join(line.pieces), *line.pieces))
    return [text for text in texts if len(text) <= _LONGEST_DATE and date_within(text, calendar)]


def byline_near(
    page: Document, lines: Sequence[Line], paper: Container[str], sections: Sequence[PageLink]
) -> Byline | None:
    """The names of people beside a date, or behind a label ("Tác giả: …"); null where there are none.

    A name that is also the text of a link to something else than an author is the name of a section.
    """
    unwanted = {match_key(link.text) for link in sections}
    own = [line for line in lines if not line.is_apart]
    dated = [_has_date(line) for line in own]
    for place, line in enumerate(own):
        for text, is_labelled in _candidates(line, is_beside=any(dated[max(0, place - 1) : place + 2])):
            byline = read_byline(text)
            names = [each.name for each in byline.contributions]
            is_people = all(each.kind == "person" and " " in each.name for each in byline.contributions)
            if byline.unread or not names or not is_people or match_key(text) in unwanted or match_key(text) in paper:
                continue
            if is_labelled or not _is_linked(page, text):
                return byline
    return None


def _has_date(line: Line) -> bool:
    whole = " ".join(line.pieces)
    return without_date(whole) != whole


def _candidates(line: Line, *, is_beside: bool) -> Iterator[tuple[str, bool]]:
    """Pieces of a line that may be names, and whether they are called so.

    Of a line without a date only those; or all of it, if it is a full name and a date stands on the line before or behind.
    """
    whole = " ".join(line.pieces)
    has_date = _has_date(line) or (is_beside and len(line.pieces) == 1 and len(whole.split()) in _FULL_NAME)
    for text in (*line.pieces, whole):
        bare = without_date(text).strip(_EDGES)
        label = _LABEL.match(bare)
        if 0 < len(bare) <= _LONGEST_NAME and (label or has_date):
            yield bare[label.end() :] if label else bare, label is not None


def _is_linked(page: Document, name: str) -> bool:
    return any(link.text == _folded(name) and not _AUTHOR.search(link.address) for link in _links_of(page))


def sections_near(page: Document, lines: Sequence[Line]) -> list[PageLink]:
    """The way to the section, where it stands right above the headline behind a link to the home page.

    Else the one link beside the headline that stands in a menu too.
    """
    for line in lines:
        names = [name for piece in line.pieces if (name := piece.strip(_EDGES + "›»>"))]
        if 1 < len(names) <= _LONGEST_WAY and match_key(names[0]) in HOME:
            return _links(page, [name for name in names[1:] if len(name) <= _LONGEST_SECTION])
    for line in lines:
        if line.is_linked and not line.is_apart and len(line.pieces) == 1 and len(line.pieces[0]) <= _LONGEST_SECTION:
            found = _links(page, [line.pieces[0]])
            if found[0].url and _is_section(page, found[0].url):
                return found
    return []


def _links(page: Document, names: Sequence[str]) -> list[PageLink]:
    """Names with the addresses that links with these texts have."""
    addresses = {link.text: link.address for link in reversed(_links_of(page))}
    return [PageLink(name, addresses.get(_folded(name), "")) for name in names]


def _is_section(page: Document, address: str) -> bool:
    """Whether more than one link leads to the address, or one, or an element close around it, is called a section."""
    links = [link for link in _links_of(page) if link.address == address]
    return len(links) > 1 or any(_is_called_section(link.node) for link in links)


def _is_called_section(node: Node) -> bool:
    above: Node | None = node
    for _ in range(_HIGHEST):
        if above is None:
            return False
        if _SECTION.search(f"{attribute(above, 'class')} {attribute(above, 'id')}"):
            return True
        above = above.parent
    return False


@dataclass(frozen=True, slots=True)
class _Link:
    text: str
    address: str
    node: Node


def _links_of(page: Document) -> list[_Link]:
    return [
        _Link(_folded(node.text()), attribute(node, "href"), node) for node in select(page, "a[href]")[:_MOST_LINKS]
    ]


def _folded(text: str) -> str:
    """A short text without regard to case and white space; of a long one nothing."""
    return " ".join(text.split()).casefold() if len(text) <= _LONGEST_DATE else ""
