"""What a reader sees of a body, found without any of migrator's code: html5lib's tree and a list of elements."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

WORD = re.compile(r"\b[wx][0-9]+\b")


# Written out here on purpose: the checker must not share the cleaner's tables.
def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NEVER_SEEN = _names("script style template title meta link base head noframes noembed iframe canvas audio video")
_LEFT_OUT = _names("select button svg math textarea object applet noscript input embed frameset")
_SETTINGS = re.compile(r"w:|xml$")
ELEMENTS = _names(
    "p h2 h3 h4 h5 h6 br hr strong b em i u s sub sup small mark a ul ol li dl dt dd blockquote q cite pre code "
    "figure figcaption img picture source video audio track iframe table caption colgroup col thead tbody tfoot "
    "tr th td div span section aside abbr time"
)
ATTRIBUTES = _names(
    "href src srcset alt title width height colspan rowspan scope start type datetime cite lang controls poster "
    "kind label allowfullscreen"
)
_VOID = _names("br hr img source track col")
_PLAYERS = re.compile(
    r"https://(?:(?:www\.|m\.)?youtube(?:-nocookie)?\.com|(?:www\.)?facebook\.com|(?:player\.)?vimeo\.com|(?:www\.)?tiktok\.com)"
    r"(?:[/?#]|$)"
)


@dataclass(slots=True)
class Seen:
    """Words in order: those a reader sees, and those in elements that a cleaner leaves out."""

    shown: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def read(markup: str) -> Seen:
    """The words of a body."""
    import html5lib

    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("dom"), namespaceHTMLElements=True)
    seen = Seen()
    _read(parser.parseFragment(markup, container="div"), seen.shown, seen)
    return seen


def _read(parent: Any, words: list[str], seen: Seen) -> None:
    for node in parent.childNodes:
        if node.nodeType == node.TEXT_NODE:
            words += WORD.findall(node.data)
        elif node.nodeType == node.ELEMENT_NODE and not (
            node.nodeName in _NEVER_SEEN or _SETTINGS.match(node.nodeName)
        ):
            _read(node, seen.left_out if node.nodeName in _LEFT_OUT else words, seen)


class _Checker(HTMLParser):
    """Complains about everything that may not be in a clean body."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ELEMENTS:
            self.faults.append(f"element {tag}")
        if tag not in _VOID:
            self.open.append(tag)
        names = [name for name, _ in attrs]
        self.faults += [f"attribute {name}" for name in names if name not in ATTRIBUTES]
        self.faults += [f"attribute {name} twice" for name in set(names) if names.count(name) > 1]
        for name, value in attrs:
            if name in ("href", "src", "cite", "poster"):
                self._address(tag, value or "")
            elif name == "srcset":
                for candidate in (value or "").split(","):
                    self._address("source", candidate.strip().partition(" ")[0])

    def _address(self, tag: str, value: str) -> None:
        bare = "".join(letter for letter in value if letter > " " and letter.isprintable()).lower()
        head = re.split(r"[/?#]", bare)[0]
        is_inline_picture = tag == "img" and re.match(r"data:image/(?:png|jpe?g|gif|webp)[;,]", bare)
        if ":" in head and head.partition(":")[0] not in ("http", "https", "mailto", "tel") and not is_inline_picture:
            self.faults.append(f"address {value}")
        if tag == "iframe" and not _PLAYERS.match(value):
            self.faults.append(f"frame {value}")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"end of {tag}")

    def close(self) -> None:
        super().close()
        self.faults += [f"no end of {tag}" for tag in self.open]

    def handle_comment(self, data: str) -> None:
        self.faults.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.faults.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.faults.append("instruction")

    def unknown_decl(self, data: str) -> None:
        self.faults.append("section")


def faults(markup: str) -> list[str]:
    """What is in the markup and may not be: by a strict reading, every element closed in its order."""
    checker = _Checker()
    checker.feed(markup)
    checker.close()
    return checker.faults
