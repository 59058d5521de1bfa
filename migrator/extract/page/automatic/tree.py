"""A page as a light tree and a list of text blocks, made once and read often.

The parser's tree is written down in its canonical form and read back as tokens; an element is a range of them, so a part
of the page is written out again without a second parse. A block is a run of text between two edges that a reader sees
(a paragraph, a heading, a cell), whatever formatting is inside it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from migrator.extract.page.automatic.elements import INLINE, UNREAD, VOID
from migrator.extract.page.automatic.marks import is_hidden
from migrator.extract.page.automatic.parts import Block, Node, Page, Token, unescape, weigh
from migrator.html.dom import parse

MOST_TOKENS = 400_000
"""Tags of a page; more are refused. The largest news pages seen have 20,000."""

_DEEPEST = 300
"""Elements deeper than this are read as if they were not there; their text stays."""

_BREAK = "\x1e"
# In the canonical form no text holds "<", no value holds "<" or ">", and raw text ends at the first end tag.
_RAW = re.compile(
    r"<!--.*?-->|<plaintext>.*|<(iframe)( [^>]*)?>.*?</iframe>|<(script|style|xmp|noembed|noframes)(?: [^>]*)?>.*?</\3>",
    re.DOTALL,
)
_TOKEN = re.compile(r"([^<]*)<(/?)([^ >]+)([^>]*)>")
_LONGEST_LINK = 1_500
_MOST_LINKED = 6
_LINE = 60
_LONGEST_HIDDEN = 200


class TooManyTags(ValueError):
    """The page has more than MOST_TOKENS tags."""


def read(html: str) -> Page:
    """The tree of a page. TooManyTags beyond MOST_TOKENS; the depth of nesting must have been bounded before."""
    if html.count("<") > MOST_TOKENS:
        raise TooManyTags
    written = _RAW.sub(lambda found: f"<iframe{found[2] or ''}></iframe>" if found[1] else "", parse(html).html or "")
    if written.count("<") > MOST_TOKENS:
        raise TooManyTags
    return _Builder(_TOKEN.findall(written)).page


@dataclass(slots=True)
class _Piece:
    token: int
    text: str
    link: str | None
    is_bold: bool
    is_hidden: bool
    node: Node


class _Builder:
    """One walk over the tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        self.page = Page(tokens)
        self._node = Node("", "", None, 0)
        self.page.nodes.append(self._node)
        self._pieces: list[_Piece] = []
        self._links: list[str] = []
        self._linked: dict[int, list[tuple[str, int]]] = {}
        self._bold = self._unread = self._flat = 0
        self._hidden: Node | None = None
        for index, (text, slash, name, attributes) in enumerate(tokens):
            if text:
                self._text(index, text)
            if slash:
                self._end(index, name)
            else:
                self._start(index, name, attributes)
        self._flush()
        node: Node | None = self._node
        while node is not None:
            node.last, node.block_to = len(tokens), len(self.page.blocks)
            node = node.parent
        self._weigh_links()

    def _text(self, index: int, text: str) -> None:
        if not self._unread:
            link = self._links[-1] if self._links else None
            self._pieces.append(_Piece(index, text, link, self._bold > 0, self._hidden is not None, self._node))
        elif self._node.tag == "title" and not self.page.title:
            self.page.title = " ".join(unescape(text).split())

    def _start(self, index: int, name: str, attributes: str) -> None:
        if name not in INLINE and not self._unread:
            self._flush()
        elif name == "br":
            self._text(index, _BREAK)
        page, above = self.page, self._node
        if name in VOID:
            if name == "meta":
                page.metas.append(attributes)
            here = len(page.blocks)
            page.nodes.append(Node(name, attributes, above, index, index + 1, above.depth + 1, here, here))
            return
        if name == "a":
            self._links.append(attributes)
        elif name in ("b", "strong"):
            self._bold += 1
        elif name in UNREAD:
            self._unread += 1
        if above.depth >= _DEEPEST:
            self._flat += 1
            return
        self._node = Node(name, attributes, above, index, 0, above.depth + 1, len(page.blocks))
        page.nodes.append(self._node)
        if attributes and self._hidden is None and name in INLINE and is_hidden(attributes):
            self._hidden = self._node

    def _end(self, index: int, name: str) -> None:
        if name not in INLINE and not (self._unread and name not in UNREAD):
            self._flush()
        if name == "a" and self._links:
            self._links.pop()
        elif name in ("b", "strong"):
            self._bold -= 1
        elif name in UNREAD:
            self._unread -= 1
        node = self._node
        if self._flat:
            self._flat -= 1
        elif node.parent is not None:
            node.last, node.block_to = index + 1, len(self.page.blocks)
            self._node = node.parent
            if node is self._hidden:
                self._hidden = None

    def _flush(self) -> None:
        pieces = self._pieces
        if not pieces:
            return
        self._pieces = []
        if any(piece.is_hidden for piece in pieces):
            pieces = _shown(pieces)
        raw = "".join([piece.text for piece in pieces])
        lines = [" ".join(unescape(line).split()) for line in raw.split(_BREAK)]
        text = "\n".join([line for line in lines if line])
        if not text:
            return
        bold = 0
        links: list[tuple[str, int]] = []
        first = None
        for piece in pieces:
            if first is None and not (piece.text == _BREAK or piece.text.isspace()):
                first = piece.node
            if piece.link is not None or piece.is_bold:
                size = weigh(" ".join(piece.text.split()))
                bold += size if piece.is_bold else 0
                if piece.link is not None:
                    links.append((piece.link, size))
        node = first or pieces[0].node
        while node.tag in INLINE and node.parent is not None:
            node = node.parent
        blocks = self.page.blocks
        if links:
            self._linked[len(blocks)] = links
        is_hidden = all(piece.is_hidden or piece.text.isspace() for piece in pieces)
        tokens = [piece.token for piece in pieces]
        blocks.append(Block(node, text, tokens, weigh(text), 0, bold, len(blocks), is_hidden))

    def _weigh_links(self) -> None:
        """Counts the text in links; one link around many long blocks was never closed, and is none."""
        length: Counter[str] = Counter()
        blocks: Counter[str] = Counter()
        for links in self._linked.values():
            for link, size in links:
                length[link] += size
            blocks.update({link for link, _ in links})
        for index, links in self._linked.items():
            block = self.page.blocks[index]
            linked = sum(size for link, size in links if not _is_unclosed(length[link], blocks[link]))
            block.linked = min(linked, block.weight)


def _shown(pieces: list[_Piece]) -> list[_Piece]:
    """Without a few hidden words; hidden text of any length, or all of a block, is left to :mod:`.furniture`."""
    shown = [piece for piece in pieces if not piece.is_hidden]
    hidden = sum(len(piece.text) for piece in pieces if piece.is_hidden)
    has_text = any(not (piece.text == _BREAK or piece.text.isspace()) for piece in shown)
    return shown if has_text and hidden <= _LONGEST_HIDDEN else pieces


def _is_unclosed(length: int, blocks: int) -> bool:
    return blocks > _MOST_LINKED and length > _LONGEST_LINK and length > _LINE * blocks
