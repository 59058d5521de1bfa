"""One page as it came becomes rows: what it says, its pictures, and the addresses it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import parse_qsl

import orjson

from migrator.extract.page.charset import decode_page
from migrator.extract.page.limits import too_costly
from migrator.extract.page.model import Page, PageDate, PageImage, PageLink, Unreadable
from migrator.extract.site import states
from migrator.extract.site.addresses import Addresses
from migrator.extract.site.magic import MEDIA, extension_of
from migrator.extract.site.rules import HREF, Rules
from migrator.html.dom import Document, attribute, parse, select

LARGEST_BYTES = 8 * 1024 * 1024
MOST_LINKS = 5000
"""Of one page; what comes behind them is not looked at."""

_FEEDS = "link[rel~=alternate][type='application/rss+xml'], link[rel~=alternate][type='application/atom+xml']"
_EMBEDDED = "img, source, video, audio, embed"
_REFRESH = re.compile(r"[01]\s*[;,]\s*url\s*=\s*[\"']?([^\"']+)", re.IGNORECASE)
"""At once, or after a second: a page that renews itself later says something meanwhile."""


class PageReader(Protocol):
    """Reads one article page."""

    def __call__(self, data: bytes, content_type: str, url: str, fetched_at: datetime) -> Page | Unreadable:
        """What the page says, fetched at that moment. Never raises for a bad page."""


@dataclass(frozen=True, slots=True)
class Named:
    """An address a page names; ``found_by`` says how."""

    url: str
    kind: str
    found_by: str


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page as the tables have it. ``values`` are columns of ``page``, ``images`` rows of ``page_image``.

    ``leads_to`` is where a page sends its readers by itself, instead of saying anything; empty for any other.
    """

    kind: str
    values: dict[str, Any]
    images: list[dict[str, Any]] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)
    leads_to: str = ""


