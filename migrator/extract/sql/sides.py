"""Side rows of a batch: of the same source or another one, found by the row's own columns or by those of an earlier side.

Matched as text: legacy systems keep an id here as a number, there as text. Where texts differ that the database may take
for equal ("ThoiSu", "THOISU"), or the same number is written in two ways, the database is asked which belong together.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import product
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

    def same(self, side: Side, table: str | None, column: str, values: Sequence[Any]) -> Collection[tuple[Any, Any]]:
        """Which values are equal to what stands in a column, by the database's own comparison."""


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
        wanted = {key: None for key in keys if key is not None}
        for table, values in _places(side, rows, keys, home.tables() if side.partition else ()):
            if not values:
                continue
            found = home.rows_of(side, table, sorted(values, key=str))
            other = [_others(home, side, table, place, wanted, found) for place in range(len(side.on))]
            for row in found:
                parts = tuple(row[name] for name, _ in side.on)
                exact = tuple(map(str, parts))
                grouped[exact].append(row)
                if any(other):
                    places = zip(exact, parts, other, strict=True)
                    for key in product(*({text} | same.get(part, frozenset()) for text, part, same in places)):
                        if key != exact:
                            grouped[key].append(row)
        return grouped


def _others(
    home: Home, side: Side, table: str | None, place: int, wanted: Collection[tuple[Any, ...]], found: Sequence[Row]
) -> Mapping[Any, frozenset[str]]:
    """For what stands in a column of a side: the wanted values, as text, that are written otherwise and mean the same."""
    column = side.on[place][0]
    doubtful = _doubtful({key[place] for key in wanted}, {row[column] for row in found}, all_found=place == 0)
    others: dict[Any, set[str]] = defaultdict(set)
    for value, part in home.same(side, table, column, doubtful) if doubtful else ():
        is_same_kind = isinstance(value, str) and isinstance(part, str)
        if str(value) != str(part) and (is_same_kind or _number(value) == _number(part) is not None):
            others[part].add(str(value))
    return {part: frozenset(texts) for part, texts in others.items()}


def _doubtful(values: Collection[Any], there: Collection[Any], *, all_found: bool) -> Sequence[Any]:
    """The values that may mean something which is written otherwise.

    ``all_found`` says that the database found all that is there by the values: what is none of them as text is then
    one of them in its eyes.
    """
    texts = {str(value) for value in values}
    left = [part for part in there if str(part) not in texts]
    if all(isinstance(value, int) for value in values) and (not left or not all_found):
        return ()
    forms: dict[object, set[str]] = defaultdict(set)
    for value in (*values, *there):
        forms[_loosely(value)].add(str(value))
    by_form = {_loosely(value) for value in values}
    asked = values if all_found and any(_loosely(part) not in by_form for part in left) else ()
    return sorted(asked or (value for value in values if len(forms[_loosely(value)]) > 1), key=str)


def _loosely(value: object) -> object:
    """A value as the loosest comparison sees it: a number by its size, a text without accents, case and spaces around it."""
    text = str(value)
    if text[:1].isdigit() and (number := _number(text)) is not None:
        return number
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return bare.replace("đ", "d").strip()


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value).strip())
    except InvalidOperation:
        return None


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
