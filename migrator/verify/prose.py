"""A body as a reader sees it: its lines of text and what stands among them, by Python's own HTML parser.

The parser is another one than the transformation's and knows nothing of what may stay in a body. Source and target go
through the same code. Text in the legacy fonts ``.Vn…`` (TCVN3; a name in H shows capitals) and ``VNI-…`` is marked, so
that it can be read by font run; a ``<font>`` goes on into the next paragraph, as browsers have it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from migrator.verify.elements import (
    BREAKS,
    ENDED_BY,
    ENDS_P,
    NEVER_SEEN,
    NOTHING,
    P_STAYS_IN,
    SHORTCODE,
    SHORTCODES,
    VOID,
    Selectors,
)
from migrator.verify.grid import CELLS, Grid

Attributes = list[tuple[str, str | None]]
Font = tuple[str, bool]
"""Name of an encoding of the published letter table, and whether the font shows small letters as capitals."""

_DEEPEST = 500
_CAPTION = re.compile(r"\scaption=[\"“”″']([^\]]*?)[\"“”″']\s*\]")
_ADDRESSES = ("src", "data-src", "data-original", "srcset", "data-srcset")
_SCRIPT = re.compile(r"\s*(?:javascript|vbscript|data)\s*:", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_FAMILY = re.compile(r"(?:^|;)\s*font(?:-family)?\s*:\s*([^;]*)", re.IGNORECASE)
_PIXELS = frozenset(("0", "1", "0px", "1px"))
_FRAMED = frozenset(("iframe", "div", "blockquote"))
FRAME = "frame-address"


@dataclass(slots=True)
class Body:
    """What a body shows. ``lines`` hold pieces of text with their font (None for any that is no legacy font).

    ``left_out`` has the text of elements that need not arrive, by the selector's name; ``frames`` the addresses of frames.
    """

    lines: list[list[tuple[str, Font | None]]] = field(default_factory=list)
    images: int = 0
    links: int = 0
    tables: int = 0
    frames: set[str] = field(default_factory=set)
    left_out: dict[str, list[str]] = field(default_factory=dict)


def read_body(html: str, left_out: Selectors = NOTHING, frames: Collection[str] = ()) -> Body:
    """The body of a piece of HTML. Never raises.

    A link that shows nothing but its own address, one of ``frames``, stands for a frame: its text is no text. A table
    counts where it is a grid of text: at least two rows of at least two cells with words, without a picture in it. Tables
    that hold a picture with its caption, or arrange a page, are none.
    """
    reader = _Reader(left_out, frames)
    reader.feed(html)
    reader.close()
    return reader.finished()


class _Reader(HTMLParser):
    """One walk over the events of the parser."""

    def __init__(self, left_out: Selectors, frames: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._left_out, self._known_frames = left_out, frames
        self.body = Body()
        self._line: list[tuple[str, Font | None]] = []
        self._open: list[tuple[str, str | None, Font | None, bool]] = []  # name, and what was before it
        self._out: str | None = None  # selector's name; "" for what nobody ever sees
        self._font: Font | None = None
        self._fonts: list[Font | None] = []  # what was before each open <font>
        self._anchor = ""
        self._shown: set[str] = set()
        self._unseen: list[list[str]] = []  # addresses of pictures in noscript
        self._tables: list[Grid] = []  # those that are open

    # --- events -------------------------------------------------------------------------------------------------------
    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """An element begins, where the beginning of this one does not end others first."""
        if tag in BREAKS:
            self._break()
            self._end_others(tag)
        attributes = {name: value or "" for name, value in attrs}
        if self._out is None:
            self._count(tag, attributes)
        elif tag == "img" and self._out == "noscript":
            self._unseen.append(self._address(attributes))
        if tag in VOID:
            return
        if tag == "font":
            self._fonts.append(self._font)
            self._font = _legacy(attributes["face"]) if "face" in attributes else self._font
        styled = "style" in attributes and (found := _FAMILY.findall(attributes["style"]))
        if len(self._open) < _DEEPEST:
            self._open.append((tag, self._out, self._font, bool(styled)))
        if styled and tag != "font":
            self._font = _legacy(found[-1])
        if self._out is None:
            self._out = "" if tag in NEVER_SEEN else self._left_out.find(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        """An element ends, with those still open inside it. An end without a beginning is none."""
        if tag in BREAKS:
            self._break()
            if tag == "table" and self._tables and self._out is None:
                self.body.tables += self._tables.pop().is_data
        if tag == "font" and self._fonts:
            self._font = self._fonts.pop()
        elif tag == "a":
            self._anchor = ""
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place][0] == tag:
                self._close(place)
                return

    def handle_data(self, data: str) -> None:
        """Text."""
        if self._out is None:
            if self._anchor and data.strip() == self._anchor and self._anchor in self._known_frames:
                self.body.left_out.setdefault(FRAME, []).append(data)
            else:
                self._line.append((self._plain(data), self._font))
                if self._tables and not data.isspace():
                    self._tables[-1].words()
        elif self._out:
            self.body.left_out.setdefault(self._out, []).append(data)

    # --- work ---------------------------------------------------------------------------------------------------------
    def finished(self) -> Body:
        """The body; pictures in noscript count where nothing else shows them."""
        self._break()
        self.body.tables += sum(table.is_data for table in self._tables)
        self.body.images += len([each for each in self._unseen if each and not self._shown & set(each)])
        return self.body

    def _plain(self, data: str) -> str:
        """The text without shortcodes, where those need not arrive."""
        if not self._left_out.has_shortcodes or "[" not in data:
            return data
        found = SHORTCODE.findall(data)
        if found:
            self.body.left_out.setdefault(SHORTCODES, []).extend(found)
        return SHORTCODE.sub(_caption, data)

    def _break(self) -> None:
        if self._line:
            self.body.lines.append(self._line)
            self._line = []

    def _end_others(self, tag: str) -> None:
        """What the beginning of a block ends: an open paragraph, the item or cell before it."""
        if tag in ENDS_P:
            self._end_last(("p",), P_STAYS_IN)
        if tag in ENDED_BY:
            names, within = ENDED_BY[tag]
            self._end_last(names.split(), within)

    def _end_last(self, names: Collection[str], within: Collection[str]) -> None:
        for place in range(len(self._open) - 1, -1, -1):
            name = self._open[place][0]
            if name in names:
                self._close(place)
                return
            if name in within:
                return

    def _close(self, place: int) -> None:
        """Close the element at this place and all inside it."""
        for name, _, font, styled in reversed(self._open[place:]):
            if styled and name != "font":
                self._font = font
        self._out = self._open[place][1]
        del self._open[place:]

    def _count(self, tag: str, attributes: dict[str, str]) -> None:
        """What is no text."""
        if tag == "img":
            addresses = self._address(attributes)
            self.body.images += bool(addresses)
            self._shown.update(addresses)
            for table in self._tables:
                table.has_picture = True
        elif tag == "a":
            self._anchor = attributes.get("href", "").strip()
            self.body.links += _is_link(self._anchor)
        elif tag in _FRAMED and (address := _frame(tag, attributes)):
            self.body.links += 1
            self.body.frames.add(address)
        elif tag == "table":
            self._tables.append(Grid())
        elif self._tables and tag in CELLS:
            self._tables[-1].begin(tag)

    @staticmethod
    def _address(attributes: dict[str, str]) -> list[str]:
        """The address of a picture; none for a tracking pixel."""
        if attributes.get("width") in _PIXELS or attributes.get("height") in _PIXELS:
            return []
        return [found for name in _ADDRESSES if (found := attributes.get(name, "").strip())]


def _frame(tag: str, attributes: dict[str, str]) -> str:
    """A frame's address; also of one that a service's script puts into a block of its own: Facebook, TikTok, VCCorp."""
    if tag == "iframe":
        return attributes.get("src", "").strip()
    classes = attributes.get("class", "").split()
    if "tiktok-embed" in classes:
        return attributes.get("cite", "").strip()
    if any(name.startswith("fb-") for name in classes):
        return attributes.get("data-href", "").strip()
    return attributes.get("data-src", "").strip() if "VideoStream" in attributes.get("type", "") else ""


def _is_link(address: str) -> bool:
    """Whether an address leads anywhere: relative, or with something that can be a scheme and runs nothing."""
    if _SCRIPT.match(address):
        return False
    before = re.split("[/?#]", address, maxsplit=1)[0]
    return bool(address) and (":" not in before or _SCHEME.match(before) is not None)


def _caption(shortcode: re.Match[str]) -> str:
    """What readers see of a shortcode: the caption that stands in one of its attributes, on a line of its own."""
    found = _CAPTION.search(shortcode[0])
    return f"\n\n{found[1]}\n\n" if found else "\n\n"


def _legacy(families: str) -> Font | None:
    """The encoding of a legacy font; only the first name counts."""
    name = families.split(",")[0].replace("!important", "").strip(" \t\r\n\"'").lower()
    name = name.rpartition("px ")[2].rpartition("pt ")[2].strip(" \"'")
    if name.startswith(".vn"):
        return "TCVN3", name.endswith("h")
    return ("VNI", False) if name.startswith("vni-") else None


def runs(line: Sequence[tuple[str, Font | None]]) -> Iterator[tuple[str, Font | None]]:
    """The text of a line by font: pieces side by side in one font belong together."""
    text, font = "", None
    for piece, of in line:
        if of != font:
            if text:
                yield text, font
            text, font = "", of
        text += piece
    if text:
        yield text, font
