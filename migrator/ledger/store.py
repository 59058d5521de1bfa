"""The Ledger port over SQL (SQLite, PostgreSQL).

Three transactions of the loop end here: the intents of a batch, its confirmation, and the end of a run. Each is whole
or not at all. SQLite runs in WAL mode with ``synchronous=FULL``: a confirmed batch survives a power cut, and
``status`` can read while a run writes.
"""

from __future__ import annotations

import getpass
import socket
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import SQLAlchemyError

from migrator import __version__
from migrator.db import WRITES_AFTER_READING, Many, access_error, limit_silence, open_engine, persistent, running
from migrator.errors import EvidenceError
from migrator.ledger import rows, tables
from migrator.ledger.changes import ChangeLog, high_water_rows
from migrator.ledger.journal import chain_hash
from migrator.ledger.lease import Lease
from migrator.ledger.rates import LedgerRates
from migrator.ledger.turn import Turn, ledger_id, refuse_other, superseded
from migrator.ledger.undo import UndoLog
from migrator.model.merkle import merkle_root
from migrator.model.outcome import Outcome, journal_beginning, leaf_of
from migrator.ports import Baseline, HighWater, Intent, JournalEntry, Position, RunInfo, Seal, session_name


class SqlLedger(UndoLog, ChangeLog, LedgerRates):
    """The memory of one project."""

    def __init__(self, url: str) -> None:
        super().__init__(url, open_engine(url, read_only=False))
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _sqlite_durable)
            self._engine.dispose()
        self._turn = Turn()
        self._lease = Lease(self._turn)
        self._run: int | None = None
        self._prepare()

    def _prepare(self) -> None:
        try:
            tables.metadata.create_all(self._engine)
            with self._engine.begin() as connection:
                version = connection.execute(
                    sa.select(tables.meta.c.value).where(tables.meta.c.name == "schema_version")
                ).scalar_one_or_none()
                if version is None:
                    connection.execute(
                        sa.insert(tables.meta).values(name="schema_version", value=str(tables.SCHEMA_VERSION))
                    )
                elif version in {"1", "2"}:  # the tables the first lacked were just made
                    tables.item_by_entity.create(connection, checkfirst=True)
                    version_row = tables.meta.c.name == "schema_version"
                    connection.execute(
                        sa.update(tables.meta).where(version_row).values(value=str(tables.SCHEMA_VERSION))
                    )
        except SQLAlchemyError as error:
            raise access_error(error, self._url) from error
        try:
            is_newer = version is not None and int(version) > tables.SCHEMA_VERSION
        except ValueError as error:
            raise rows.unreadable("schema_version", error) from error
        if is_newer:
            raise EvidenceError("This ledger was written by a newer migrator.", "Install that version, or a newer one.")

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        engine = self._engine.execution_options(**{WRITES_AFTER_READING: True})
        with running(self._url), engine.begin() as connection:
            yield connection

    # --- runs ----------------------------------------------------------------------------------------------------------
    @persistent
    def begin(self, command: str, mapping_digest: str, marker: str) -> RunInfo:
        """Take the lease; go on with the open run of the same command and mapping, or open a new one."""
        run = tables.run
        with self._writing() as connection:
            self._lease.take(connection)
            same = (run.c.result == "") & (run.c.command == command)
            open_run = connection.execute(
                sa.select(run.c.id).where(same, run.c.mapping_digest == mapping_digest).order_by(run.c.id.desc())
            ).scalar()
            if open_run is None:
                connection.execute(sa.update(run).where(same).values(result="superseded", ended_at=_now()))
                open_run = self._open(connection, command, mapping_digest, marker)
            else:
                connection.execute(sa.update(run).where(run.c.id == open_run).values(sessions=run.c.sessions + 1))
            row = connection.execute(sa.select(run).where(run.c.id == open_run)).mappings().one()
        self._run = row["id"]
        return rows.run_info(row)

    @staticmethod
    def _open(connection: sa.Connection, command: str, mapping_digest: str, marker: str) -> int:
        number = (connection.execute(sa.select(sa.func.max(tables.run.c.id))).scalar() or 0) + 1
        connection.execute(
            sa.insert(tables.run).values(
                id=number, command=command, who=f"{getpass.getuser()}@{socket.gethostname()}", started_at=_now(),
                tool_version=__version__, mapping_digest=mapping_digest, marker=marker, result="", sessions=1,
            )
        )  # fmt: skip
        return number

    @persistent
    def end(self, result: str, high_water: Sequence[HighWater] = (), marker: str = "") -> None:
        """Close the run, keep its high-water marks, and give the lease back."""
        mine = tables.run.c.id == self._run
        with self._writing() as connection:
            if connection.execute(sa.select(tables.run.c.result).where(mine)).scalar() == result:
                return  # the first try was heard, its answer was lost
            self._lease.beat(connection)
            for row in high_water_rows(high_water):
                insert = self._insert(tables.high_water).values(row)
                connection.execute(insert.on_conflict_do_update(index_elements=["source", "entity"], set_=row))
            known = {"marker": marker} if marker else {}
            connection.execute(sa.update(tables.run).where(mine).values(result=result, ended_at=_now(), **known))
            self._lease.release(connection)

    def release(self) -> None:
        """Give the lease back without ending the run."""
        with self._writing() as connection:
            self._lease.release(connection)

    def ticket(self) -> str:
        """The run and the name its lease is held under."""
        return f"{self._run}:{self._lease.holder}"

    def join(self, ticket: str) -> None:
        """Write in that run, under that name."""
        run, _, self._lease.holder = ticket.partition(":")
        self._run = int(run)

    # --- workers that may be lost and come back ---
    @persistent
    def seal(self) -> Seal:
        """The ledger's own name, and the one its lease is held under."""
        with self._writing() as connection:
            return Seal(ledger_id(connection), self._lease.holder)

    @persistent
    def open_turns(self) -> None:
        """Count fencing tokens from the beginning."""
        with self._writing() as connection:
            self._lease.beat(connection)
            Turn.open(connection)

    @persistent
    def join_from_afar(self, ticket: str, worker: str, silence_s: float) -> None:
        """Write in that run, in turns alone. StopRun where this is not its ledger."""
        self.join(ticket)
        limit_silence(self._engine, silence_s, session_name(self._lease.holder, worker))
        with self._reading() as connection:
            holder = connection.execute(sa.select(tables.lease.c.holder)).scalar()
        refuse_other(holder, self._lease.holder)
        self._turn.demand(worker, silence_s)

    @persistent
    def take_turn(self, token: int, of: tuple[str, str], ends: tuple[Position | None, Position]) -> bool:
        """Shut out everybody with a smaller token; False where the range is on record.

        ``ends``: behind which position the range begins, and the last one it holds. Superseded for a token that is not
        the newest, and where the mark stands at neither end.
        """
        with self._writing() as connection:
            self._turn.clear(connection, self._lease.holder)
            self._lease.keep(connection)
            self._turn.take(connection, token, _now())
        position, _ = self.position(*of)
        place = _as_json(position)
        if place not in {_as_json(end) for end in ends}:
            raise superseded()
        return place == _as_json(ends[0])

    @persistent
    def request_stop(self) -> bool:
        """Ask the running process to stop after its batch."""
        with self._writing() as connection:
            return Lease.request_stop(connection)

    def stop_requested(self) -> bool:
        """Whether somebody asked."""
        with self._reading() as connection:
            return self._lease.stop_requested(connection)

    # --- the target before the first run ---
    @persistent
    def set_baseline(self, baseline: Sequence[Baseline]) -> None:
        """Remember it, unless one is remembered: the journal's beginning is chained to it."""
        values = [{"entity": b.entity, "rows": b.rows, "largest_id": b.largest_id} for b in baseline]
        if values and not self.baseline():
            with self._writing() as connection:
                connection.execute(sa.insert(tables.baseline), values)

    # --- marks ---------------------------------------------------------------------------------------------------------
    def position(self, source: str, entity: str) -> tuple[Position | None, int]:
        """The last confirmed position of the entity of a source in this run, and the rows up to it."""
        mark = tables.mark
        where = (mark.c.run == self._run, mark.c.source == source, mark.c.entity == entity)
        with self._reading() as connection:
            found = connection.execute(sa.select(mark.c.position, mark.c.rows).where(*where)).one_or_none()
        if found is None:
            return None, 0
        return None if found[0] is None else tuple(map(_place, orjson.loads(found[0]))), found[1]

    # --- items ---------------------------------------------------------------------------------------------------------
    @persistent
    def settle(self, keys: Collection[str]) -> None:
        """Close open intents whose rows the source no longer has."""
        with self._writing() as connection:
            self._lease.beat(connection)
            connection.execute(sa.delete(tables.intent).where(tables.intent.c.key.in_(keys)))

    def unseen(self, source: str, entity: str, *, kept: bool) -> Iterator[str]:
        """Keys this run did not meet and that are not gone yet; with ``kept`` also what is gone but still stands."""
        return self.unseen_by(int(self._run or 0), source, entity, kept=kept)

    @persistent
    def intend(self, intents: Sequence[Intent]) -> None:
        """Remember what will be done; an open intent of the same key is kept, for its before-image is the true one."""
        at = _now()
        values = [
            {
                "key": i.key,
                "entity": i.entity,
                "op": i.op,
                "before": i.before,
                "content": i.content,
                "run": self._run,
                "at": at,
            }
            for i in intents
        ]
        with self._writing() as connection:
            self._lease.beat(connection)
            self._intend.execute(connection, values)

    def bringing(self, files: Collection[str]) -> None:
        """Remember files that are about to be brought to the target and were not there."""
        values = [{"sha256": sha256, "run": self._run} for sha256 in sorted(files)]
        if values:
            with self._writing() as connection:
                self._lease.beat(connection)
                connection.execute(self._insert(tables.brought).on_conflict_do_nothing(), values)

    def _insert(self, table: sa.Table) -> Any:
        """INSERT with ON CONFLICT, which SQLAlchemy has a dialect at a time."""
        if self._engine.dialect.name == "postgresql":
            from sqlalchemy.dialects import postgresql  # not at the top: few ledgers are there

            return postgresql.insert(table)
        return sqlite.insert(table)

    def confirm(
        self,
        source: str,
        entity: str,
        outcomes: Sequence[Outcome],
        position: Position | None,
        *,
        done: bool,
        stubs: Collection[str] = (),
    ) -> None:
        """Outcomes, notes, journal entry, before-images and mark in one transaction; the batch's intents are closed."""
        self._confirm((source, entity), outcomes, _now(), position, done=done, stubs=stubs)

    @persistent
    def _confirm(
        self, of: tuple[str, str], outcomes: Sequence[Outcome], at: str,
        position: Position | None, *, done: bool, stubs: Collection[str],
    ) -> None:  # fmt: skip
        with self._writing() as connection:
            self._lease.beat(connection)
            if outcomes:
                if self._has(connection, at, outcomes):
                    return
                self._remember(connection, of[1], outcomes, stubs)
                self._record(connection, of[1], outcomes, at)
                self._close_intents(connection, [*(outcome.key for outcome in outcomes), *stubs])
            if position is not None or done:
                self._move_mark(connection, of, position, len(outcomes), done=done)

    def _has(self, connection: sa.Connection, at: str, outcomes: Sequence[Outcome]) -> bool:
        """Whether the journal ends with this very batch: only the answer of a first try was lost."""
        journal = tables.journal.c
        newest = sa.select(journal.run, journal.at, journal.root).order_by(journal.seq.desc()).limit(1)
        entry = connection.execute(newest).first()
        if entry is None or (entry[0], entry[1]) != (self._run, at):
            return False
        return bytes(entry[2]) == merkle_root([leaf_of(outcome.said()) for outcome in outcomes])

    def _record(self, connection: sa.Connection, entity: str, outcomes: Sequence[Outcome], at: str = "") -> None:
        """Append what is said of each outcome, and keep it as the latest of its key."""
        said = [outcome.said() for outcome in outcomes]
        seq = self._append(connection, [leaf_of(text) for text in said], at or _now())
        self._keep_outcomes(connection, entity, outcomes, said, seq)

    @staticmethod
    def _beginning(connection: sa.Connection) -> bytes:
        known = tables.baseline.c
        return journal_beginning(
            tuple(row) for row in connection.execute(sa.select(known.entity, known.rows, known.largest_id))
        )

    def _append(self, connection: sa.Connection, leaves: Sequence[bytes], at: str) -> int:
        """Chain a new entry to the journal; its number."""
        newest = connection.execute(
            sa.select(tables.journal.c.seq, tables.journal.c.hash).order_by(tables.journal.c.seq.desc()).limit(1)
        ).one_or_none()
        seq, previous = (newest[0] + 1, bytes(newest[1])) if newest else (1, self._beginning(connection))
        root = merkle_root(leaves)
        run = int(self._run or 0)
        entry = JournalEntry(
            seq, run, at, len(leaves), root, previous, chain_hash(previous, seq, run, at, len(leaves), root)
        )
        connection.execute(
            sa.insert(tables.journal).values(
                seq=seq, run=run, at=at, count=entry.count, root=root, previous=previous, hash=entry.hash
            )
        )
        return seq

    def _keep_outcomes(
        self, connection: sa.Connection, entity: str, outcomes: Sequence[Outcome], said: Sequence[str], seq: int
    ) -> None:
        run = int(self._run or 0)
        self._upsert.execute(connection, (rows.item_row(entity, each, run, seq, n) for n, each in enumerate(outcomes)))
        self._say.execute(connection, ({"seq": seq, "pos": pos, "said": text} for pos, text in enumerate(said)))

    @cached_property
    def _intend(self) -> Many:
        statement = self._insert(tables.intent).on_conflict_do_nothing()
        return Many(self._engine, statement, tables.intent.columns.keys())

    @cached_property
    def _say(self) -> Many:
        return Many(self._engine, sa.insert(tables.outcome), tables.outcome.columns.keys())

    @cached_property
    def _upsert(self) -> Many:
        insert = self._insert(tables.item)
        replaced = {c.name: insert.excluded[c.name] for c in tables.item.columns if c.name not in {"key", "attempts"}}
        replaced["attempts"] = tables.item.c.attempts + 1
        stays = tables.item.c.lead.is_not_distinct_from(insert.excluded.lead)
        replaced["lead_seq"] = sa.case((stays, tables.item.c.lead_seq), else_=insert.excluded.seq)
        for name in ("noted_seq", "noted_pos", "is_partial"):
            replaced[name] = sa.func.coalesce(insert.excluded[name], tables.item.c[name])
        statement = insert.on_conflict_do_update(index_elements=["key"], set_=replaced)
        return Many(self._engine, statement, tables.item.columns.keys())

    @staticmethod
    def _close_intents(connection: sa.Connection, keys: Sequence[str]) -> None:
        connection.execute(sa.delete(tables.intent).where(tables.intent.c.key.in_(keys)))

    def _move_mark(
        self, connection: sa.Connection, of: tuple[str, str], position: Position | None, rows_done: int, *, done: bool
    ) -> None:
        insert = self._insert(tables.mark)
        text = _as_json(position)
        values = {"run": self._run, "source": of[0], "entity": of[1], "position": text, "rows": rows_done, "done": done}
        kept = sa.func.coalesce(insert.excluded.position, tables.mark.c.position)
        connection.execute(
            insert.on_conflict_do_update(
                index_elements=["run", "source", "entity"],
                set_={"position": kept, "rows": tables.mark.c.rows + insert.excluded.rows, "done": done},
            ),
            values,
        )


def _as_json(position: Position | None) -> str | None:
    return None if position is None else orjson.dumps(position, default=_written).decode()


def _written(part: Any) -> Any:
    """A part of a position that JSON does not know: bytes in hex, the rest as text."""
    return {"hex": part.hex()} if isinstance(part, bytes) else str(part)


def _place(part: Any) -> Any:
    return bytes.fromhex(part["hex"]) if isinstance(part, dict) else part


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


_CHECKPOINT_PAGES = 4000
"""Pages of the write-ahead log (16 MB) before they are copied: an index's page goes into the file once for several batches."""

_CACHE_KIB = 16_384
"""The indexes by digest are met all over; with SQLite's own 2 MB their pages are read again with every batch."""


def _sqlite_durable(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
