"""The frontier: every address ever seen, each in exactly one state, and whose turn it is.

What belongs to one address – its new state, its page or file, the addresses found on it – is one transaction of the
caller's. A harvest killed at any moment goes on as if nothing had happened.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import Insert, insert

from migrator.extract.site import states, tables
from migrator.extract.site.fetch import Fetched, Known
from migrator.extract.site.store import EvidenceStore, batched

_CHUNK = 500
_FILE = tuple(tables.file.c[name] for name in ("version", "sha256", "size_bytes", "stored_as"))


@dataclass(frozen=True, slots=True)
class NewLink:
    """An address somebody named. ``state`` is WAITING, or why it will not be asked."""

    url: str
    kind: str
    state: str
    reason: str
    found_in: str
    found_by: str
    depth: int
    hops: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """An address to be asked. ``kept``: SHA-256 and size of the bytes it gave last time, where they were kept."""

    id: int
    url: str
    kind: str
    found_in: str
    found_by: str
    depth: int
    hops: int
    attempts: int
    known: Known
    kept: tuple[str, int] | None = None


def _add() -> Insert:
    """New addresses; one that was ignored and is wanted now changes its state."""
    statement = insert(tables.link)
    return statement.on_conflict_do_update(
        index_elements=["url"],
        set_={name: statement.excluded[name] for name in NewLink.__slots__ if name != "url"},
        where=(tables.link.c.state == states.IGNORED) & (statement.excluded.state != states.IGNORED),
    )


_ADD = _add()


_ANEW = {"state": states.WAITING, "reason": "", "attempts": 0, "next_at": 0.0}


class Frontier:
    """Reads and writes the table ``link``."""

    def __init__(self, store: EvidenceStore) -> None:
        self._store = store

    def add(self, connection: sa.Connection, links: Iterable[NewLink]) -> None:
        """Remember addresses; those already known stay as they are, but for what was ignored and now is not."""
        for batch in batched(links, _CHUNK):
            rows: dict[str, dict[str, Any]] = {}
            for new in batch:
                if new.url not in rows or rows[new.url]["state"] == states.IGNORED:
                    rows[new.url] = {name: getattr(new, name) for name in NewLink.__slots__}
            connection.execute(_ADD, list(rows.values()))

    def next(self, kinds: Sequence[str]) -> Link | None:
        """The address whose turn it is: of the first kind that has one, in the order they were found."""
        link = tables.link
        for kind in kinds:
            with self._store.reading() as connection:
                row = connection.execute(
                    sa.select(link, *_FILE)
                    .outerjoin(tables.file, tables.file.c.url == link.c.url)
                    .where(link.c.state == states.WAITING, link.c.kind == kind, link.c.next_at <= time.time())
                    .order_by(link.c.id).limit(1)
                ).mappings().one_or_none()  # fmt: skip
            if row is not None:
                return _link(row)
        return None

    def find(self, url: str) -> Link | None:
        """An address that is known."""
        link = tables.link
        statement = (
            sa.select(link, *_FILE).outerjoin(tables.file, tables.file.c.url == link.c.url).where(link.c.url == url)
        )
        with self._store.reading() as connection:
            row = connection.execute(statement).mappings().one_or_none()
        return None if row is None else _link(row)

    def due_in_s(self, kinds: Sequence[str]) -> float | None:
        """Seconds until an address may be asked again; None where none is waiting."""
        link = tables.link
        with self._store.reading() as connection:
            first = connection.execute(
                sa.select(sa.func.min(link.c.next_at)).where(link.c.state == states.WAITING, link.c.kind.in_(kinds))
            ).scalar()
        return None if first is None else max(0.0, first - time.time())

    def waiting(self, kind: str) -> int:
        """Addresses of a kind that are to be asked."""
        link = tables.link
        with self._store.reading() as connection:
            statement = sa.select(sa.func.count()).where(link.c.state == states.WAITING, link.c.kind == kind)
            return int(connection.execute(statement).scalar_one())

    def settle(
        self,
        connection: sa.Connection,
        link: Link,
        state: str,
        reason: str = "",
        answer: Fetched | None = None,
        kind: str = "",
    ) -> None:
        """Give an address its state, and the kind it turned out to be of."""
        values: dict[str, Any] = {"state": state, "reason": reason, "harvest": self._store.harvest, "next_at": 0.0}
        if kind:
            values["kind"] = kind
        if answer is not None and state == states.DONE:
            values |= {"etag": answer.etag, "modified": answer.modified}
        connection.execute(sa.update(tables.link).where(tables.link.c.id == link.id).values(values))

    def postpone(self, link: Link, reason: str, delay_s: float) -> None:
        """Ask again later."""
        values = {"attempts": link.attempts + 1, "reason": reason, "next_at": time.time() + delay_s}
        with self._store.writing() as connection:
            connection.execute(sa.update(tables.link).where(tables.link.c.id == link.id).values(values))

    def look_again(self, *, everything: bool) -> None:
        """A new harvest asks again: for what names others, for what failed – or for everything that was ever asked."""
        link = tables.link.c
        again = (link.state == states.FAILED) | (link.kind == states.INDEX) | (link.found_by == "start")
        again |= (link.kind == states.FILE) & (link.state == states.REDIRECTED)  # its host may be named by now
        asked = link.state.not_in(states.UNASKED)
        self._reopen(asked if everything else asked & again)

    def give_back(self, ids: Sequence[int]) -> None:
        """Have these addresses asked again."""
        self._reopen(tables.link.c.id.in_(ids))

    def _reopen(self, which: sa.ColumnElement[bool]) -> None:
        with self._store.writing() as connection:
            connection.execute(sa.update(tables.link).where(which).values(_ANEW))

    def ask_again(self, connection: sa.Connection, urls: Sequence[str]) -> None:
        """Have these addresses asked again, unless this harvest has asked already or nobody may."""
        link = tables.link
        before = link.c.harvest.is_not(None) & (link.c.harvest != self._store.harvest)
        connection.execute(
            sa.update(link)
            .where(link.c.url.in_(urls), before, link.c.state.not_in((states.WAITING, *states.UNASKED)))
            .values(_ANEW)
        )

    def turn_into_file(self, link: Link) -> None:
        """The address of a page gives a picture or a document: it waits among the files."""
        with self._store.writing() as connection:
            connection.execute(sa.update(tables.link).where(tables.link.c.id == link.id).values(kind=states.FILE))

    def judge_again(self, judge: Callable[[str, str, str], str]) -> None:
        """Look once more at the addresses nobody wanted: settings, profile and robots.txt may have changed since."""
        link, after = tables.link, 0
        while True:
            with self._store.writing() as connection:
                rows = connection.execute(
                    sa.select(link.c.id, link.c.url, link.c.kind, link.c.found_by, link.c.state)
                    .where(link.c.id > after, link.c.state.in_(states.UNASKED)).order_by(link.c.id).limit(_CHUNK)
                ).all()  # fmt: skip
                for row in rows:
                    state = judge(row.url, row.kind, row.found_by)
                    if state != row.state:
                        change = sa.update(link).where(link.c.id == row.id)
                        connection.execute(change.values(state=state, reason="", attempts=0, next_at=0.0))
            if len(rows) < _CHUNK:
                return
            after = rows[-1].id


def _link(row: sa.RowMapping) -> Link:
    return Link(
        id=row["id"],
        url=row["url"],
        kind=row["kind"],
        found_in=row["found_in"],
        found_by=row["found_by"],
        depth=row["depth"],
        hops=row["hops"],
        attempts=row["attempts"],
        known=Known(row["etag"], row["modified"], row["version"] or ""),
        kept=(row["sha256"], row["size_bytes"]) if row["stored_as"] else None,
    )
