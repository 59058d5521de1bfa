"""Reading a legacy source once, slowly if need be, into packs. What was stopped or killed goes on with the next call."""

from __future__ import annotations

import shutil
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from migrator.errors import StopRun
from migrator.extract.staged import values
from migrator.extract.staged.catalogue import Catalogue, packs_in, traits_from, write_catalogue
from migrator.extract.staged.packs import PackStore
from migrator.extract.staged.progress import StagingProgress
from migrator.model.record import SourceRow
from migrator.model.source import Marker, Selection, TableInfo
from migrator.model.staged import Pack, Relation, StagedCopy, Traits, query_name
from migrator.ports import Position, Progress

LEAST_BYTES = 256 * 1024
MOST_BYTES = 1024 * 1024
_USUAL_BYTES = 512 * 1024
"""A pack ends at a row chosen by what the row says, at about so many bytes behind the least: a row that came or changed
since the last time makes another pack of its own, and not of all that follow."""
_PAGE_BYTES = 2_000_000
_MOST_ROWS = 1000
_FIRST_ROWS = 50
_STREAMED_ROWS = 100
_SLICE_S = 0.2


class Live(Protocol):
    """The source, while it is there."""

    def tables(self) -> Mapping[str, TableInfo]:
        """Every table."""

    def views(self) -> Sequence[str]:
        """Those of them that are views."""

    def count(self, table: str) -> int:
        """Rows of a table."""

    def traits(self, tables: Sequence[str]) -> Traits:
        """How it compares."""

    def marker(self, selections: Sequence[Selection]) -> Marker:
        """Begins a snapshot where there is one."""

    @property
    def is_one_snapshot(self) -> bool:
        """Whether no connection was lost since."""

    def touched(self) -> Sequence[str]:
        """Tables known to have been written to since the marker."""

    def read(self, selection: Selection, after: Position | None, limit: int) -> Sequence[SourceRow]:
        """The next rows of a table in key order."""

    def stream(
        self, table: str | None, sql: str | None, order: Sequence[str]
    ) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
        """All rows, asked once."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to stage: tables, and declared queries with the columns to order each by (may be none).

    ``left_out``: columns that are not copied, by table.
    """

    tables: tuple[str, ...]
    queries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def relations(self) -> list[tuple[str, str | None, tuple[str, ...]]]:
        """Name, query (None for a table) and order of each."""
        tables = [(table, None, ()) for table in self.tables]
        return [*tables, *((query_name(sql), sql, order) for sql, order in self.queries.items())]


@dataclass(frozen=True, slots=True)
class Staged:
    """How a session ended: ``catalogue`` is None where it was stopped. ``new_bytes`` were written in this session."""

    catalogue: Catalogue | None
    rows: int
    new_bytes: int


