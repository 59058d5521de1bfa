"""What the public site says of itself: its sitemaps, by HTTP.

Sitemap indexes and sitemaps (plain or gzip) as sitemaps.org defines them, beginning with the declared ones and those
that ``robots.txt`` names. Only the one host is asked: where a file names the paper's own domain, its path is taken from
the host that is served. XML with a document type or entities is refused. Everything is bounded; what cannot be read is
an AccessError, never an empty answer.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Protocol
from urllib.parse import urljoin, urlsplit
from xml.parsers import expat

from migrator.errors import AccessError
from migrator.net import Session

LARGEST_BYTES = 60_000_000
MOST_FILES = 20_000
DEEPEST = 3
_GZIP = b"\x1f\x8b"
_LONGEST_TEXT = 4096


class Fetch(Protocol):
    """Gets a page."""

    def get(self, url: str) -> bytes:
        """The body of the answer. AccessError where there is none."""


class SitemapIndex:
    """The entries of a site's sitemaps, streamed file by file.

    ``base_url`` is the host that is asked; ``hosts`` are the paper's own names, that may stand in the files instead.
    """

    def __init__(self, base_url: str, sitemaps: Sequence[str], hosts: frozenset[str], fetch: Fetch) -> None:
        self._base = base_url.rstrip("/") + "/"
        self._host = urlsplit(base_url).hostname or ""
        self._hosts = hosts | {self._host}
        self._declared = tuple(sitemaps)
        self._fetch = fetch

    @classmethod
    def over_http(
        cls, base_url: str, sitemaps: Sequence[str], hosts: frozenset[str], timeout_s: float = 30
    ) -> SitemapIndex:
        """Ask the site itself, and no other host."""
        return cls(base_url, sitemaps, hosts, Session({urlsplit(base_url).netloc}, timeout_s))

    def entries(self) -> Iterator[tuple[str, str]]:
        """(path and query, lastmod or '') of every page, in the order of the files."""
        seen = dict.fromkeys(self._own(url) for url in (*self._declared, *self._from_robots()))
        waiting = [(url, 1) for url in seen]
        while waiting:
            url, depth = waiting.pop(0)
            is_index, found = _parse(url, _unpacked(url, self._fetch.get(url)))
            if not is_index:
                yield from ((_path(location), lastmod) for location, lastmod in found)
                continue
            if depth >= DEEPEST:
                raise AccessError(f"{url}: sitemap indexes are nested too deeply", "Check the site's sitemaps.")
            further = [own for own in (self._own(location) for location, _ in found) if own not in seen]
            seen.update(dict.fromkeys(further))
            waiting += [(own, depth + 1) for own in dict.fromkeys(further)]
            if len(seen) > MOST_FILES:
                raise AccessError(f"the site names more than {MOST_FILES} sitemaps", "Check the site's sitemaps.")

    def _from_robots(self) -> Iterator[str]:
        """Addresses of the ``Sitemap:`` lines; none where there is no robots.txt."""
        try:
            lines = self._fetch.get(urljoin(self._base, "/robots.txt")).decode("utf-8-sig", "replace").splitlines()
        except AccessError:
            return
        for line in lines:
            name, _, value = line.partition(":")
            if name.strip().lower() == "sitemap" and value.strip():
                yield value.strip()

    def _own(self, url: str) -> str:
        """The address on the host that is asked. AccessError for a sitemap on a host that is not the paper's."""
        parts = urlsplit(urljoin(self._base, url))
        if parts.hostname not in self._hosts:
            raise AccessError(
                f"a sitemap is on another host: {url}",
                "Name the host under 'hosts:' in audit.yaml if it is the paper's.",
            )
        return urljoin(self._base, _path(parts.geturl()))


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _unpacked(url: str, data: bytes) -> bytes:
    """The XML, unpacked where it is gzip."""
    if not data.startswith(_GZIP):
        return data
    unpack = zlib.decompressobj(wbits=31)
    try:
        xml = unpack.decompress(data, LARGEST_BYTES)
    except zlib.error as error:
        raise AccessError(f"{url}: the gzip file is damaged ({error})", "Check the site's sitemaps.") from error
    if unpack.unconsumed_tail or not unpack.eof:
        raise AccessError(f"{url}: the gzip file is too large or cut off", "Check the site's sitemaps.")
    return xml


class _Sitemap:
    """Collects ``loc`` and ``lastmod`` of each ``url`` or ``sitemap`` element, whatever its namespace prefix."""

    def __init__(self) -> None:
        self.root = ""
        self.entries: list[tuple[str, str]] = []
        self._path: list[str] = []
        self._texts: dict[str, str] = {}

    def start(self, name: str, _attributes: object) -> None:
        """An element begins."""
        local = name.rpartition(" ")[2]
        self.root = self.root or local
        self._path.append(local)
        if len(self._path) == 2:
            self._texts = {}

    def text(self, data: str) -> None:
        """Text of an element; only what is directly in an entry counts."""
        if len(self._path) == 3 and self._path[2] in {"loc", "lastmod"}:
            so_far = self._texts.get(self._path[2], "")
            self._texts[self._path[2]] = (so_far + data)[:_LONGEST_TEXT]

    def end(self, name: str) -> None:
        """An element ends."""
        self._path.pop()
        if len(self._path) == 1 and name.rpartition(" ")[2] in {"url", "sitemap"}:
            location = self._texts.get("loc", "").strip()
            if location:
                self.entries.append((location, self._texts.get("lastmod", "").strip()))


def _parse(url: str, xml: bytes) -> tuple[bool, list[tuple[str, str]]]:
    """Whether it is an index, and its entries. AccessError for anything that is no sitemap."""
    sitemap, parser = _Sitemap(), expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = sitemap.start
    parser.EndElementHandler = sitemap.end
    parser.CharacterDataHandler = sitemap.text

    def refuse(*_: object) -> None:
        raise AccessError(f"{url}: has a document type, which a sitemap never has", "Look at the file by hand.")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise AccessError(f"{url}: is no well-formed XML ({error})", "Check the site's sitemaps.") from error
    if sitemap.root not in {"urlset", "sitemapindex"}:
        raise AccessError(f"{url}: is no sitemap, but <{sitemap.root}>", "Check the address in audit.yaml.")
    return sitemap.root == "sitemapindex", sitemap.entries
