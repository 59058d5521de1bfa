"""Side rows of a batch: of the same source or another one, found by the row's own columns or by those of an earlier side.

Matched as text: legacy systems keep an id here as a number, there as text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from math import ceil
from typing import Any, Protocol

from migrator.model.record import Row
from migrator.model.source import Side, TableInfo

Found = dict[str, Sequence[Row]]
"""Side rows of one row, by the side's name."""


class Home(Protocol):
    """The database a side is in."""

    def tables(self) -> Mapping[str, TableInfo]:
        """Its tables."""

    def rows_of(self, side: Side, table: str | None, values: Sequence[Any]) -> list[Row]:
        """The rows that belong to these values."""


class Sides:
    """Joins sides to the rows of a batch: a query a side (and numbered table), whatever the number of rows."""

    def __init__(self, home: Callable[[Side], Home]) -> None:
        self._home = home

    def join(self, sides: Sequence[Side], rows: Sequence[Row]) -> list[Found]:
        """For each row its sides, in the order of the selection: a later side may hang on an earlier one."""
        joined: list[Found] = [{} for _ in rows]
        for side in sides:
            keys = [_key(side, row, found) for row, found in zip(rows, joined, strict=True)]
            grouped = self._grouped(side, rows, keys)
            wanted = slice(None) if side.many else slice(1)
            for found, key in zip(joined, keys, strict=True):
                found[side.name] = [] if key is None else grouped.get(tuple(map(str, key)), [])[wanted]
        return joined

    def _grouped(
        self, side: Side, rows: Sequence[Row], keys: Sequence[tuple[Any, ...] | None]
    ) -> Mapping[tuple[str, ...], list[Row]]:
        home = self._home(side)
        grouped: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        for table, values in _places(side, rows, keys, home.tables() if side.partition else ()):
            if values:
                for found in home.rows_of(side, table, sorted(values, key=str)):
                    grouped[tuple(str(found[name]) for name, _ in side.on)].append(found)
        return grouped


def _key(side: Side, row: Row, found: Found) -> tuple[Any, ...] | None:
    """The values a row is joined by; None where one is null, or the side it hangs on has no row."""
    key = []
    for _, main in side.on:
        earlier, dot, column = main.partition(".")
        place = (found[earlier][0] if found[earlier] else {}) if dot else row
        if (value := place.get(column or main)) is None:
            return None
        key.append(value)
    return tuple(key)


def _places(
    side: Side, rows: Sequence[Row], keys: Sequence[tuple[Any, ...] | None], tables: Collection[str]
) -> list[tuple[str | None, set[Any]]]:
    """Which tables to ask for which values of the first ``on`` column."""
    if side.partition is None:
        return [(side.table, {key[0] for key in keys if key is not None})]
    numbered: dict[int, set[Any]] = defaultdict(set)
    for row, key in zip(rows, keys, strict=True):
        value = row[side.partition.column]
        if key is not None and isinstance(value, (int, Decimal)):  # whatever else is there belongs to no numbered table
            numbered[ceil(value / side.partition.size)].add(key[0])
    named = ((str(side.table).replace("{n}", str(number)), values) for number, values in numbered.items())
    return [(table, values) for table, values in named if table in tables]
