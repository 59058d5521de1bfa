"""One walk over the pieces of a parsed body: what each tag becomes, and what is noted of it."""

from __future__ import annotations

from migrator.html.attributes import Noted, addresses, name_of
from migrator.html.elements import Action, Decisions, Element
from migrator.html.embeds import of_object
from migrator.html.policy import Policy
from migrator.html.vocabulary import OBJECTS, VOID
from migrator.html.writer import Frame, Writer
from migrator.text.words import count_words

# Looked up once: reading a member of an enumeration costs more than the decision it serves.
_PASS, _LAZY, _EAGER, _VOID, _BREAK = Action.PASS, Action.LAZY, Action.EAGER, Action.VOID, Action.BREAK
_SKIP, _BLOCK, _INSERT = Action.SKIP, Action.BLOCK, Action.INSERT


class Walk:
    """The state of one walk.

    ``writer`` has what was written; ``changed`` each element, as often as it occurred, that has notes; ``noted`` a pair
    of code and detail for every other change.
    """

    def __init__(self, decisions: Decisions, policy: Policy) -> None:
        self.writer = Writer()
        self.changed: list[Element] = []
        self.noted: Noted = []
        self._decisions = decisions
        self._policy = policy
        self._stack: list[Frame | bool] = []  # open source elements; True: a block that is not written

    def over(self, pieces: list[str]) -> None:
        """Walks over text, tag, text, …, text."""
        writer, decisions, stack = self.writer, self._decisions, self._stack
        text, wait, begin, end = writer.text, writer.wait, writer.begin, writer.end
        changed = self.changed
        at, last = 1, len(pieces) - 1
        if pieces[0]:
            text(pieces[0])
        while at < last:
            tag = pieces[at]
            if tag[1] == "/":
                opened = stack.pop()
                if opened is True:
                    writer.separate()
                elif opened is not False:
                    end(opened)
            else:
                found = decisions[tag]
                action = found.action
                if found.notes:
                    changed.append(found)
                if action is _LAZY:
                    frame = Frame(found)
                    stack.append(frame)
                    wait(frame)
                elif action is _PASS:
                    stack.append(False)
                elif action is _EAGER:
                    frame = Frame(found)
                    stack.append(frame)
                    begin(frame)
                elif action is _BREAK:
                    writer.line_break(found)
                elif action is _VOID:
                    writer.void(found)
                else:
                    at = self._otherwise(found, pieces, at)
            at += 1
            if pieces[at]:
                text(pieces[at])
            at += 1
        writer.finish()

    def _otherwise(self, found: Element, pieces: list[str], at: int) -> int:
        """The seldom actions. Returns the place of the last tag that was dealt with."""
        if found.action is _SKIP:
            if found.tag:
                self._leave(pieces[at : at + 1])
            return at
        if found.action is _BLOCK:
            self._stack.append(True)
            self.writer.separate()
            return at
        if found.action is _INSERT:
            is_block = bool(found.tag)
            self._stack.append(is_block)
            if is_block:
                self.writer.separate()
            self._insert(found.inserted)
            return at
        end = _end_of(pieces, at)
        words = sum(map(count_words, pieces[at + 1 : end : 2]))
        if words:
            self.noted += [("element-dropped", "words")] * words
        self._leave(pieces[at : end + 1 : 2])
        return end

    def _leave(self, tags: list[str]) -> None:
        """Leaves an element out; a player in it comes back, of anything else the addresses are noted."""
        name = name_of(tags[0])
        if name in OBJECTS:
            player = of_object([tag for tag in tags if tag[1] != "/"], self._policy)
            self.noted.append(("embed" if player else "element-dropped", name))
            if player:
                self._insert(self._decisions.element_of(player, self.noted))
                return
        for tag in tags:
            for address in addresses(name_of(tag), tag):
                self.noted.append(("address-dropped", address))

    def _insert(self, element: Element | None) -> None:
        if element is None:
            return
        frame = Frame(element)
        self.writer.begin(frame)
        if element.text:
            self.writer.text(element.text)
        self.writer.end(frame)


def _end_of(pieces: list[str], at: int) -> int:
    """The place of the end tag that belongs to the start tag at a place."""
    depth = 0
    for place in range(at, len(pieces), 2):
        tag = pieces[place]
        if tag[1] == "/":
            depth -= 1
        elif name_of(tag) not in VOID and tag[1] not in "!?":
            depth += 1
        if depth == 0:
            return place
    return len(pieces) - 2
