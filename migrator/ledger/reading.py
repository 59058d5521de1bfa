"""Reading the ledger: runs, items, notes and the journal, for the loop, for `status`, for verify and for the report.

Everything that can be long is read in pages by key, so that no cursor stays open while the caller works.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from migrator.db import Among, persistent, running
from migrator.ledger import rows, tables
from migrator.ledger.lease import Asked, Lease
from migrator.model.outcome import Bucket, Note
from migrator.ports import Baseline, Intent, Item, JournalEntry, RunInfo

PAGE = 1000


class _Persistently:
    """The reading half of a connection."""

    def __init__(self, ledger: LedgerReading) -> None:
        self._ledger = ledger

    def execute(self, statement: sa.Executable, /) -> sa.Result[*tuple[Any, ...]]:
        """All rows of a statement."""
        return self._ledger.ask(statement)


class LedgerReading:
    """The reading half of the Ledger port."""

    def __init__(self, url: str, engine: sa.Engine) -> None:
        self._url = url
        self._engine = engine

    @contextmanager
    def _reading(self) -> Iterator[Asked]:
        """Something to ask. Every question is answered in full, and asked again where a passing fault stopped it."""
        yield _Persistently(self)

    @persistent
    def ask(self, statement: sa.Executable) -> sa.Result[*tuple[Any, ...]]:
        """All rows of a statement, over a connection of its own."""
        with running(self._url), self._engine.connect() as connection:
            return connection.execute(statement).freeze()()

    @persistent
    def among(self, question: Among, values: Collection[Any]) -> list[sa.Row[*tuple[Any, ...]]]:
        """The answer to a prepared question, over a connection of its own."""
        with running(self._url), self._engine.connect() as connection:
            return question.rows(connection, values)

    def forget(self) -> None:
        """Start from new connections."""
        self._engine.dispose()

    # --- runs ---
    def latest_run(self) -> RunInfo | None:
        """The newest run."""
        found = self.runs()
        return found[-1] if found else None

    def runs(self) -> Sequence[RunInfo]:
        """All runs, oldest first."""
        with self._reading() as connection:
            return [
                rows.run_info(r) for r in connection.execute(sa.select(tables.run).order_by(tables.run.c.id)).mappings()
            ]

    def is_running(self) -> bool:
        """Whether a process that is alive works on a run."""
        with self._reading() as connection:
            return Lease.is_held(connection)

    def is_complete(self, entity: str) -> bool:
        """Whether the newest run that read the entity read it to its end, from every source it has."""
        mark = tables.mark
        statement = sa.select(mark.c.source, mark.c.done).where(mark.c.entity == entity).order_by(mark.c.run)
        with self._reading() as connection:
            newest = {row[0]: row[1] for row in connection.execute(statement)}  # a later run replaces an earlier one
        return bool(newest) and all(newest.values())

    def baseline(self) -> Sequence[Baseline]:
        """The target as it was; empty before the first run."""
        with self._reading() as connection:
            return [Baseline(*row) for row in connection.execute(sa.select(tables.baseline))]

    # --- items ---
    def items(self, keys: Collection[str]) -> Mapping[str, Item]:
        """What is known of these keys."""
        return {row[0]: rows.item(row) for row in self.among(self._items, keys)}

    @cached_property
    def _items(self) -> Among:
        return Among(self._engine, sa.select(*rows.ITEM_COLUMNS), tables.item.c.key)

    def strayed(self, source: str, entity: str) -> Iterator[str]:
        """Keys of rows that were merged into a record which says something else now, or is not loaded any more."""
        merged, survivor = tables.item.alias("merged"), tables.item.alias("survivor")
        differs = survivor.c.content.is_(None) | (survivor.c.merge_digest != merged.c.merge_digest)
        statement = (
            sa.select(merged.c.key)
            .outerjoin(survivor, survivor.c.key == merged.c.merged_into)
            .where(merged.c.entity == entity, merged.c.bucket == Bucket.MERGED.value, differs)
            .where(merged.c.key.startswith(f"{source}:", autoescape=True))
            .order_by(merged.c.key)
            .limit(PAGE)
        )
        last = ""
        while True:
            with self._reading() as connection:
                page = connection.execute(statement.where(merged.c.key > last)).scalars().all()
            yield from page
            if len(page) < PAGE:
                return
            last = page[-1]

    def unseen_by(self, run: int, source: str, entity: str, *, kept: bool) -> Iterator[str]:
        """Keys of the entity of the source that a run did not meet and that are not gone yet, in key order."""
        item = tables.item.c
        left = item.bucket != Bucket.GONE.value
        if kept:
            left |= item.content.is_not(None)
        where = (item.run < run, item.key.startswith(f"{source}:", autoescape=True), left)
        for row in self._pages(sa.select(item.key).where(*where), entity, ()):
            yield row[0]

    def latest_lead_change(self, entities: Collection[str]) -> int:
        """The newest journal entry in which a key of these entities began to lead elsewhere, or nowhere; 0 for none.

        A record that is gone does not count: it is taken back only once nothing points to it.
        """
        item = tables.item.c
        where = (item.entity.in_(entities), item.bucket != Bucket.GONE.value)
        with self._reading() as connection:
            newest = connection.execute(sa.select(sa.func.max(item.lead_seq)).where(*where)).scalar()
        return newest or 0

    def unconfirmed(self, source: str, entity: str) -> Sequence[Intent]:
        """Every open intent of an entity of a source."""
        intent = tables.intent.c
        where = (intent.entity == entity, intent.key.startswith(f"{source}:", autoescape=True))
        with self._reading() as connection:
            return [Intent(*row) for row in connection.execute(sa.select(*rows.INTENT_COLUMNS).where(*where))]

    def survivors(self, entity: str, digests: Collection[bytes]) -> Mapping[bytes, str]:
        """For each merge digest the key of the loaded record that stands for it."""
        # The entity is compared here: SQLite, asked for it as well, would read all of it in place of these few.
        found = self.among(self._survivors, digests)
        return {bytes(row[0]): row[1] for row in found if row[2] == entity}

    @cached_property
    def _survivors(self) -> Among:
        item = tables.item.c
        loaded = sa.select(item.merge_digest, item.key, item.entity).where(item.content.is_not(None))
        return Among(self._engine, loaded, item.merge_digest)

    def open_intents(self, keys: Collection[str]) -> Mapping[str, Intent]:
        """Intents of these keys that were never confirmed."""
        return {row[0]: Intent(*row) for row in self.among(self._intents, keys)}

    @cached_property
    def _intents(self) -> Among:
        return Among(self._engine, sa.select(*rows.INTENT_COLUMNS), tables.intent.c.key)

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """Entity -> bucket -> number of items."""
        item = tables.item
        statement = sa.select(item.c.entity, item.c.bucket, sa.func.count()).group_by(item.c.entity, item.c.bucket)
        found: dict[str, dict[str, int]] = {}
        with self._reading() as connection:
            for entity, bucket, number in connection.execute(statement):
                found.setdefault(entity, {})[bucket] = number
        return found

    def keys(self, entity: str, buckets: Collection[Bucket] = ()) -> Iterator[str]:
        """Keys of an entity in key order."""
        for row in self._pages(sa.select(tables.item.c.key), entity, buckets):
            yield row[0]

    def set_aside(self, buckets: Collection[Bucket]) -> Iterator[Item]:
        """Items in these buckets, by key."""
        for row in self._pages(sa.select(*rows.ITEM_COLUMNS), "", buckets):
            yield rows.item(row)

    def all_items(self, entity: str = "") -> Iterator[Item]:
        """Every item by key."""
        for row in self._pages(sa.select(*rows.ITEM_COLUMNS), entity, ()):
            item = rows.item(row)
            if isinstance(item.digests, rows.Digests):
                item.digests.read()  # whoever looks at every item wants to know of one that cannot be read
            yield item

    def _pages(self, statement: sa.Select[Any], entity: str, buckets: Collection[Bucket]) -> Iterator[sa.Row[Any]]:
        """Rows of ``item`` in key order, the key first, a page at a time, so that no cursor stays open meanwhile."""
        key = tables.item.c.key
        if entity:
            statement = statement.where(tables.item.c.entity == entity)
        if buckets:
            # No index by bucket can be used for this: the rows behind it would be sorted anew for every page.
            unindexed = tables.item.c.bucket.concat("")
            statement = statement.where(unindexed.in_([bucket.value for bucket in buckets]))
        statement = statement.order_by(key).limit(PAGE)
        last: str | None = None
        while True:
            with self._reading() as connection:
                page = connection.execute(statement if last is None else statement.where(key > last)).all()
            yield from page
            if len(page) < PAGE:
                return
            last = page[-1][0]

    def by_content(self, entity: str, content: bytes) -> str | None:
        """The key of a loaded record with this content."""
        item = tables.item.c
        statement = sa.select(item.key, item.entity).where(item.content == content)  # the entity as in `survivors`
        with self._reading() as connection:
            return min((row[0] for row in connection.execute(statement) if row[1] == entity), default=None)

    def notes(self, entity: str = "") -> Iterator[tuple[str, Note]]:
        """Notes of the latest transformation of each key, in the journal's order."""
        outcome, item = tables.outcome, tables.item
        place = (outcome.c.seq, outcome.c.pos)
        transformed = (item.c.noted_seq == outcome.c.seq) & (item.c.noted_pos == outcome.c.pos)
        statement = sa.select(*place, item.c.key, outcome.c.said).join(item, transformed).order_by(*place).limit(PAGE)
        if entity:
            statement = statement.where(item.c.entity == entity)
        last: tuple[int, int] | None = None
        while True:
            with self._reading() as connection:
                wanted = statement if last is None else statement.where(sa.tuple_(*place) > sa.tuple_(*last))
                page = connection.execute(wanted).all()
            for _, _, key, said in page:
                yield from ((key, note) for note in rows.notes(key, said))
            if len(page) < PAGE:
                return
            last = (page[-1][0], page[-1][1])

    def journal(self) -> Iterator[JournalEntry]:
        """The journal from its beginning."""
        entry, last = tables.journal, 0
        while True:
            statement = sa.select(entry).where(entry.c.seq > last).order_by(entry.c.seq).limit(PAGE)
            with self._reading() as connection:
                page = connection.execute(statement).all()
            for row in page:
                yield JournalEntry(row[0], row[1], row[2], row[3], bytes(row[4]), bytes(row[5]), bytes(row[6]))
            if len(page) < PAGE:
                return
            last = page[-1][0]

    def said(self, seq: int) -> Iterator[str]:
        """What an entry says of each of its outcomes, in order."""
        outcome = tables.outcome
        statement = sa.select(outcome.c.said).where(outcome.c.seq == seq).order_by(outcome.c.pos)
        with self._reading() as connection:
            page = connection.execute(statement).scalars().all()
        yield from page

    def open_intent_count(self) -> int:
        """Intents nobody confirmed."""
        with self._reading() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(tables.intent)).scalar_one())

    def close(self) -> None:
        """Give connections back."""
        self._engine.dispose()
