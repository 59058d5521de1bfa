"""The boxes of related news in a tidy body: where they may begin, which they are, and the body without them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from migrator.html.attributes import name_of
from migrator.html.marks import RELATED
from migrator.html.related import Box, boxes, label_of
from migrator.html.tree import Node
from migrator.html.vocabulary import LAZY
from migrator.html.writer import Writer

_DEEPEST_BOX = 40  # elements around it; each of them is read as a whole


@dataclass(slots=True)
class _Around:
    """A node that boxes were looked for in, the one around it, and whether a box has gone from one of them."""

    node: Node
    above: _Around | None
    is_changed: bool = False


def leading(writer: Writer) -> list[int]:
    """The places where a box of related news may begin: elements that are marked so, labels before links."""
    found = [place for place, marks in writer.marks.items() if marks & RELATED]
    for link in writer.links:
        label = label_of(writer.out, link)
        if label is not None:
            found += (label, link)
    return found


def found_in(root: Node, is_local: Callable[[str], bool], *, take: bool) -> list[Box]:
    """The outermost boxes outside figures; with ``take`` they go, and what was only around them.

    Looked for once from the outside in. Where boxes have gone, what is around them is looked at once more from the
    inside out: without them it may be a box itself.
    """
    looked_at: list[_Around] = []
    all_found: list[Box] = []
    level = [_Around(root, None)]
    for _ in range(_DEEPEST_BOX):
        looked_at += level
        deeper: list[_Around] = []
        for around in level:
            found = boxes(around.node.children, is_local)
            all_found += found
            deeper += [_Around(child, around) for child in _outside(around.node.children, found)]
            if take and found:
                _take(around.node, found)
                around.is_changed = True
        level = deeper
    for around in reversed(looked_at):
        if around.is_changed:
            node = around.node
            node.children = [child for child in node.children if isinstance(child, str) or _shows(child)]
            while found := boxes(node.children, is_local):
                all_found += found
                _take(node, found)
            if around.above is not None:
                around.above.is_changed = True
    return all_found


def _outside(children: Sequence[str | Node], found: Sequence[Box]) -> Iterator[Node]:
    """The elements among the children of a block that may hold boxes and are in none."""
    edges = [0, *(edge for box in found for edge in (box.begin, box.end)), len(children)]
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        for child in children[begin:end]:
            if isinstance(child, Node) and child.is_interesting and child.tag != "figure":
                yield child


def _take(node: Node, found: Sequence[Box]) -> None:
    """Takes boxes out of a block. Words on both sides of one must not run into each other."""
    for box in reversed(found):
        node.children[box.begin : box.end] = ["<br>"] if _is_between_words(node.children, box) else []


def _shows(node: Node) -> bool:
    """Whether there is something to see in an element that is written only for that."""
    if node.tag not in LAZY and node.tag != "span":
        return True
    for piece in node.pieces():
        if piece[:1] != "<":
            if piece and not piece.isspace():
                return True
        elif piece[1] != "/" and (name := name_of(piece)) not in LAZY and name not in ("br", "span"):
            return True
    return False


def _is_between_words(children: Sequence[str | Node], box: Box) -> bool:
    def is_inline(place: int) -> bool:
        child = children[place] if 0 <= place < len(children) else None
        return (isinstance(child, str) and child != "<br>" and not child.startswith("<hr")) or (
            isinstance(child, Node) and child.is_inline
        )

    return is_inline(box.begin - 1) and is_inline(box.end)
