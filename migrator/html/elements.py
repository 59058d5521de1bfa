"""What becomes of one start tag, decided from the tag alone.

Pure, and so remembered: a word processor writes the same few tags thousands of times.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from migrator.html.attributes import Note, allowed, read, start_tag
from migrator.html.frames import embeddable
from migrator.html.policy import ACTIONS, RENAMED, Action
from migrator.html.urls import is_safe

_WORD_STYLE = re.compile(r' (?:class="[^"]*\bMso|style="[^"]*\bmso-)')

# Longer ones (images written out in base64) are decided each time: remembering them would cost memory without end.
_LONGEST_REMEMBERED = 400
_SELDOM_REPEATED = frozenset(("a", "img", "source", "iframe"))

# Looked up once: reading a member of an enumeration costs more than the decision it serves.
_LINK, _SPAN, _PASS, _FRAME, _DROP = Action.LINK, Action.SPAN, Action.PASS, Action.FRAME, Action.DROP
_UNWRAP, _DEBRIS = Action.UNWRAP, Action.DEBRIS
_NOTED = {
    Action.UNWRAP: "unwrapped",
    Action.UNWRAP_BLOCK: "unwrapped",
    Action.DEBRIS: "word-debris",
    Action.DROP: "element-dropped",
}


class Element(NamedTuple):
    """The decision: what to do, under which name, with which start tag.

    ``url`` is the address of a link or of a frame that becomes one, as the author wrote it, else null. ``notes`` holds
    a pair of code and detail for each thing taken away.
    """

    action: Action
    tag: str
    start: str
    url: str | None
    notes: tuple[tuple[str, str], ...]


def element(name: str, attributes: str) -> Element:
    """Decides about ``name`` with its ``attributes`` in canonical form (escaped, each with a space before it)."""
    if name in _SELDOM_REPEATED or len(attributes) > _LONGEST_REMEMBERED:
        return _decide(name, attributes)
    return _remembered(name, attributes)


def _decide(name: str, attributes: str) -> Element:
    action = ACTIONS.get(name)
    if action is None:
        action = _DEBRIS if ":" in name else _UNWRAP
    notes: list[tuple[str, str]] = []
    if _WORD_STYLE.search(attributes):
        notes.append(("word-debris", "mso"))
    if action is _FRAME:
        return _frame(attributes, notes)
    code = _NOTED.get(action)
    if code is not None:
        notes.append((code, name))
        return Element(action, name, "", None, tuple(notes))
    tag = RENAMED.get(name, name)
    kept = allowed(tag, read(attributes), _collect(notes)) if attributes else {}
    if tag == "img" and not kept:
        notes.append(("element-dropped", "img"))
        action = _DROP
    elif (action is _LINK and "href" not in kept) or (action is _SPAN and not kept):
        action = _PASS
    return Element(action, tag, start_tag(tag, kept), kept.get("href"), tuple(notes))


_remembered = lru_cache(maxsize=4096)(_decide)


def _collect(notes: list[tuple[str, str]]) -> Note:
    return lambda code, detail: notes.append((code, detail))


def _frame(attributes: str, notes: list[tuple[str, str]]) -> Element:
    """An iframe of a known host stays; of any other, a link with its address; of none, nothing."""
    kept = allowed("iframe", read(attributes), _collect(notes))
    url = kept.get("src", "").strip()
    known = embeddable(url)
    if known:
        return Element(Action.EAGER, "iframe", start_tag("iframe", {**kept, "src": known}), None, tuple(notes))
    notes.append(("element-dropped", "iframe"))
    return Element(Action.FRAME, "a", start_tag("a", {"href": url}), url if is_safe(url) else "", tuple(notes))
