"""What a piece of layout shows, in order: pictures (films, sounds), figures, and runs of text.

Every rule about figures asks this first. Layout is taken off – blocks without a meaning of their own, formatting around
a picture – and nothing else: where anything else stands, there is no answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from migrator.html.attributes import name_of
from migrator.html.tree import Node, is_space, text_in
from migrator.html.vocabulary import INLINE
from migrator.text.words import count_words

_LAYOUT = frozenset(("div", "p", "section", "td", "th", "dt", "dd", "h2", "h3", "h4", "h5", "h6"))
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_MEDIA = frozenset(("iframe", "video", "audio", "picture"))
_PICTURES = ("<img", "<iframe", "<video", "<audio", "<figure")
_BARE = frozenset(("<br>", *(tag for name in INLINE for tag in (f"<{name}>", f"</{name}>"))))
_DEEPEST = 40
_MOST_PARTS = 1_000  # of a block of layout, pieces of a caption included; each block around it reads them again


@dataclass(slots=True)
class Part:
    """One thing that is shown.

    ``media``: a picture, with the link around it if there is one. ``figure``: a whole figure with a caption. ``text``:
    a run of inline content, no white space or line breaks at its ends; ``text`` is what it says, still escaped.
    ``marks`` are those of the blocks around it, up to the one that was asked.
    """

    kind: Literal["media", "figure", "text"]
    content: list[str | Node]
    marks: int = 0
    text: str = ""

    @property
    def words(self) -> int:
        """How many words it says."""
        return count_words(self.text)


@dataclass(slots=True)
class _Reading:
    """The state while layout is taken off. ``is_plain`` turns false when something is met that is no layout."""

    found: list[Part] = field(default_factory=list)
    run: list[str | Node] = field(default_factory=list)
    is_plain: bool = True

    def end_run(self, marks: int) -> None:
        """What was collected is a run of text, if there is anything to see in it."""
        if not self.run:
            return
        run = trimmed(self.run)
        self.run = []
        text = text_in(run)
        if text and not text.isspace():
            self.found.append(Part("text", run, marks, text))
        elif any(isinstance(child, Node) for child in run):
            self.is_plain = False  # a link without words, for one


def parts(children: Iterable[str | Node], marks: int = 0) -> list[Part] | None:
    """What ``children`` show, or null where they are more than layout, pictures and text."""
    return _parts(children, marks, 0)


def _parts(children: Iterable[str | Node], marks: int, depth: int) -> list[Part] | None:
    reading = _Reading()
    _read(reading, children, marks, depth)
    reading.end_run(marks)
    return reading.found if reading.is_plain else None


def trimmed(run: list[str | Node]) -> list[str | Node]:
    """Inline content without white space and line breaks at its ends."""
    begin, end = 0, len(run)
    while begin < end and (run[begin] == "<br>" or is_space(run[begin])):
        begin += 1
    while end > begin and (run[end - 1] == "<br>" or is_space(run[end - 1])):
        end -= 1
    kept = run[begin:end]
    if kept and isinstance(kept[0], str) and kept[0][:1] != "<":
        kept[0] = kept[0].lstrip()
    if kept and isinstance(kept[-1], str) and kept[-1][:1] != "<":
        kept[-1] = kept[-1].rstrip()
    return kept


def _read(reading: _Reading, children: Iterable[str | Node], marks: int, depth: int) -> None:
    if depth > _DEEPEST:
        reading.is_plain = False
        return
    for child in children:
        if not reading.is_plain:
            return
        if len(reading.found) + len(reading.run) > _MOST_PARTS:
            reading.is_plain = False
        elif isinstance(child, str):
            _read_piece(reading, child, marks)
        elif child.tag in _MEDIA:
            reading.end_run(marks)
            reading.found.append(Part("media", [child], marks))
        elif child.tag == "figure":
            reading.end_run(marks)
            reading.found.append(_figure(child, marks, depth))
        elif child.tag in _LAYOUT:
            _read_block(reading, child, marks, depth)
        elif child.is_inline:
            _read_inline(reading, child, marks, depth)
        else:
            reading.is_plain = False


def _read_piece(reading: _Reading, piece: str, marks: int) -> None:
    if piece.startswith("<img"):
        reading.end_run(marks)
        reading.found.append(Part("media", [piece], marks))
    elif piece[:1] != "<" or piece == "<br>":
        reading.run.append(piece)
    else:
        reading.is_plain = False


def _read_block(reading: _Reading, block: Node, marks: int, depth: int) -> None:
    reading.end_run(marks)
    before = len(reading.found)
    inside = marks | block.marks
    _read(reading, block.children, inside, depth + 1)
    reading.end_run(inside)
    if block.tag in _HEADINGS and any(part.kind == "text" for part in reading.found[before:]):
        reading.is_plain = False


def _read_inline(reading: _Reading, wrapper: Node, marks: int, depth: int) -> None:
    """Formatting around text is a part of it; around a picture it goes; a link around a picture stays."""
    if not _holds_media(wrapper):
        reading.run.append(wrapper)
        reading.is_plain = all(piece[:1] != "<" or _is_in_text(piece) for piece in wrapper.pieces())
        return
    inside = _parts(wrapper.children, marks, depth + 1)
    if inside is None or any(part.kind != "media" for part in inside) or (wrapper.tag == "a" and len(inside) > 1):
        reading.is_plain = False
        return
    reading.end_run(marks)
    if wrapper.tag == "a":
        inside = [Part("media", [Node("a", wrapper.start, part.content)], marks) for part in inside]
    reading.found += inside


def _figure(figure: Node, marks: int, depth: int) -> Part:
    """A figure that is only a picture counts as the picture."""
    if not any(isinstance(child, Node) and child.tag == "figcaption" for child in figure.children):
        inside = _parts(figure.children, 0, depth + 1)
        if inside is not None and [part.kind for part in inside] == ["media"]:
            return Part("media", inside[0].content, marks | figure.marks)
    return Part("figure", [figure], marks)


def _holds_media(node: Node) -> bool:
    return node.is_interesting and any(piece.startswith(_PICTURES) for piece in node.pieces())


def _is_in_text(tag: str) -> bool:
    return tag in _BARE or name_of(tag) in INLINE
