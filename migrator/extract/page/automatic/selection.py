"""Which blocks of the region are the article's text."""

from __future__ import annotations

from bisect import bisect
from functools import cached_property

from migrator.extract.page.automatic.core import Ground
from migrator.extract.page.automatic.elements import CELLS
from migrator.extract.page.automatic.kind import is_alike
from migrator.extract.page.automatic.marks import STANDFIRST, marks_of
from migrator.extract.page.automatic.parts import Block, Node
from migrator.extract.page.automatic.phrases import (
    is_after_dateline,
    is_beside,
    is_credit,
    is_dateline,
    is_signature,
    is_signature_at_right,
    leads_to_others,
)
from migrator.extract.page.automatic.prose import is_closed, is_cut_off, is_sentence
from migrator.extract.page.automatic.region import Region

_SHORT_LINK = 250
_LONGEST_CAPTION = 250
_LONG_HEADING = 80
_LONGER_THAN_STANDFIRST = 450
_REPEATED = 80
_LATE = 0.6
_STATED_WHOLE = 0.8
_NOTES = 3  # lines that may stand behind the signature


class Selection:
    """Chooses among the blocks of the region."""

    def __init__(self, ground: Ground, region: Region, core: list[int]) -> None:
        self._ground, self._region = ground, region
        self.captions: set[int] = set()
        """The numbers of blocks that stand under a picture as its caption."""
        self._open = [index for index in region.blocks if ground.is_open(index)]
        paragraphs = [
            index
            for index in self._open
            if ground.prose[index]
            and self._is_kin(index)
            and not self._is_standfirst(index)
            and not self._is_caption(ground.page.blocks[index])
        ]
        paragraphs = paragraphs or core
        self._first, self._last = paragraphs[0], paragraphs[-1]
        self._lists: dict[int, bool] = {}

    def choose(self) -> list[Block]:
        """The article's blocks in order."""
        headline = self._ground.headline
        chosen: list[Block] = []
        resume = 0
        read, late = (
            0,
            _LATE * sum(self._ground.page.blocks[index].weight for index in self._open if self._is_kin(index)),
        )
        for index in self._open:
            block = self._ground.page.blocks[index]
            if index < resume:
                continue
            if read >= late and leads_to_others(block):
                resume = self._next_own(index)
                continue
            if headline is not None and block.text == headline.text:
                continue
            if not self._is_other(block) and self._is_kept(block):
                chosen.append(block)
                read += block.weight
        return _without_ending(_once(self._as_stated(chosen)))

    def _next_own(self, index: int) -> int:
        """The next paragraph behind a heading over links to others that is the article's: one without any link."""
        blocks = self._ground.page.blocks
        own = (
            i for i in self._open if i > index and self._ground.prose[i] and self._is_kin(i) and not blocks[i].linked
        )
        return next(own, len(blocks))

    def _is_kin(self, index: int) -> bool:
        return is_alike(self._ground.kinds.kinds[index], self._region.kinds)

    def _is_standfirst(self, index: int) -> bool:
        """Whether the block, or an element around it and nothing else, is called so."""
        node: Node | None = self._ground.page.blocks[index].node
        while node is not None and node.block_to - node.block_from == 1:
            if marks_of(node.tag, node.attributes) & STANDFIRST:
                return True
            node = node.parent
        return False

    def _is_other(self, block: Block) -> bool:
        """A link to another article, a hint beside the article, or a caption."""
        if block.link_share > 0.8 and block.weight < _SHORT_LINK and not block.text.startswith("http"):
            is_inside = self._first < block.index < self._last
            if not (is_inside and self._is_in_mixed(block)):
                return True
        return is_beside(block) or self._is_caption(block)

    def _is_caption(self, block: Block) -> bool:
        """Whether it stands under a picture and looks like its caption: centred, or with the name of a photographer."""
        if block.weight >= _LONGEST_CAPTION or not self.is_under_picture(block):
            return False
        style = block.node.attribute("style") + block.node.attribute("align") + block.node.attribute("class")
        is_centred = "center" in style and not block.is_heading and block.bold < 0.8 * block.weight
        if is_centred or is_credit(block):
            self.captions.add(block.index)
        return is_centred or is_credit(block)

    def _is_kept(self, block: Block) -> bool:
        index = block.index
        if index < self._first:
            if self._ground.prose[index] and block.weight >= _LONGER_THAN_STANDFIRST:
                return index > self._ground.headline_at
            if self._ground.prose[index] and self._is_beginning(block):
                return True
            return self._is_kin(index) and not self._is_before_text(block)
        if self._is_kin(index):
            return True
        if index > self._last:
            return False
        if self._ground.prose[index] and block.weight >= 100:
            return block.weight >= _LONGEST_CAPTION or not self.is_under_picture(block)
        return block.node.tag in CELLS or (block.is_heading and block.link_share < 0.5)

    def _is_beginning(self, block: Block) -> bool:
        """Whether it is one of several paragraphs behind the date or the byline, under no picture."""
        if block.node.tag != "p" or self._is_standfirst(block.index) or self.is_under_picture(block):
            return False
        home = self._ground.kinds.homes[block.index]
        if sum(self._ground.prose[home.block_from : home.block_to]) < 2:
            return False
        return is_after_dateline(self._ground.page.blocks, self._ground.headline_at, block.index)

    def _is_before_text(self, block: Block) -> bool:
        """Whether a block before the first paragraph is headline, standfirst, byline or date."""
        if block.index < self._ground.headline_at or self._is_standfirst(block.index) or is_dateline(block):
            return True
        return block.is_heading and block.weight > _LONG_HEADING and is_sentence(block.text)

    def _is_in_mixed(self, block: Block) -> bool:
        """Whether it stands in a list or table that is more than links."""
        node = block.node
        while node.parent is not None and node.tag not in ("ul", "ol", "table", "dl"):
            node = node.parent
        if node.parent is None:
            return False
        if id(node) not in self._lists:
            blocks = self._ground.page.blocks[node.block_from : node.block_to]
            self._lists[id(node)] = sum(b.linked for b in blocks) < 0.7 * sum(b.weight for b in blocks)
        return self._lists[id(node)]

    @cached_property
    def _pictures(self) -> list[int]:
        return [node.first for node in self._ground.page.nodes if node.tag == "img"]

    def is_under_picture(self, block: Block) -> bool:
        """Whether a picture stands between it and the block before."""
        before = self._ground.page.blocks[block.index - 1].pieces[-1] if block.index else 0
        return bisect(self._pictures, before) != bisect(self._pictures, block.pieces[-1])

    def _as_stated(self, chosen: list[Block]) -> list[Block]:
        """Where the page states its text whole, what stands before and behind that text is none of it."""
        stated = self._ground.stated
        held = [position for position, block in enumerate(chosen) if block.index in self._ground.held]
        if not held or stated.share([chosen[position] for position in held]) < _STATED_WHOLE:
            return chosen
        weight = sum(block.weight for block in chosen)
        if sum(chosen[position].weight for position in held) < _STATED_WHOLE * weight:
            return chosen
        first, last = held[0], held[-1]
        before = [block for block in chosen[:first] if block.is_heading or block.weight < 60]
        behind = [block for block in chosen[last + 1 :] if block.weight < 60]
        return [*before, *chosen[first : last + 1], *behind]


def _once(blocks: list[Block]) -> list[Block]:
    """Without the second of two long blocks that are the same."""
    seen: set[str] = set()
    chosen = []
    for block in blocks:
        if block.weight >= _REPEATED:
            if block.text in seen:
                continue
            seen.add(block.text)
        chosen.append(block)
    return chosen


def _without_ending(blocks: list[Block]) -> list[Block]:
    """Without what stands behind the text: teasers behind the signature, the signature itself."""
    teasers = len(blocks)
    while teasers and is_cut_off(blocks[teasers - 1]):
        teasers -= 1
    if teasers and len(blocks) - teasers >= 2 and _ends_article(blocks[teasers - 1]):
        blocks = blocks[:teasers]
    while blocks and (blocks[-1].is_heading or is_signature(blocks[-1])):
        blocks = blocks[:-1]
    return [block for block in blocks if block not in blocks[-_NOTES:] or not is_signature_at_right(block)]


def _ends_article(block: Block) -> bool:
    return is_signature(block) or block.is_heading or (block.weight < 60 and not is_closed(block.text))
