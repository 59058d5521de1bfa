"""How much a body may ask of the parser.

An HTML5 parser can be made to work without end by little text: elements nested by the thousand, thousands of
attributes in one tag (time grows with the square), formatting that is opened again in every paragraph (the tree grows
with the square). Bodies of newspapers do none of that. A long body is therefore tried on a growing beginning of it,
by the parser itself, and refused before the work gets out of hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from migrator.errors import SetAside
from migrator.html.attributes import name_of
from migrator.html.faults import without_default_options
from migrator.html.vocabulary import VOID

MOST_BYTES = 5_000_000
MOST_TAGS = 100_000
MOST_NESTED = 1_000
"""Elements around a piece of text. A browser gives up at 512 (Blink)."""

# What a body may hold without being tried: even its worst costs less than a second. Each attribute needs a separator;
# white space beside white space is one. End tags open nothing.
_TAGS_AT_ONCE = 1_000
_SEPARATORS_AT_ONCE = 8_000
_BYTES_AT_ONCE = 50_000
_STEP = 2_000
_MOST_ATTRIBUTES = 1_000
_MOST_PAGES = 20  # the parser adds the attributes of each html to those of the first, where no tree shows them
_PAGE = re.compile(rb"<html[\s/>]", re.IGNORECASE)
_SEPARATOR = re.compile(rb"[ \t\n\r\f/\"']+")
_MARKUP = re.compile(rb"[<>\"']")

# Ends whatever a beginning breaks off in: a value, a comment, raw text. The paragraph then opens again all formatting.
_ENDING = b"'\">--></script></style></textarea></title></xmp></iframe></noembed></noframes></select></svg></math><p>x"
_LONG_TAG = 4_000
_TOO_DEEP = f"elements are nested more than {MOST_NESTED} deep"


class BodyTooLarge(SetAside):
    """A body beyond the limits. The reason is ``body-too-large``; the detail says which limit."""

    def __init__(self, detail: str) -> None:
        super().__init__("body-too-large", detail)


def check_source(data: bytes) -> None:
    """BodyTooLarge for a body (in UTF-8) that the parser would not get through in reasonable time."""
    tags = data.count(b"<")
    if len(data) <= _BYTES_AT_ONCE and tags <= _TAGS_AT_ONCE:
        return
    if len(data) > MOST_BYTES:
        raise BodyTooLarge(f"{len(data)} bytes; the most are {MOST_BYTES}")
    if tags > MOST_TAGS:
        raise BodyTooLarge(f"{tags} tags; the most are {MOST_TAGS}")
    if len(_PAGE.findall(data)) > _MOST_PAGES:
        raise BodyTooLarge(f"more than {_MOST_PAGES} html elements; a body is a part of one page")
    for end in _ends(data):
        _check_beginning(data[:end])


def check_growth(data: bytes, written: str) -> None:
    """BodyTooLarge for a body that the parser has blown up."""
    if len(written) > 8 * len(data) + 500_000:
        raise BodyTooLarge(f"{len(data)} bytes became {len(written)} characters")


def check_nesting(tags: list[str]) -> None:
    """BodyTooLarge for elements nested too deeply; ``tags`` in canonical form."""
    if len(tags) <= MOST_NESTED:
        return
    depth = 0
    for tag in tags:
        if tag[1] == "/":
            depth -= 1
        elif tag[1] != "!" and name_of(tag) not in VOID:
            depth += 1
            if depth > MOST_NESTED:
                raise BodyTooLarge(_TOO_DEEP)


def _ends(data: bytes) -> Iterator[int]:
    """Where to break off: after so many tags or so many separators, at the beginning of a character.

    Behind a stretch that was tried, what goes on without a sign of markup is more of the same: words, or the value of
    an attribute. Attributes would have been refused.
    """
    tags = separators = 0
    last = marked = 0  # where the last break and the last sign of markup were
    is_same = False
    for begin in range(0, len(data), _STEP):
        step = data[begin : begin + _STEP]
        if _MARKUP.search(step):
            is_same, marked = False, begin
        elif is_same:
            continue
        tags += step.count(b"<") - step.count(b"</")
        separators += len(_SEPARATOR.findall(step))
        if tags > _TAGS_AT_ONCE or separators > _SEPARATORS_AT_ONCE:
            tags = separators = 0
            is_same, last = marked <= last and last > 0, begin
            end = begin + len(step)
            while end < len(data) and data[end] & 0xC0 == 0x80:
                end += 1
            yield end


def _check_beginning(beginning: bytes) -> None:
    tree = LexborHTMLParser(without_default_options(beginning) + _ENDING, is_fragment=True)
    written = tree.html or ""
    check_growth(beginning, written)
    pieces = written.split("<")
    if any(piece.partition(">")[0].count('="') > _MOST_ATTRIBUTES for piece in pieces if len(piece) > _LONG_TAG):
        raise BodyTooLarge(f"more than {_MOST_ATTRIBUTES} attributes in a tag")
    last = tree.root
    while last is not None and last.next is not None:
        last = last.next
    waiting = [last]
    seen = 0
    while waiting:
        node = waiting.pop()
        if node is None:
            continue
        seen += 1
        if seen > MOST_NESTED:
            raise BodyTooLarge(_TOO_DEEP)
        waiting.append(node.last_child)
        before = node.prev if node.tag == "table" else None
        if before is not None and before.tag != "table":
            waiting.append(before)  # what is wrongly written into a table, the parser puts before it
