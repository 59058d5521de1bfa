"""The harvest: from robots.txt, sitemaps, feeds and listings to articles and their files, one address after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from migrator.errors import StopRun
from migrator.extract.site import records, states, tables
from migrator.extract.site.addresses import Addresses
from migrator.extract.site.asking import PageAsker
from migrator.extract.site.frontier import Frontier, Link
from migrator.extract.site.media import LINK_STATE, Later, Media
from migrator.extract.site.pages import Pages
from migrator.extract.site.rules import Judge, Rules
from migrator.extract.site.store import EvidenceStore, batched, now
from migrator.extract.site.visit import Patience, Stopped, Visitor
from migrator.net import NoAnswer
from migrator.ports import Progress

_START = ("/", "/sitemap.xml")
_CHUNK = 500
_LONGEST_WAIT_S = 1.0


@dataclass(frozen=True, slots=True)
class Site:
    """What is harvested: the parts that know the site. Without ``visitor`` and ``pages`` only files are taken."""

    addresses: Addresses
    rules: Rules
    media: Media
    pages: Pages | None = None
    visitor: Visitor | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """How. ``limit`` pages at most; ``refresh`` asks again for what is already kept; ``profiles`` go into the log."""

    command: str = "harvest"
    limit: int | None = None
    refresh: bool = False
    profiles: tuple[str, ...] = ()
    patience: Patience = field(default_factory=Patience)
    stopping: Callable[[], bool] = lambda: False


class Harvest:
    """Works on one evidence database. Every address is settled in one transaction."""

    def __init__(self, store: EvidenceStore, site: Site, options: Options, progress: Progress) -> None:
        self._store, self._site, self._options, self._progress = store, site, options, progress
        self._frontier = Frontier(store)
        self._judge = Judge(site.addresses, site.rules)
        self._asker: PageAsker | None = None
        if site.visitor is not None and site.pages is not None:
            self._asker = PageAsker(store, site.addresses, site.pages, site.visitor, self._judge)
        self._pages_left = options.limit
        self._in_a_row = 0
        self._given_up: list[int] = []

    def run(self, paths: Iterable[str] = ()) -> str:
        """Harvest the site, and the files at further paths. How it ended: ``done``, ``limited`` or ``stopped``."""
        if self._store.begin(self._options.command, self._site.addresses.public, self._options.profiles):
            self._frontier.look_again(everything=self._options.refresh)
        self._frontier.judge_again(self._judge.state)
        try:
            self._name_files(paths)
            if self._site.visitor is not None and self._asker is not None:
                self._seed(self._site.visitor)
            return self._work()
        except Stopped:
            return "stopped"

    def _name_files(self, paths: Iterable[str]) -> None:
        """Put the files at these paths on the list; those this harvest has settled already stay as they are."""
        for batch in batched(paths, _CHUNK):
            self._name(batch)

    def _name(self, paths: Sequence[str]) -> None:
        urls, wrong = [], []
        for path in paths:
            try:
                urls.append(self._site.addresses.of_file(path))
            except ValueError as error:
                row = {"path": path, "url": "", "state": states.MISSING, "reason": str(error), "checked_at": now()}
                wrong.append(row)
        with self._store.writing() as connection:
            self._frontier.add(connection, [self._judge.link(url, states.FILE, "given") for url in urls])
            self._frontier.ask_again(connection, urls)
            for row in wrong:
                records.put(connection, tables.file, row)

    def _seed(self, visitor: Visitor) -> None:
        """Where it begins: the home page, the sitemaps, and what the profile names."""
        addresses = self._site.addresses
        sitemaps = [(address, states.INDEX) for address in visitor.robots(addresses.public + "/").sitemaps]
        starts = [(address, states.PAGE) for address in (*_START, *self._site.rules.start)]
        urls = [(addresses.canonical(address), kind) for address, kind in (*sitemaps, *starts)]
        with self._store.writing() as connection:
            self._frontier.add(connection, [self._judge.link(url, kind, "start") for url, kind in urls if url])

    # --- the loop ---
    def _work(self) -> str:
        shown, left = "", 0
        try:
            while not self._options.stopping():
                kinds = states.KINDS if self._asker and self._pages_left != 0 else (states.FILE,)
                link = self._frontier.next(kinds)
                if link is None:
                    due_in_s = self._frontier.due_in_s(kinds)
                    if due_in_s is None:
                        return self._ended()
                    self._wait(due_in_s)
                    continue
                if shown != link.kind or left <= 0:
                    left = self._show(link.kind, shown)
                    shown = link.kind
                self._settle(link)
                self._progress.advance(1)
                left -= 1
            return "stopped"
        finally:
            if shown:
                self._progress.finish()

    def _wait(self, due_in_s: float) -> None:
        if self._site.visitor is not None:
            self._site.visitor.wait(min(due_in_s, _LONGEST_WAIT_S))

    def _ended(self) -> str:
        """Nothing is waiting any more, or nothing that the limit allows."""
        waiting = self._asker and any(self._frontier.waiting(kind) for kind in (states.INDEX, states.PAGE))
        return "limited" if waiting else "done"

    def _show(self, kind: str, shown: str) -> int:
        """A new bar: the rest of the work of this kind, as far as it is known by now."""
        if shown:
            self._progress.finish()
        total = self._frontier.waiting(kind)
        if kind == states.PAGE and self._pages_left is not None:
            total = min(total, self._pages_left)
        self._progress.start(kind, total)
        return total

    def _settle(self, link: Link) -> None:
        try:
            if link.kind == states.FILE:
                self._file(link)
            elif self._asker is not None and self._asker.ask(link) and self._pages_left is not None:
                self._pages_left -= 1
            self._in_a_row = 0
            self._given_up.clear()
        except NoAnswer as error:
            self._later(link, error.message)
        except Later as error:
            self._later(link, str(error))

    def _later(self, link: Link, reason: str) -> None:
        """Ask again after a pause; give the address up after so many attempts, and the harvest where nothing answers."""
        self._in_a_row += 1
        patience = self._options.patience
        if self._in_a_row >= patience.in_a_row:
            self._frontier.give_back(self._given_up)  # the site was at fault, not they
            raise StopRun(
                f"The site has not answered {self._in_a_row} times in a row; the last time: {reason}",
                "Check that it runs, then start 'migrator harvest' again: it goes on.",
            )
        if link.attempts + 1 < patience.attempts:
            self._frontier.postpone(link, reason, patience.delay_s(link.attempts + 1))
            return
        self._given_up.append(link.id)
        with self._store.writing() as connection:
            self._frontier.settle(connection, link, states.FAILED, reason)
            if link.kind == states.FILE:
                records.put(connection, tables.file, self._site.media.nothing(link.url, states.FAILED, reason))

    def _file(self, link: Link) -> None:
        found = self._site.media.bring(link.url, link.known, link.kept)
        with self._store.writing() as connection:
            state = LINK_STATE.get(found.state, found.state)
            self._frontier.settle(connection, link, state, found.reason, found.answer)
            if found.row is not None:
                records.put(connection, tables.file, found.row)
