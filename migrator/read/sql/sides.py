"""Values that stand in side tables: fetched for a whole batch of rows at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from migrator.db import AnyValue
from migrator.model.audit import Place
from migrator.model.source import Partition, Test
from migrator.read.sql.conditions import fits, in_python, in_sql

RowKey = tuple[str, ...]
Found = Mapping[RowKey, Sequence[sa.RowMapping]]
_ALIAS = "side"


class Side:
    """All places that read the same side table in the same way, asked in one query a batch (one a partition).

    Side rows are found by their values as text, so that a number stored as text on one side still meets its number.
    """

    def __init__(self, place: Place) -> None:
        self._table, self._sql, self._on = place.table, place.sql, place.on
        self._where, self._order, self.partition = place.where, place.order, place.partition
        self._patterns = in_python(place.where)
        self._columns = dict.fromkeys([*(side for side, _ in place.on), *(name for name, _ in self._patterns)])

    @staticmethod
    def identity(place: Place) -> tuple[Any, ...]:
        """Equal for places that one side can serve."""
        return place.table, place.sql, place.on, place.where, place.order, place.partition

    def also(self, column: str) -> None:
        """Another column to read."""
        self._columns[column] = None

    @property
    def main_columns(self) -> list[str]:
        """Columns of the main table that lead here."""
        return [main for _, main in self._on] + ([self.partition.column] if self.partition else [])

    def key(self, row: sa.RowMapping) -> RowKey:
        """What leads from a main row to its side rows."""
        return tuple(str(row[main]) for _, main in self._on)

    def fetch(self, connection: sa.Connection, rows: Sequence[sa.RowMapping], tables: frozenset[str]) -> Found:
        """Side rows of all the rows, in their declared order."""
        found: dict[RowKey, list[sa.RowMapping]] = {}
        for name, group in self._tables(rows):
            if name is not None and self.partition is not None and name not in tables:
                continue
            wanted = list({tuple(row[main] for _, main in self._on): None for row in group})
            wanted = [values for values in wanted if None not in values]
            if not wanted:
                continue
            for side in connection.execute(self._query(name, wanted)).mappings().all():
                if fits(side, self._patterns):
                    found.setdefault(tuple(str(side[column]) for column, _ in self._on), []).append(side)
        return found

    def _tables(self, rows: Sequence[sa.RowMapping]) -> list[tuple[str | None, Sequence[sa.RowMapping]]]:
        """The table of each row: one for all, or the partition its number falls in."""
        if self.partition is None or self._table is None:
            return [(self._table, rows)]
        groups: dict[int, list[sa.RowMapping]] = {}
        for row in rows:
            if row[self.partition.column] is not None:
                groups.setdefault(number(self.partition, row[self.partition.column]), []).append(row)
        return [(self._table.format(n=n), group) for n, group in sorted(groups.items())]

    def _query(self, table: str | None, wanted: Sequence[tuple[Any, ...]]) -> sa.Select[Any]:
        shape = source(table, self._sql, self._columns, self._where, self._order, _ALIAS)
        keys = [shape.c[side] for side, _ in self._on]
        if len(keys) == 1:
            among: sa.ColumnElement[bool] = keys[0].in_([values[0] for values in wanted])
        else:
            among = sa.tuple_(*keys).in_(wanted)
        order = ordered(shape, self._order) or keys
        query = sa.select(*(shape.c[name] for name in self._columns)).where(
            among, *in_sql(self._where, shape.c.__getitem__)
        )
        return query.order_by(*order)


def number(partition: Partition, value: Any) -> int:
    """ceil(value / size)."""
    return -(-int(value) // partition.size)


def ordered(shape: sa.FromClause, order: Sequence[str]) -> list[sa.ColumnElement[Any]]:
    """Sort columns; ``-column`` and ``column desc`` sort downwards."""
    columns: list[sa.ColumnElement[Any]] = []
    for spelled in order:
        name, _, direction = spelled.removeprefix("-").partition(" ")
        down = spelled.startswith("-") or direction.strip().lower() == "desc"
        columns.append(shape.c[name].desc() if down else shape.c[name].asc())
    return columns


def source(
    table: str | None,
    sql: str | None,
    columns: Mapping[str, None],
    where: Sequence[Test],
    order: Sequence[str],
    alias: str,
) -> sa.FromClause:
    """A table or a declared query, with every column that is spoken of."""
    names = [*columns, *(test.column for test in where), *(each.removeprefix("-").partition(" ")[0] for each in order)]
    spoken: list[sa.ColumnClause[Any]] = [sa.column(name, AnyValue()) for name in dict.fromkeys(names)]
    if sql is not None:
        return sa.text(sql).columns(*spoken).subquery(alias)
    return sa.table(str(table), *spoken)
