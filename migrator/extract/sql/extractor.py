"""The Extractor port over a database connection that is held for the whole run, so that a batch sees what the last one saw."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from migrator.db import open_engine, persistent, reading, running
from migrator.errors import ConfigurationError
from migrator.extract.sql import statements
from migrator.extract.sql.kept import Keeping, KeptRows
from migrator.extract.sql.sides import Home, Sides
from migrator.extract.sql.traits import traits
from migrator.model.record import Row, SourceRow, record_key, split_key
from migrator.model.source import KeyRange, Marker, Selection, Side, TableInfo
from migrator.model.staged import Traits
from migrator.ports import Position

_ASKED_AT_ONCE = 50

_SNAPSHOT_ENGINES = frozenset({"InnoDB"})
_FETCHED = 1000
_STREAMED = 100


class SqlExtractor:
    """Reads entities from one database, read-only, in key order, with side rows fetched once a batch.

    Consistency: SQLite, PostgreSQL (REPEATABLE READ) and InnoDB give the held transaction one snapshot; for MyISAM the
    marker says that there is none.
    """

    def __init__(self, url: str, source: str) -> None:
        self._url = url
        self._source = source
        self._engine = open_engine(url, read_only=True)
        if self._engine.dialect.name in {"postgresql", "mysql", "mariadb"}:
            self._engine = self._engine.execution_options(isolation_level="REPEATABLE READ")
        self._connection: sa.Connection | None = None
        self._is_one_snapshot = True
        self._since: datetime | None = None
        self._tables: dict[str, TableInfo] | None = None
        self._key_types: dict[tuple[str, ...], tuple[Callable[[str], Any], ...]] = {}
        self._others: Mapping[str, Home] = {}
        self._sides = Sides(self._home)
        self._keeping = Keeping()
        self._kept: dict[Selection, KeptRows] = {}
        self._asked: set[Selection] = set()

    # --- describing ---
    def tables(self) -> Mapping[str, TableInfo]:
        """Every table and view by name, read once."""
        if self._tables is None:
            with reading(self._url):
                self._tables = self._introspect()
        return self._tables

    def _introspect(self) -> dict[str, TableInfo]:
        inspector = sa.inspect(self._engine)
        found = {}
        for kind in (sa.engine.reflection.ObjectKind.TABLE, sa.engine.reflection.ObjectKind.VIEW):
            columns = inspector.get_multi_columns(kind=kind)
            keys = inspector.get_multi_pk_constraint(kind=kind)
            for (schema, name), described in columns.items():
                primary: Any = keys.get((schema, name)) or {}
                found[name] = TableInfo(
                    name, tuple(column["name"] for column in described), tuple(primary.get("constrained_columns") or ())
                )
        return found

    def columns(self, sql: str) -> tuple[str, ...]:
        """Column names of a declared query, by asking for none of its rows."""
        with reading(self._url), self._engine.connect() as connection:
            statement = sa.select(sa.text("*")).select_from(statements.origin(None, sql)).where(sa.false())
            return tuple(connection.execute(statement).keys())

    @persistent
    def marker(self, selections: Sequence[Selection]) -> Marker:
        """Rows and largest key of each selection."""
        entities = []
        with running(self._url):
            consistent = self._is_consistent()
            for selection in selections:
                rows, largest = self._size(selection)
                entities.append((selection.entity, rows, "" if largest is None else str(largest)))
        return Marker(consistent, tuple(entities))

    def _size(self, selection: Selection) -> tuple[int, Any]:
        """Rows and largest first key part. A declared query is answered whole for it, once; asked again, it is anew."""
        if selection.sql is not None and selection not in self._kept:
            self.keep(selection)
            rows, last = self._kept[selection].size()
            return rows, None if last is None else last[selection.key[0]]
        rows = self._connected().execute(statements.count(selection)).scalar_one()
        return int(rows), self._connected().execute(statements.largest_key(selection)).scalar()

    def _is_consistent(self) -> bool:
        if self._engine.dialect.name not in {"mysql", "mariadb"}:
            return True
        statement = sa.text("SELECT DISTINCT engine FROM information_schema.tables WHERE table_schema = database()")
        engines = {row[0] for row in self._connected().execute(statement)} - {None}
        if self._since is None:
            self._since = self._connected().execute(sa.text("SELECT now()")).scalar_one()
        return engines <= _SNAPSHOT_ENGINES

    @property
    def is_one_snapshot(self) -> bool:
        """Whether no connection was lost since the marker."""
        return self._is_one_snapshot

    @persistent
    def touched(self) -> Sequence[str]:
        """Tables of MyISAM and its like that were written to since the marker, by the server's own clock."""
        if self._since is None:
            return ()
        statement = sa.text(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = database()"
            " AND engine NOT IN :engines AND update_time >= :since ORDER BY table_name"
        ).bindparams(sa.bindparam("engines", list(_SNAPSHOT_ENGINES), expanding=True), since=self._since)
        with running(self._url):
            return [str(name) for name in self._connected().execute(statement).scalars()]

    # --- reading -------------------------------------------------------------------------------------------------------
    @persistent
    def read(
        self, selection: Selection, after: Position | None, limit: int, upto: Position | None = None
    ) -> Sequence[SourceRow]:
        """The next rows in key order after a position, up to and including another one, with side rows."""
        with running(self._url):
            kept = self._kept_rows(selection)
            if kept is None:
                found = self._rows(statements.page(selection, after, limit, upto))
                rows = self._complete(selection, [*found, *self._ties(selection, found, limit)])
            else:
                end = None if upto is None else self._place(selection, kept, upto)
                rows = self._complete(selection, kept.rows(self._place(selection, kept, after), end, limit))
        if rows and rows[-1].position == after:
            raise _stuck(selection)
        return rows

    @persistent
    def fetch(self, selection: Selection, keys: Collection[str]) -> Sequence[SourceRow]:
        """The rows with these keys, in key order."""
        with running(self._url):
            if kept := self._kept_rows(selection):
                return self._complete(selection, kept.with_keys(keys))
            ids = self._ids(selection, keys)
            found = self._rows(statements.by_keys(selection, ids)) if ids else []
            wanted = frozenset(keys)  # the database may take "Ha" and "HÀ" for the same
            return self._complete(selection, [row for row in found if self._key(selection, row) in wanted])

    @persistent
    def existing(self, selection: Selection, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys that the selection has."""
        with running(self._url):
            if kept := self._kept_rows(selection):
                rows = kept.with_keys(keys)
            else:
                ids = self._ids(selection, keys)
                rows = self._rows(statements.by_keys(selection, ids, selection.key)) if ids else []
        return frozenset(self._key(selection, row) for row in rows) & frozenset(keys)

    @persistent
    def keys(self, selection: Selection, after: Position | None, limit: int) -> Sequence[tuple[str, Position]]:
        """The next keys in key order after a position."""
        with running(self._url):
            if kept := self._kept_rows(selection):
                rows = kept.rows(self._place(selection, kept, after), None, limit)
            else:
                found = self._rows(statements.keys(selection, after, limit))
                rows = [*found, *self._ties(selection, found, limit, selection.key)]
        positions = [tuple(row[name] for name in selection.key) for row in rows]
        if positions and positions[-1] == after:
            raise _stuck(selection)
        return [(record_key(self._source, selection.entity, position), position) for position in positions]

    @persistent
    def largest(self, selection: Selection, column: str, most: object = None) -> Any:
        """The largest raw value of a column, not above ``most``."""
        with running(self._url):
            return self._connected().execute(statements.largest(selection, column, most)).scalar()

    @persistent
    def partitions(self, selection: Selection, size: int) -> Sequence[KeyRange]:
        """Key ranges of at most ``size`` rows, found by walking the key alone."""
        return list(self.ranges(selection, None, size))

    def ranges(self, selection: Selection, after: Position | None, size: int) -> Iterator[KeyRange]:
        """Key ranges of ``size`` rows behind a position, the last one of fewer, found by walking the key alone."""
        last = after
        with running(self._url):
            kept = self._kept_rows(selection)
            place = 0 if kept is None else self._place(selection, kept, after)
            while True:
                if kept is None:
                    found = self._rows(statements.keys(selection, last, size))
                    found += self._ties(selection, found, size, selection.key)
                else:
                    found = kept.rows(place, None, size)
                    place += len(found)
                if not found:
                    return
                upto = tuple(found[-1][name] for name in selection.key)
                if upto == last:
                    raise _stuck(selection)
                yield KeyRange(last, upto, len(found))
                last = upto

    # --- declared queries are answered once ---
    def keep(self, selection: Selection) -> Path | None:
        """Answer a declared query now and keep the answer; the file others may use, None for a table."""
        if selection.sql is None:
            return None
        if selection not in self._kept:
            with running(self._url):
                self._kept[selection] = KeptRows(self._keeping.keep(*self._answer(selection)))
        return self._kept[selection].path

    def use(self, selection: Selection, path: Path) -> None:
        """Take a declared query's rows from a file another process keeps."""
        if selection not in self._kept:
            self._kept[selection] = KeptRows(path)

    def _kept_rows(self, selection: Selection) -> KeptRows | None:
        """The kept answer. The first question to a declared query goes to the database, for it may be the only one."""
        if selection.sql is None:
            return None
        if selection not in self._kept and selection in self._asked:
            self.keep(selection)
        self._asked.add(selection)
        return self._kept.get(selection)

    def _answer(self, selection: Selection) -> tuple[Sequence[str], Iterator[tuple[str, Sequence[Any]]]]:
        result = self._streamed(statements.page(selection, None, None), _FETCHED)
        names = tuple(result.keys())
        places = [names.index(name) for name in selection.key]
        source, entity = self._source, selection.entity
        return names, ((record_key(source, entity, tuple(row[n] for n in places)), row) for row in result)

    def _place(self, selection: Selection, kept: KeptRows, position: Position | None) -> int:
        """How many of the kept rows stand before a position or at it."""
        if position is None:
            return 0
        place = kept.place(record_key(self._source, selection.entity, position))
        if place is not None:
            return place
        following = self._rows(statements.keys(selection, position, 1))  # that row is gone: only the database can order
        if not following:
            return 2**62
        return (kept.place(self._key(selection, following[0])) or 1) - 1

    # --- everything there is, for a copy ---
    def count(self, table: str) -> int:
        """Rows of a table."""
        with running(self._url):
            everything = sa.select(sa.func.count()).select_from(sa.table(table))
            return int(self._connected().execute(everything).scalar_one())

    def views(self) -> Sequence[str]:
        """Those of the tables that are views."""
        with running(self._url):
            return tuple(sa.inspect(self._connected()).get_view_names())

    def traits(self, tables: Collection[str]) -> Traits:
        """How the database compares what is in these tables."""
        with running(self._url):
            return traits(self._connected(), tables)

    def stream(
        self, table: str | None, sql: str | None, order: Sequence[str]
    ) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
        """Column names and all rows of a table or a declared query, asked once. A lost connection ends it: StopRun."""
        statement = sa.select(sa.text("*")).select_from(statements.origin(table, sql))
        with running(self._url):
            result = self._streamed(statement.order_by(*map(sa.column, order)), _STREAMED)
            return tuple(result.keys()), self._passed_on(result)

    def _passed_on(self, result: sa.CursorResult[Any]) -> Iterator[Sequence[Any]]:
        with running(self._url):
            yield from result

    def _streamed(self, statement: sa.Select[Any], fetched: int) -> sa.CursorResult[Any]:
        options = {"stream_results": True, "yield_per": fetched}
        return self._connected().execute(statement, execution_options=options)

    def close(self) -> None:
        """Give the connection back."""
        for kept in self._kept.values():
            kept.close()
        self._kept.clear()
        self._keeping.close()
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._engine.dispose()

    def forget(self) -> None:
        """Throw a broken connection away. What was read and what will be read are two snapshots from now on."""
        if self._connection is not None:
            self._is_one_snapshot = False
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _connected(self) -> sa.Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _rows(self, statement: sa.Select[Any]) -> list[Row]:
        result = self._connected().execute(statement)
        names = tuple(result.keys())
        return [dict(zip(names, row, strict=True)) for row in result.all()]

    def _ties(
        self, selection: Selection, page: Sequence[Row], limit: int, columns: Sequence[str] = ()
    ) -> Sequence[Row]:
        """Rows behind a full page that the next one would pass over: to the database their text key is the last one's."""
        last = tuple(page[-1][name] for name in selection.key) if len(page) == limit else ()
        if not any(isinstance(part, str) for part in last):
            return []
        seen = {self._key(selection, row) for row in page}
        same = self._rows(statements.by_keys(selection, [last], columns))
        return [row for row in same if self._key(selection, row) not in seen]

    def _key(self, selection: Selection, row: Row) -> str:
        return record_key(self._source, selection.entity, tuple(row[name] for name in selection.key))

    def _ids(self, selection: Selection, keys: Collection[str]) -> list[tuple[Any, ...]]:
        """The keys as the database's own values. A part that cannot be one (a word for a number) finds nothing."""
        types = self._types(selection)
        if types is None:
            return []
        ids = []
        for key in keys:
            parts = split_key(key)[2]
            try:
                ids.append(tuple(to(part) for to, part in zip(types, parts, strict=True)))
            except ValueError:
                continue
        return ids

    def _types(self, selection: Selection) -> tuple[Callable[[str], Any], ...] | None:
        """What makes values of the key columns, as the driver gives them, out of text; None while the selection has no rows."""
        name = (selection.entity, *selection.key)
        if name not in self._key_types:
            rows = self._rows(statements.page(selection, None, 1))
            if not rows:
                return None
            self._key_types[name] = tuple(_type_of(rows[0][c]) for c in selection.key)
        return self._key_types[name]

    # --- side tables ---
    def link(self, others: Mapping[str, Home]) -> None:
        """Name the extractors of the other sources, by source: sides may be there."""
        self._others = others

    @persistent
    def rows_of(self, side: Side, table: str | None, values: Sequence[Any]) -> list[Row]:
        """The rows of a side of this source that belong to these values of its first ``on`` column."""
        with running(self._url):
            return self._rows(statements.side_rows(side, table, values, self._order(side, table)))

    @persistent
    def same(self, side: Side, table: str | None, column: str, values: Sequence[Any]) -> Collection[tuple[Any, Any]]:
        """(value, what stands in the column of a side) for all that the database itself takes for equal."""
        with running(self._url):
            found: set[tuple[Any, Any]] = set()
            for start in range(0, len(values), _ASKED_AT_ONCE):
                some = values[start : start + _ASKED_AT_ONCE]
                rows = self._connected().execute(statements.equal_to(side, table, column, some))
                found |= {(some[int(number)], there) for number, there in rows}
            return found

    def _complete(self, selection: Selection, rows: Sequence[Row]) -> list[SourceRow]:
        found = self._sides.join(selection.sides, rows) if rows and selection.sides else [{} for _ in rows]
        return [
            SourceRow(self._key(selection, row), tuple(row[name] for name in selection.key), row, sides)
            for row, sides in zip(rows, found, strict=True)
        ]

    def _home(self, side: Side) -> Home:
        """The extractor of the source a side is in."""
        return self if side.source in (None, self._source) else self._others[str(side.source)]

    def _order(self, side: Side, table: str | None) -> Sequence[str]:
        if side.order or table is None or table not in self.tables():
            return side.order
        return self.tables()[table].primary_key


def _type_of(value: object) -> Callable[[str], Any]:
    if isinstance(value, bytes):
        return bytes.fromhex
    return int if isinstance(value, int) else str


def _stuck(selection: Selection) -> ConfigurationError:
    """A key that the database does not find again by its own value, as with floating point numbers."""
    return ConfigurationError(
        f"{selection.entity}: the key {', '.join(selection.key)} cannot be read in order.",
        "Name a key of whole numbers or texts; cast the column in a declared query if there is no other.",
    )
