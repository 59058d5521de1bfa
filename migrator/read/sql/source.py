"""The witness of a SQL source: SQLite, MariaDB, PostgreSQL. It shares no code with the extractor.

Rows are read in key order, page by page from the last key on; side tables once a page. What it gives are raw values, as
the driver has them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from migrator.db import open_engine, reading
from migrator.model.audit import Against, AuditedEntity, Belonging, Copies, NumberTotal, Place
from migrator.model.record import record_key, split_key
from migrator.model.source import Test
from migrator.ports import GroupSums, WitnessRow
from migrator.read.sql import numbers
from migrator.read.sql.conditions import fits, in_python, in_sql
from migrator.read.sql.sides import Side, source

_PAGE = 1000


class SqlWitness:
    """Counts, keys and raw values of one source, over a read-only connection of its own."""

    def __init__(self, url: str, source_name: str) -> None:
        self._url, self._source = url, source_name
        self._engine = open_engine(url, read_only=True)
        self._tables: tuple[str, ...] | None = None

    def tables(self) -> Sequence[str]:
        """Every table of the source, by name."""
        if self._tables is None:
            with reading(self._url):
                self._tables = tuple(sorted(sa.inspect(self._engine).get_table_names()))
        return self._tables

    def count(self, table: str, where: Sequence[Test] = ()) -> int:
        """Rows of a table for which the conditions hold."""
        return self._count(source(table, None, {}, where, (), "counted"), where)

    def count_entity(self, audited: AuditedEntity) -> int:
        """Rows of an entity's own table or query for which its conditions hold."""
        shape = source(audited.table, audited.sql, dict.fromkeys(audited.key), audited.where, (), "counted")
        return self._count(shape, audited.where)

    def _count(self, shape: sa.FromClause, where: Sequence[Test]) -> int:
        patterns = in_python(where)
        clauses = in_sql(where, shape.c.__getitem__)
        with reading(self._url), self._engine.connect() as connection:
            if not patterns:
                query = sa.select(sa.func.count()).select_from(shape).where(*clauses)
                return int(connection.execute(query).scalar_one())
            columns = [shape.c[name] for name in dict.fromkeys(name for name, _ in patterns)]
            rows = connection.execution_options(yield_per=_PAGE).execute(sa.select(*columns).where(*clauses))
            return sum(fits(row, patterns) for row in rows.mappings())

    def rows(self, audited: AuditedEntity, batch: int) -> Iterator[Sequence[WitnessRow]]:
        """All rows of an entity in key order. A row of a table whose key is NULL cannot be reached, and is missing."""
        view = _View(audited)
        tables = frozenset(self.tables())
        pages = self._pages(view, audited.key, batch) if audited.sql is None else self._stream(view, batch)
        for page in pages:
            kept = [row for row in page if fits(row, view.patterns)]
            sides: dict[Any, Any] = {}
            if view.sides:
                with reading(self._url), self._engine.connect() as connection:
                    sides = {name: side.fetch(connection, kept, tables) for name, side in view.sides.items()}
            if kept:
                yield [view.witness(self._source, row, sides) for row in kept]

    def _pages(self, view: _View, key: Sequence[str], batch: int) -> Iterator[Sequence[sa.RowMapping]]:
        """A table page by page, each from the last key on."""
        last: tuple[Any, ...] | None = None
        while True:
            with reading(self._url), self._engine.connect() as connection:
                page = connection.execute(view.page(last, batch)).mappings().all()
                end = tuple(page[-1][name] for name in key) if len(page) == batch else ()
                if any(
                    isinstance(part, str) for part in end
                ):  # what the database takes for the same key is not "behind" it
                    same = connection.execute(view.like(end)).mappings().all()
                    read = {tuple(row[name] for name in key) for row in page}
                    page = [*page, *(row for row in same if tuple(row[name] for name in key) not in read)]
            yield page
            if len(page) < batch:
                return
            last = end

    def _stream(self, view: _View, batch: int) -> Iterator[Sequence[sa.RowMapping]]:
        """A declared query, answered once: asking it anew for each page would be quadratic."""
        with reading(self._url), self._engine.connect() as connection:
            answer = connection.execution_options(yield_per=batch).execute(view.page(None, None)).mappings()
            yield from answer.partitions()

    def existing(self, audited: AuditedEntity, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys that the source has (under the entity's conditions)."""
        view = _View(audited)
        wanted = {split_key(key)[2] for key in keys}
        with reading(self._url), self._engine.connect() as connection:
            sample = connection.execute(view.page(None, 1)).mappings().first()
            if sample is None:
                return frozenset()
            types = [type(sample[name]) for name in audited.key]
            typed = [values for parts in wanted if (values := _typed(parts, types)) is not None]
            there: set[str] = set()
            for start in range(0, len(typed), _PAGE):
                for row in connection.execute(view.among(typed[start : start + _PAGE])).mappings().all():
                    if fits(row, view.patterns):
                        there.add(record_key(self._source, audited.entity, [row[name] for name in audited.key]))
        return frozenset(there & set(keys))

    def copy_drift(self, audited: AuditedEntity, copies: Copies) -> Iterator[tuple[str, str, str, str, str]]:
        """(key, copy table, column, main value, copy's) of each difference; column '' where there is no main row."""
        pattern = re.compile(copies.tables)
        names = dict.fromkeys([*audited.key, *copies.columns])
        main = source(audited.table, None, names, (), (), "main")
        for table in self.tables():
            if table != audited.table and pattern.fullmatch(table):
                yield from self._drift(audited, copies.columns, main, table)

    def _drift(
        self, audited: AuditedEntity, columns: Sequence[str], main: sa.FromClause, table: str
    ) -> Iterator[tuple[str, str, str, str, str]]:
        copy = source(table, None, dict.fromkeys([*audited.key, *columns]), (), (), "copy").alias("copy")
        main = main.alias("main")
        joined = copy.outerjoin(main, sa.and_(*(copy.c[name] == main.c[name] for name in audited.key)))
        selected = [copy.c[name] for name in audited.key] + [main.c[audited.key[0]].label("main_key")]
        for name in columns:
            selected += [main.c[name].label(None), copy.c[name].label(None)]
        query = sa.select(*selected).select_from(joined).order_by(*(copy.c[name] for name in audited.key))
        width = len(audited.key)
        with reading(self._url), self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=_PAGE).execute(query):
                key = record_key(self._source, audited.entity, list(row[:width]))
                if row[width] is None:
                    yield key, table, "", "", ""
                    continue
                for place, name in enumerate(columns):
                    ours, theirs = row[width + 1 + 2 * place : width + 3 + 2 * place]
                    if ours != theirs:
                        yield key, table, name, _shown(ours), _shown(theirs)

    def sums(self, audited: AuditedEntity, total: NumberTotal) -> Iterator[GroupSums]:
        """Rows and sums of the entity's own table per group."""
        with reading(self._url), self._engine.connect() as connection:
            yield from numbers.group_sums(connection, audited, total)

    def kept_sums(self, against: Against) -> Iterator[GroupSums]:
        """The source's own table of sums."""
        with reading(self._url), self._engine.connect() as connection:
            yield from numbers.kept_sums(connection, against)

    def orphans(
        self, table: str, belonging: Belonging, key: Sequence[str] = ()
    ) -> Iterator[tuple[tuple[Any, ...], int]]:
        """Rows of a table that belong to nothing."""
        with reading(self._url), self._engine.connect() as connection:
            yield from numbers.orphans(connection, table, belonging, key)

    def values(self, table: str, columns: Sequence[str], where: Sequence[Test] = ()) -> Iterator[tuple[Any, ...]]:
        """Raw values of some columns of a table."""
        with reading(self._url), self._engine.connect() as connection:
            yield from numbers.values(connection, table, columns, where)

    def close(self) -> None:
        """Give connections back."""
        self._engine.dispose()


class _View:
    """How an audited entity is read: its columns, its sides, and how a row becomes a witness row."""

    def __init__(self, audited: AuditedEntity) -> None:
        self._audited = audited
        self.patterns = in_python(audited.where)
        self.sides: dict[tuple[Any, ...], Side] = {}
        self._values = dict(audited.single_places())
        self._pointers = dict(audited.list_places())
        names = dict.fromkeys([*audited.key, *(name for name, _ in self.patterns)])
        for place in (*self._values.values(), *self._pointers.values()):
            names.update(dict.fromkeys(self._columns_for(place)))
        self._shape = source(audited.table, audited.sql, names, audited.where, (), "main")
        self._names = list(names)
        self._readers = {name: self._reader(place) for name, place in self._values.items()}

    def _columns_for(self, place: Place) -> list[str]:
        """Columns of the main table a place needs; its side is made on the way."""
        needed = [place.default] if place.default else []
        if place.table is None and place.sql is None:
            return [place.column, *needed]
        side = self.sides.setdefault(Side.identity(place), Side(place))
        side.also(place.column)
        return [*side.main_columns, *needed]

    def page(self, after: tuple[Any, ...] | None, limit: int | None) -> sa.Select[Any]:
        """The next rows in key order; all of them without a limit."""
        keys = [self._shape.c[name] for name in self._audited.key]
        query = self._select().order_by(*keys)
        query = query if limit is None else query.limit(limit)
        return query if after is None else query.where(_after(keys, after))

    def like(self, values: tuple[Any, ...]) -> sa.Select[Any]:
        """The rows whose key is this one to the database."""
        return self._select().where(
            *(self._shape.c[name] == value for name, value in zip(self._audited.key, values, strict=True))
        )

    def among(self, values: Sequence[tuple[Any, ...]]) -> sa.Select[Any]:
        """The rows with these keys."""
        keys = [self._shape.c[name] for name in self._audited.key]
        columns = [*keys, *(self._shape.c[name] for name, _ in self.patterns)]
        if len(keys) == 1:
            clause: sa.ColumnElement[bool] = keys[0].in_([parts[0] for parts in values])
        else:
            clause = sa.tuple_(*keys).in_(values)
        return sa.select(*columns).where(clause, *in_sql(self._audited.where, self._shape.c.__getitem__))

    def _select(self) -> sa.Select[Any]:
        clauses = in_sql(self._audited.where, self._shape.c.__getitem__)
        return sa.select(*(self._shape.c[name] for name in self._names)).where(*clauses)

    def witness(self, source_name: str, row: sa.RowMapping, sides: Mapping[Any, Any]) -> WitnessRow:
        """The row as the auditor sees it."""
        key = record_key(source_name, self._audited.entity, [row[name] for name in self._audited.key])
        values = {name: read(row, sides) for name, read in self._readers.items()}
        pointers = {field: self._raw(place, row, sides) for field, place in self._pointers.items()}
        return WitnessRow(key, values, pointers)

    def _reader(self, place: Place) -> Any:
        """A function that takes a place's single value out of a row."""
        column, default = place.column, place.default
        if place.table is None and place.sql is None and default is None:
            return lambda row, _: row[column]

        def first(row: sa.RowMapping, sides: Mapping[Any, Any]) -> Any:
            raw = self._raw(place, row, sides)
            return raw[0] if raw else None

        return first

    def _raw(self, place: Place, row: sa.RowMapping, sides: Mapping[Any, Any]) -> list[Any]:
        """All raw values of a place."""
        if place.table is None and place.sql is None:
            values = [row[place.column]]
        else:
            identity = Side.identity(place)
            found = sides[identity].get(self.sides[identity].key(row), ())
            values = [side[place.column] for side in (found if place.many else found[:1])]
        if place.default is not None and all(value in (None, "") for value in values):
            return [row[place.default]]
        return values


def _after(keys: Sequence[sa.ColumnElement[Any]], last: tuple[Any, ...]) -> sa.ColumnElement[bool]:
    """The keys behind the last one: a > x, or a = x and b > y, …; a >= x besides, for the index."""
    branches = [
        sa.and_(*(keys[i] == last[i] for i in range(place)), keys[place] > last[place]) for place in range(len(keys))
    ]
    return branches[0] if len(keys) == 1 else sa.and_(keys[0] >= last[0], sa.or_(*branches))


def _typed(parts: tuple[str, ...], types: Sequence[type]) -> tuple[Any, ...] | None:
    """The parts of a key as the database has them; None where they cannot be that."""
    if len(parts) != len(types):
        return None
    try:
        return tuple(_typed_part(part, kind) for part, kind in zip(parts, types, strict=True))
    except (ValueError, TypeError, ArithmeticError):
        return None


def _typed_part(part: str, kind: type[Any]) -> Any:
    if kind is bytes:
        return bytes.fromhex(part)
    return part if kind is str or issubclass(kind, date) else kind(part)


def _shown(value: Any) -> str:
    return "∅" if value is None else str(value)
