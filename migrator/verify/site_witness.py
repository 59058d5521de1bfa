"""C1b: the public site as a second witness of the source.

Every page in the site's sitemaps must be a row of the source that the audit statement calls public, and the reverse.
The site's date of a page is compared with the date at the *target*, which finds a time zone lost anywhere on the way.
Both sides are cut into files by key, so that nothing grows with the corpus. A site that lists only its newest pages
makes every older article *only-in-database*: then its sitemap is no witness, and the finding says so by its number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from types import TracebackType

from migrator.errors import AccessError
from migrator.model.audit import Audit, SiteWitness, cell_value
from migrator.model.content import ENTITIES, Kind, Value
from migrator.model.finding import Check
from migrator.model.record import record_key
from migrator.ports import SiteIndex, WitnessRow
from migrator.verify.desk import Batch, Desk
from migrator.verify.links import own_path
from migrator.verify.questions import Question, question
from migrator.verify.readings import ZONE, Unreadable
from migrator.verify.spool import Spool

_HOUR = timedelta(hours=1)


Listed = Callable[[str, str], None]
"""Is told each page of the site: path and query, and the legacy key it is of (empty for a page of another kind)."""


class SiteCheck:
    """C1b for the one source whose statement names a site. Use it in a ``with`` block. ``listed`` is told of every page."""

    def __init__(self, desk: Desk, audit: Audit, site: SiteWitness, listed: Listed | None = None) -> None:
        self._desk, self._audit, self._site, self._tell = desk, audit, site, listed
        self.entity = site.entity
        self._patterns = [re.compile(pattern) for pattern in site.patterns]
        self._tests = list(self._public_tests())
        self._differences = self._compared = self._not_compared = self._other_pages = 0
        self._pages = self._dates = 0
        self._stack = ExitStack()

    def __enter__(self) -> SiteCheck:
        folder = self._desk.lists.folder
        self._listed = self._stack.enter_context(Spool(folder))
        self._rows = self._stack.enter_context(Spool(folder))
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._stack.close()

    def _public_tests(self) -> Iterator[tuple[Question, frozenset[str]]]:
        audited = self._audit.entities.get(self.entity)
        fields = ENTITIES[self.entity].by_name
        identities = {identity.field: identity for identity in audited.identities} if audited else {}
        for name, values in self._site.public.items():
            cell = name.removeprefix("cell.")
            if audited is not None and cell != name:
                yield question(audited.cell[cell], Kind.TEXT, self._audit, cell_value(cell)), frozenset(values)
                continue
            yield question(identities[name], fields[name].kind, self._audit), frozenset(values)

    def look(self, batch: Batch) -> None:
        """Remember, on disk, which rows are public and which date their record has at the target."""
        if batch.entity.name != self.entity or batch.audit is not self._audit:
            return
        dates = {each.key: each.record.fields.get(self._site.lastmod or "") for each in batch.standing}
        for row in batch.rows:
            self._rows.add(row.key, f"{self._state(row)} {_stamp(dates.get(row.key))}")

    def _state(self, row: WitnessRow) -> str:
        try:
            values = [(ask.expected(row).value, allowed) for ask, allowed in self._tests]
        except Unreadable:
            return "unreadable"
        return "public" if all(_word(value) in allowed for value, allowed in values) else "hidden"

    def examine(self, site: SiteIndex | None) -> Check:
        """Read the site's index and compare. A site nobody asked is no fault; one that gives no answer is."""
        if site is None:
            return self._check(None, "the site was not asked")
        try:
            for url, lastmod in site.entries():
                self._list(url, lastmod)
        except AccessError as error:
            self._not_compared += 1
            return self._check(None, f"the site could not be read: {error.message}")
        if not self._pages:
            self._not_compared += 1
            return self._check(None, "no page in the sitemaps fits the patterns")
        for listed, rows in zip(self._listed.parts(), self._rows.parts(), strict=True):
            self._compare(dict(listed), rows)
        return self._check(not self._differences, "")

    def _list(self, url: str, lastmod: str) -> None:
        path = own_path(url, self._audit.hosts) or url
        for pattern in self._patterns:
            match = pattern.search(path)
            if match:
                key = record_key(self._audit.source, self.entity, match["id"])
                self._pages += 1
                self._listed.add(key, " ".join(lastmod.split()))
                self._told(path, key)
                return
        self._other_pages += 1
        self._told(path, "")

    def _told(self, path: str, key: str) -> None:
        if self._tell is not None:
            self._tell(path, key)

    def _compare(self, listed: dict[str, str], rows: Iterator[tuple[str, str]]) -> None:
        """One part of the keys: pages without a public row, public rows without a page, dates."""
        for key, payload in rows:
            state, _, at_target = payload.partition(" ")
            lastmod = listed.pop(key, None)
            if state == "unreadable":
                self._not_compared += 1
                continue
            if lastmod is None and state == "hidden":
                continue
            self._compared += 1
            if lastmod is None:
                self._finding("only-in-database", key, "public in the database, but in no sitemap of the site")
            elif state == "hidden":
                self._finding("only-on-site", key, "in the sitemap of the site, but not public in the database")
            elif lastmod and at_target and self._site.lastmod:
                self._date(key, lastmod, at_target)
        for key in listed:
            self._compared += 1
            self._finding("only-on-site", key, "in the sitemap of the site, but not in the database")

    def _date(self, key: str, lastmod: str, at_target: str) -> None:
        try:
            there = datetime.fromisoformat(lastmod)
        except ValueError:
            self._finding("time-differs", key, f"the site's date {lastmod} is none")
            return
        self._dates += 1
        target = datetime.fromisoformat(at_target)
        if len(lastmod) <= len("2000-01-01"):
            if there.date() != target.astimezone(ZONE).date():
                self._finding("time-differs", key, f"site {lastmod}, target {at_target}")
            return
        site = (there if there.tzinfo else there.replace(tzinfo=ZONE)).astimezone(UTC)
        delta = target - site.replace(microsecond=0)
        if not delta:
            return
        hours = delta // _HOUR
        shifted = not delta % _HOUR and abs(hours) <= 14
        kind = f"time-shift-{abs(hours)}h" if shifted else "time-differs"
        self._finding(kind, key, f"site {lastmod}, target {at_target}")

    def _finding(self, kind: str, key: str, detail: str) -> None:
        self._differences += 1
        self._desk.lists.finding(kind, self.entity, key, detail)

    def _check(self, holds: bool | None, why: str) -> Check:
        statement = (
            f"{self._compared} pages of the site's sitemaps and public rows of the source against each other, "
            f"{self._dates} dates of the site against the target; {self._other_pages} pages are of another kind"
        )
        if why:
            statement = f"not compared: {why}"
        counts = (self._compared, self._not_compared, self._differences)
        return Check("C1b", self.entity, holds, *counts, True, statement)


def _stamp(moment: Value) -> str:
    return moment.replace(microsecond=0).isoformat() if isinstance(moment, datetime) else ""


def _word(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
