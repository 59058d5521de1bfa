"""Where the article is: the group of paragraphs that speaks most for itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from migrator.extract.page.automatic.elements import ASIDE, WHOLE
from migrator.extract.page.automatic.furniture import Furniture
from migrator.extract.page.automatic.kind import Kinds, ancestors, kind_of
from migrator.extract.page.automatic.marks import BESIDE, BODY, marks_of
from migrator.extract.page.automatic.parts import Block, Node, Page
from migrator.extract.page.automatic.prose import is_cut_off, is_prose, is_sentence, worth
from migrator.extract.page.automatic.stated import Stated

MOST_ABOVE = 100  # elements looked at around a group
_NAMED_WITHIN = 6  # a name further out says little about this text
_STATED = 3.0
_CUT_OFF = 0.2
_SHORTEST_BODY, _SHORT_BODY = 30, 600


@dataclass(slots=True)
class Ground:
    """All that is known of the page before the article is looked for."""

    page: Page
    stated: Stated
    headline: Block | None
    furniture: Furniture
    kinds: Kinds
    prose: list[bool]
    values: list[float]
    held: set[int]  # blocks that the page states or names as the article's text

    def is_open(self, index: int) -> bool:
        """Whether the block is not furniture."""
        return not self.furniture.is_out[index]

    @property
    def headline_at(self) -> int:
        """The number of the block with the headline, or -1."""
        return -1 if self.headline is None else self.headline.index


def prepare(page: Page, stated: Stated, headline: Block | None, furniture: Furniture) -> Ground:
    """Judges every block once."""
    kinds = Kinds(page)
    prose = [not furniture.is_out[block.index] and is_prose(block) for block in page.blocks]
    values = [worth(block) for block in page.blocks]
    for block in page.blocks:
        if is_cut_off(block) and not is_named_body(kinds.homes[block.index]):
            values[block.index] *= _CUT_OFF
    held = stated.held([block for block in page.blocks if prose[block.index]])
    if stated.is_article and headline is not None:
        for index in _short_body(page, headline, furniture):
            prose[index] = True
            held.add(index)
    return Ground(page, stated, headline, furniture, kinds, prose, values, held)


def _short_body(page: Page, headline: Block, furniture: Furniture) -> list[int]:
    """In an article of a few lines every sentence is a paragraph: where the page names the body, behind the headline.

    Where nothing is named so, the element ``article`` with the headline is looked at.
    """
    named = [
        node for node in page.nodes if node.block_from > headline.index and marks_of(node.tag, node.attributes) == BODY
    ]
    around = [node for node in ancestors(headline.node) if node.tag == "article"]
    for node in [*named, *around]:
        blocks = page.blocks[max(node.block_from, headline.index + 1) : node.block_to]
        inside = [block for block in blocks if not furniture.is_out[block.index] and not block.is_heading]
        weight = sum(block.weight for block in inside)
        if weight >= _SHORTEST_BODY:
            if weight > _SHORT_BODY or sum(block.linked for block in inside) > 0.3 * weight:
                break
            return [block.index for block in inside if block.weight >= 20 and is_sentence(block.text)]
    return []


def is_named_body(home: Node) -> bool:
    """Whether the element, or one close around it, is called the body of an article."""
    return any(marks_of(node.tag, node.attributes) & BODY for node in islice(ancestors(home), _NAMED_WITHIN))


@dataclass(slots=True)
class _Group:
    kind: str
    blocks: list[int]
    score: float


def find_core(ground: Ground) -> list[int]:
    """The blocks of the best group: paragraphs in homes of one kind beside each other. Empty where there is no prose."""
    groups: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for index, is_prose_block in enumerate(ground.prose):
        if is_prose_block:
            home = ground.kinds.homes[index]
            groups[ground.kinds.kinds[index], id(home.parent)].append(index)
    scored = [_Group(kind, blocks, _score(ground, blocks)) for (kind, _), blocks in groups.items()]
    if not scored:
        return []
    best = max(scored, key=lambda group: group.score)
    if ground.stated.is_article and _weight(ground, best.blocks) < _SHORT_BODY:
        best = max([best, *_of_single_paragraphs(ground, groups)], key=lambda group: group.score)
    # A page that goes on with the next article: the one under the headline is meant, even if it is shorter.
    earlier = [
        group
        for group in scored
        if group.kind == best.kind
        and ground.headline_at < group.blocks[0] < best.blocks[0]
        and group.score >= 0.25 * best.score
        and sum(ground.page.blocks[index].weight for index in group.blocks) > 600
    ]
    if ground.headline is not None and earlier:
        best = min(earlier, key=lambda group: group.blocks[0])
    return best.blocks


def _weight(ground: Ground, blocks: list[int]) -> int:
    return sum(ground.page.blocks[index].weight for index in blocks)


def _of_single_paragraphs(ground: Ground, groups: Mapping[tuple[str, int], list[int]]) -> list[_Group]:
    """Paragraphs that stand each in an element of its own, side by side, as the entries of a live page do."""
    entries: defaultdict[tuple[str, str, int], list[int]] = defaultdict(list)
    for (kind, _), blocks in groups.items():
        entry = ground.kinds.homes[blocks[0]].parent
        if entry is not None and entry.parent is not None and ground.headline_at < blocks[0]:
            entries[kind, kind_of(entry), id(entry.parent)] += blocks
    return [
        _Group(kind, sorted(blocks), _score(ground, sorted(blocks)))
        for (kind, _, _), blocks in entries.items()
        if not _are_teasers(ground, blocks)
    ]


def _score(ground: Ground, blocks: list[int]) -> float:
    score = sum(max(ground.values[index], 1.0) for index in blocks)
    score += _STATED * sum(ground.page.blocks[index].weight for index in blocks if index in ground.held)
    score *= _name_factor(ground, ground.kinds.homes[blocks[0]]) * _place_factor(ground, blocks)
    return score * (0.4 if _are_teasers(ground, blocks) else 1.0)


def _name_factor(ground: Ground, home: Node) -> float:
    factor = 1.0
    seen: set[str] = set()
    for distance, node in enumerate(islice(ancestors(home), MOST_ABOVE)):
        if distance < _NAMED_WITHIN and "body" not in seen and marks_of(node.tag, node.attributes) & BODY:
            seen.add("body")
            factor *= 1.5
        if node.tag == "article" and "article" not in seen:
            seen.add("article")
            factor *= 1.15
        marks = marks_of(node.tag, node.attributes)
        is_beside = node.tag in ASIDE or (marks & BESIDE and not marks & BODY and distance < _NAMED_WITHIN)
        if is_beside and node.tag not in WHOLE and not node.block_from <= ground.headline_at < node.block_to:
            factor *= 0.5
    return factor


def _place_factor(ground: Ground, blocks: list[int]) -> float:
    if ground.headline is None:
        return 1.0
    if blocks[-1] < ground.headline_at:
        return 0.6
    distance = blocks[0] - ground.headline_at
    if distance <= 0:
        return 1.0
    return 1.3 if distance < 12 else 1.15 if distance < 40 else 1.0


def _are_teasers(ground: Ground, blocks: list[int]) -> bool:
    """A heading and one paragraph, again and again."""
    homes = {id(ground.kinds.homes[index]): ground.kinds.homes[index] for index in blocks}
    if len(homes) < 3 or len(homes) < len(blocks):
        return False
    headed = sum(
        any(block.is_heading for block in ground.page.blocks[home.block_from : home.block_to])
        for home in homes.values()
    )
    return headed >= 0.8 * len(homes)
