"""Writes allowed elements so that any HTML5 parser reads back exactly the tree that was meant.

Three rules make that true. An element that would end another one (a block in a paragraph, a link in a link, an item in
an item) ends it here too, and the inline elements in between are opened again. Elements that show nothing are never
begun. Every text and value stays escaped. Nesting is a list, not a call stack: depth costs memory only.
"""

from __future__ import annotations

from migrator.html.policy import ENDS_PARAGRAPH, HEADINGS, INLINE, LINES, SPECIAL

NEW_LINE = "\0"  # between the lines of plain text; no parsed text contains it
_MOST_REOPENED = 16


class Frame:
    """One allowed element of the source. ``written``: its start tag stands in the output, its end tag not yet."""

    __slots__ = ("before", "start", "tag", "written")

    def __init__(self, tag: str, start: str) -> None:
        self.tag = tag
        self.start = start
        self.written = False
        # What was open when it was written: positions of the innermost p, a, li and dt/dd that its start tag can see.
        self.before = (-1, -1, -1, -1)


class Writer:
    """Collects markup in ``out`` and plain text in ``plain``: escaped, :data:`NEW_LINE` between lines."""

    __slots__ = ("_blocks_waiting", "_break_due", "_inline", "_open", "_pending", "_seen", "_waiting_p", "out", "plain")

    def __init__(self) -> None:
        self.out: list[str] = []
        self.plain: list[str] = []
        self._open: list[Frame] = []
        self._pending: list[Frame] = []
        self._blocks_waiting = 0  # how many of them are no inline elements
        self._waiting_p: Frame | None = None  # the only p among them
        self._seen = (-1, -1, -1, -1)
        self._inline = False  # the current line already shows something
        self._break_due = False  # a block that is not written has ended that line

    def text(self, text: str) -> None:
        """Adds escaped text. White space alone does not begin the elements that wait for content."""
        if not text.isspace():
            if self._pending or self._break_due:
                self._show()
            self._inline = True
        elif self._blocks_waiting:
            return
        if text[0] == "\n" and self.out and self.out[-1].startswith("<pre"):
            self.out.append("\n")  # a parser swallows one line end here
        self.out.append(text)
        self.plain.append(text)

    def void(self, tag: str, start: str) -> None:
        """Adds an element without content, such as img or hr."""
        if tag in LINES:
            self._make_room(tag)
        self._show()
        self.out.append(start)
        if tag in LINES:
            self._end_line()
        else:
            self._inline = True

    def line_break(self) -> None:
        """Adds br, unless a paragraph is still waiting for its first content."""
        if self._blocks_waiting:
            return
        self.out.append("<br>")
        self._end_line()

    def separate(self) -> None:
        """Marks the edge of a block that is not written: what follows may not run into what came before."""
        if self._inline:
            self._break_due = True

    def wait(self, frame: Frame) -> None:
        """Begins ``frame`` as soon as something visible arrives inside it."""
        self._leave_paragraph(frame.tag)
        self._pending.append(frame)
        self._blocks_waiting += frame.tag not in INLINE
        if frame.tag == "p":
            self._waiting_p = frame

    def begin(self, frame: Frame) -> None:
        """Begins ``frame`` now."""
        self._make_room(frame.tag)
        if self._pending or self._break_due:
            self._show()
        self._write(frame)

    def end(self, frame: Frame) -> None:
        """Ends ``frame``, if it was begun and nothing has ended it since."""
        if frame.written:
            self._close_last()
        elif self._pending and self._pending[-1] is frame:
            self._pending.pop()
            if frame.tag not in INLINE:
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
        if not self._blocks_waiting or tag not in ENDS_PARAGRAPH:
            return
        if self._waiting_p is not None:
            self._pending.remove(self._waiting_p)
            self._waiting_p = None
            self._blocks_waiting -= 1
        if tag in HEADINGS and self._pending and self._pending[-1].tag in HEADINGS:
            self._pending.pop()
            self._blocks_waiting -= 1

    def _show(self) -> None:
        """Begins all waiting elements: something visible follows."""
        if self._break_due:
            self._break_due = False
            if self._inline and not self._blocks_waiting:
                self.out.append("<br>")
                self._end_line()
        if self._pending:
            if self._seen[0] >= 0 and any(frame.tag in ENDS_PARAGRAPH for frame in self._pending):
                self._split(self._seen[0])
            waiting, self._pending = self._pending, []
            self._blocks_waiting, self._waiting_p = 0, None
            for frame in waiting:
                if frame.tag in HEADINGS and self._open and self._open[-1].tag in HEADINGS:
                    self._close_last()
                self._write(frame)

    def _make_room(self, tag: str) -> None:
        """Ends what the start of ``tag`` would end, before anything that waits is begun in the wrong place."""
        self._leave_paragraph(tag)
        if tag in LINES:
            self._break_due = False
        _, in_a, in_item, in_term = self._seen
        if tag == "a" and in_a >= 0:
            self._split(in_a)
        elif tag in ("li", "dt", "dd"):
            inner = in_item if tag == "li" else in_term
            if inner >= 0 and not any(frame.tag in HEADINGS for frame in self._pending):
                self._split(inner)
        if tag in ENDS_PARAGRAPH and self._seen[0] >= 0:
            self._split(self._seen[0])

    def _write(self, frame: Frame) -> None:
        tag = frame.tag
        frame.before = in_p, in_a, in_item, in_term = self._seen
        here = len(self._open)
        if tag == "p":
            in_p = here
        elif tag == "a":
            in_a = here
        elif tag == "li":
            in_item, in_term = here, -1
        elif tag in ("dt", "dd"):
            in_item, in_term = -1, here
        elif tag in SPECIAL:
            in_item = in_term = -1
            if tag in ("td", "th", "caption"):
                in_p = in_a = -1
            elif tag == "table":
                in_p = -1
        self._seen = in_p, in_a, in_item, in_term
        frame.written = True
        self._open.append(frame)
        self.out.append(frame.start)
        if tag in LINES:
            self._end_line()

    def _close_last(self) -> None:
        frame = self._open.pop()
        frame.written = False
        self._seen = frame.before
        self.out.append(f"</{frame.tag}>")
        if frame.tag in LINES:
            self._end_line()

    def _split(self, position: int) -> None:
        """Ends the open element at ``position`` and everything in it; the innermost inline ones wait to begin again."""
        again: list[Frame] = []
        while len(self._open) > position:
            frame = self._open[-1]
            self._close_last()
            if len(self._open) > position and frame.tag in INLINE and len(again) < _MOST_REOPENED:
                again.append(frame)
        self._pending[:0] = reversed(again)

    def _end_line(self) -> None:
        self._inline = False
        self._break_due = False
        self.plain.append(NEW_LINE)
