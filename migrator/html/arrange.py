"""The order of a tidy body: boxes of related news, tables that are figures, captions, galleries.

Everything here works on what the walk left, so that a body that is cleaned again is looked at in the same form; what an
old class meant is known only the first time and may only speak for a change, never against one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from migrator.html.boxes import found_in, leading
from migrator.html.figures import from_block, is_standard, paired, tidied
from migrator.html.policy import Policy
from migrator.html.related import Box
from migrator.html.tables import from_list, from_table
from migrator.html.tree import Node, Tidy, whole
from migrator.html.writer import Writer

_NEEDED = frozenset(("figure", "figcaption", "small"))


@dataclass(slots=True)
class Arranged:
    """The pieces of the body in their new order; the boxes of related news; what was made of what, once for each."""

    out: Sequence[str]
    boxes: list[Box] = field(default_factory=list)
    made: list[str] = field(default_factory=list)


class _Links:
    """Where links are, reckoned only if somebody asks."""

    def __init__(self, writer: Writer) -> None:
        self._begins, self._ends = writer.links, writer.ends
        self._farthest: list[int] | None = None  # for each link, where the last ends of it and those before it

    def are_around(self, place: int) -> bool:
        """Whether a place lies in a link."""
        if self._farthest is None:
            self._farthest = list(accumulate((self._ends[begin] for begin in self._begins), max))
        before = bisect_left(self._begins, place)
        return before > 0 and self._farthest[before - 1] > place


def arranged(writer: Writer, policy: Policy, is_local: Callable[[str], bool], *, take_related: bool) -> Arranged:
    """The body that a walk has written, put in order; with ``take_related`` its boxes are taken out."""
    result = Arranged(writer.out)
    begins = leading(writer)
    if not writer.spots and not begins:
        return result
    spots = sorted({*writer.spots, *begins}) if begins else writer.spots
    root = whole(Tidy(writer.out, writer.ends, writer.marks, spots))
    if begins:
        result.boxes = found_in(root, is_local, take=take_related)
    if policy.elements.keys() >= _NEEDED:
        order = [root]
        for node in order:
            inside = [child for child in node.children if isinstance(child, Node) and child.is_interesting]
            order += [child for child in inside if _may_hold_more(child)]
        links = _Links(writer)
        for node in reversed(order):
            _arrange(node, links, result.made)
    result.out = root.pieces()
    return result


def _may_hold_more(node: Node) -> bool:
    """Whether something inside an interesting node may have to be put in order before the node itself."""
    if node.is_single or node.tag == "figcaption":
        return False
    return node.tag != "figure" or not is_standard(node.pieces())


def _arrange(node: Node, links: _Links, made: list[str]) -> None:
    """Makes figures of the children of a node, whose own children are in order."""
    changed: list[str | Node] = []
    for child in node.children:
        if isinstance(child, Node) and child.is_interesting and (new := _converted(child, links)) is not None:
            made += _told(child, new)
            changed += [new] if new.tag else []
        else:
            changed.append(child)
    if node.tag == "figure":
        node.children = changed
    else:
        node.children, found = paired(changed)
        made += ["pair"] * found


def _converted(node: Node, links: _Links) -> Node | None:
    if node.is_single:
        return None
    if node.tag == "table":
        return None if _is_link_in_link(node, links) else from_table(node)
    if node.tag == "dl":
        return from_list(node)
    return tidied(node) if node.tag == "figure" else from_block(node)


def _is_link_in_link(table: Node, links: _Links) -> bool:
    """Whether a table keeps apart a link around it and one inside, which only its cells can do."""
    return links.are_around(table.at) and any(piece.startswith("<a ") for piece in table.pieces())


def _told(old: Node, new: Node) -> list[str]:
    """What there is to say of a change."""
    if old.tag != "figure":
        return [old.tag]
    before, after = old.pieces(), new.pieces()
    if before == after:
        return []
    return ["credit"] if after.count("<small>") > before.count("<small>") else ["figure"]
