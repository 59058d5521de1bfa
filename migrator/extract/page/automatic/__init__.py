"""Finds the article on a page of an unknown site.

``find_article`` is the entry. No site is known by name, and nothing but the page itself is looked at: the names of its
elements, the length of its texts, where links are, what the page states for machines. See
``docs/decisions/0011-automatic-page-reading.md`` for the measurements behind it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from migrator.extract.page.automatic.core import find_core, prepare
from migrator.extract.page.automatic.data import page_in_data
from migrator.extract.page.automatic.elements import WHOLE
from migrator.extract.page.automatic.furniture import find_furniture
from migrator.extract.page.automatic.headline import bold_line, find_headline, headline_text
from migrator.extract.page.automatic.kind import ancestors
from migrator.extract.page.automatic.marks import HIDDEN, marks_of
from migrator.extract.page.automatic.parts import Block, Node, Page, unescape
from migrator.extract.page.automatic.phrases import is_beside, is_credit, leads_to_others
from migrator.extract.page.automatic.prose import is_closed, is_prose
from migrator.extract.page.automatic.region import Region, find_region
from migrator.extract.page.automatic.selection import Selection
from migrator.extract.page.automatic.stated import Stated, read_stated
from migrator.extract.page.automatic.tree import TooManyTags, read
from migrator.extract.page.automatic.verdict import evidence, is_front, why_not
from migrator.extract.page.automatic.writing import body_markup
from migrator.extract.page.limits import LARGEST_BYTES, too_costly
from migrator.extract.page.stated import Stated as Told
from migrator.text.composed import composed

__all__ = ["Found", "Line", "NotFound", "find_article"]

_TOO_LITTLE = 1_500  # prose on a page without an article: it may be put together in the browser
_FOLLOWING, _PRECEDING = 3, 60
_SHORTEST_LINK, _MOST_OTHERS = 15, 200
_SHORTEST_SENTENCE, _LONGEST_SENTENCE = 40, 700
_BELOW, _ABOVE, _SHORT, _HIGHEST = 12, 4, 200, 6
_LINK = 0.8


@dataclass(frozen=True, slots=True)
class Line:
    """A short line near the headline, as the pieces that it is made of. ``is_linked``: nearly all of it is links.

    ``is_apart``: it stands above the headline, and in no small element with it.
    """

    pieces: tuple[str, ...]
    is_linked: bool
    is_apart: bool


@dataclass(frozen=True, slots=True)
class Found:
    """An article.

    ``body_html`` is a fragment of the page's own markup, **not safe** until :func:`migrator.html.clean` has been over
    it; pictures stand in it as figures with their captions. ``body_text`` is the running text: one line a block, NFC,
    without headline, standfirst, byline and captions. ``headline`` is as the page shows it, null where it shows and
    states none. ``evidence`` says in English what the choice rests on. ``following`` are the first lines behind the
    body on the page, at most three, up to the first link or heading: a byline may be among them. ``preceding`` are the
    lines between the headline and the body, where a standfirst may stand; ``near`` the short ones among them, and then
    those right above the headline, where a date, a name, a section may stand. ``others`` are the links (text, address as
    written) to other articles that stand between the paragraphs, or under a heading of their own behind them. ``in_data``
    is null where readers see the text; else what stands beside it in the page's data, and nothing of it is shown.
    ``sentence`` is the one line between headline and body that is a sentence and no caption, where there is no other.
    """

    body_html: str
    headline: str | None
    body_text: str
    evidence: str
    following: tuple[str, ...] = ()
    preceding: tuple[str, ...] = ()
    near: tuple[Line, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    in_data: Told | None = None
    sentence: str | None = None


@dataclass(frozen=True, slots=True)
class NotFound:
    """A page without an article, or one that may not be read. ``reason`` is a sentence in English."""

    reason: str


def find_article(html: str, url: str | None = None, *, is_checked: bool = False) -> Found | NotFound:
    """Reads one page. Never raises; a page that would cost too much is not read.

    ``url`` is the page's own address: at the front door of a site only a page that is written like an article is one.
    ``is_checked`` says that :func:`too_costly` has let the page pass already.
    """
    if len(html) > LARGEST_BYTES:
        return NotFound(f"the page has more than {LARGEST_BYTES // 1024 // 1024} million characters")
    costly = None if is_checked else too_costly(html)
    if costly is not None:
        return NotFound(costly[1])
    try:
        page = read(html)
    except TooManyTags:
        return NotFound("the page has too many tags")
    stated = read_stated(html, page)
    found = _find(page, stated, is_front(url))
    if isinstance(found, NotFound) and sum(block.weight for block in page.blocks if is_prose(block)) < _TOO_LITTLE:
        other, told = page_in_data(html, stated)
        if other and too_costly(other) is None:
            return _in_data(found, other, told)
    return found


def _in_data(found: NotFound, html: str, told: Told) -> Found | NotFound:
    """What a page made of data has; else what was found before."""
    try:
        page = read(html)
    except TooManyTags:
        return found
    other = _find(page, read_stated(html, page), is_front_door=False)
    if isinstance(other, NotFound):
        return found
    evidence = f"{other.evidence}; the text stands in the page's data only"
    return replace(other, evidence=evidence, following=(), in_data=told)


def _find(page: Page, stated: Stated, is_front_door: bool) -> Found | NotFound:
    if not page.blocks:
        return NotFound("there is no text on the page")
    headline = find_headline(page, stated)
    ground = prepare(page, stated, headline, find_furniture(page, headline))
    core = find_core(ground)
    if not core:
        return NotFound("there is no running text on the page")
    region = find_region(ground, core)
    selection = Selection(ground, region, core)
    chosen = selection.choose()
    reason = why_not(ground, region, chosen, is_front_door)
    if reason:
        return NotFound(reason)
    return Found(
        body_markup(ground, region, chosen, selection.captions),
        (bold_line(_between(page, None, chosen[0]), stated) if headline is None else None)
        or headline_text(headline, stated),
        composed("\n".join([block.text for block in chosen])),
        evidence(ground, region, chosen),
        tuple(islice(_following(page, chosen[-1]), _FOLLOWING)),
        tuple(composed(block.text) for block in _between(page, headline, chosen[0])),
        tuple(_near(page, headline, chosen[0])),
        tuple(islice(_others(page, region, chosen), _MOST_OTHERS)),
        sentence=_sentence(page, headline, chosen[0], selection),
    )


def _between(page: Page, headline: Block | None, first: Block) -> list[Block]:
    begin = first.index - _PRECEDING if headline is None else headline.index + 1
    return page.blocks[max(0, begin, first.index - _PRECEDING) : first.index]


def _near(page: Page, headline: Block | None, first: Block) -> Iterator[Line]:
    between = _between(page, headline, first)
    below = between[-_BELOW:] if headline is None else between[:_BELOW]
    above = [] if headline is None else page.blocks[max(0, headline.index - _ABOVE) : headline.index]
    for block in (*below, *reversed(above)):
        if block.weight <= _SHORT and not _is_hidden(block):
            pieces = [" ".join(composed(unescape(page.tokens[piece][0])).split()) for piece in block.pieces]
            is_apart = headline is not None and block.index < headline.index and _is_apart(block, headline)
            yield Line(tuple(filter(None, pieces)), block.link_share >= _LINK, is_apart)


def _is_hidden(block: Block) -> bool:
    above = islice(ancestors(block.node), _HIGHEST)
    return block.is_hidden or any(marks_of(node.tag, node.attributes) & HIDDEN for node in above)


def _is_apart(block: Block, headline: Block) -> bool:
    """Whether a line above the headline shares no small element with it: it may be today's date, or a menu."""
    shared = next(node for node in ancestors(block.node) if node.block_to > headline.index)
    return shared.tag in WHOLE or shared.block_from < headline.index - _HIGHEST


