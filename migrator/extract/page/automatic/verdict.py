"""Is it an article at all, and what speaks for the choice?"""

from __future__ import annotations

import re
from collections import Counter

from migrator.extract.page.automatic.core import Ground, is_named_body
from migrator.extract.page.automatic.elements import WHOLE
from migrator.extract.page.automatic.kind import ancestors, kind_of
from migrator.extract.page.automatic.parts import Block, Node
from migrator.extract.page.automatic.prose import is_cut_off, is_prose
from migrator.extract.page.automatic.region import Region

_FRONT = re.compile(r"(?:https?:)?//[^/?#]+/?(?:(?:index|default|home)\.\w{2,5})?(?:#.*)?", re.IGNORECASE)
_MISSING = re.compile(
    r"\b404\b|(?:page|article|content|seite|pagina|página)\b.{0,20}"
    r"\b(?:not found|no longer|does(?: not|n['’]t) exist|unavailable)|"
    r"nicht gefunden|introuvable|no encontrad|não encontrad|non trovat|"
    r"không tìm thấy|không tồn tại|页面不存在|未找到",
    re.IGNORECASE,
)
_LONGEST_EXCUSE = 700
_POSTS, _HIGHEST, _FIRST_BLOCKS = 3, 8, 4
_ROOTS = WHOLE - {"article"}
_SHORTEST = 140
_SHORT = 1_000
_ALONE = 300
_SEVERAL = 4
_SHORT_WITHOUT_HEADLINE = 2_500
_NEAR = 25
_MANY_LINKS = 0.35
_NEARLY_ALL = 0.75
_LINKED_LINE, _LONGEST_LINK, _LONGER = 15, 250, 1.2


def why_not(ground: Ground, region: Region, chosen: list[Block], is_front_door: bool) -> str:
    """Why what was chosen is no article; empty where it is one.

    A front page has texts too: short ones among many links, under no headline of their own, on a page that does not
    call itself an article.
    """
    weight = sum(block.weight for block in chosen if is_prose(block))
    if weight < _LONGEST_EXCUSE and not ground.stated.is_article and _is_missing(ground):
        return "the page says that what was looked for is not there"
    if chosen and _is_one_of_several(ground, chosen[0]):
        return "the page holds several articles, each under a heading that leads to it"
    if _is_list(ground, chosen):
        return "the page is a list of other articles, each with a few lines"
    is_short = weight < _SHORTEST and not (ground.stated.is_article and _is_in_body(ground, chosen))
    if is_short and weight < 0.8 * _all_prose(ground):
        return "the longest text on the page is too short for an article"
    if not chosen:
        return "there is no running text on the page"
    if any(node.tag == "footer" for node in ancestors(region.node)):
        return "the longest text on the page is in its footer"
    if not ground.stated.is_article and all(is_cut_off(block) for block in chosen if is_prose(block)):
        return "there are only beginnings of texts on the page"
    is_near = ground.headline is not None and 0 <= chosen[0].index - ground.headline_at <= _NEAR
    if is_front_door:
        return "" if _is_written_whole(ground, chosen) else "it is the front page of a site"
    if ground.stated.is_article or is_near or _link_share(ground) <= _MANY_LINKS:
        return ""
    if _is_written_whole(ground, chosen):
        return ""
    if ground.headline is not None and weight >= _ALONE and weight >= 0.9 * _all_prose(ground):
        return ""
    if weight < (_SHORT if ground.headline is not None else _SHORT_WITHOUT_HEADLINE):
        return "the page is a list of links with short texts"
    return ""


def _is_in_body(ground: Ground, chosen: list[Block]) -> bool:
    if not chosen:
        return False
    return is_named_body(ground.kinds.homes[chosen[0].index]) or all(block.index in ground.held for block in chosen)


def _is_missing(ground: Ground) -> bool:
    titles = [*ground.stated.titles, *([ground.headline.text] if ground.headline is not None else [])]
    return any(_MISSING.search(title) for title in titles)


def _is_one_of_several(ground: Ground, first: Block) -> bool:
    """Whether the text begins in one of several like elements, all with a linked heading over paragraphs.

    Not where the page's headline stands in it: behind an article, others may follow.
    """
    for own, _ in zip(ancestors(first.node), range(_HIGHEST), strict=False):
        if own.block_from <= ground.headline_at < own.block_to or own.tag in _ROOTS:
            return False
        if _is_post(ground, own):
            alike = [node for node in ground.page.nodes if node.parent is own.parent and kind_of(node) == kind_of(own)]
            return sum(_is_post(ground, node) for node in alike) >= _POSTS
    return False


def _is_list(ground: Ground, chosen: list[Block]) -> bool:
    """Whether nearly every paragraph stands under a link of its own, as in a list of articles."""
    prose = [block for block in chosen if is_prose(block)]
    teasers = sum(_is_teaser(ground, block) for block in prose)
    return teasers >= _POSTS and teasers >= _NEARLY_ALL * len(prose)


def _is_teaser(ground: Ground, block: Block) -> bool:
    """Whether its first line is a link, or the line before it is one; dates and the like may stand between."""
    lines = block.text.split("\n")
    if len(lines) > 1:
        return _LINKED_LINE <= len(lines[0]) <= _LONGER * block.linked
    above = block.index - 1
    while above >= 0 and block.index - above < _POSTS and ground.page.blocks[above].weight < _LINKED_LINE:
        above -= 1
    over = ground.page.blocks[above] if above >= 0 else block
    return over.link_share >= 0.8 and _LINKED_LINE <= over.weight <= _LONGEST_LINK


def _is_post(ground: Ground, node: Node) -> bool:
    """Whether it begins with a linked heading and has more than one paragraph."""
    blocks = ground.page.blocks[node.block_from : node.block_to]
    heading = next((block for block in blocks[:_FIRST_BLOCKS] if block.is_heading), None)
    if heading is None or heading.link_share < 0.8:
        return False
    return sum(ground.prose[block.index] for block in blocks) > 1


def is_front(url: str | None) -> bool:
    """Whether an address is that of a whole site."""
    return url is not None and _FRONT.fullmatch(url) is not None


def _is_written_whole(ground: Ground, chosen: list[Block]) -> bool:
    """Whether several paragraphs stand in one element, as no list of teasers has them."""
    homes = Counter(id(ground.kinds.homes[block.index]) for block in chosen if is_prose(block))
    return bool(homes) and homes.most_common(1)[0][1] >= _SEVERAL


def evidence(ground: Ground, region: Region, chosen: list[Block]) -> str:
    """What the choice rests on, in a line for people."""
    paragraphs = sum(is_prose(block) for block in chosen)
    kind = min(region.kinds, key=len)
    said = [f"{paragraphs} paragraphs in {region.node.tag or 'the page'} ({kind})"]
    if ground.headline is not None:
        said.append(
            f"headline in {ground.headline.node.tag}, {max(0, chosen[0].index - ground.headline_at)} blocks above"
        )
    if ground.stated.is_article:
        said.append("the page calls itself an article")
    if ground.stated.body:
        share = ground.stated.share([block for block in chosen if block.index in ground.held])
        said.append(f"{share:.0%} of the stated text is in it")
    return "; ".join(said)


def _all_prose(ground: Ground) -> int:
    return sum(block.weight for block in ground.page.blocks if ground.prose[block.index])


def _link_share(ground: Ground) -> float:
    weight = sum(block.weight for block in ground.page.blocks)
    return sum(block.linked for block in ground.page.blocks) / weight if weight else 0.0
