"""The order of a tidy body: boxes of related news, tables that are figures, captions, galleries.

Everything here works on what the walk left, so that a body that is cleaned again is looked at in the same form; what an
old class meant is known only the first time and may only speak for a change, never against one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from migrator.html.attributes import name_of
from migrator.html.figures import from_block, is_standard, paired, tidied
from migrator.html.marks import RELATED
from migrator.html.policy import Policy
from migrator.html.related import Box, boxes, label_of
from migrator.html.tables import from_list, from_table
from migrator.html.tree import Node, Tidy, whole
from migrator.html.vocabulary import LAZY
from migrator.html.writer import Writer

_NEEDED = frozenset(("figure", "figcaption", "small"))
_DEEPEST_BOX = 40  # elements around it; each of them is read as a whole


@dataclass(slots=True)
class Arranged:
    """The pieces of the body in their new order; the boxes of related news; what was made of what, once for each."""

    out: Sequence[str]
    boxes: list[Box] = field(default_factory=list)
    made: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Around:
    """A node that boxes were looked for in, the one around it, and whether a box has gone from one of them."""

    node: Node
    above: _Around | None
    is_changed: bool = False


def arranged(writer: Writer, policy: Policy, is_local: Callable[[str], bool], *, take_related: bool) -> Arranged:
    """The body that a walk has written, put in order; with ``take_related`` its boxes are taken out."""
    result = Arranged(writer.out)
    leading = _leading(writer)
    if not writer.spots and not leading:
        return result
    spots = sorted({*writer.spots, *leading}) if leading else writer.spots
    root = whole(Tidy(writer.out, writer.ends, writer.marks, spots))
    if leading:
        result.boxes = _boxes(root, is_local, take_related)
    if policy.elements.keys() >= _NEEDED:
        order = [root]
        for node in order:
            order += [child for child in node.children if isinstance(child, Node) and _may_hold_more(child)]
        for node in reversed(order):
            _arrange(node, writer, result.made)
    result.out = root.pieces()
    return result


def _may_hold_more(node: Node) -> bool:
    """Whether something inside a node may have to be put in order before the node itself."""
    return node.is_interesting and node.tag != "figcaption" and not (node.tag == "figure" and is_standard(node))


def _leading(writer: Writer) -> list[int]:
    """The places where a box of related news may begin: elements that are marked so, labels before links."""
    found = [place for place, marks in writer.marks.items() if marks & RELATED]
    for link in writer.links:
        label = label_of(writer.out, link)
        if label is not None:
            found += (label, link)
    return found


def _boxes(root: Node, is_local: Callable[[str], bool], take: bool) -> list[Box]:
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


def _arrange(node: Node, writer: Writer, made: list[str]) -> None:
    """Makes figures of the children of a node, whose own children are in order."""
    changed: list[str | Node] = []
    for child in node.children:
        new = _converted(child, writer) if isinstance(child, Node) and child.is_interesting else None
        if new is None:
            changed.append(child)
        elif isinstance(child, Node):
            made += _told(child, new)
            changed += [new] if new.tag else []
    node.children, found = (changed, 0) if node.tag == "figure" else paired(changed)
    made += ["pair"] * found


def _converted(node: Node, writer: Writer) -> Node | None:
    if node.tag == "table":
        return None if _is_link_in_link(node, writer) else from_table(node)
    if node.tag == "dl":
        return from_list(node)
    return tidied(node) if node.tag == "figure" else from_block(node)


def _is_link_in_link(table: Node, writer: Writer) -> bool:
    """Whether a table keeps apart a link around it and one inside, which only its cells can do."""
    is_inside = any(link < table.at < writer.ends[link] for link in writer.links)
    return is_inside and any(piece.startswith("<a ") for piece in table.pieces())


def _told(old: Node, new: Node) -> list[str]:
    """What there is to say of a change."""
    if old.tag != "figure":
        return [old.tag]
    before, after = old.pieces(), new.pieces()
    if before == after:
        return []
    return ["credit"] if after.count("<small>") > before.count("<small>") else ["figure"]
