"""Boxes that lead to other articles: a label, and links.

A box is recognised by its class, or by its label ("Tin liên quan", "Xem thêm:", ">>"). It must consist of links: words
outside them make it a part of the article. Without a class every link must lead into the newspaper, and none to a file:
"Xem thêm: Toàn văn nghị định" with a PDF behind it is content.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from migrator.html.attributes import name_of, read
from migrator.html.marks import RELATED, TEASER
from migrator.html.plain import unescaped
from migrator.html.tree import Node, is_space
from migrator.html.vocabulary import INLINE, names
from migrator.text.words import count_words

_SIGNS = r"[\s>»›→►▶•·*+|–—\-:.,;()\[\]\"“”']*"
_WORDS = (
    r"(?:các |những )?(?:tin|bài)(?: viết| tức)?(?: có)? (?:liên quan|cùng chuyên mục|cùng chủ đề|khác|đọc thêm)"
    r"|(?:mời )?(?:bạn đọc |quý vị )?(?:xem|đọc)(?: thêm| tiếp| ngay)?(?: tin| bài(?: viết)?)?(?: liên quan)?"
    r"|(?:>>|->|»)|xem thêm tại|có thể bạn quan tâm|tin mới|bài trước|related(?: news| articles| posts)?|read more|see also"
)
_LABEL = re.compile(rf"{_SIGNS}(?:{_WORDS}){_SIGNS}", re.IGNORECASE)
_ARROW = re.compile(r"\s*(?:>>|->|»|►|▶|→)")
_ARROWS = ("&gt;&gt;", "-&gt;", "»", "►", "▶", "→")
_DATES = re.compile(r"\(?\b\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?\b\)?|\(?\b\d{1,2}:\d{2}\b\)?|\d{1,2}h\d{0,2}")
_NOTHING = re.compile(_SIGNS)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|rar|7z|mp3|mp4|jpe?g|png|gif|webp)(?:[?#]|$)", re.IGNORECASE)

MOST_TEASER_WORDS = 60
_LONGEST_LABEL = 60
_LONGEST_BOX = 3_000  # texts and tags; a longer one is an archive
_BOXES = names("p div section aside ul ol table blockquote li h2 h3 h4 h5 h6")
_LISTS = names("ul ol")
_NO_LINKS = names("iframe video audio pre")


@dataclass(frozen=True, slots=True)
class Box:
    """Where a box stands among the children of a block (``begin`` to ``end``), where it leads, and what it says."""

    begin: int
    end: int
    addresses: tuple[str, ...]
    text: str


@dataclass(slots=True)
class _Content:
    """What a block consists of.

    ``outside`` are the words not in links. ``is_marked``: every link of it is marked as leading on. ``is_plain``: no
    player and no picture outside a link.
    """

    text: str
    outside: str
    addresses: list[str]
    is_marked: bool
    is_plain: bool


def label_of(out: Sequence[str], at: int) -> int | None:
    """The place of the label that stands before, or begins, the link at a place of a tidy body; null for none."""
    if out[at + 1].startswith(_ARROWS):
        return at + 1
    for place in range(at - 1, -1, -1):
        piece = out[place]
        if piece[:1] == "<":
            if piece.startswith(("<a ", "</a", "<img")):
                return None
        elif not piece.isspace():
            return place if len(piece) <= _LONGEST_LABEL and _LABEL.match(unescaped(piece)) else None
    return None


def is_labelled(text: str) -> bool:
    """Whether words begin like a box of related news."""
    return _LABEL.match(text) is not None or _ARROW.match(text) is not None


def boxes(children: Sequence[str | Node], is_local: Callable[[str], bool]) -> list[Box]:
    """The boxes among the children of a block, in order."""
    found: list[Box] = []
    place = 0
    while place < len(children):
        box = _box(children, place, is_local)
        if box:
            found.append(box)
        place = box.end if box else place + 1
    return found


def _box(children: Sequence[str | Node], place: int, is_local: Callable[[str], bool]) -> Box | None:
    child = children[place]
    if isinstance(child, str) or child.tag not in _BOXES or not child.is_interesting:
        return None
    content = _content(child)
    if content is None:
        return None
    if child.marks & RELATED or content.is_marked:
        return _marked(place, child, content)
    if not content.is_plain:
        return None
    if content.addresses:
        is_box = _leads_on(content, is_local) and child.tag not in _LISTS
        return Box(place, place + 1, tuple(content.addresses), content.text) if is_box else None
    return _labelled(children, place, content, is_local)


def _marked(place: int, child: Node, content: _Content) -> Box | None:
    """A box that a class calls so: links and a label, or the few words of the other article that some systems repeat."""
    teaser = MOST_TEASER_WORDS if child.marks & TEASER else 0
    outside = _DATES.sub("", content.outside)
    is_empty = _NOTHING.fullmatch(outside) or _LABEL.fullmatch(outside)
    if content.is_plain and content.addresses and (is_empty or count_words(outside) <= teaser):
        return Box(place, place + 1, tuple(content.addresses), content.text)
    return None


def _labelled(
    children: Sequence[str | Node], place: int, label: _Content, is_local: Callable[[str], bool]
) -> Box | None:
    """A label in a block of its own, and the blocks of links behind it."""
    if len(label.text) > _LONGEST_LABEL or not _LABEL.fullmatch(label.text):
        return None
    addresses: list[str] = []
    texts = [label.text]
    end = at = place + 1
    while at < len(children):
        child = children[at]
        at += 1
        if is_space(child):
            continue
        if isinstance(child, str) or child.tag not in _BOXES:
            break
        content = _content(child)
        if content is None:
            break
        outside = _DATES.sub("", content.outside)
        if not content.is_plain or not content.addresses or not _NOTHING.fullmatch(outside):
            break
        if not _are_local(content.addresses, is_local):
            break
        addresses += content.addresses
        texts.append(content.text)
        end = at
    return Box(place, end, tuple(dict.fromkeys(addresses)), " ".join(texts)) if addresses else None


def _leads_on(content: _Content, is_local: Callable[[str], bool]) -> bool:
    """Whether a block is a label and links, nothing more: the label first, every link into the newspaper."""
    outside = _DATES.sub("", content.outside)
    if _NOTHING.fullmatch(outside):
        has_label = _ARROW.match(content.text) is not None
    else:
        has_label = _LABEL.fullmatch(outside) is not None and _LABEL.match(content.text) is not None
    return has_label and _are_local(content.addresses, is_local)


def _are_local(addresses: Sequence[str], is_local: Callable[[str], bool]) -> bool:
    return all(is_local(address) and not _FILE.search(address) for address in addresses)


def _content(block: Node) -> _Content | None:
    """What a block consists of, or null where it is too long for a box."""
    pieces = block.pieces()
    if len(pieces) > _LONGEST_BOX:
        return None
    text: list[str] = []
    outside: list[str] = []
    addresses: dict[str, None] = {}
    is_plain = True
    in_link = False
    for piece in pieces:
        if piece[:1] != "<":
            text.append(piece)
            if not in_link:
                outside.append(piece)
            continue
        name = name_of(piece)
        if name.lstrip("/") == "a":
            in_link = name == "a"
            if in_link:
                addresses[read(piece).get("href", "")] = None
        elif name in _NO_LINKS or (name == "img" and not in_link):
            is_plain = False
        if name.lstrip("/") not in INLINE:
            text.append(" ")
            outside.append(" ")
    return _Content(_folded(text), _folded(outside), list(addresses), _is_marked(block), is_plain)


def _folded(texts: list[str]) -> str:
    return " ".join(unescaped("".join(texts)).split())


def _is_marked(block: Node) -> bool:
    links = [child for child in block.children if isinstance(child, Node) and child.tag == "a"]
    return bool(links) and all(link.marks & RELATED for link in links)
