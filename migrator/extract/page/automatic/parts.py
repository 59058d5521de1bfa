"""What a page is made of once it is read: elements, blocks of text, and how a text is weighed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from migrator.extract.page.automatic.elements import HEADINGS

# text before the tag, "/" of an end tag, name, attributes
Token = tuple[str, str, str, str]

_ATTRIBUTE = re.compile(r'([^\s="]+)="([^"]*)"')
# Scripts without spaces between words, where a letter says more.
_DENSE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_LETTER = re.compile(f"[{_DENSE}]")
_WORD = re.compile(rf"[{_DENSE}]|[^\W{_DENSE}]+")


@dataclass(slots=True, eq=False)
class Node:
    """An element: tokens ``first`` (its start tag) to ``last`` (behind its end tag), and the blocks in it."""

    tag: str
    attributes: str
    parent: Node | None
    first: int
    last: int = 0
    depth: int = 0
    block_from: int = 0
    block_to: int = 0

    def attribute(self, name: str) -> str:
        """The value, or empty."""
        return attribute(self.attributes, name)


@dataclass(slots=True, eq=False)
class Block:
    """A run of text; ``node`` is the innermost element that is a block.

    ``pieces`` are the tokens the text comes from. ``weight`` is its length (see :func:`weigh`), ``linked`` the part of
    it in links, ``bold`` the part in bold. ``is_hidden``: nothing of it is shown, as elements in the line say.
    """

    node: Node
    text: str
    pieces: list[int]
    weight: int
    linked: int
    bold: int
    index: int
    is_hidden: bool = False

    @property
    def link_share(self) -> float:
        """The part of the text that is links, 0 to 1."""
        return self.linked / self.weight

    @property
    def is_heading(self) -> bool:
        """Whether the block stands in h1 to h6."""
        return self.node.tag in HEADINGS


@dataclass(slots=True)
class Page:
    """The whole page. ``metas`` are the attributes of its meta elements; ``title`` is that of its head."""

    tokens: list[Token]
    nodes: list[Node] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    metas: list[str] = field(default_factory=list)
    title: str = ""


def weigh(text: str) -> int:
    """The length of a text; a letter of a script without spaces between words counts three times."""
    return len(text) if text.isascii() else len(text) + 2 * len(_LETTER.findall(text))


def words(text: str) -> list[str]:
    """The words in lower case; each letter of a script without spaces is one."""
    return _WORD.findall(text.lower())


def attribute(attributes: str, name: str) -> str:
    """The value of an attribute, or empty."""
    if name in attributes:
        for key, value in _ATTRIBUTE.findall(attributes):
            if key == name:
                return unescape(str(value))
    return ""


def unescape(text: str) -> str:
    """The entities the parser writes."""
    if "&" not in text:
        return text
    text = text.replace("&nbsp;", "\xa0").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    return text.replace("&amp;", "&")
