"""The order of a tidy body: boxes of related news, tables that are figures, captions, galleries.

Everything here works on what the walk left, so that a body that is cleaned again is looked at in the same form; what an
old class meant is known only the first time and may only speak for a change, never against one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


@dataclass(slots=True)
class Arranged:
    """The pieces of the body in their new order; the boxes of related news; what was made of what, once for each."""

    out: Sequence[str]
    boxes: list[Box] = field(default_factory=list)
    made: list[str] = field(default_factory=list)


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
    """The boxes outside figures; with ``take`` they go, and what was only around them. One may come to light by that."""
    all_found: list[Box] = []
    while True:
        order = [root]
        found: list[Box] = []
        for node in order:
            here = boxes(node.children, is_local)
            found += here
            for box in reversed(here if take else ()):
                # Words on both sides of a box must not run into each other.
                node.children[box.begin : box.end] = ["<br>"] if _is_between_words(node.children, box) else []
            order += [
                child
                for child in node.children
                if isinstance(child, Node) and child.is_interesting and child.tag != "figure"
            ]
        all_found += found
        if not take or not found:
            return all_found
        for node in reversed(order):
            node.children = [child for child in node.children if isinstance(child, str) or _shows(child)]


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
