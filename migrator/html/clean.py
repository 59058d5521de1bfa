"""One body in, one clean body out, with notes of what was taken away."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from migrator.html.attributes import addresses, escape
from migrator.html.elements import Element, element
from migrator.html.links import rewritten
from migrator.html.plain import lines_of
from migrator.html.policy import DROPPED_BLOCKS, VOID, Action
from migrator.html.repair import was_mended
from migrator.html.tokens import Token, Tokens, tokenise
from migrator.html.writer import Frame, Writer
from migrator.text.composed import composed, is_composed
from migrator.text.words import count_words

_REMOVED = {"script": "script-removed", "xml": "word-debris"}
_DETAILS_SHOWN = 10

# Looked up once: reading a member of an enumeration costs more than the decision it serves.
_WAITING = frozenset((int(Action.LAZY), int(Action.SPAN)))
_WRITTEN = frozenset((int(Action.EAGER), int(Action.LINK)))
_BREAK, _VOID, _DROP, _BLOCK = Action.BREAK, Action.VOID, Action.DROP, Action.UNWRAP_BLOCK
_WORD_COMMENTS = ("[if", "[endif", "?xml:namespace")


@dataclass(frozen=True, slots=True)
class CleanOptions:
    """How links inside the newspaper are found and renamed.

    ``links`` holds pairs of a pattern with a group ``id`` and an entity name; ``hosts`` the newspaper's own hosts, with
    or without a port; ``reference`` makes the new address from entity and id. Without it no link is changed.
    """

    links: tuple[tuple[re.Pattern[str], str], ...] = ()
    hosts: frozenset[str] = frozenset()
    reference: Callable[[str, str], str] | None = None


@dataclass(frozen=True, slots=True)
class CleanBody:
    """A body that is safe to publish.

    ``text`` has one line a block, no empty lines, NFC. ``words`` counts its runs between white space that hold a letter
    or a digit. ``notes`` are pairs of code and detail, sorted by code, each code once.
    """

    html: str
    text: str
    words: int
    notes: tuple[tuple[str, str], ...]


def clean(html: str, options: CleanOptions) -> CleanBody:
    """Cleans one body. Never raises, whatever the markup; cleaning a clean body changes nothing."""
    body = _Body(options)
    source = tokenise(html)
    body.read(source)
    body.judge(html, source)
    markup = body.markup()
    text = body.text()
    return CleanBody(markup, text, count_words(text), body.notes())


def plain_text(html: str) -> str:
    """The text of :func:`clean` alone: one line a block, no empty lines, NFC."""
    return clean(html, CleanOptions()).text


def _detail(found: Counter[str]) -> str:
    shown = [f"{what} {count}" for what, count in sorted(found.items())[:_DETAILS_SHOWN]]
    left = sum(found.values()) - sum(count for _, count in sorted(found.items())[:_DETAILS_SHOWN])
    return ", ".join([*shown, f"others {left}"] if left else shown)


class _Body:
    """The state of one walk over the tokens."""

    def __init__(self, options: CleanOptions) -> None:
        self._options = options
        self._hosts = frozenset(host.lower() for host in options.hosts)
        self._writer = Writer()
        self._stack: list[Frame | bool] = []  # open source elements; True: a block that is not written
        self._dropping = 0
        self._found: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def notes(self) -> tuple[tuple[str, str], ...]:
        """Code and counted details, sorted."""
        return tuple((code, _detail(found)) for code, found in sorted(self._found.items()))

    def judge(self, html: str, source: Tokens) -> None:
        """Notes whether the parser mended the markup."""
        if was_mended(html, source):
            self._found["markup-repaired"]["body"] += 1

    def read(self, source: Tokens) -> None:
        """Walks all tokens once."""
        for tag, count in (+source.removed).items():
            self._found[_REMOVED.get(tag, "element-dropped")][tag] += count
        if source.debris:
            self._found["word-debris"]["_o3a_p"] += source.debris
        writer, start_element, end_element = self._writer, self._start, self._end
        for token in source.tokens:
            if self._dropping:
                self._skip(token)
                continue
            text, comment, end, name, attributes = token
            if text:
                writer.text(text)
            if end:
                end_element()
            elif name:
                start_element(name, attributes)
            else:
                self._comment(comment)
        if source.tail and not self._dropping:
            writer.text(source.tail)
        writer.finish()

    def _skip(self, token: Token) -> None:
        """Passes over dropped content, counting the words and the addresses that go with it."""
        text, _, end, name, attributes = token
        if text:
            words = count_words(text)
            if words:
                self._found["element-dropped"]["words"] += words
        if end:
            self._dropping -= 1
            if not self._dropping:
                self._end()
        elif name:
            for address in addresses(name, attributes):
                self._found["address-dropped"][address] += 1
            if name not in VOID:
                self._dropping += 1

    def _end(self) -> None:
        if not self._stack:
            return
        opened = self._stack.pop()
        if isinstance(opened, Frame):
            self._writer.end(opened)
        elif opened:
            self._writer.separate()

    def _start(self, name: str, attributes: str) -> None:
        found = element(name, attributes)
        action, tag, start, url, notes = found
        for code, detail in notes:
            self._found[code][detail] += 1
        if action in _WAITING:
            frame = Frame(tag, start)
            self._stack.append(frame)
            self._writer.wait(frame)
        elif action in _WRITTEN:
            frame = Frame(tag, start if url is None else self._link(start, url))
            self._stack.append(frame)
            self._writer.begin(frame)
        elif action is _BREAK:
            self._writer.line_break()
        elif action is _VOID:
            self._writer.void(tag, start)
        else:
            self._leave_out(found, name, attributes)

    def _leave_out(self, found: Element, name: str, attributes: str) -> None:
        """Writes nothing for the element itself; of a foreign frame, a link that shows its address."""
        if found.action is Action.FRAME and found.url:
            link = Frame("a", self._link(found.start, found.url))
            self._writer.begin(link)
            self._writer.text(escape(found.url))
            self._writer.end(link)
        if found.action is _DROP:
            for address in addresses(name, attributes):
                self._found["address-dropped"][address] += 1
        if name in VOID:
            return
        if found.action is _DROP:
            self._dropping = 1
        edge = found.action is _BLOCK or name in DROPPED_BLOCKS
        self._stack.append(edge)
        if edge:
            self._writer.separate()

    def _link(self, start: str, url: str) -> str:
        """The start tag of a link to ``url``, rewritten when it leads to another article of the newspaper."""
        options = self._options
        if options.reference is None:
            return start
        new = rewritten(url, options.links, self._hosts, options.reference)
        if new is None or new == url:
            return start
        self._found["link-rewritten"]["a"] += 1
        return start.replace(f' href="{escape(url)}"', f' href="{escape(new)}"', 1)

    def _comment(self, comment: str) -> None:
        code = "word-debris" if comment.startswith(_WORD_COMMENTS) else "comment-removed"
        self._found[code]["comment"] += 1

    def markup(self) -> str:
        """The clean markup; text in it is NFC."""
        html = "".join(self._writer.out)
        if not is_composed(html):
            composed = self._normalised()
            if composed != html:
                self._found["unicode-nfc"]["text"] += 1
            html = composed
        # U+0338 after a tag would melt into its ">" when somebody normalises the whole page.
        return html.replace(">\u0338", ">&#824;") if "\u0338" in html else html

    def _normalised(self) -> str:
        runs: list[str] = []
        written: list[str] = []
        for piece in self._writer.out:
            if piece.startswith("<"):
                written.append(composed("".join(runs)))
                written.append(piece)
                runs.clear()
            else:
                runs.append(piece)
        written.append(composed("".join(runs)))
        return "".join(written)

    def text(self) -> str:
        """The plain text of what was written."""
        return lines_of("".join(self._writer.plain))
