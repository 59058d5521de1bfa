"""The chosen blocks as markup: the page's own elements around them, and the pictures and frames between them."""

from __future__ import annotations

from bisect import bisect_right

from migrator.extract.page.automatic.core import Ground
from migrator.extract.page.automatic.elements import MEDIA, TABLE, VOID
from migrator.extract.page.automatic.parts import Block, Node
from migrator.extract.page.automatic.region import Region

_LONGEST_CAPTION = 500
_MOST_CAPTIONS = 4


def body_markup(ground: Ground, region: Region, chosen: list[Block], captions: set[int]) -> str:
    """A fragment of the page. Text that was not chosen is left out; a picture keeps its caption, as a figure.

    ``captions`` are the numbers of blocks that are captions without an element that says so.
    """
    return _Writer(ground, region, chosen, captions).markup()


class _Writer:
    def __init__(self, ground: Ground, region: Region, chosen: list[Block], captions: set[int]) -> None:
        self._ground, self._root, self._captions = ground, region.node, captions
        self._tokens = ground.page.tokens
        self._texts = sorted({token for block in chosen for token in block.pieces})
        self._chosen = set(self._texts)
        self._nodes = {
            node.first: node for node in ground.page.nodes if self._root.first <= node.first < self._root.last
        }
        self._out_nodes = {id(node) for node in ground.furniture.nodes if not _is_caption(node)}
        self._last = chosen[-1].pieces[-1]
        self._end = max(self._last, ground.kinds.homes[chosen[-1].index].last)  # of pictures behind the text
        self._shown = sorted(node.first for node in self._nodes.values() if node.tag in MEDIA)
        self._media = self._media_frames()
        self._out: list[str] = []

    def markup(self) -> str:
        """Writes the region."""
        index, end = self._root.first + 1, self._root.last
        if self._root.parent is None:
            index = 0
        while index < end:
            text, slash, name, attributes = self._tokens[index]
            if index in self._chosen:
                self._out.append(text)
            node = None if slash else self._nodes.get(index)
            if node is not None and not self._is_written(node, index):
                if id(node) in self._media and index <= self._end:
                    self._figure(node)
                index = max(node.last, index + 1)
                continue
            if not (index == end - 1 and slash):
                self._out.append(f"<{slash}{name}{attributes}>")
            index += 1
        return "".join(self._out).strip()

    def _is_written(self, node: Node, index: int) -> bool:
        if self._has_chosen(node):
            return True
        if node.tag in VOID:
            return (node.tag == "br" and index in self._chosen) or (node.tag == "hr" and index < self._last)
        if node.tag in TABLE and node.tag != "caption":
            inside = (above for above in _around(node) if above.depth > self._root.depth)  # not the layout around it
            return any(above.tag == "table" and self._has_chosen(above) for above in inside)
        return False

    def _has_chosen(self, node: Node) -> bool:
        """Whether text of a chosen block stands in the element."""
        return bisect_right(self._texts, node.first) < bisect_right(self._texts, node.last - 1)

    def _media_frames(self) -> set[int]:
        """For each picture or frame the outermost element that holds it, its caption and nothing else."""
        frames: set[int] = set()
        for node in self._nodes.values():
            if node.tag not in MEDIA or node.tag == "source" or (node.tag == "iframe" and node.first > self._last):
                continue
            frame = node
            while frame.parent is not None and frame.parent is not self._root and self._is_frame(frame.parent):
                frame = frame.parent
            if not any(id(above) in self._out_nodes for above in _around(frame)):
                frames.add(id(frame))
        return frames

    def _is_frame(self, node: Node) -> bool:
        if node.depth <= self._root.depth or node.block_to - node.block_from > _MOST_CAPTIONS or self._has_chosen(node):
            return False
        blocks = self._ground.page.blocks[node.block_from : node.block_to]
        weight = sum(block.weight for block in blocks)
        linked = sum(block.linked for block in blocks)
        return weight <= _LONGEST_CAPTION and linked <= 0.5 * weight

    def _figure(self, node: Node) -> None:
        """Writes the media in an element, and its text as a caption."""
        media, captions = [], []
        for index in range(node.first, node.last):
            _, slash, name, attributes = self._tokens[index]
            if name in MEDIA and not (slash and name in VOID):
                media.append(f"<{slash}{name}{attributes}>")
        for block in self._ground.page.blocks[node.block_from : self._behind_captions(node)]:
            if block.link_share < 0.5:
                captions.append(_escaped(block.text.replace("\n", " ")))
        caption = f"<figcaption>{' '.join(captions)}</figcaption>" if captions else ""
        self._out.append(f"<figure>{''.join(media)}{caption}</figure>")

    def _behind_captions(self, node: Node) -> int:
        """The number of the block behind the captions that follow media: those up to the next picture, and few."""
        blocks, after = self._ground.page.blocks, node.block_to
        while after in self._captions and after - node.block_to < _MOST_CAPTIONS:
            if after > node.block_to and self._shows_between(blocks[after - 1].pieces[-1], blocks[after].pieces[0]):
                break
            after += 1
        return after

    def _shows_between(self, begin: int, end: int) -> bool:
        """Whether a picture or frame stands between two tokens."""
        return bisect_right(self._shown, begin) < bisect_right(self._shown, end)


def _is_caption(node: Node) -> bool:
    return node.tag == "figcaption" or "caption" in node.attributes or "credit" in node.attributes


def _around(node: Node) -> list[Node]:
    found = []
    above: Node | None = node
    while above is not None:
        found.append(above)
        above = above.parent
    return found


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