def _sentence(page: Page, headline: Block | None, first: Block, selection: Selection) -> str | None:
    found = [
        block
        for block in _between(page, headline, first)
        if _SHORTEST_SENTENCE <= block.weight <= _LONGEST_SENTENCE and is_closed(block.text) and block.link_share < 0.5
    ]
    if len(found) != 1 or "\n" in found[0].text or is_credit(found[0]) or selection.is_under_picture(found[0]):
        return None
    is_caption = any(node.tag == "figcaption" for node in islice(ancestors(found[0].node), _HIGHEST))
    return None if is_caption else " ".join(composed(found[0].text).split())


def _others(page: Page, region: Region, chosen: list[Block]) -> Iterator[tuple[str, str]]:
    links = [node for node in page.nodes if node.tag == "a"]
    starts = [link.first for link in links]
    own = {block.index for block in chosen}
    is_under_heading = False
    for block in page.blocks[chosen[0].index : region.node.block_to]:
        is_behind = block.index > chosen[-1].index
        if block.index in own or block.link_share < _LINK or block.weight < _SHORTEST_LINK:
            is_under_heading = leads_to_others(block) or (is_under_heading and block.weight < _SHORTEST_LINK)
        elif is_under_heading or not is_behind:
            link = next((link for piece in block.pieces if (link := _link_around(piece, links, starts))), None)
            if link is not None:
                yield " ".join(composed(block.text).split()), link.attribute("href")


def _link_around(token: int, links: list[Node], starts: list[int]) -> Node | None:
    place = bisect_right(starts, token) - 1
    return links[place] if place >= 0 and token <= links[place].last else None


def _following(page: Page, last: Block) -> Iterator[str]:
    """The lines behind a block, up to the first that is a link, or stands over other things."""
    for block in islice(page.blocks, last.index + 1, None):
        if block.link_share >= _LINK or block.is_heading or is_beside(block) or leads_to_others(block):
            return
        yield from composed(block.text).split("\n")
