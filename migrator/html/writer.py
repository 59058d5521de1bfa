"""Writes allowed elements so that any HTML5 parser reads back exactly the tree that was meant.

Three rules make that true. An element that would end another one (a block in a paragraph, a link in a link, an item in
an item) ends it here too, and the inline elements in between are opened again. Elements that show nothing are never
begun. Every text and value stays escaped. Nesting is a list, not a call stack: depth costs memory only.
"""

from __future__ import annotations

from migrator.html.elements import Element
from migrator.html.vocabulary import ENDS_PARAGRAPH, HEADINGS, Kind

_MOST_REOPENED = 16
_TERMS = frozenset(("li", "dt", "dd"))
_NOTHING = (-1, -1, -1, -1)

# Looked up once: reading a member of an enumeration costs more than the decision it serves.
_PARAGRAPH, _LINK, _ITEM, _TERM = Kind.PARAGRAPH, Kind.LINK, Kind.ITEM, Kind.TERM
_TABLE, _CELL, _OTHER = Kind.TABLE, Kind.CELL, Kind.OTHER


class Frame:
    """One allowed element of the source.

    ``written``: its start tag stands in the output, its end tag not yet. Then ``at`` is the place of its start tag, and
    ``seen`` what was open before: positions of the innermost p, a, li and dt/dd that its start tag could see.
    """

    __slots__ = ("at", "element", "seen", "written")

    at: int
    seen: tuple[int, int, int, int]

    def __init__(self, element: Element) -> None:
        self.element = element
        self.written = False


