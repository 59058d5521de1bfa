"""The whole mapping as one table: a row for each target field of each entity that is mapped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from migrator.model.content import ENTITIES, Field
from migrator.workbench.arrivals import crosswalks_of
from migrator.workbench.bench import Bench
from migrator.workbench.field_blocks import Decided, decisions_in
from migrator.workbench.fields import EntityFields, Written, read_fields
from migrator.workbench.flow import as_cell
from migrator.workbench.spreadsheet import write_sheets
from migrator.workbench.table import Sheet
from migrator.workbench.xlsx_write import sheet_names

FACTS = ("entity", "field", "kind", "required", "status", "crosswalk", "when")
"""Columns that say what is; they are not read back."""

EDITED = ("from", "constant", "same", "steps", "part", "default", "to", "missing", "none", "other")
"""Columns that are the field's keys, with everything else the language knows in ``other``."""

SAID = ("note", "decided by")
COLUMNS = (
    "entity", "field", "kind", "required", "status", "from", "constant", "same", "steps", "crosswalk", "part", "default",
    "to", "missing", "none", "other", "note", "decided by", "when",
)  # fmt: skip

MAPPED, UNMAPPED, REQUIRED = "mapped", "unmapped", "required missing"


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field in the matrix. ``written`` is None where nothing fills it."""

    target: Field
    entity: str
    written: Written | None
    crosswalks: tuple[str, ...]
    decided: Decided | None

    @property
    def status(self) -> str:
        """``mapped``, ``unmapped`` or ``required missing``."""
        if self.written is not None:
            return MAPPED
        return REQUIRED if self.target.required else UNMAPPED

    def cell(self, column: str) -> str:
        """The text in a column."""
        if column in EDITED:
            return cells_of(self.written)[column]
        decided = self.decided or Decided("", "")
        facts = {
            "entity": self.entity,
            "field": self.target.name,
            "kind": f"{self.target.kind.value} → {self.target.to}" if self.target.to else self.target.kind.value,
            "required": "yes" if self.target.required else "",
            "status": self.status,
            "crosswalk": ", ".join(self.crosswalks),
            "note": decided.note,
            "decided by": decided.who,
            "when": decided.when,
        }
        return facts[column]


def cells_of(written: Written | None) -> dict[str, str]:
    """A field as the cells of the edited columns."""
    named = written or {}
    other = {key: value for key, value in named.items() if key not in EDITED}
    return {**{key: as_cell(named.get(key)) for key in EDITED[:-1]}, "other": as_cell(other) if other else ""}


def rows_of(bench: Bench) -> list[FieldRow]:
    """The matrix of a source, entities in load order, fields in the order of the content model."""
    return [
        row for entity in bench.declarations if (fields := read_fields(bench, entity)) for row in _rows(bench, fields)
    ]


def _rows(bench: Bench, fields: EntityFields) -> list[FieldRow]:
    declaration = bench.declarations[fields.entity]
    decisions = decisions_in(fields.text)
    rows = []
    for target in ENTITIES[fields.entity].fields:
        field = declaration.fields.get(target.name)
        used = crosswalks_of(declaration, field) if field else ()
        written = fields.resolved.get(target.name)
        rows.append(FieldRow(target, fields.entity, written, used, decisions.get(target.name)))
    return rows


def export(benches: Sequence[Bench], path: Path) -> Mapping[str, int]:
    """Write the matrix, a sheet for each source; a CSV file takes one. Number of rows by status."""
    titles = sheet_names([bench.source for bench in benches])
    matrices = {bench.source: rows_of(bench) for bench in benches}
    write_sheets(
        path,
        [
            Sheet(titles[source], COLUMNS, [[row.cell(column) for column in COLUMNS] for row in rows])
            for source, rows in matrices.items()
        ],
    )
    statuses = [row.status for rows in matrices.values() for row in rows]
    return {status: statuses.count(status) for status in (MAPPED, UNMAPPED, REQUIRED)}
