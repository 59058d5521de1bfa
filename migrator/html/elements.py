"""What becomes of one start tag, decided from the tag alone.

Pure, and so remembered: a word processor writes the same few tags thousands of times.
"""

from __future__ import annotations

import re
from enum import IntEnum

from migrator.html.attributes import Noted, allowed, escape, name_of, read, start_tag
from migrator.html.embeds import Inserted, of_block, of_frame
from migrator.html.images import image
from migrator.html.links import Renamer
from migrator.html.marks import RELATED, marks
from migrator.html.policy import Policy
from migrator.html.vocabulary import (
    DROPPED,
    LAZY,
    LINES,
    OBJECTS,
    RENAMED,
    SUPPLIED,
    UNWRAPPED_BLOCKS,
    VOID,
    facts,
)


class Action(IntEnum):
    """What the walk does with a start tag."""

    PASS = 0  # not written; its content stays
    LAZY = 1  # written when something visible arrives inside it; never, if nothing does
    EAGER = 2  # written at once, even when it stays empty
    VOID = 3  # written at once, has no end tag
    BREAK = 4  # br: like VOID, but not visible by itself
    SKIP = 5  # has no end tag, and is not written
    BLOCK = 6  # PASS, and it separates lines
    INSERT = 7  # PASS, and another element stands before its content
    DROP = 8  # goes, with all its content


class Element:
    """The decision: what to do, under which name, with which start tag.

    ``marks`` are those of :mod:`migrator.html.marks`; ``notes`` a pair of code and detail for each thing changed.
    ``inserted`` is written whole before what the element holds, with ``text`` in it.
    The other facts follow from the name; they are looked up here once instead of for every tag.
    """

    __slots__ = (
        "action", "end", "inserted", "is_heading", "is_inline", "is_line", "is_shown", "kind", "marks", "notes", "start",
        "tag", "text",
    )  # fmt: skip

    def __init__(
        self,
        action: Action,
        tag: str = "",
        start: str = "",
        marks: int = 0,
        notes: tuple[tuple[str, str], ...] = (),
        inserted: Element | None = None,
        text: str = "",
    ) -> None:
        self.action, self.tag, self.start, self.marks = action, tag, start, marks
        self.notes, self.inserted, self.text = notes, inserted, text
        self.end, self.kind, self.is_inline, self.is_line, self.is_heading, self.is_shown = facts(tag)


# Looked up once: reading a member of an enumeration costs more than the decision it serves.
_PASS, _LAZY, _EAGER, _VOID, _BREAK = Action.PASS, Action.LAZY, Action.EAGER, Action.VOID, Action.BREAK
_SKIP, _BLOCK, _INSERT, _DROP = Action.SKIP, Action.BLOCK, Action.INSERT, Action.DROP

_WORD_STYLE = re.compile(r' (?:class="[^"]*\bMso|style="[^"]*\bmso-)')
_WORD_COMMENTS = ("<!--[if", "<!--[endif", "<!--?xml:namespace")
_PICTURES = frozenset(("img", "source"))

# Longer ones (images written out in base64) are decided each time: remembering them would cost memory without end.
_LONGEST_REMEMBERED = 400
_MOST_REMEMBERED = 4096
_SELDOM_REPEATED = frozenset(("a", "img", "source", "iframe", "video", "audio"))


class Decisions(dict[str, Element]):
    """Start tags in canonical form and what becomes of them, for one set of options. Reading one decides it."""

    def __init__(self, policy: Policy, renamer: Renamer) -> None:
        super().__init__()
        self._policy = policy
        self._rename = renamer.rename

    def __missing__(self, tag: str) -> Element:
        name = name_of(tag)
        found = self._decide(name, tag)
        if name not in _SELDOM_REPEATED and len(tag) <= _LONGEST_REMEMBERED:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[tag] = found
        return found

    def _decide(self, name: str, tag: str) -> Element:
        if name.startswith(("!", "?")):  # a comment, a doctype, a processing instruction
            code = "word-debris" if tag.startswith(_WORD_COMMENTS) else "comment-removed"
            return Element(_SKIP, notes=((code, "comment"),))
        notes: Noted = []
        if " " not in tag:
            return self._element(name, {}, 0, notes)
        if ("Mso" in tag or "mso-" in tag) and _WORD_STYLE.search(tag):
            notes.append(("word-debris", "mso"))
        source = read(tag)
        if name in _SELDOM_REPEATED:
            return self._element(name, source, RELATED & marks(tag) if "relat" in tag else 0, notes)
        if name in ("div", "blockquote") and (inserted := of_block(source, self._policy)):
            notes.append(("embed", name))
            element = self.element_of(inserted, notes)
            return Element(_INSERT, name, notes=tuple(notes), inserted=element)
        return self._element(name, source, marks(tag), notes)

    def _element(self, name: str, source: dict[str, str], mark: int, notes: Noted) -> Element:
        tag = RENAMED.get(name, name)
        if tag == "iframe":
            return self._frame(source, notes)
        if tag not in self._policy.elements:
            return self._left_out(name, mark, notes)
        kept: dict[str, str] = {}
        if source:
            kept = (image if tag in _PICTURES else allowed)(tag, source, self._policy, notes)
            self._rename(tag, kept, notes)
        if tag == "img" and not kept:
            notes.append(("element-dropped", "img"))
            return Element(_SKIP, notes=tuple(notes))
        return Element(_action(tag, kept), tag, start_tag(tag, kept), mark, tuple(notes))

    def _left_out(self, name: str, mark: int, notes: Noted) -> Element:
        """An element that the policy does not have."""
        if name in DROPPED:
            if name not in OBJECTS:
                notes.append(("element-dropped", name))
            return Element(_SKIP if name in VOID else _DROP, name, notes=tuple(notes))
        if ":" in name or name == "xml":
            notes.append(("word-debris", name))
        elif name not in SUPPLIED:
            notes.append(("unwrapped", name))
        if name in VOID:
            return Element(_SKIP, notes=tuple(notes))
        if name not in UNWRAPPED_BLOCKS and name not in LINES:
            return Element(_PASS, notes=tuple(notes))
        if mark & RELATED and "div" in self._policy.elements:
            return Element(_EAGER, "div", "<div>", mark, tuple(notes))
        return Element(_BLOCK, notes=tuple(notes))

    def _frame(self, source: dict[str, str], notes: Noted) -> Element:
        """A player stays, in its one form; of a page in a frame, a link stays."""
        inserted = of_frame(source, self._policy)
        if inserted is None or inserted.tag != "iframe":
            notes.append(("element-dropped", "iframe"))
        if inserted is None:
            if source.get("src"):
                notes.append(("unsafe-url", "iframe src"))
            return Element(_PASS, notes=tuple(notes))
        element = self.element_of(inserted, notes)
        return Element(_INSERT, notes=tuple(notes), inserted=element)

    def element_of(self, inserted: Inserted, notes: Noted) -> Element:
        """The element that is written for a player, its addresses renamed."""
        self._rename(inserted.tag, inserted.attributes, notes)
        start = start_tag(inserted.tag, inserted.attributes)
        return Element(_EAGER, inserted.tag, start, text=escape(inserted.text))


def _action(tag: str, kept: dict[str, str]) -> Action:
    if tag in VOID:
        return _BREAK if tag == "br" else _VOID
    if tag in ("a", "span") and not kept:
        return _PASS
    if tag == "a":
        return _EAGER if "href" in kept else _PASS
    return _LAZY if tag in LAZY or tag == "span" else _EAGER
