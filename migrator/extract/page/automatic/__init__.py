"""Finds the article on a page of an unknown site.

``find_article`` is the entry. No site is known by name, and nothing but the page itself is looked at: the names of its
elements, the length of its texts, where links are, what the page states for machines. See
``docs/decisions/0011-automatic-page-reading.md`` for the measurements behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from migrator.extract.page.automatic.core import find_core, prepare
from migrator.extract.page.automatic.data import page_in_data
from migrator.extract.page.automatic.furniture import find_furniture
from migrator.extract.page.automatic.headline import find_headline, headline_text
from migrator.extract.page.automatic.parts import Block, Page
from migrator.extract.page.automatic.phrases import is_beside, leads_to_others
from migrator.extract.page.automatic.prose import is_prose
from migrator.extract.page.automatic.region import find_region
from migrator.extract.page.automatic.selection import Selection
from migrator.extract.page.automatic.stated import Stated, read_stated
from migrator.extract.page.automatic.tree import TooManyTags, read
from migrator.extract.page.automatic.verdict import evidence, is_front, why_not
from migrator.extract.page.automatic.writing import body_markup
from migrator.extract.page.limits import LARGEST_BYTES, too_costly
from migrator.text.composed import composed

__all__ = ["Found", "NotFound", "find_article"]

_TOO_LITTLE = 1_500  # prose on a page without an article: it may be put together in the browser
_FOLLOWING, _PRECEDING = 3, 60
_LINK = 0.8


@dataclass(frozen=True, slots=True)
class Found:
    """An article.

    ``body_html`` is a fragment of the page's own markup, **not safe** until :func:`migrator.html.clean` has been over
    it; pictures stand in it as figures with their captions. ``body_text`` is the running text: one line a block, NFC,
    without headline, standfirst, byline and captions. ``headline`` is as the page shows it, null where it shows and
    states none. ``evidence`` says in English what the choice rests on. ``following`` are the first lines behind the
    body on the page, at most three, up to the first link or heading: a byline may be among them. ``preceding`` are the
    lines between the headline and the body, where a standfirst may stand.
    """

    body_html: str
    headline: str | None
    body_text: str
    evidence: str
    following: tuple[str, ...] = ()
    preceding: tuple[str, ...] = ()


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
        other = page_in_data(html, stated)
        if other and too_costly(other) is None:
            return _in_data(found, other)
    return found


def _in_data(found: NotFound, html: str) -> Found | NotFound:
    """What a page made of data has; else what was found before."""
    try:
        page = read(html)
    except TooManyTags:
        return found
    other = _find(page, read_stated(html, page), is_front_door=False)
    if isinstance(other, NotFound):
        return found
    return replace(other, evidence=f"{other.evidence}; the text stands in the page's data only", following=())


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
        headline_text(headline, stated),
        composed("\n".join([block.text for block in chosen])),
        evidence(ground, region, chosen),
        tuple(islice(_following(page, chosen[-1]), _FOLLOWING)),
        tuple(composed(block.text) for block in _between(page, headline, chosen[0])),
    )


def _between(page: Page, headline: Block | None, first: Block) -> list[Block]:
    begin = first.index - _PRECEDING if headline is None else headline.index + 1
    return page.blocks[max(0, begin, first.index - _PRECEDING) : first.index]


def _following(page: Page, last: Block) -> Iterator[str]:
    """The lines behind a block, up to the first that is a link, or stands over other things."""
    for block in islice(page.blocks, last.index + 1, None):
        if block.link_share >= _LINK or block.is_heading or is_beside(block) or leads_to_others(block):
            return
        yield from composed(block.text).split("\n")
