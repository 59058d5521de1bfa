"""What a page may cost: pages that would keep a parser busy for minutes are refused before one sees them.

Three things make an HTML5 parser do work that grows with the square of the page: nesting (each start tag looks up the
stack of open elements), formatting elements that are never closed (each new block opens them all again, and each copy
is a node), and attributes (each is compared with those before it). They are counted in one pass over the tags.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict

LARGEST_BYTES = 8 * 1024 * 1024
"""Of a page. The largest news pages seen are below 2 MB; a lazy slide show with pictures inside may have 6 MB."""

MOST_STEPS = 200_000_000
"""Sum over all tags of the elements open around them: about one second of a parser's time."""

MOST_COPIES = 300_000
"""Formatting elements opened again for blocks: about 100 MB."""

MOST_ATTRIBUTES = 1_000
"""Of one tag."""

_NEXT = re.compile(r"<(?:!--|[!?]|(/?)([a-zA-Z][^\s/>]*))")
_ATTRIBUTES = re.compile(r"(?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?+)*+")
_NAME = re.compile(r"[^\s/>=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+")
_SHORT = 2 * MOST_ATTRIBUTES

_RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


_NOT_OPEN = _names(
    "area base br col embed hr img input link meta param source track wbr frame keygen bgsound basefont "
    "p li dt dd tr td th thead tbody tfoot colgroup option optgroup html head body rt rp"
)
_FORMATTING = _names("a b big code em font i nobr s small strike strong tt u")
_BLOCKS = _names("p div li td th dd dt h1 h2 h3 h4 h5 h6 center blockquote table ul ol article section")
_MERGED = frozenset(("html", "body"))  # the parser adds the attributes of a second one to those of the first
_CELLS = frozenset(("td", "th", "caption"))
_ALIKE = 3  # the parser keeps no more than three formatting elements that are the same


class _Cell:
    """Formatting elements on the parser's list, since the beginning of a table cell or of the page."""

    __slots__ = ("_alike", "_open", "copies")

    def __init__(self) -> None:
        self.copies = 0  # how many a new block opens again
        self._open: defaultdict[str, list[str]] = defaultdict(list)  # name -> attributes of each
        self._alike: Counter[tuple[str, str]] = Counter()

    def start(self, name: str, attributes: str) -> None:
        self._open[name].append(attributes)
        self._alike[name, attributes] += 1
        self.copies += self._alike[name, attributes] <= _ALIKE

    def end(self, name: str) -> None:
        if self._open[name]:
            attributes = self._open[name].pop()
            self.copies -= self._alike[name, attributes] <= _ALIKE
            self._alike[name, attributes] -= 1


class _Formatting:
    """The formatting elements of each open cell; those outside are not opened again in it."""

    def __init__(self) -> None:
        self._cells = [_Cell()]
        self._tables: list[int] = []

    @property
    def copies(self) -> int:
        return self._cells[-1].copies

    def start(self, name: str, attributes: str) -> None:
        if name in _FORMATTING:
            self._cells[-1].start(name, attributes)
        elif name == "table":
            self._tables.append(len(self._cells))
        elif name in _CELLS and self._tables:
            del self._cells[self._tables[-1] :]
            self._cells.append(_Cell())

    def end(self, name: str) -> None:
        if name in _FORMATTING:
            self._cells[-1].end(name)
        elif name == "table" and self._tables:
            del self._cells[self._tables.pop() :]
        elif name in _CELLS and self._tables:
            del self._cells[self._tables[-1] :]


def too_costly(html: str) -> tuple[str, str] | None:
    """Reason and detail where a page would cost too much to parse, else null. Takes time in proportion to its size."""
    depth = steps = copies = 0
    merged: Counter[str] = Counter()
    formatting = _Formatting()
    position = 0
    while match := _NEXT.search(html, position):
        name = (match[2] or "").lower()
        if not name:
            position = _behind(html, match)
            continue
        rest = _ATTRIBUTES.match(html, match.end())
        attributes = rest[0] if rest else ""
        position = match.end() + len(attributes) + 1
        if name in _MERGED and not match[1]:
            merged[name] += len(_NAME.findall(attributes))
            if merged[name] > MOST_ATTRIBUTES:
                return "too-many-attributes", f"its {name} elements have more than {MOST_ATTRIBUTES} attributes"
        if len(attributes) > _SHORT and len(_NAME.findall(attributes)) > MOST_ATTRIBUTES:
            return "too-many-attributes", f"an element has more than {MOST_ATTRIBUTES} attributes"
        if match[1]:
            formatting.end(name)
            depth -= name not in _NOT_OPEN and depth > 0
        else:
            formatting.start(name, attributes)
            depth += name not in _NOT_OPEN
            if name in _BLOCKS:
                copies += formatting.copies
            if name in _RAW:
                end = _RAW[name].search(html, position)
                position = end.start() if end else len(html)
        steps += depth
        if steps > MOST_STEPS or copies > MOST_COPIES:
            return "too-deep", "its elements are nested so deeply that reading it would take minutes"
    return None


def _behind(html: str, match: re.Match[str]) -> int:
    """Where a comment or a declaration ends."""
    is_comment = match[0] == "<!--"
    end = html.find("-->" if is_comment else ">", match.end() - (2 if is_comment else 0))
    return len(html) if end < 0 else end + (3 if is_comment else 1)
