"""Checking what a mapping reads against the tables and columns the sources have."""

from __future__ import annotations

import re
from collections.abc import Iterable

from migrator.errors import AccessError, Fault
from migrator.transform.declaration import ColumnPath, EntityDeclaration, SideDeclaration, ValueDeclaration
from migrator.transform.document import Place
from migrator.transform.estate import Estate, SourceFacts
from migrator.transform.inherit import has_unfilled
from migrator.transform.shape import nearest

Columns = frozenset[str] | None
"""Column names of a table or query; None where the table is wrong itself, so that its columns cannot be judged."""


def partition_tables(pattern: str, tables: Iterable[str]) -> list[str]:
    """The numbered tables a name with ``{n}`` stands for, by number."""
    before, _, after = pattern.partition("{n}")
    match = re.compile(re.escape(before) + r"(\d+)" + re.escape(after)).fullmatch
    numbered = [(int(found[1]), table) for table in tables if (found := match(table))]
    return [table for _, table in sorted(numbered)]


class ColumnCheck:
    """Collects the faults of one declaration against the sources."""

    def __init__(self, declaration: EntityDeclaration, estate: Estate, faults: list[Fault]) -> None:
        self._declaration = declaration
        self._estate = estate
        self._faults = faults
        own = estate[declaration.source]
        self._main = self._columns(declaration.table, declaration.sql, declaration.table_place, own)
        self._sides: dict[str, Columns] = {}

    def run(self) -> None:
        """Check the key, conditions, sides, rules and the columns values come from."""
        declaration = self._declaration
        for column in declaration.key:
            self._column(column, self._main, declaration.key_place, declaration.table)
        for placed in declaration.where:
            self._column(placed.test.column, self._main, placed.place, declaration.table)
        for name, side in declaration.sides.items():
            self._sides[name] = self._side(side)
        for rule in declaration.rules:
            for path in rule.when.paths:
                self._path(path)
        for made in declaration.made:
            for path in (*made.paths, *made.conditions):
                self._path(path)
            for value in made.value.all():
                self._objects(value)

    def _columns(self, table: str | None, sql: str | None, place: Place, facts: SourceFacts) -> Columns:
        if table:
            info = facts.tables.get(table)
            if info is None and not has_unfilled(table):
                self._faults.append(place.fault(f"there is no table {table!r}", nearest(table, facts.tables)))
            return frozenset(info.columns) if info else None
        if not sql:
            return None
        try:
            return frozenset(facts.columns_of(sql))
        except AccessError as error:
            self._faults.append(place.fault(f"the source refuses the query: {error.message}"))
            return None

    def _side(self, declared: SideDeclaration) -> Columns:
        side = declared.side
        facts = self._estate.get(declared.source)
        if facts is None:
            hint = nearest(declared.source, self._estate)
            self._faults.append(declared.source_place.fault(f"there is no source {declared.source!r}", hint))
        table = side.table
        if side.partition and table and facts:
            numbered = partition_tables(table, facts.tables)
            if not numbered:
                self._no_numbered(declared, table, facts)
                return None
            table = numbered[0]
            self._column(side.partition.column, self._main, declared.partition_place, self._declaration.table)
        columns = self._columns(table, side.sql, declared.table_place, facts) if facts else None
        for (side_column, main_column), place in zip(side.on, declared.on_places, strict=True):
            self._column(side_column, columns, place, table)
            self._joined(main_column, side.name, place)
        for column in side.order:
            self._column(column, columns, declared.order_place, table)
        for placed in declared.where:
            self._column(placed.test.column, columns, placed.place, table)
        if declared.pivot:
            self._column(declared.pivot.key, columns, declared.pivot_place, table)
            self._column(declared.pivot.value, columns, declared.pivot_place, table)
        return columns

    def _no_numbered(self, declared: SideDeclaration, table: str, facts: SourceFacts) -> None:
        if not has_unfilled(table.replace("{n}", "")):
            hint = nearest(table.replace("{n}", "1"), facts.tables)
            self._faults.append(declared.table_place.fault(f"there is no table like {table!r}", hint))

    def _joined(self, column: str, side: str, place: Place) -> None:
        """What a side hangs on: a main column, or a column of an earlier side with one row."""
        before, dot, inner = column.partition(".")
        if not dot:
            self._column(column, self._main, place, self._declaration.table)
            return
        earlier = self._declaration.sides.get(before)
        if earlier is None:
            self._no_side(before, place)
        elif before not in self._sides:
            message = f"side {side!r} hangs on {before!r}, which stands behind it"
            self._faults.append(place.fault(message, f"move {before!r} up"))
        elif earlier.side.many:
            message = f"side {side!r} hangs on {before!r}, which has many rows"
            self._faults.append(place.fault(message, "hang it on a side with one row"))
        else:
            self._column(inner, self._sides[before], place, earlier.side.table)

    def _column(self, column: str, known: Columns, place: Place, table: str | None) -> None:
        if column and known is not None and column not in known:
            where = f"table {table!r}" if table else "the query"
            self._faults.append(place.fault(f"{where} has no column {column!r}", nearest(column, known)))

    def _path(self, path: ColumnPath) -> None:
        if not path.side:
            self._column(path.column, self._main, path.place, self._declaration.table)
            return
        declared = self._declaration.sides.get(path.side)
        if declared is None:
            self._no_side(path.side, path.place)
            return
        if path.many and not declared.side.many:
            hint = f"write {path.side}.{path.column}, or `many: true` at the side"
            self._faults.append(path.place.fault(f"side {path.side!r} gives one row, not a list", hint))
        if not path.pivot:
            self._column(path.column, self._sides[path.side], path.place, declared.side.table)

    def _objects(self, value: ValueDeclaration) -> None:
        """The side whose rows become objects."""
        if not value.of:
            return
        declared = self._declaration.sides.get(value.of)
        if declared is None:
            self._no_side(value.of, value.place)
        elif not declared.side.many or declared.pivot:
            hint = "write `many: true` at the side, or leave `of:` out"
            self._faults.append(value.place.fault(f"side {value.of!r} does not give a list of rows", hint))

    def _no_side(self, name: str, place: Place) -> None:
        hint = nearest(name, self._declaration.sides) or "declare it under `sides:`"
        self._faults.append(place.fault(f"there is no side {name!r}", hint))
