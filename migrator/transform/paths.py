"""Column paths: how a mapping names a value of a source row, and how it is fetched."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from migrator.model.record import SourceRow
from migrator.transform.declaration import ColumnPath, Pivot
from migrator.transform.document import Place
from migrator.transform.shape import Shapes

Fetch = Callable[[SourceRow], Any]
Pivots = Mapping[str, Pivot]
"""The sides that hold pairs, by name."""

_PATH = re.compile(r"(?:(?P<side>\w+)(?P<many>\[\])?\.)?(?P<column>[^\s.\[\]{}]+)")


def parse_path(text: str, place: Place, shapes: Shapes, pivots: Pivots) -> ColumnPath | None:
    """The path in a text; None, with a fault, where it is none."""
    match = _PATH.fullmatch(text)
    if match is None:
        hint = "write column, side.column or side[].column"
        shapes.faults.append(place.fault(f"{text!r} does not name a column", hint))
        return None
    side = match["side"] or ""
    return ColumnPath(match["column"], side, bool(match["many"]), place, pivots.get(side))


def compile_path(path: ColumnPath) -> Fetch:
    """A function that fetches the value: raw for a column, a list for ``side[].column``, null for a side without rows.

    A column that the row does not have is a KeyError: the source changed under a checked mapping.
    """
    if path.pivot:
        return _pair(path, path.pivot)
    side, column = path.side, path.column
    if not side:
        return lambda row: row.values[column]
    if path.many:
        return lambda row: [values[column] for values in row.sides.get(side, ())]

    def first(row: SourceRow) -> Any:
        rows = row.sides.get(side)
        return rows[0][column] if rows else None

    return first


def _pair(path: ColumnPath, pivot: Pivot) -> Fetch:
    """The value, or all values, of the pairs with the path's name. A number as a name is compared as text."""
    side, name, key, value = path.side, path.column, pivot.key, pivot.value

    def values(row: SourceRow) -> list[Any]:
        return [pair[value] for pair in row.sides.get(side, ()) if str(pair[key]) == name]

    if path.many:
        return values
    return lambda row: next(iter(values(row)), None)
