"""Values that stand in side tables: fetched for a whole batch of rows at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal, InvalidOperation
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
    Where the database took what is written otherwise for the same, it is asked again, for each such row alone.
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
            exact: dict[RowKey, list[sa.RowMapping]] = {}
            for side in self._ask(connection, name, wanted):
                exact.setdefault(tuple(str(side[column]) for column, _ in self._on), []).append(side)
            for values in _written_otherwise(wanted, exact.keys()):
                answer = self._ask(connection, name, [values])
                exact[tuple(map(str, values))] = [side for side in answer if self._is_meant(values, side)]
            for key, sides in exact.items():
                found.setdefault(key, []).extend(sides)
        return found

    def _ask(
        self, connection: sa.Connection, table: str | None, wanted: Sequence[tuple[Any, ...]]
    ) -> Sequence[sa.RowMapping]:
        rows = connection.execute(self._query(table, wanted)).mappings().all()
        return [row for row in rows if fits(row, self._patterns)]

    def _is_meant(self, values: Sequence[Any], side: sa.RowMapping) -> bool:
        """Two texts, or the same number; but not a word that the database takes for zero."""
        pairs = ((value, side[column]) for value, (column, _) in zip(values, self._on, strict=True))
        return all(
            str(ours) == str(theirs)
            or (isinstance(ours, str) and isinstance(theirs, str))
            or ((size := _size(ours)) is not None and size == _size(theirs))
            for ours, theirs in pairs
        )

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


def _written_otherwise(wanted: Sequence[tuple[Any, ...]], there: AbstractSet[RowKey]) -> Iterator[tuple[Any, ...]]:
    """Those of the values that may be found under another spelling."""
    keys = {tuple(map(str, values)): values for values in wanted}
    is_sure = there <= keys.keys() and all(isinstance(value, int) for values in wanted for value in values)
    if is_sure:
        return
    spellings: dict[tuple[str, ...], set[RowKey]] = {}
    for key in (*keys, *there):
        spellings.setdefault(tuple(map(_bare, key)), set()).add(key)
    has_strangers = not there <= keys.keys()
    for key, values in keys.items():
        if len(spellings[tuple(map(_bare, key))]) > 1 or (has_strangers and key not in there):
            yield values


def _bare(text: str) -> str:
    """Letters and digits without case and marks."""
    letters = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).strip()


def _size(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value).strip())
    except InvalidOperation:
        return None


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
