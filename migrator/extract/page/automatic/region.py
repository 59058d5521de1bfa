"""How far the article reaches: the core grown outwards, element by element."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from migrator.extract.page.automatic.core import MOST_ABOVE, Ground, is_named_body
from migrator.extract.page.automatic.elements import HEADINGS
from migrator.extract.page.automatic.kind import ancestors, is_alike, kind_of
from migrator.extract.page.automatic.marks import BODY, FURNITURE, marks_of
from migrator.extract.page.automatic.parts import Block, Node
from migrator.extract.page.automatic.phrases import is_after_dateline, is_dateline


@dataclass(slots=True)
class Region:
    """The element with the article, the kinds of homes its paragraphs have, and the block before which it ends."""

    node: Node
    kinds: set[str]
    end: int

    @property
    def blocks(self) -> range:
        """The numbers of its blocks."""
        return range(self.node.block_from, min(self.node.block_to, self.end))


def find_region(ground: Ground, core: list[int]) -> Region:
    """Grows the core outwards, element by element, as long as what is added is of the same article."""
    homes = ground.kinds.homes
    node = homes[core[0]]
    for index in core[1:]:
        while not (node.first <= homes[index].first and homes[index].last <= node.last) and node.parent is not None:
            node = node.parent
    region = Region(node, {ground.kinds.kinds[index] for index in core}, len(ground.page.blocks))
    has_h1 = any(ground.page.blocks[index].node.tag == "h1" and index != ground.headline_at for index in region.blocks)
    width = -1
    for outer in islice(ancestors(node.parent), MOST_ABOVE):
        if outer.block_to - outer.block_from != width:
            width = outer.block_to - outer.block_from
            _Step(ground, region, outer, core[0], has_h1).take()
    return region


class _Step:
    """May the region grow to the next element?"""

    def __init__(self, ground: Ground, region: Region, outer: Node, core: int, has_h1: bool) -> None:
        self._ground, self._region, self._outer, self._has_h1 = ground, region, outer, has_h1
        inner = region.node
        self._added = [
            index
            for index in range(outer.block_from, min(outer.block_to, region.end))
            if not inner.block_from <= index < inner.block_to and ground.is_open(index) and index != ground.headline_at
        ]
        self._prose = [index for index in self._added if ground.prose[index] and not index < ground.headline_at < core]

    def take(self) -> None:
        """Grows the region, if it may."""
        gain = sum(self._ground.values[index] for index in self._prose)
        if gain <= 0:
            return
        kinds, region = self._ground.kinds.kinds, self._region
        alike = {index for index in self._prose if is_alike(kinds[index], region.kinds)}
        like_share = sum(self._ground.values[index] for index in alike) / gain
        if not self._belongs(gain, like_share) or self._is_another_article():
            return
        end = self._border()
        if end is not None:
            late = [index for index in self._prose if index >= region.node.block_to]
            if late[0] > end and late[0] == self._prose[0]:
                return
            region.end = min(region.end, end)
        region.kinds.update(kinds[index] for index in self._prose if like_share < 0.6 or index in alike)
        region.node = self._outer

    def _belongs(self, gain: float, like_share: float) -> bool:
        ground, inner = self._ground, self._region.node
        blocks = ground.page.blocks
        linked = sum(blocks[index].node.tag in HEADINGS and blocks[index].link_share > 0.5 for index in self._added)
        pure = sum(blocks[index].weight for index in self._prose) / sum(blocks[index].weight for index in self._added)
        have = sum(ground.values[index] for index in range(inner.block_from, inner.block_to) if ground.prose[index])
        marks = marks_of(self._outer.tag, self._outer.attributes)
        if like_share >= 0.6 and linked <= max(1, 0.3 * len(self._prose)):
            return True
        if marks & BODY and pure > 0.6:
            return sum(ground.values[i] for i in self._prose if blocks[i].node.tag == "li") < 0.5 * gain
        if pure > 0.7 and not linked and not marks & FURNITURE and self._is_beginning():
            return True
        return gain > 2 * have and pure > 0.6 and linked <= 1 and not is_named_body(inner)

    def _is_another_article(self) -> bool:
        """Whether the first text behind stands, under a heading, in an element like the one that holds the headline."""
        ground, inner = self._ground, self._region.node
        behind = next((index for index in self._prose if index >= inner.block_to), None)
        if behind is None:
            return False
        own, other = self._child_around(inner), self._child_around(ground.page.blocks[behind].node)
        if not own.block_from <= ground.headline_at < own.block_to or kind_of(own) != kind_of(other):
            return False
        return any(ground.page.blocks[index].is_heading for index in range(other.block_from, behind))

    def _child_around(self, node: Node) -> Node:
        while node.parent is not None and node.parent is not self._outer:
            node = node.parent
        return node

    def _is_beginning(self) -> bool:
        """Whether all that is added stands right before the region, and is more than a standfirst."""
        ground, inner = self._ground, self._region.node
        if self._prose[-1] >= inner.block_from:
            return False
        between = sum(ground.is_open(index) for index in range(self._prose[-1] + 1, inner.block_from))
        weight = sum(ground.page.blocks[index].weight for index in self._prose)
        if between > 3:
            return False
        is_after = is_after_dateline(ground.page.blocks, ground.headline_at, self._prose[0])
        return (
            len(self._prose) > 1 or weight >= 400 or (is_after and ground.page.blocks[self._prose[0]].node.tag == "p")
        )

    def _border(self) -> int | None:
        """Where behind the region another article begins: at a date line or a first heading; null if nowhere."""
        ground, inner = self._ground, self._region.node
        last = self._prose[-1]
        for index in range(inner.block_to, last):
            block = ground.page.blocks[index]
            if not ground.is_open(index) or block.weight >= 90:
                continue
            if ground.kinds.homes[index] is self._outer or is_alike(ground.kinds.kinds[index], self._region.kinds):
                continue
            is_first = block.node.tag == "h1" and not self._has_h1
            if is_first or (block.weight < 60 and is_dateline(block) and not _is_quoted(block)):
                return index
        return None


def _is_quoted(block: Block) -> bool:
    """Whether it stands in a quotation or a table, or under an embedded post."""
    if block.text.startswith("A post shared by"):
        return True
    return any(node.tag in ("blockquote", "table") for node in islice(ancestors(block.node), MOST_ABOVE))
