"""WordPress shortcodes in the text of a body, as WordPress would have shown them.

Sources: the shortcodes of WordPress itself (``caption``, ``gallery``, ``audio``, ``video``, ``embed``) and of its
plugin Jetpack (``youtube``, ``vimeo``). Any other stays as text, and is noted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from migrator.html.attributes import Noted, escape, read, start_tag
from migrator.html.options import CleanOptions
from migrator.html.plain import escaped, unescaped
from migrator.html.players import player
from migrator.html.urls import is_safe
from migrator.html.vocabulary import VOID

_CODE = re.compile(r"\[(/?)([a-z][a-z0-9_-]+)((?:[\s=][^\[\]]*)?)\]")
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|“([^”]*)”|([^\s\"'/]\S*))")
_NUMBERS = re.compile(r"[0-9]{1,12}(?:\s*,\s*[0-9]{1,12}){0,199}")
_CAPTIONS = frozenset(("caption", "wp_caption"))
_PLAYERS = frozenset(("embed", "youtube", "vimeo"))
_FILES = {
    "video": ("src", "mp4", "m4v", "webm", "ogv", "flv", "wmv"),
    "audio": ("src", "mp3", "m4a", "ogg", "wav", "wma"),
}


@dataclass(slots=True)
class _Open:
    """A code that waits for its end: its place among the new pieces, and how deep in the markup it stands."""

    name: str
    attributes: dict[str, str]
    place: int
    depth: int
    is_done: bool = False


class Shortcodes:
    """The pieces of one body with its shortcodes replaced; ``noted`` says what became of each."""

    def __init__(self, options: CleanOptions) -> None:
        self.noted: Noted = []
        self._options = options
        self._new: list[str] = []
        self._waiting: list[_Open] = []
        self._depth = 0

    def replaced(self, pieces: list[str]) -> list[str] | None:
        """Texts and tags with elements in the place of codes; null where there is no code."""
        if not any("[" in text and _CODE.search(text) for text in pieces[::2]):
            return None
        for place, piece in enumerate(pieces):
            if place % 2:
                self._pass(piece)
            else:
                self._read(piece)
        self._give_up(0)
        return self._new

    def _pass(self, tag: str) -> None:
        self._new.append(tag)
        if tag[1] == "/":
            self._depth -= 1
            # What the end of an element cuts off from its own end is no code.
            self._give_up(next((at for at, code in enumerate(self._waiting) if code.depth > self._depth), None))
        elif tag[1] != "!" and tag[1:-1].partition(" ")[0] not in VOID:
            self._depth += 1

    def _give_up(self, first: int | None) -> None:
        """Leaves the codes that still wait, from one on, as text."""
        if first is None:
            return
        self.noted += [("shortcode-left", code.name) for code in self._waiting[first:] if not code.is_done]
        del self._waiting[first:]

    def _read(self, text: str) -> None:
        begin = 0
        for found in _CODE.finditer(text):
            self._new.append(text[begin : found.start()])
            begin = found.end()
            is_end, name, written = found[1] == "/", found[2], unescaped(found[3])
            if is_end:
                self._end(name, found[0])
            else:
                self._begin(name, written, found[0])
        self._new.append(text[begin:])

    def _begin(self, name: str, written: str, code: str) -> None:
        attributes = {found[1].lower(): "".join(found.groups("")[1:]) for found in _ATTRIBUTE.finditer(written)}
        shown = self._alone(name, attributes, written)
        if shown is not None or name in _CAPTIONS or name in _PLAYERS:
            self._waiting.append(_Open(name, attributes, len(self._new), self._depth, shown is not None))
        elif attributes or name in ("gallery", "playlist"):
            self.noted.append(("shortcode-left", name))
        if shown is not None:
            self.noted.append(("shortcode", name))
        self._new += [code] if shown is None else shown

    def _end(self, name: str, code: str) -> None:
        opened = next((at for at in reversed(range(len(self._waiting))) if self._waiting[at].name == name), None)
        if opened is None or self._waiting[opened].depth != self._depth:
            self._new.append(code)
            return
        self._give_up(opened + 1)
        begun = self._waiting.pop()
        if begun.is_done:
            return
        inside = self._new[begun.place + 1 :]
        shown = self._figure(begun, inside) if name in _CAPTIONS else self._player("".join(inside))
        if shown is None:
            self.noted.append(("shortcode-left", name))
            self._new.append(code)
            return
        self.noted.append(("shortcode", name))
        self._new[begun.place :] = shown

    def _alone(self, name: str, attributes: dict[str, str], written: str) -> list[str] | None:
        """What a code stands for that needs no end."""
        if name in _FILES:
            source = next((attributes[key] for key in _FILES[name] if attributes.get(key)), "")
            if not source:
                return None
            poster = {"poster": attributes["poster"]} if name == "video" and attributes.get("poster") else {}
            return [start_tag(name, {"src": source, **poster, "controls": ""}), f"</{name}>"]
        if name in _PLAYERS and written.strip(" ="):
            return self._player(escaped(written.strip(" =")))
        if name == "gallery":
            return self._gallery(attributes.get("ids") or attributes.get("include") or "")
        return None

    def _figure(self, begun: _Open, inside: list[str]) -> list[str] | None:
        """A picture with its caption. The oldest versions had the caption among the attributes."""
        if not any(piece.startswith("<img") for piece in inside):
            return None
        told = begun.attributes.get("caption", "")
        caption = ["<figcaption>", escaped(told), "</figcaption>"] if told else []
        return ["<figure>", *inside, *caption, "</figure>"]

    def _player(self, content: str) -> list[str] | None:
        """The player for an address, or a link to it."""
        link = re.fullmatch(r"\s*(<a [^>]*>)[^<]*</a>\s*", content)
        url = read(link[1]).get("href", "") if link else unescaped(content).strip()
        policy = self._options.policy
        if not re.fullmatch(r"https?://[^\s<>\"]+", url) or not is_safe(url, policy.schemes):
            return None
        known = player(url, policy.players)
        if known:
            return [start_tag("iframe", {"src": known}), "</iframe>"]
        return [start_tag("a", {"href": url}), escape(url), "</a>"]

    def _gallery(self, numbers: str) -> list[str] | None:
        reference, entity = self._options.reference, self._options.attachments
        if reference is None or not entity or not _NUMBERS.fullmatch(numbers.strip()):
            return None
        images = [start_tag("img", {"src": reference(entity, number.strip())}) for number in numbers.split(",")]
        figures = [tag for image in images for tag in ("<figure>", image, "</figure>")]
        return figures if len(images) == 1 else ["<figure>", *figures, "</figure>"]
