"""Which blocks belong to one another: those that stand in elements of one kind.

The home of a block is the element its paragraph stands in. Homes are of one kind when tag and classes agree; numbers in
class names are left out, as they tell siblings apart. A home without a class is known by those around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from migrator.extract.page.automatic.elements import LAYOUT, PARAGRAPH
from migrator.extract.page.automatic.parts import Block, Node, Page

_LONG_CELL = 300
_CLASS = re.compile(r'\bclass="([^"]*)"')
_NUMBER = re.compile(r"\d+")
_HASH = re.compile(r"^(?:[a-z]+-)*[a-z]*#[a-z#]*$")
# They say how an element looks, not what it is.
_LOOKS = frozenset(
    (
        "left",
        "right",
        "relative",
        "absolute",
        "clear",
        "clearfix",
        "cf",
        "row",
        "col",
        "column",
        "container",
        "wrap",
        "wrapper",
        "inner",
        "block",
        "box",
        "full",
        "item",
        "first",
        "last",
        "active",
    )
)
_MOST_CLASSES = 4
_MOST_ABOVE = 3


def ancestors(node: Node | None) -> Iterator[Node]:
    """The element and all around it, from the inside."""
    while node is not None:
        yield node
        node = node.parent


class Kinds:
    """Homes and kinds of the blocks of one page, by the number of the block."""

    def __init__(self, page: Page) -> None:
        self._layout: set[int] = {
            id(node.parent) for node in page.nodes if node.tag in LAYOUT and node.parent is not None
        }
        self._page = page
        self.homes = [self._home(block) for block in page.blocks]
        self.kinds = [kind_of(home) for home in self.homes]

    def _home(self, block: Block) -> Node:
        node = block.node
        while node.parent is not None:
            if node.tag in ("td", "th"):
                if id(node) in self._layout or self._page.blocks[node.block_from].weight > _LONG_CELL:
                    break
            elif node.tag not in PARAGRAPH and not _is_bare(node):
                break
            node = node.parent
        return node


def _is_bare(node: Node) -> bool:
    """A div without a class around a single block is a paragraph by another name."""
    if node.tag != "div" or node.block_to - node.block_from != 1 or "class" in node.attributes:
        return False
    above = node.parent
    return above is not None and above.parent is not None and above.tag != "td"


def kind_of(node: Node) -> str:
    """Tag and classes; without a class, those of the elements around it up to the first that has one."""
    parts = []
    for above, _ in zip(ancestors(node), range(_MOST_ABOVE), strict=False):
        classes = _classes(above.attributes)
        parts.append(f"{above.tag}.{classes}")
        if classes:
            break
    return "<".join(parts)


@lru_cache(8192)
def _classes(attributes: str) -> str:
    found = _CLASS.search(attributes)
    names = []
    for name in found[1].split()[:6] if found else ():
        name = _NUMBER.sub("#", name[:80])
        if "-" in name and _HASH.match(name):
            name = name.split("#")[0]
        if len(name) > 18 and "#" in name and re.search(r"#[a-f#]*$", name):
            continue
        names.append(name)
    return " ".join(sorted(names)[:_MOST_CLASSES])


def is_alike(kind: str, known: set[str]) -> bool:
    """Whether the kind is known, or its classes are part of a known one's or the other way round.

    Classes that only say how an element looks do not count, nor does a div without a class around the paragraphs.
    """
    if kind in known:
        return True
    tag, mine = _essence(kind)
    if not mine:
        return False
    for other in known:
        other_tag, theirs = _essence(other)
        if tag == other_tag and theirs and (mine <= theirs or theirs <= mine):
            return True
    return False


@lru_cache(8192)
def _essence(kind: str) -> tuple[str, frozenset[str]]:
    """Tag and telling classes; no classes where the element and those around it have none."""
    while kind.startswith("div.<"):
        kind = kind[len("div.<") :]
    tag, _, classes = kind.partition(".")
    return tag, frozenset() if "<" in kind else frozenset(classes.split()) - _LOOKS
