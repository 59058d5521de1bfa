"""What stands beside a headline on pages that call nothing by its name: the date, who wrote it, the section."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

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
_HIGHEST = 3
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
    for line in lines:
        for text, is_labelled in () if line.is_apart else _candidates(line):
            byline = read_byline(text)
            names = [each.name for each in byline.contributions]
            is_people = all(each.kind == "person" and " " in each.name for each in byline.contributions)
            if byline.unread or not names or not is_people or match_key(text) in unwanted or match_key(text) in paper:
                continue
            if is_labelled or not _is_linked(page, match_key(text)):
                return byline
    return None


def _candidates(line: Line) -> Iterator[tuple[str, bool]]:
    """Pieces of a line that may be names, and whether they are called so; of a line without a date only those."""
    whole = " ".join(line.pieces)
    has_date = without_date(whole) != whole
    for text in (*line.pieces, whole):
        bare = without_date(text).strip(_EDGES)
        label = _LABEL.match(bare)
        if 0 < len(bare) <= _LONGEST_NAME and (label or has_date):
            yield bare[label.end() :] if label else bare, label is not None


def _is_linked(page: Document, key: str) -> bool:
    links = select(page, "a[href]")[:_MOST_LINKS]
    return any(_folded(link) == key for link in links if not _AUTHOR.search(attribute(link, "href")))


def sections_near(page: Document, lines: Sequence[Line]) -> list[PageLink]:
    """The way to the section, where it stands right above the headline behind a link to the home page.

    Else the one link beside the headline that stands in a menu too.
    """
    for line in lines:
        names = [name for piece in line.pieces if (name := piece.strip(_EDGES + "›»>"))]
        if line.is_above and len(names) > 1 and match_key(names[0]) in HOME:
            return _links(page, [name for name in names[1:] if len(name) <= _LONGEST_SECTION])
    for line in lines:
        if line.is_linked and len(line.pieces) == 1 and len(line.pieces[0]) <= _LONGEST_SECTION:
            found = _links(page, [line.pieces[0]])
            if found and found[0].url and (_count(page, found[0].url) > 1 or _is_called_section(page, found[0].url)):
                return found
    return []


def _links(page: Document, names: Sequence[str]) -> list[PageLink]:
    """Names with the addresses that links with these texts have."""
    links = select(page, "a[href]")[:_MOST_LINKS]
    found = []
    for name in names:
        same = (link for link in links if _folded(link) == match_key(name))
        link = next(same, None)
        found.append(PageLink(name, attribute(link, "href") if link is not None else ""))
    return found


def _folded(link: Node) -> str:
    """The match key of a short link, else nothing."""
    text = link.text()
    return match_key(text) if len(text) <= _LONGEST_DATE else ""


def _is_called_section(page: Document, address: str) -> bool:
    """Whether a link to the address, or an element close around it, is called a section."""
    for link in select(page, "a[href]")[:_MOST_LINKS]:
        above: Node | None = link if attribute(link, "href") == address else None
        for _ in range(_HIGHEST):
            if above is not None and _SECTION.search(f"{attribute(above, 'class')} {attribute(above, 'id')}"):
                return True
            above = above.parent if above is not None else None
    return False


def _count(page: Document, address: str) -> int:
    return sum(attribute(link, "href") == address for link in select(page, "a[href]")[:_MOST_LINKS])
