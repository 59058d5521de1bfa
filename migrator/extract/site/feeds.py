"""Sitemaps, sitemap indexes and feeds: what they say there is.

Sitemaps as sitemaps.org defines them (with Google's image extension), RSS 0.9x, 1.0 and 2.0, Atom (RFC 4287). What a
document is, it says by its root element; servers say anything. XML with a document type is refused, entities with it;
sizes are bounded. Bare ampersands, which legacy systems leave in addresses, are mended first and counted.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from typing import Literal
from xml.parsers import expat

LARGEST_BYTES = 60_000_000
"""Unpacked. The protocol allows 50 MiB."""

MOST_ENTRIES = 200_000
"""The protocol allows 50,000."""

DEEPEST = 100
_LONGEST_TEXT = 4096
_GZIP = b"\x1f\x8b"
_DOCTYPE = rb"<!DOCTYPE\s+(?!html)[^\[>]*(?:\[.*?\]\s*)?>\s*"
_ROOT = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?[^>]*>\s*|<!--.*?-->\s*|" + _DOCTYPE + rb")*+<(?:[A-Za-z][\w.-]*:)?(\w+)",
    re.DOTALL | re.IGNORECASE,
)
_ROOTS: dict[bytes, Kind] = {
    b"urlset": "sitemap", b"sitemapindex": "index", b"rss": "feed", b"feed": "feed", b"RDF": "feed",
}  # fmt: skip
_BARE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)")

Kind = Literal["sitemap", "index", "feed"]


class NotReadable(ValueError):
    """A document that cannot be read, in words for a person."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An address a document names. ``is_file``: a picture of the page before it."""

    url: str
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """What a sitemap, an index or a feed names, in its order; ``repaired`` bare ampersands were mended."""

    kind: Kind
    entries: tuple[Entry, ...]
    repaired: int = 0


def unpacked(data: bytes) -> bytes:
    """The document itself where it came as gzip. NotReadable where it is damaged, or grows beyond all bounds."""
    if not data.startswith(_GZIP):
        return data
    unpack = zlib.decompressobj(wbits=31)
    try:
        found = unpack.decompress(data, LARGEST_BYTES)
    except zlib.error as error:
        raise NotReadable(f"the gzip file is damaged ({error})") from error
    if unpack.unconsumed_tail or not unpack.eof:
        raise NotReadable("the gzip file is too large or cut off")
    return found


def kind_of(data: bytes) -> Kind | None:
    """What an unpacked document is by its root element; None where it is neither sitemap nor feed."""
    match = _ROOT.match(data[:65536])
    return _ROOTS.get(match[1]) if match else None


def read_listing(data: bytes) -> Listing:
    """The entries of an unpacked sitemap, index or feed. NotReadable, never an empty answer for a broken document."""
    kind = kind_of(data)
    if kind is None:
        raise NotReadable("is neither a sitemap nor a feed")
    try:
        return Listing(kind, _entries(data, kind))
    except expat.ExpatError as error:
        mended, repaired = _BARE.subn(b"&amp;", data)
        if not repaired:
            raise NotReadable(f"is no well-formed XML ({error})") from error
        try:
            return Listing(kind, _entries(mended, kind), repaired)
        except expat.ExpatError as still:
            raise NotReadable(f"is no well-formed XML ({still})") from still


def _entries(data: bytes, kind: Kind) -> tuple[Entry, ...]:
    reader = _Feed() if kind == "feed" else _Sitemap()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except NotReadable:
        raise
    except (LookupError, ValueError) as error:  # an encoding that is not known, or takes several bytes a letter
        raise NotReadable(str(error)) from error
    return tuple(reader.entries)


def _refuse(*_: object) -> None:
    raise NotReadable("has a document type, which a sitemap or feed never needs")


@dataclass
class _Reader:
    """Follows the elements by their local names and keeps the text of the innermost one."""

    entries: list[Entry] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    said: str = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.path.append(name.rpartition(" ")[2])
        self.said = ""
        if len(self.path) > DEEPEST:
            raise NotReadable("is nested too deeply")
        self.begin(self.path[-1], attributes)

    def text(self, data: str) -> None:
        """Text of the innermost element."""
        self.said = (self.said + data)[:_LONGEST_TEXT]

    def end(self, _name: str) -> None:
        """An element ends."""
        self.finish(self.path[-1], self.said.strip())
        self.path.pop()
        self.said = ""

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """What a beginning means."""

    def finish(self, name: str, said: str) -> None:
        """What an end means."""

    def add(self, entry: Entry) -> None:
        """Keep an entry that has an address."""
        if entry.url:
            self.entries.append(entry)
        if len(self.entries) > MOST_ENTRIES:
            raise NotReadable(f"has more than {MOST_ENTRIES} entries")


@dataclass
class _Sitemap(_Reader):
    url: str = ""
    files: list[str] = field(default_factory=list)

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """A new entry."""
        if len(self.path) == 2:
            self.url, self.files = "", []

    def finish(self, name: str, said: str) -> None:
        """``loc`` of an entry and of its images, and its end."""
        if len(self.path) == 3 and name == "loc":
            self.url = said
        elif self.path[2:] == ["image", "loc"]:
            self.files.append(said)
        elif len(self.path) == 2 and name in {"url", "sitemap"}:
            self.add(Entry(self.url))
            for file in self.files:
                self.add(Entry(file, is_file=True))


@dataclass
class _Feed(_Reader):
    url: str = ""
    guid: str = ""
    is_link: bool = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """A new item; or an Atom link, which is in its attributes."""
        if name in {"item", "entry"}:
            self.url = self.guid = ""
        elif name == "link" and attributes.get("rel", "alternate") == "alternate":
            self.url = self.url or attributes.get("href", "")
        elif name == "guid":
            self.is_link = attributes.get("isPermaLink", "true") == "true"

    def finish(self, name: str, said: str) -> None:
        """Address of an item, and its end. A ``guid`` stands in where there is no link, if it is one."""
        if name in {"item", "entry"}:
            self.add(Entry(self.url or self.guid))
        elif len(self.path) < 2 or self.path[-2] not in {"item", "entry"}:
            return
        elif name == "link":
            self.url = self.url or said
        elif name == "guid" and self.is_link and said.startswith(("http://", "https://")):
            self.guid = said
