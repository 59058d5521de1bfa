"""A body as a reader sees it: one block after the other, each with the text nodes it is made of.

Old bodies have no paragraphs but text with ``<br>`` between, or table cells, or ``div`` in ``div``: a block is whatever
stands on lines of its own. Blocks can be taken out without touching what is beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from migrator.html.dom import Node, attribute
from migrator.text.composed import composed


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


_INLINE = _names(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp small span "
    "strike strong sub sup time tt u var wbr img picture source"
)
_SKIPPED = _names("script style noscript template form select textarea button svg math iframe object video audio head")
_CAPTIONS = _names("figcaption caption")
_CELLS = _names("td th")  # of an empty one the place still counts
_HIGHEST_LINK = 8  # elements between a text and its link


@dataclass(frozen=True, slots=True)
class Block:
    """Text on lines of its own. ``holder`` is the innermost block element around it; ``texts`` are its text nodes.

    ``text`` is NFC with white space folded. ``in_caption``: it stands below a picture, in ``figcaption`` or ``caption``.
    ``linked``: how many of its characters are link text. ``body`` is the id of the element that was taken apart.
    """

    holder: Node
    texts: tuple[Node, ...]
    text: str
    in_caption: bool
    linked: int
    body: int

    @property
    def is_link(self) -> bool:
        """Whether nearly all of it is link text."""
        return self.linked >= 0.8 * len(self.text)

    def links(self) -> list[Node]:
        """The links in it or around it, in order, each once."""
        found: dict[int, Node] = {}
        for text in self.texts:
            above, left = text.parent, _HIGHEST_LINK
            while above is not None and left:
                if above.tag == "a" and attribute(above, "href"):
                    found[above.mem_id] = above
                    break
                above, left = above.parent, left - 1
        return list(found.values())

    def cut(self) -> None:
        """Takes its text out of the body, and the elements that are empty without it. Pictures in it stay."""
        for text in self.texts:
            emptied: Node | None = text
            while emptied is not None:
                above = emptied.parent
                emptied.decompose(recursive=False)
                is_kept = above is None or above.mem_id == self.body or above.tag in _CELLS or not _is_empty(above)
                emptied = None if is_kept else above


def _is_empty(node: Node) -> bool:
    child = node.first_child
    while child is not None:
        if not child.is_text_node or (child.text_content or "").strip():
            return False
        child = child.next
    return True


def blocks_of(body: Node) -> list[Block]:
    """The blocks of a body that have a text, in order."""
    return [block for block in _walk(body) if block.text]


class _Run:
    """The text collected since the last edge of a block."""

    def __init__(self, body: Node) -> None:
        self._body = body.mem_id
        self.nodes: list[Node] = []
        self.pieces: list[str] = []
        self.linked = 0

    def add(self, node: Node, in_link: bool) -> None:
        piece = node.text_content or ""
        self.nodes.append(node)
        self.pieces.append(piece)
        if in_link:
            self.linked += len(" ".join(piece.split()))

    def block(self, holder: Node, in_caption: bool) -> Block:
        text = " ".join(composed("".join(self.pieces)).split())
        return Block(holder, tuple(self.nodes), text, in_caption, self.linked, self._body)


def _walk(body: Node) -> Iterator[Block]:
    """Depth first, without recursion: (node, is its end) on the stack, block holders on another."""
    run = _Run(body)
    holders = [body]
    captions = links = 0
    waiting: list[tuple[Node, bool]] = [(child, False) for child in _children_backwards(body)]
    while waiting:
        node, is_end = waiting.pop()
        tag = node.tag or ""
        if node.is_text_node:
            run.add(node, links > 0)
            continue
        if not node.is_element_node or tag in _SKIPPED:
            continue
        if tag == "a":
            links += -1 if is_end else 1
        is_edge = tag == "br" or tag not in _INLINE
        if is_edge and run.nodes:
            yield run.block(holders[-1], captions > 0)
            run = _Run(body)
        if tag not in _INLINE and tag != "br":
            captions += (-1 if is_end else 1) * (tag in _CAPTIONS)
            if is_end:
                holders.pop()
            else:
                holders.append(node)
        if not is_end and node.first_child is not None:
            waiting.append((node, True))
            waiting += [(child, False) for child in _children_backwards(node)]
        elif not is_end:
            if tag == "a":
                links -= 1
            if tag not in _INLINE and tag != "br":
                holders.pop()
                captions -= tag in _CAPTIONS
    if run.nodes:
        yield run.block(holders[-1], captions > 0)


def _children_backwards(node: Node) -> Iterator[Node]:
    child = node.last_child
    while child is not None:
        yield child
        child = child.prev
