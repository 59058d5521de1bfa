"""A tidy body as a tree that is made only where somebody looks.

The walk leaves a flat list of pieces: texts, start tags, end tags, all of them allowed and in their right places. Most of
them nobody has to look at again; so a node is a stretch of that list until its children are asked for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from migrator.html.vocabulary import INLINE

Piece = "str | Node"
"""A child: escaped text, the tag of an element without content (``<img …>``), or a node."""


@dataclass(frozen=True, slots=True)
class Tidy:
    """What the walk left.

    ``ends`` has for the place of each start tag the place behind its end tag, ``marks`` its marks (see
    :mod:`migrator.html.marks`); ``spots`` are the places, in order, that are worth a look.
    """

    out: Sequence[str]
    ends: Mapping[int, int]
    marks: Mapping[int, int]
    spots: Sequence[int]


class Node:
    """An element, or the whole body (``tag`` is empty). Children may be changed; what is not looked at stays.

    ``at`` is the place of its start tag in a tidy body; -1 for a new element, and for the whole body. ``is_interesting``:
    a spot lies in it, or it is new.
    """

    __slots__ = ("_behind", "_children", "_tidy", "at", "is_interesting", "marks", "start", "tag")

    def __init__(
        self,
        tag: str,
        start: str,
        children: list[str | Node] | None,
        tidy: Tidy | None = None,
        at: int = -1,
        behind: int = 0,
        is_interesting: bool = True,
    ) -> None:
        self.tag = tag
        self.start = start
        self.at = at
        self.is_interesting = is_interesting
        self.marks = tidy.marks.get(at, 0) if tidy else 0
        self._children = children
        self._tidy = tidy
        self._behind = behind

    @property
    def children(self) -> list[str | Node]:
        """Texts, tags of elements without content, and nodes."""
        if self._children is None:
            self._children = self._found()
        return self._children

    @children.setter
    def children(self, children: list[str | Node]) -> None:
        self._children = children

    @property
    def is_single(self) -> bool:
        """Whether it is an element as the walk left it that holds one text or one element without content."""
        return self._children is None and self._behind - self.at == 3 and self.at >= 0

    @property
    def is_inline(self) -> bool:
        """Whether the element is inline by its name."""
        return self.tag in INLINE or self.tag == "picture"

    def pieces(self) -> Sequence[str]:
        """Its texts and tags, its own included, in order."""
        if self._children is None and self._tidy is not None:
            return self._tidy.out[max(self.at, 0) : self._behind]
        found: list[str] = []
        waiting: list[str | Node] = [self]
        while waiting:
            each = waiting.pop()
            if isinstance(each, str):
                found.append(each)
            elif each._children is None and each._tidy is not None:
                found += each._tidy.out[each.at : each._behind]
            else:
                if each.tag:
                    found.append(each.start)
                    waiting.append(f"</{each.tag}>")
                waiting += (each._children or ())[::-1]
        return found

    def _found(self) -> list[str | Node]:
        assert self._tidy is not None
        tidy = self._tidy
        if self.is_single:
            return [tidy.out[self.at + 1]]
        out, ends, spots = tidy.out, tidy.ends, tidy.spots
        spot, spots_end = bisect_left(spots, self.at), len(spots)
        children: list[str | Node] = []
        place, last = (self.at + 1, self._behind - 1) if self.at >= 0 else (0, self._behind)
        while place < last:
            behind = ends.get(place)
            if behind is None:
                children.append(out[place])
                place += 1
                continue
            while spot < spots_end and spots[spot] < place:
                spot += 1
            is_interesting = spot < spots_end and spots[spot] < behind
            children.append(Node(out[behind - 1][2:-1], out[place], None, tidy, place, behind, is_interesting))
            place = behind
        return children


def whole(tidy: Tidy) -> Node:
    """The whole body."""
    return Node("", "", None, tidy, -1, len(tidy.out))


def element(tag: str, children: Iterable[str | Node]) -> Node:
    """A new element without attributes."""
    return Node(tag, f"<{tag}>", list(children))


def flat(children: Iterable[str | Node]) -> list[str]:
    """Texts and tags of several children, in order."""
    found: list[str] = []
    for child in children:
        if isinstance(child, str):
            found.append(child)
        else:
            found += child.pieces()
    return found


def text_in(children: Iterable[str | Node]) -> str:
    """The texts of several children, still escaped; a line break is a space."""
    return "".join(
        [" " if piece == "<br>" else piece for piece in flat(children) if piece[:1] != "<" or piece == "<br>"]
    )


def is_space(child: str | Node) -> bool:
    """Whether a child is text without anything to see."""
    return isinstance(child, str) and (not child or child.isspace())
