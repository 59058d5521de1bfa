"""Column paths: how a mapping names a value of a source row, and how it is fetched."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from migrator.model.record import SourceRow
from migrator.transform.declaration import ColumnPath
from migrator.transform.document import Place
from migrator.transform.shape import Shapes

Fetch = Callable[[SourceRow], Any]

_PATH = re.compile(r"(?:(?P<side>\w+)(?P<many>\[\])?\.)?(?P<column>[^\s.\[\]{}]+)")


def parse_path(text: str, place: Place, shapes: Shapes) -> ColumnPath | None:
    """The path in a text; None, with a fault, where it is none."""
    match = _PATH.fullmatch(text)
    if match is None:
        hint = "write column, side.column or side[].column"
        shapes.faults.append(place.fault(f"{text!r} does not name a column", hint))
        return None
    return ColumnPath(match["column"], match["side"] or "", bool(match["many"]), place)


def compile_path(path: ColumnPath) -> Fetch:
    """A function that fetches the value: raw for a column, a list for ``side[].column``, null for a side without rows.

    A column that the row does not have is a KeyError: the source changed under a checked mapping.
    """
    side, column = path.side, path.column
    if not side:
        return lambda row: row.values[column]
    if path.many:
        return lambda row: [values[column] for values in row.sides.get(side, ())]

    def first(row: SourceRow) -> Any:
        rows = row.sides.get(side)
        return rows[0][column] if rows else None

    return first