class Pages:
    """Reads the pages of one site."""

    def __init__(self, addresses: Addresses, rules: Rules, read: PageReader) -> None:
        self._addresses, self._rules, self._read = addresses, rules, read

    def page(self, url: str, data: bytes, content_type: str, fetched_at: datetime) -> ReadPage:
        """What a page says, and where it leads."""
        path = self._addresses.path(url)
        kind = self._rules.kind_of(path)
        named = list(self._links(url, data, content_type, is_article=kind == states.ARTICLE))
        leads_to = next((each.url for each in named if each.found_by == "redirect" and each.url != url), "")
        if leads_to or kind != states.ARTICLE:
            return ReadPage(kind, _NOTHING | {"path": path}, named=named, leads_to=leads_to)
        values = {"path": path, "legacy_id": self._rules.legacy_id(path)}
        page = self._said(url, data, content_type, fetched_at)
        if isinstance(page, Unreadable):
            reason = f"{page.reason}: {page.detail}"
            return ReadPage(kind, _NOTHING | values | {"reason": reason, "family": page.family or ""}, named=named)
        images = list(self._images(url, page))
        files = [Named(image["url_of_file"], states.FILE, "image") for image in images]
        files += [Named(file, states.FILE, "body") for file in self._in_body(url, page)]
        rows = [{name: value for name, value in image.items() if name != "url_of_file"} for image in images]
        return ReadPage(kind, _NOTHING | values | self._values(page), rows, [*named, *files])

    def _said(self, url: str, data: bytes, content_type: str, fetched_at: datetime) -> Page | Unreadable:
        """What the reader says. A page that nobody foresaw is on record with the error; the harvest goes on."""
        try:
            return self._read(data, content_type, url, fetched_at)
        except Exception as error:
            return Unreadable(url, "step-failed", f"{type(error).__name__}: {error}"[:500])

    def _values(self, page: Page) -> dict[str, Any]:
        said = {"notes": page.notes, "sources": dict(page.sources), "reasons": dict(page.reasons)}
        lead = page.lead_image
        canonical = self._addresses.canonical(page.canonical_url) if page.canonical_url else None
        return {
            "headline": page.headline,
            "standfirst": page.standfirst,
            "body_html": page.body_html,
            "body_text": page.body_text,
            "byline": page.byline.raw if page.byline else None,
            "source_credit": page.source_credit,
            "published_at": _instant(page.published),
            "published_raw": page.published.raw or None,
            "modified_at": _instant(page.updated),
            "section": page.section.text if page.section else None,
            "sections": _links_json(page.sections),
            "tags": _links_json(page.tags),
            "lead_image": self._file_path(lead.url) if lead else None,
            "lead_image_alt": lead.alt or None if lead else None,
            "language": page.language,
            "canonical_url": canonical,
            "family": page.family or "",
            "read_by": page.read_by,
            "notes": orjson.dumps(said).decode(),
        }

    def _file_path(self, address: str) -> str | None:
        url = self._addresses.canonical(address)
        return self._addresses.file_path(url) if url else None

    def _images(self, url: str, page: Page) -> Iterator[dict[str, Any]]:
        """Rows of the pictures, the lead picture at position 0; what has no address of its own (``data:``) is left out."""
        numbered: list[tuple[int, PageImage]] = list(enumerate(page.images, start=1))
        if page.lead_image is not None:
            numbered.insert(0, (0, page.lead_image))
        for position, image in numbered:
            file = self._addresses.canonical(image.url, url)
            if file is not None:
                yield {
                    "url": url, "position": position, "src": image.url, "path": self._addresses.file_path(file),
                    "caption": image.caption, "credit": image.credit, "alt": image.alt, "url_of_file": file,
                }  # fmt: skip

    def _in_body(self, url: str, page: Page) -> Iterator[str]:
        """Addresses of whatever else the body holds: sound, films, documents."""
        body = parse(page.body_html)
        shown = [attribute(node, name) for node in select(body, _EMBEDDED) for name in ("src", "poster")]
        linked = [*(attribute(node, "href") for node in select(body, "a")), *(video.url for video in page.videos)]
        # old players have the film in a parameter: player.swf?file=/uploads/a.mp4
        played = [value for address in (*shown, *linked) for _, value in parse_qsl(address.partition("?")[2])]
        for address in (*shown, *linked, *played):
            file = self._addresses.canonical(address, url)
            if file is not None and (address in shown or extension_of(self._addresses.path(file)) in MEDIA):
                yield file

    # --- where a page leads ---
    def _links(self, url: str, data: bytes, content_type: str, *, is_article: bool) -> Iterator[Named]:
        html = decode_page(data, content_type).text
        if len(data) > LARGEST_BYTES or too_costly(html):
            return
        tree = parse(html)
        base = next((attribute(node, "href") for node in select(tree, "base")), "")
        base = self._addresses.canonical(base, url) or url
        seen = 0
        for address, found_by in self._named(tree, is_article=is_article):
            if found := self._addresses.canonical(address, base):
                seen += 1
                is_file = extension_of(self._addresses.path(found)) in MEDIA
                yield Named(found, states.FILE if is_file else states.PAGE, found_by)
            if seen == MOST_LINKS:
                return

    def _named(self, tree: Document, *, is_article: bool) -> Iterator[tuple[str, str]]:
        """Addresses as the page writes them, the ones that say most first."""
        for node in select(tree, "link[rel~=canonical]"):
            yield attribute(node, "href"), "canonical"
        for node in select(tree, _FEEDS):
            yield attribute(node, "href"), "feed"
        for node in select(tree, "meta[http-equiv=refresh i]"):
            if match := _REFRESH.match(attribute(node, "content")):
                yield match[1], "redirect"
        for css, found_by in () if is_article else ((self._rules.links, "links"), (self._rules.next, "next")):
            for node in (node for selector in css for node in select(tree, selector)):
                yield attribute(node, "href"), found_by
        for node in select(tree, "a, area, iframe, frame"):
            yield attribute(node, "href") or attribute(node, "src"), HREF


_COLUMNS = (
    "headline", "standfirst", "body_html", "body_text", "byline", "source_credit", "published_at", "published_raw",
    "modified_at", "section", "sections", "tags", "lead_image", "lead_image_alt", "language", "canonical_url", "notes",
)  # fmt: skip
_NOTHING: dict[str, Any] = dict.fromkeys(_COLUMNS) | {"legacy_id": "", "family": "", "read_by": "", "reason": ""}


def _instant(date: PageDate) -> str | None:
    return date.instant.isoformat(timespec="seconds") if date.instant else None


def _links_json(links: tuple[PageLink, ...]) -> str | None:
    return orjson.dumps([{"text": link.text, "url": link.url} for link in links]).decode() if links else None
