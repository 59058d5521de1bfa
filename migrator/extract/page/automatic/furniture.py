"""What surrounds articles – navigation, teasers, sharing, comments, captions – by the names of the elements.

A name alone decides nothing: an element that holds a good part of the page's running text is not furniture, whatever
it is called, and neither is one that holds the headline.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from migrator.extract.page.automatic import elements
from migrator.extract.page.automatic.kind import ancestors
from migrator.extract.page.automatic.marks import (
    BODY,
    COMMENTS,
    FURNITURE,
    HIDDEN,
    SMALL,
    marks_of,
    names_of,
)
from migrator.extract.page.automatic.parts import Block, Node, Page
from migrator.extract.page.automatic.phrases import is_over_comments
from migrator.extract.page.automatic.prose import is_prose, worth

_FIRST_CLASS = re.compile(r'\bclass="\s*([^\s"]+)')
_CLEAR = re.compile("advert|hidden|relat|newsl|comment")

# The largest part of the page's text that may be left out by a name.
_SHARE, _SHARE_FIRM, _SHARE_HIDDEN, _SHARE_COMMENTS, _SHARE_BODY = 0.35, 0.6, 0.5, 0.9, 0.1
_LONG_TEXT = 300
_LONG_FOR_SMALL = 600
_PARAGRAPH = 100
_TEXT_BEFORE_COMMENTS = 150


@dataclass(slots=True)
class Furniture:
    """``is_out`` of each block, 0 or 1; ``nodes`` are the elements left out, none inside another."""

    is_out: bytearray
    nodes: list[Node]


@lru_cache(8192)
def _first_class(attributes: str) -> str:
    found = _FIRST_CLASS.search(attributes)
    return found[1] if found else ""


class _Judge:
    def __init__(self, page: Page, headline: Block | None) -> None:
        self._page = page
        self._headline = -1 if headline is None else headline.index
        values = [max(worth(block), 0.0) for block in page.blocks]
        self._before = list(accumulate(values, initial=0.0))
        self._total = self._before[-1] or 1.0
        prose = [block.weight if is_prose(block) else 0 for block in page.blocks]
        self._prose = list(accumulate(prose, initial=0))
        self._body = self._first_body()
        self._alike: defaultdict[str, float] = defaultdict(float)  # text in furniture of the same class
        for node in page.nodes:
            marks = marks_of(node.tag, node.attributes)
            if marks & FURNITURE and not marks & COMMENTS and node.tag not in elements.TEXT:
                self._alike[_first_class(node.attributes)] += self._share(node)
        self._alike[""] = 0.0

    def _first_body(self) -> Node | None:
        """The first element behind the headline that is called the body of an article and has a paragraph."""
        if self._headline < 0:
            return None
        for node in self._page.nodes:
            has_text = self._prose[node.block_to] - self._prose[node.block_from] >= _PARAGRAPH
            if node.block_from > self._headline and has_text and marks_of(node.tag, node.attributes) & BODY:
                return node
        return None

    def _is_around_body(self, node: Node) -> bool:
        body = self._body
        return body is not None and node is not body and node.first < body.first and body.last <= node.last

    def _share(self, node: Node) -> float:
        return (self._before[node.block_to] - self._before[node.block_from]) / self._total

    def is_furniture(self, node: Node, marks: int) -> bool:
        if node.tag in elements.WHOLE:
            return False
        share = self._share(node)
        if marks & SMALL and self._prose[node.block_to] - self._prose[node.block_from] >= _LONG_FOR_SMALL:
            return False
        if self._is_around_body(node) and not marks & (HIDDEN | COMMENTS):
            return False
        if node.block_from <= self._headline < node.block_to and share > 0.1:
            return False
        if node.tag in elements.TEXT and not marks & HIDDEN and not self._is_short(node):
            return False
        return share < self._most(node, marks)

    def leave_out_comments(self, found: Furniture) -> None:
        """What stands in one element behind the heading over comments, where a text stands before it."""
        for block in self._page.blocks:
            above = self._prose[block.index] - self._prose[max(self._headline, 0)]
            if found.is_out[block.index] or above < _TEXT_BEFORE_COMMENTS or not is_over_comments(block):
                continue
            node = next((node for node in ancestors(block.node) if node.block_to > block.index + 1), None)
            if node is not None and node.block_from <= self._headline < node.block_to and node.block_from == 0:
                node = None  # the whole page: what follows may be anything
            end = block.index + 1 if node is None else node.block_to
            found.is_out[block.index : end] = b"\1" * (end - block.index)

    def _most(self, node: Node, marks: int) -> float:
        if marks & COMMENTS and not marks & BODY and self._before[node.block_from] > _TEXT_BEFORE_COMMENTS:
            return _SHARE_COMMENTS
        if marks & BODY and not marks & HIDDEN:
            return _SHARE_BODY
        if marks & HIDDEN:
            return _SHARE_HIDDEN
        if self._alike[_first_class(node.attributes)] > 0.5 and not marks & COMMENTS:
            return 0.0
        return _SHARE_FIRM if node.tag in elements.ASIDE else _SHARE

    def _is_short(self, node: Node) -> bool:
        weight = sum(block.weight for block in self._page.blocks[node.block_from : node.block_to])
        if node.tag in elements.HEADINGS:
            return weight <= 40 or _CLEAR.search(names_of(node.attributes)) is not None
        return weight < _LONG_TEXT


def find_furniture(page: Page, headline: Block | None) -> Furniture:
    """What to leave out."""
    judge = _Judge(page, headline)
    found = Furniture(bytearray(len(page.blocks)), [])
    behind = -1
    for node in page.nodes:
        if node.first < behind:
            continue
        marks = marks_of(node.tag, node.attributes)
        if marks & (FURNITURE | HIDDEN) and judge.is_furniture(node, marks):
            found.is_out[node.block_from : node.block_to] = b"\1" * (node.block_to - node.block_from)
            found.nodes.append(node)
            behind = node.last
    judge.leave_out_comments(found)
    return found
