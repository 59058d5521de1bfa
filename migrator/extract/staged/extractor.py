"""The Extractor port over a staged copy: the same rows, with the same fingerprints, without the server."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from migrator.errors import AccessError
from migrator.extract.sql.sides import Home, Sides
from migrator.extract.staged.catalogue import Catalogue, packs_in
from migrator.extract.staged.comparison import Comparisons
from migrator.extract.staged.rows import Contents, StagedRows
from migrator.extract.staged.views import Question, View, Views
from migrator.model.record import Row, SourceRow, record_key
from migrator.model.source import KeyRange, Marker, Selection, Side, TableInfo
from migrator.model.staged import query_name
from migrator.ports import Position

_LAST = 2**62


class StagedExtractor:
    """Reads entities from the packs in a folder, in the order the database gave them, with their sides.

    What was not staged cannot be read: AccessError says which table or query. A pack that is missing or damaged is an
    EvidenceError.
    """

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        copy = catalogue.copy
        self._source, self._copy, self._digest = copy.source, copy, catalogue.digest
        contents = Contents(packs_in(folder))
        self._relations = {each.name: StagedRows(contents, each) for each in copy.relations}
        self._views = Views(folder / "views", copy.traits)
        self._others: Mapping[str, Home] = {}
        self._sides = Sides(self._home)

    # --- describing ---
    def tables(self) -> Mapping[str, TableInfo]:
        """Every table the source had, without the columns that were left out."""
        return self._copy.tables

    def columns(self, sql: str) -> tuple[str, ...]:
        """Column names of a declared query's answer. AccessError where it was not staged."""
        return self._rows(None, sql).relation.columns

    def marker(self, selections: Sequence[Selection]) -> Marker:
        """Rows and largest key of each selection in the copy."""
        entities = []
        for selection in selections:
            view, rows = self._view(selection), self._rows(selection.table, selection.sql)
            last = view.numbers(0, _LAST, 1) and view.numbers(view.count() - 1, _LAST, 1)
            largest = str(rows.numbered(last)[0][selection.key[0]]) if last else ""
            entities.append((selection.entity, view.count(), largest))
        staged = f"{self._copy.began_at} {self._digest}"
        return Marker(self._copy.consistent, tuple(entities), touched=self._copy.touched, staged=staged)

    @property
    def is_one_snapshot(self) -> bool:
        """Always: nobody writes to a copy. What it was taken from may have moved meanwhile; the marker says so."""
        return True

    def touched(self) -> Sequence[str]:
        """Tables that were written to while the copy was taken."""
        return self._copy.touched

    # --- reading ---
    def read(
        self, selection: Selection, after: Position | None, limit: int, upto: Position | None = None
    ) -> Sequence[SourceRow]:
        """The next rows in key order after a position, up to and including another one, with side rows."""
        view = self._view(selection)
        end = _LAST if upto is None else self._place(selection, view, upto)
        if selection.is_descending:
            behind = _LAST if after is None else self._place(selection, view, after)
            numbers = view.numbers(behind, end, limit, descending=True)
        else:
            behind = 0 if after is None else self._place(selection, view, after)
            numbers = view.numbers(behind, end, limit)
        return self._complete(selection, numbers)

    def fetch(self, selection: Selection, keys: Collection[str]) -> Sequence[SourceRow]:
        """The rows with these keys, in key order."""
        return self._complete(selection, self._view(selection).with_keys(keys))

    def existing(self, selection: Selection, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys that the selection has."""
        return self._view(selection).keys_there(keys)

    def keys(self, selection: Selection, after: Position | None, limit: int) -> Sequence[tuple[str, Position]]:
        """The next keys in key order after a position."""
        view = self._view(selection)
        behind = 0 if after is None else self._place(selection, view, after)
        rows = self._rows(selection.table, selection.sql).numbered(view.numbers(behind, _LAST, limit))
        positions = [tuple(row[name] for name in selection.key) for row in rows]
        return [(record_key(self._source, selection.entity, position), position) for position in positions]

    def largest(self, selection: Selection, column: str, most: object = None) -> Any:
        """The largest raw value of a column, not above ``most``."""
        rows = self._rows(selection.table, selection.sql)
        return self._views.view(rows, Question((column,), selection.where, by=(column,))).largest(most)

    def partitions(self, selection: Selection, size: int) -> Sequence[KeyRange]:
        """Key ranges of at most ``size`` rows."""
        return list(self.ranges(selection, None, size))

    def ranges(self, selection: Selection, after: Position | None, size: int) -> Iterator[KeyRange]:
        """Key ranges of ``size`` rows behind a position, the last one of fewer."""
        view, rows = self._view(selection), self._rows(selection.table, selection.sql)
        behind, last = (0 if after is None else self._place(selection, view, after)), after
        while numbers := view.numbers(behind, _LAST, size):
            behind += len(numbers)
            (row,) = rows.numbered(numbers[-1:])
            upto = tuple(row[name] for name in selection.key)
            yield KeyRange(last, upto, len(numbers))
            last = upto

    def keep(self, selection: Selection) -> Path | None:
        """None: every process reads the packs, and the views of them, for itself. Makes the view now, once for all."""
        self._view(selection)
        return None

    def use(self, selection: Selection, path: Path) -> None:
        """Nothing: what is kept stands in the project."""

    def each(self, selection: Selection) -> Iterator[Row]:
        """Every row of a selection without its sides, in the order they were staged."""
        rows = self._rows(selection.table, selection.sql)
        table = None if rows.relation.sql is not None else rows.relation.name
        yield from filter(Comparisons(self._copy.traits, table).fits(selection.where), rows.all())

    def close(self) -> None:
        """Let go of all files."""
        self._views.close()

    # --- sides ---
    def link(self, others: Mapping[str, Home]) -> None:
        """Name the extractors of the other sources, by source: sides may be there."""
        self._others = others

    def rows_of(self, side: Side, table: str | None, values: Sequence[Any]) -> list[Row]:
        """The rows of a side of this source that belong to these values of its first ``on`` column."""
        view, rows = self._side(side, table)
        return rows.numbered(view.looked_up(side.on[0][0], values))

    def same(self, side: Side, table: str | None, column: str, values: Sequence[Any]) -> Collection[tuple[Any, Any]]:
        """(value, what stands in the column of a side) for all that the database took for equal."""
        view, _ = self._side(side, table)
        return [(value, there) for value in values for there in view.same(column, value)]

    def _side(self, side: Side, table: str | None) -> tuple[View, StagedRows]:
        rows = self._rows(table, side.sql)
        order = side.order
        if not order and table is not None and table in self._copy.tables:
            order = self._copy.tables[table].primary_key
        by = tuple(dict.fromkeys(name for name, _ in side.on))
        return self._views.view(rows, Question(order, side.where, by=by)), rows

    def _home(self, side: Side) -> Home:
        """The extractor of the source a side is in."""
        return self if side.source in (None, self._source) else self._others[str(side.source)]

    # --- finding ---
    def _complete(self, selection: Selection, numbers: Sequence[int]) -> list[SourceRow]:
        rows = self._rows(selection.table, selection.sql).numbered(numbers)
        found = self._sides.join(selection.sides, rows) if rows and selection.sides else [{} for _ in rows]
        return [
            SourceRow(record_key(self._source, selection.entity, position), position, row, sides)
            for row, sides in zip(rows, found, strict=True)
            for position in [tuple(row[name] for name in selection.key)]
        ]

    def _view(self, selection: Selection) -> View:
        rows = self._rows(selection.table, selection.sql)
        question = Question(selection.key, selection.where, (self._source, selection.entity))
        return self._views.view(rows, question)

    def _place(self, selection: Selection, view: View, position: Position) -> int:
        return view.place(record_key(self._source, selection.entity, position), position)

    def _rows(self, table: str | None, sql: str | None) -> StagedRows:
        name = table if table is not None else query_name(str(sql))
        if name not in self._relations:
            what = f"The table {name}" if table is not None else f"This query: {' '.join(str(sql).split())[:200]}"
            raise AccessError(
                f"{what} of the source '{self._source}' is not in the staged copy of {self._copy.ended_at}.",
                "Stage it where the source is still there: 'migrator stage' takes what the mappings read now, and what "
                "staging.also names.",
            )
        return self._relations[name]
