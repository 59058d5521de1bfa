"""One page asked: whatever comes back – a page, a sitemap, a redirect, nothing – becomes rows and further addresses."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import UTC, datetime

from migrator.errors import AccessError
from migrator.extract.site import feeds, pages, records, states
from migrator.extract.site.addresses import Addresses
from migrator.extract.site.feeds import Listing, NotReadable
from migrator.extract.site.fetch import NOT_MODIFIED, OK, Fetched
from migrator.extract.site.frontier import Frontier, Link, NewLink
from migrator.extract.site.magic import HEAD_BYTES, mime_type
from migrator.extract.site.media import Later
from migrator.extract.site.pages import Pages
from migrator.extract.site.rules import Judge
from migrator.extract.site.store import EvidenceStore
from migrator.extract.site.visit import MOST_HOPS, Forbidden, Visitor, is_passing, is_redirect
from migrator.net import TooLarge

_TEXTS = frozenset({None, "text/html", "text/plain", "application/xml"})


class PageAsker:
    """Asks for pages, sitemaps and feeds, and settles their addresses."""

    def __init__(
        self, store: EvidenceStore, addresses: Addresses, pages: Pages, visitor: Visitor, judge: Judge
    ) -> None:
        self._store, self._addresses, self._pages, self._visitor = store, addresses, pages, visitor
        self._judge, self._frontier = judge, Frontier(store)

    def ask(self, link: Link) -> bool:
        """Ask and settle; whether it was a page. Later, NoAnswer and Stopped where it may come yet."""
        sink = io.BytesIO()
        try:
            answer = self._visitor.visit(link.url, sink, link.known, feeds.LARGEST_BYTES)
        except Forbidden:
            return self._without(link, states.FORBIDDEN, "")
        except TooLarge as error:
            return self._without(link, states.TOO_LARGE, error.message)
        if answer.status == OK:
            return self._answered(link, answer, sink.getvalue())
        if answer.status == NOT_MODIFIED:
            return self._without(link, states.DONE, "")
        if is_redirect(answer.status):
            return self._redirected(link, answer)
        if is_passing(answer.status):
            raise Later(f"answers {answer.status}")
        state = states.GONE if answer.status in {404, 410} else states.REFUSED
        return self._without(link, state, f"answers {answer.status}", answer.status)

    def _without(self, link: Link, state: str, reason: str, status: int | None = None) -> bool:
        """Nothing new came."""
        with self._store.writing() as connection:
            self._frontier.settle(connection, link, state, reason)
            if status is not None:
                records.mark_page(connection, link.url, status)
        return link.kind == states.PAGE

    def _redirected(self, link: Link, answer: Fetched) -> bool:
        return self._leads(link, answer, self._addresses.canonical(answer.location, link.url))

    def _leads(self, link: Link, answer: Fetched, target: str | None) -> bool:
        """The address only names another one."""
        if target == link.url and link.found_by == "start":
            raise AccessError(
                f"The site sends every visitor on to {answer.location}.", "Write that address as `url` of the site."
            )
        if target is None or target == link.url or link.hops >= MOST_HOPS:
            reason = f"redirects in a circle, or to nowhere: {answer.location[:200]}"
            return self._without(link, states.FAILED, reason, answer.status)
        new = self._judge.link(target, link.kind, "redirect", link, link.hops + 1)
        with self._store.writing() as connection:
            self._frontier.settle(connection, link, states.REDIRECTED, target)
            self._frontier.add(connection, [new])
            records.mark_page(connection, link.url, answer.status)
        return False

    def _answered(self, link: Link, answer: Fetched, data: bytes) -> bool:
        """Whatever it was asked as, a document is what its bytes say."""
        try:
            document = feeds.unpacked(data)
            if feeds.kind_of(document) is not None:
                return self._listed(link, answer, feeds.read_listing(document))
        except NotReadable as error:
            return self._without(link, states.FAILED, str(error), answer.status)
        if mime_type(document[:HEAD_BYTES]) not in _TEXTS:
            self._frontier.turn_into_file(link)
            return False
        if len(document) > pages.LARGEST_BYTES:
            return self._without(link, states.TOO_LARGE, f"more than {pages.LARGEST_BYTES} bytes", answer.status)
        return self._read(link, answer, document)

    def _listed(self, link: Link, answer: Fetched, listing: Listing) -> bool:
        """A sitemap or feed: what it names goes on the list."""
        found_by = "feed" if listing.kind == "feed" else "sitemap"
        hops = link.hops + 1 if listing.kind == "index" else 0
        if hops > MOST_HOPS:
            return self._without(link, states.FAILED, "sitemap indexes are nested too deeply")
        reason = f"{listing.repaired} bare ampersands were mended" if listing.repaired else ""
        with self._store.writing() as connection:
            self._frontier.settle(connection, link, states.DONE, reason, answer, states.INDEX)
            self._frontier.add(connection, self._entries(link, listing, found_by, hops))
        return False

    def _entries(self, link: Link, listing: Listing, found_by: str, hops: int) -> Iterator[NewLink]:
        for entry in listing.entries:
            if url := self._addresses.canonical(entry.url, link.url):
                kind = states.INDEX if listing.kind == "index" else self._judge.kind(url)
                yield self._judge.link(url, states.FILE if entry.is_file else kind, found_by, link, hops)

    def _read(self, link: Link, answer: Fetched, data: bytes) -> bool:
        """An HTML page: what it says, and where it leads."""
        fetched_at = datetime.now(UTC)
        read = self._pages.page(link.url, data, answer.content_type, fetched_at)
        if read.leads_to:
            return self._leads(link, answer, read.leads_to)
        facts = {
            "status": answer.status, "fetched_at": records.seconds(fetched_at), "content_type": answer.content_type,
            "size_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "found_in": link.found_in,
        }  # fmt: skip
        named = [self._judge.link(each.url, each.kind, each.found_by, link) for each in read.named]
        with self._store.writing() as connection:
            self._frontier.settle(connection, link, states.DONE, "", answer, states.PAGE)
            records.put_raw(connection, link.url, answer.content_type, data)
            records.put_page(connection, link.url, read, facts)
            self._frontier.add(connection, named)
        return True