class Staging:
    """Copies one source into a folder.

    ``rate``: rows a second at most; None without a bound. ``stopping`` is asked a few times a second; what is in no pack
    then is read again the next time.
    """

    def __init__(
        self, source: str, live: Live, folder: Path, plan: Plan, *, rate: int | None = None,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        self._source, self._live, self._folder, self._plan = source, live, folder, plan
        self._packs: PackStore = packs_in(folder)
        self._pace = _Pace(rate, stopping)
        self._new_bytes = 0

    def carry_out(self, progress: Progress) -> Staged:
        """Stage everything, or go on. A catalogue that was there stays as it is until the new copy is whole."""
        done = StagingProgress(self._folder / "progress.sqlite")
        try:
            head = self._head(done)
            now = _now()
            sessions = done.session(now)
            for name, sql, order in self._plan.relations:
                if not done.is_done(name) and not self._relation(done, name, sql, order, progress):
                    return Staged(None, done.rows(), self._new_bytes)
            catalogue = write_catalogue(self._folder, self._copy(done, head, sessions))
            rows = done.rows()
        finally:
            done.close()
        self._packs.remove_all_but(catalogue.packs)
        shutil.rmtree(self._folder / "views", ignore_errors=True)
        done.path.unlink(missing_ok=True)
        return Staged(catalogue, rows, self._new_bytes)

    def _head(self, done: StagingProgress) -> Mapping[str, Any]:
        """What this copy was begun with. One that was begun for another plan is begun again; its packs are not lost."""
        plan = asdict(self._plan)
        plan = {"tables": list(plan["tables"]), "queries": {k: list(v) for k, v in plan["queries"].items()},
                "left_out": {k: list(v) for k, v in plan["left_out"].items()}}  # fmt: skip
        consistent = self._live.marker(()).consistent
        head = done.head()
        if head is None or head["plan"] != plan:
            tables = self._live.tables()
            head = {
                "plan": plan, "began_at": _now(), "consistent": consistent,
                "tables": {name: asdict(table) for name, table in tables.items()},
                "counts": {name: self._live.count(name) for name in tables},
                "views": list(self._live.views()),
                "traits": asdict(self._live.traits(self._plan.tables)),
            }  # fmt: skip
            done.begin(head)
        return head

    def _relation(
        self, done: StagingProgress, name: str, sql: str | None, order: Sequence[str], progress: Progress
    ) -> bool:
        """Bring one relation into packs to its end; False where it was stopped."""
        key = () if sql is not None else self._live.tables()[name].primary_key
        progress.start(name, None if sql is not None else self._live.count(name))
        if key:
            columns = self._live.tables()[name].columns
            batches = self._pages(name, key, done.position(name))
        else:
            named, rows = self._live.stream(name if sql is None else None, sql, order)
            columns = tuple(named)
            batches = self._streamed(rows)
        left_out = self._plan.left_out.get(name, ())
        places = [place for place, column in enumerate(columns) if column not in left_out]
        kept = [columns[place] for place in places]
        keys = [kept.index(column) for column in key]
        done.start(name, kept, again=not key)
        pack = _Pack(self._packs, name, kept)
        for batch in batches:
            for row in batch:
                line = _line(name, columns, places, row)
                if pack.add(line):
                    position = [row[places[place]] for place in keys] if keys else None
                    self._put(done, pack, position)
            progress.advance(len(batch))
            if not self._pace.keep(len(batch)):
                return False
        if pack.rows:
            self._put(done, pack, None, is_last=True)
        else:
            done.finish(name)
        progress.finish()
        return True

    def _put(
        self, done: StagingProgress, pack: _Pack, position: Sequence[Any] | None, *, is_last: bool = False
    ) -> None:  # fmt: skip
        kept, new_bytes = pack.end()
        done.add(pack.relation, kept, position, is_last=is_last)
        self._new_bytes += new_bytes

    def _pages(self, table: str, key: tuple[str, ...], after: Position | None) -> Iterator[list[Sequence[Any]]]:
        """A table by its primary key, in pages of so many rows as are a few megabytes."""
        selection = Selection(self._source, table, key, table=table)
        limit = _FIRST_ROWS
        while True:
            limit = self._pace.most(limit)
            rows = self._live.read(selection, after, limit)
            if rows:
                after = rows[-1].position
                yield [tuple(row.values.values()) for row in rows]
            if len(rows) < limit:
                return
            size = sum(len(part) for row in rows for part in row.values.values() if isinstance(part, (str, bytes)))
            limit = max(1, min(_MOST_ROWS, limit * 4, len(rows) * _PAGE_BYTES // max(size, 1)))

    def _streamed(self, rows: Iterator[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
        while batch := list(islice(rows, self._pace.most(_STREAMED_ROWS))):
            yield batch

    def _copy(self, done: StagingProgress, head: Mapping[str, Any], sessions: int) -> StagedCopy:
        consistent = bool(head["consistent"]) and sessions == 1 and self._live.is_one_snapshot
        relations = tuple(
            Relation(name, done.columns(name), self._order(name, sql, order), done.packs(name), sql)
            for name, sql, order in self._plan.relations
        )
        left_out = self._plan.left_out
        tables = {
            name: TableInfo(
                name, tuple(c for c in each["columns"] if c not in left_out.get(name, ())), tuple(each["primary_key"])
            )
            for name, each in head["tables"].items()
        }
        return StagedCopy(
            self._source, head["began_at"], _now(), sessions, consistent, tables, head["counts"],
            traits_from(head["traits"]), relations,
            at_end={} if consistent else {name: self._live.count(name) for name in self._plan.tables},
            touched=tuple(self._live.touched()), left_out=left_out, views=tuple(head["views"]),
        )  # fmt: skip

    def _order(self, name: str, sql: str | None, order: tuple[str, ...]) -> tuple[str, ...]:
        return order if sql is not None else self._live.tables()[name].primary_key


class _Pack:
    """Rows on their way into a pack. The first line says whose rows they are, and what their columns are called."""

    def __init__(self, packs: PackStore, relation: str, columns: Sequence[str]) -> None:
        self.relation = relation
        self._packs = packs
        self._head = values.line([relation, list(columns)])
        self._lines: list[bytes] = []
        self._size = 0

    @property
    def rows(self) -> int:
        """Rows so far."""
        return len(self._lines)

    def add(self, line: bytes) -> bool:
        """Take a row; whether the pack ends with it."""
        self._lines.append(line)
        self._size += len(line) + 1
        if self._size < LEAST_BYTES:
            return False
        return self._size >= MOST_BYTES or zlib.crc32(line) * _USUAL_BYTES < len(line) << 32

    def end(self) -> tuple[Pack, int]:
        """Write the pack, and begin another: the pack, and how many bytes are new on the disk."""
        digest, size, packed, new = self._packs.keep([self._head, *self._lines])
        pack = Pack(digest, len(self._lines), size, packed)
        self._lines, self._size = [], 0
        return pack, new


class _Pace:
    """Rows a second, at most, on the average of the session."""

    def __init__(self, rate: int | None, stopping: Callable[[], bool]) -> None:
        self._rate, self._stopping = rate, stopping
        self._began, self._rows = time.monotonic(), 0

    def most(self, rows: int) -> int:
        """At most so many rows as two seconds bring."""
        return rows if self._rate is None else max(1, min(rows, 2 * self._rate))

    def keep(self, rows: int) -> bool:
        """Wait until so many more rows may have been read; False where somebody wants to stop."""
        self._rows += rows
        until = self._began + (self._rows / self._rate if self._rate else 0)
        while not self._stopping():
            left = until - time.monotonic()
            if left <= 0:
                return True
            time.sleep(min(left, _SLICE_S))
        return False


def _line(relation: str, columns: Sequence[str], places: Sequence[int], row: Sequence[Any]) -> bytes:
    try:
        return values.line([row[place] for place in places])
    except TypeError as error:
        for place in places:
            try:
                values.line([row[place]])
            except TypeError as told:
                raise StopRun(
                    f"{relation}.{columns[place]}: {told}.",
                    "Leave the column out (staging.leave_out), or read it as text in a declared query.",
                ) from error
        raise


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
