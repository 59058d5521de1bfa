"""Checking what a mapping reads against the tables and columns the source has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from migrator.errors import AccessError, Fault
from migrator.model.source import TableInfo
from migrator.transform.declaration import ColumnPath, EntityDeclaration, SideDeclaration, When
from migrator.transform.document import Place
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
    """Collects the faults of one declaration against its source."""

    def __init__(
        self,
        declaration: EntityDeclaration,
        tables: Mapping[str, TableInfo],
        columns_of: Callable[[str], tuple[str, ...]],
        faults: list[Fault],
    ) -> None:
        self._declaration = declaration
        self._tables = tables
        self._columns_of = columns_of
        self._faults = faults
        self._main = self._columns(declaration.table, declaration.sql, declaration.table_place)
        self._sides: dict[str, Columns] = {}

    def run(self) -> None:
        """Check the key, conditions, sides, rules and the columns fields come from."""
        declaration = self._declaration
        for column in declaration.key:
            self._column(column, self._main, declaration.key_place, declaration.table)
        for placed in declaration.where:
            self._column(placed.test.column, self._main, placed.place, declaration.table)
        for name, side in declaration.sides.items():
            self._sides[name] = self._side(side)
        for rule in declaration.rules:
            self._when(rule.when)
        for field in declaration.fields.values():
            for path in field.paths:
                self._path(path)

    def _columns(self, table: str | None, sql: str | None, place: Place) -> Columns:
        if table:
            info = self._tables.get(table)
            if info is None and not has_unfilled(table):
                self._faults.append(place.fault(f"there is no table {table!r}", nearest(table, self._tables)))
            return frozenset(info.columns) if info else None
        if not sql:
            return None
        try:
            return frozenset(self._columns_of(sql))
        except AccessError as error:
            self._faults.append(place.fault(f"the source refuses the query: {error.message}"))
            return None

    def _side(self, declared: SideDeclaration) -> Columns:
        side = declared.side
        table = side.table
        if side.partition and table:
            numbered = partition_tables(table, self._tables)
            if not numbered and has_unfilled(table.replace("{n}", "")):
                return None
            if not numbered:
                hint = nearest(table.replace("{n}", "1"), self._tables)
                self._faults.append(declared.table_place.fault(f"there is no table like {table!r}", hint))
                return None
            table = numbered[0]
            self._column(side.partition.column, self._main, declared.partition_place, self._declaration.table)
        columns = self._columns(table, side.sql, declared.table_place)
        for (side_column, main_column), place in zip(side.on, declared.on_places, strict=True):
            self._column(side_column, columns, place, table)
            self._column(main_column, self._main, place, self._declaration.table)
        for column in side.order:
            self._column(column, columns, declared.order_place, table)
        for placed in declared.where:
            self._column(placed.test.column, columns, placed.place, table)
        return columns

    def _column(self, column: str, known: Columns, place: Place, table: str | None) -> None:
        if column and known is not None and column not in known:
            where = f"table {table!r}" if table else "the query"
            self._faults.append(place.fault(f"{where} has no column {column!r}", nearest(column, known)))

    def _when(self, when: When) -> None:
        for condition in when.conditions:
            self._path(condition.path)
        for alternative in when.alternatives:
            self._when(alternative)

    def _path(self, path: ColumnPath) -> None:
        if not path.side:
            self._column(path.column, self._main, path.place, self._declaration.table)
            return
        declared = self._declaration.sides.get(path.side)
        if declared is None:
            hint = nearest(path.side, self._declaration.sides) or "declare it under `sides:`"
            self._faults.append(path.place.fault(f"there is no side {path.side!r}", hint))
            return
        if path.many and not declared.side.many:
            hint = f"write {path.side}.{path.column}, or `many: true` at the side"
            self._faults.append(path.place.fault(f"side {path.side!r} gives one row, not a list", hint))
        self._column(path.column, self._sides[path.side], path.place, declared.side.table)