class Writer:
    """Collects the pieces of a body in ``out``: text, start tags, end tags.

    ``ends`` has for the place of each start tag that has an end tag the place behind that; ``marks`` the marks of those
    that have any; ``spots`` the places of pictures, figures and players, ``links`` those of links, in order.
    """

    __slots__ = (
        "_blocks_waiting", "_break_due", "_inline", "_open", "_pending", "_seen", "_waiting_p", "ends", "links",
        "marks", "out", "spots",
    )  # fmt: skip

    def __init__(self) -> None:
        self.out: list[str] = []
        self.ends: dict[int, int] = {}
        self.marks: dict[int, int] = {}
        self.spots: list[int] = []
        self.links: list[int] = []
        self._open: list[Frame] = []
        self._pending: list[Frame] = []
        self._blocks_waiting = 0  # how many of them are no inline elements
        self._waiting_p: Frame | None = None  # the only p among them
        self._seen = _NOTHING
        self._inline = False  # the current line already shows something
        self._break_due = False  # a block that is not written has ended that line

    def text(self, text: str) -> None:
        """Adds escaped text. White space alone does not begin the elements that wait for content."""
        if text.isspace():
            if self._blocks_waiting:
                return
        else:
            if self._pending or self._break_due:
                self._show()
            self._inline = True
        if text[0] == "\n" and self.out and self.out[-1].startswith("<pre"):
            self.out.append("\n")  # a parser swallows one line end here
        self.out.append(text)

    def void(self, element: Element) -> None:
        """Adds an element without content, such as img or hr."""
        if element.is_line:
            self._make_room(element)
        self._show()
        if element.is_shown:
            self.spots.append(len(self.out))
        self.out.append(element.start)
        if element.is_line:
            self._inline = self._break_due = False
        else:
            self._inline = True

    def line_break(self, element: Element) -> None:
        """Adds br, unless a paragraph is still waiting for its first content."""
        if self._blocks_waiting:
            return
        self.out.append(element.start)
        self._inline = self._break_due = False

    def separate(self) -> None:
        """Marks the edge of a block that is not written: what follows may not run into what came before."""
        if self._inline:
            self._break_due = True

    def wait(self, frame: Frame) -> None:
        """Begins ``frame`` as soon as something visible arrives inside it."""
        element = frame.element
        if self._blocks_waiting:
            self._leave_paragraph(element.tag)
        self._pending.append(frame)
        if not element.is_inline:
            self._blocks_waiting += 1
            if element.kind is _PARAGRAPH:
                self._waiting_p = frame

    def begin(self, frame: Frame) -> None:
        """Begins ``frame`` now."""
        self._make_room(frame.element)
        if self._pending or self._break_due:
            self._show()
        self._write(frame)

    def end(self, frame: Frame) -> None:
        """Ends ``frame``, if it was begun and nothing has ended it since."""
        if frame.written:
            self._close_last()
        elif self._pending and self._pending[-1] is frame:
            self._pending.pop()
            if not frame.element.is_inline:
                self._blocks_waiting -= 1
                if frame is self._waiting_p:
                    self._waiting_p = None
                self.separate()

    def finish(self) -> None:
        """Ends whatever is still open."""
        while self._open:
            self._close_last()

    def _leave_paragraph(self, tag: str) -> None:
        """Forgets waiting elements that the start of ``tag`` would end."""
        if tag not in ENDS_PARAGRAPH:
            return
        if self._waiting_p is not None:
            self._pending.remove(self._waiting_p)
            self._waiting_p = None
            self._blocks_waiting -= 1
        if tag in HEADINGS and self._pending and self._pending[-1].element.tag in HEADINGS:
            self._pending.pop()
            self._blocks_waiting -= 1

    def _show(self) -> None:
        """Begins all waiting elements: something visible follows."""
        if self._break_due:
            self._break_due = False
            if self._inline and not self._blocks_waiting:
                self.out.append("<br>")
                self._inline = False
        waiting = self._pending
        if not waiting:
            return
        if self._blocks_waiting:
            if self._seen[0] >= 0 and any(frame.element.tag in ENDS_PARAGRAPH for frame in waiting):
                self._split(self._seen[0])
                waiting = self._pending
            self._blocks_waiting, self._waiting_p = 0, None
        self._pending = []
        for frame in waiting:
            if frame.element.is_heading and self._open and self._open[-1].element.is_heading:
                self._close_last()
            self._write(frame)

    def _make_room(self, element: Element) -> None:
        """Ends what the start of an element would end, before anything that waits is begun in the wrong place."""
        tag = element.tag
        if self._blocks_waiting:
            self._leave_paragraph(tag)
        if element.is_line:
            self._break_due = False
        if self._seen is _NOTHING:
            return
        in_p, in_a, in_item, in_term = self._seen
        if in_a >= 0 and tag == "a":
            self._split(in_a)
        elif (in_item >= 0 or in_term >= 0) and tag in _TERMS:
            inner = in_item if tag == "li" else in_term
            if inner >= 0 and not any(frame.element.tag in HEADINGS for frame in self._pending):
                self._split(inner)
        if in_p >= 0 and self._seen[0] >= 0 and tag in ENDS_PARAGRAPH:
            self._split(self._seen[0])

    def _write(self, frame: Frame) -> None:
        element, out = frame.element, self.out
        frame.written = True
        frame.seen = self._seen
        frame.at = at = len(out)
        if element.kind is not _OTHER:
            self._enter(element.kind, at)
        if element.marks:
            self.marks[at] = element.marks
        if element.is_shown:
            self.spots.append(at)
        self._open.append(frame)
        out.append(element.start)
        if element.is_line:
            self._inline = self._break_due = False

    def _enter(self, kind: Kind, at: int) -> None:
        """Remembers what a start tag at a place lets those inside it see."""
        in_p, in_a, in_item, in_term = self._seen
        here = len(self._open)
        if kind is _PARAGRAPH:
            self._seen = (here, in_a, in_item, in_term)
        elif kind is _LINK:
            self._seen = (in_p, here, in_item, in_term)
            self.links.append(at)
        elif kind is _CELL:
            self._seen = _NOTHING
        elif kind is _ITEM:
            self._seen = (in_p, in_a, here, -1)
        elif kind is _TERM:
            self._seen = (in_p, in_a, -1, here)
        else:
            self._seen = (-1 if kind is _TABLE else in_p, in_a, -1, -1)

    def _close_last(self) -> None:
        frame = self._open.pop()
        element = frame.element
        frame.written = False
        self._seen = frame.seen
        self.out.append(element.end)
        self.ends[frame.at] = len(self.out)
        if element.is_line:
            self._inline = self._break_due = False

    def _split(self, position: int) -> None:
        """Ends the open element at ``position`` and everything in it; the innermost inline ones wait to begin again."""
        again: list[Frame] = []
        while len(self._open) > position:
            frame = self._open[-1]
            self._close_last()
            if len(self._open) > position and frame.element.is_inline and len(again) < _MOST_REOPENED:
                again.append(frame)
        self._pending[:0] = reversed(again)
