"""What each run found before it changed something: the ledger's side of a rollback.

A row a key and run, of the first time the run touched it. It is written with the outcome, in one transaction; what a
crash left unconfirmed lies in ``intent`` until the run is given up.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any

import orjson
import sqlalchemy as sa

from migrator.db import Among, Many
from migrator.ledger import rows, tables
from migrator.ledger.lease import Asked, Lease
from migrator.ledger.reading import LedgerReading
from migrator.model.outcome import Bucket, Outcome
from migrator.ports import Intent, Item, Undo

PAGE = 500
_LEVEL = 6
_BYTES = ("source_fingerprint", "mapping_fingerprint", "content", "merge_digest")
_SAME = ("bucket", "content", "merged_into", "reason", "source_fingerprint")


def _items(connection: Asked, keys: Sequence[str]) -> dict[str, sa.RowMapping]:
    found = connection.execute(sa.select(tables.item).where(tables.item.c.key.in_(keys))).mappings()
    return {row["key"]: row for row in found}


def _is_same(known: sa.RowMapping | None, outcome: Outcome) -> bool:
    return known is not None and all(known[name] == getattr(outcome, name) for name in _SAME)


def _row(
    run: int, entity: str, key: str, intent: Intent | None, known: sa.RowMapping | None, *, is_confirmed: bool
) -> dict[str, Any]:
    before = intent.before if intent is not None else None
    return {
        "run": run,
        "key": key,
        "entity": entity if intent is None else intent.entity,
        "op": "" if intent is None else intent.op,
        "before": None if before is None else zlib.compress(before.encode(), _LEVEL),
        "item": None if known is None else _packed(known),
        "content": None if is_confirmed or intent is None else intent.content,
        "begun": False,
    }


def _packed(item: sa.RowMapping) -> str:
    values: dict[str, Any] = {name: None if item[name] is None else bytes(item[name]).hex() for name in _BYTES}
    values["is_partial"] = None if item["is_partial"] is None else bool(item["is_partial"])
    return orjson.dumps({**item, **values}, option=orjson.OPT_NON_STR_KEYS).decode()


def _unpacked(text: str) -> Item:
    values: dict[str, Any] = orjson.loads(text)
    values |= {name: None if values[name] is None else bytes.fromhex(values[name]) for name in _BYTES}
    return rows.item([values[column.name] for column in rows.ITEM_COLUMNS])


def _undo(row: Any) -> Undo:
    try:
        before = None if row["before"] is None else zlib.decompress(row["before"]).decode()
        known = None if row["item"] is None else _unpacked(row["item"])
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise rows.unreadable(row["key"], error) from error
    content = None if row["content"] is None else bytes(row["content"])
    return Undo(row["run"], row["key"], row["entity"], row["op"], before, known, content, bool(row["begun"]))


class UndoLog(LedgerReading):
    """The UndoLedger port's own half, mixed into the ledger."""

    _run: int | None
    _lease: Lease
    _writing: Callable[[], AbstractContextManager[sa.Connection]]
    _insert: Callable[[sa.Table], Any]
    _record: Callable[[sa.Connection, str, Sequence[Outcome]], None]

    def _remember(
        self, connection: sa.Connection, entity: str, outcomes: Sequence[Outcome], stubs: Collection[str]
    ) -> None:
        """Keep what was known, and what stood at the target, of the keys that are about to be confirmed.

        Of a key that nothing was to be done for, and of which nothing changes, there is nothing to take back.
        """
        changed = {outcome.key: outcome for outcome in outcomes if outcome.bucket is not Bucket.UNCHANGED}
        touched = [*(outcome.key for outcome in outcomes), *stubs]
        intents = {row[0]: Intent(*row) for row in self._intents.rows(connection, touched)}
        keys = dict.fromkeys([*changed, *intents])
        known = {row.key: row._mapping for row in self._whole_items.rows(connection, keys)}
        run = int(self._run or 0)
        values = (
            _row(run, entity, key, intents.get(key), known.get(key), is_confirmed=True)
            for key in keys
            if key in intents or not _is_same(known.get(key), changed[key])
        )
        self._undos.execute(connection, values)

    @cached_property
    def _whole_items(self) -> Among:
        return Among(self._engine, sa.select(tables.item), tables.item.c.key)

    @cached_property
    def _undos(self) -> Many:
        return Many(self._engine, self._insert(tables.undo).on_conflict_do_nothing(), tables.undo.columns.keys())

    def undoable(self) -> Mapping[int, int]:
        """Run -> number of keys of which something can be taken back, open intents included."""
        found: dict[int, int] = {}
        with self._reading() as connection:
            for table in (tables.undo, tables.intent):
                statement = sa.select(table.c.run, sa.func.count()).group_by(table.c.run)
                for run, number in connection.execute(statement):
                    found[run] = found.get(run, 0) + number
            for (run,) in connection.execute(sa.select(tables.brought.c.run).distinct()):
                found.setdefault(run, 0)
        return dict(sorted(found.items()))

    def give_up(self, runs: Collection[int]) -> None:
        """Close the runs as taken back; their open intents become something to take back."""
        with self._writing() as connection:
            self._lease.beat(connection)
            for run in runs:
                values = list(self._left_open(connection, run))
                if values:
                    connection.execute(self._insert(tables.undo).on_conflict_do_nothing(), values)
            connection.execute(sa.delete(tables.intent).where(tables.intent.c.run.in_(runs)))
            run_table = tables.run
            ended = sa.func.coalesce(run_table.c.ended_at, run_table.c.started_at)
            connection.execute(
                sa.update(run_table).where(run_table.c.id.in_(runs)).values(result="rolled_back", ended_at=ended)
            )

    @staticmethod
    def _left_open(connection: Asked, run: int, entity: str = "") -> Iterator[dict[str, Any]]:
        """Rows of ``undo`` for the intents of a run that nobody confirmed."""
        statement = sa.select(*rows.INTENT_COLUMNS).where(tables.intent.c.run == run)
        if entity:
            statement = statement.where(tables.intent.c.entity == entity)
        intents = [Intent(*row) for row in connection.execute(statement.order_by(tables.intent.c.key))]
        for start in range(0, len(intents), PAGE):
            page = intents[start : start + PAGE]
            known = _items(connection, [intent.key for intent in page])
            for intent in page:
                yield _row(run, "", intent.key, intent, known.get(intent.key), is_confirmed=False)

    def undos(self, run: int, entity: str) -> Iterator[Undo]:
        """What there is to take back of an entity, in key order."""
        undo = tables.undo
        statement = sa.select(undo).where(undo.c.run == run, undo.c.entity == entity).order_by(undo.c.key).limit(PAGE)
        last = ""
        while True:
            with self._reading() as connection:
                page = connection.execute(statement.where(undo.c.key > last)).mappings().all()
            yield from map(_undo, page)
            if len(page) < PAGE:
                return
            last = page[-1]["key"]

    def unconfirmed_undos(self, run: int, entity: str) -> Iterator[Undo]:
        """What giving the run up would add; at most a batch of each worker."""
        with self._reading() as connection:
            found = list(self._left_open(connection, run, entity))
            keys = [row["key"] for row in found]
            mine = (tables.undo.c.run == run) & tables.undo.c.key.in_(keys)
            there = set(connection.execute(sa.select(tables.undo.c.key).where(mine)).scalars())
        yield from (_undo(row) for row in found if row["key"] not in there)

    def changed_later(self, run: int, keys: Collection[str]) -> Mapping[str, int]:
        """Those of the keys that a later run changed, with the first such run."""
        undo = tables.undo.c
        with self._reading() as connection:
            later = [n for (n,) in connection.execute(sa.select(tables.run.c.id).where(tables.run.c.id > run))]
            statement = sa.select(undo.key, sa.func.min(undo.run)).where(undo.run.in_(later), undo.key.in_(keys))
            return {row[0]: row[1] for row in connection.execute(statement.group_by(undo.key))}

    def begin_undo(self, run: int, keys: Collection[str]) -> None:
        """Remember that these keys are about to be put back."""
        mine = (tables.undo.c.run == run) & tables.undo.c.key.in_(keys)
        with self._writing() as connection:
            self._lease.beat(connection)
            connection.execute(sa.update(tables.undo).where(mine).values(begun=True))

    def confirm_undo(self, run: int, entity: str, keys: Collection[str], outcomes: Sequence[Outcome]) -> None:
        """Cross the keys off and put the outcomes on record."""
        with self._writing() as connection:
            self._lease.beat(connection)
            if outcomes:
                self._record(connection, entity, outcomes)
            mine = (tables.undo.c.run == run) & tables.undo.c.key.in_(keys)
            connection.execute(sa.delete(tables.undo).where(mine))

    def brought(self, runs: Collection[int]) -> Sequence[str]:
        """Files these runs brought, in order."""
        brought = tables.brought.c
        with self._reading() as connection:
            statement = sa.select(brought.sha256).where(brought.run.in_(runs)).order_by(brought.sha256)
            return connection.execute(statement).scalars().all()

    def forget_brought(self, files: Collection[str]) -> None:
        """The files do not stand there any more."""
        with self._writing() as connection:
            connection.execute(sa.delete(tables.brought).where(tables.brought.c.sha256.in_(files)))
