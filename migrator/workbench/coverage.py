"""What a mapping leaves out: tables nobody accounts for, columns nobody reads, values no crosswalk knows, fields nobody fills."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from migrator.errors import AccessError
from migrator.model.audit import Audit
from migrator.model.content import ENTITIES
from migrator.model.source import Selection
from migrator.workbench.bench import Bench
from migrator.workbench.crosswalks import Found, look_up, names_of
from migrator.workbench.personal import shown
from migrator.workbench.readers import Origin, origins

State = Literal["mapped", "side", "consumed", "copy", "out of scope", "nobody"]
STATES: tuple[State, ...] = ("mapped", "side", "consumed", "copy", "out of scope", "nobody")
SAMPLES = 3


@dataclass(frozen=True, slots=True)
class TableState:
    """A table of the source. ``why``: who reads it, or why not. ``rows`` None: this account may not read it."""

    name: str
    state: State
    why: str
    rows: int | None


@dataclass(frozen=True, slots=True)
class ColumnState:
    """A column of a table that is read. ``filled`` and ``samples`` (value, rows) are only there where nobody reads it."""

    table: str
    column: str
    readers: tuple[str, ...]
    filled: int | None = None
    samples: tuple[tuple[str, int], ...] = ()

    @property
    def is_constant(self) -> bool:
        """Whether the same value stands in every row that is filled."""
        return len(self.samples) == 1 and self.samples[0][1] == self.filled


@dataclass(frozen=True, slots=True)
class FieldGap:
    """A target field nobody fills."""

    entity: str
    field: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of one source. ``unmapped`` are entities without a mapping."""

    source: str
    tables: tuple[TableState, ...]
    columns: tuple[ColumnState, ...]
    crosswalks: tuple[Found, ...]
    gaps: tuple[FieldGap, ...]
    unmapped: tuple[str, ...]

    @property
    def unread(self) -> list[ColumnState]:
        """Columns nobody reads in which something stands, the fullest first."""
        found = [column for column in self.columns if not column.readers and column.filled]
        return sorted(found, key=lambda column: (column.table, -(column.filled or 0), column.column))


def coverage(benches: Sequence[Bench], bench: Bench) -> Coverage:
    """The coverage of one of the project's sources. The others may read its tables, too."""
    read = [origin for origin in origins(benches) if origin.source == bench.source]
    return Coverage(
        bench.source,
        tuple(_tables(bench, read)),
        tuple(column for origin in read for column in _columns(bench, origin)),
        tuple(look_up(bench, name) for name in names_of(bench)),
        tuple(_gaps(bench)),
        tuple(entity for entity in ENTITIES if entity not in bench.declarations),
    )


def _tables(bench: Bench, read: Sequence[Origin]) -> list[TableState]:
    readers: dict[str, tuple[State, list[str]]] = {}
    for origin in sorted(read, key=lambda origin: not origin.is_main):
        who = dict.fromkeys(re.split(r"[.:]", each)[0] for found in origin.readers.values() for each in found)
        for table in origin.tables:
            state, names = readers.setdefault(table, ("mapped" if origin.is_main else "side", []))
            names += [name for name in who if name not in names]
    found = []
    for name in bench.extractor.tables():
        if name in readers:
            state, names = readers[name]
            why = ", ".join(names)
        else:
            state, why = _accounted(name, bench.audit)
        found.append(TableState(name, state, why, _rows(bench, name)))
    return found


def _rows(bench: Bench, table: str) -> int | None:
    try:
        return bench.survey.rows(Selection(bench.source, "", (), table))
    except AccessError:
        return None


def _accounted(table: str, audit: Audit | None) -> tuple[State, str]:
    """What the audit statement says of a table no mapping names."""
    if audit is None:
        return "nobody", ""
    for pattern, why in audit.consumed.items():
        if fnmatchcase(table, pattern):
            return "consumed", why
    for entity in audit.entities.values():
        if entity.copies is not None and re.fullmatch(entity.copies.tables, table):
            return "copy", entity.table or entity.entity
    for entry in audit.out_of_scope:
        if fnmatchcase(table, entry.table):
            return "out of scope", entry.reason
    return "nobody", ""


def _columns(bench: Bench, origin: Origin) -> list[ColumnState]:
    columns = origin.columns(bench)
    unread = [column for column in columns if column not in origin.readers]
    filled: dict[str, int] = dict.fromkeys(unread, 0)
    for selection in origin.selections:
        for column, number in bench.survey.filled(selection, unread).items():
            filled[column] += number
    return [
        ColumnState(origin.label, column, tuple(origin.readers[column]))
        if column in origin.readers
        else ColumnState(origin.label, column, (), filled[column], _samples(bench, origin, column, filled))
        for column in columns
    ]


def _samples(bench: Bench, origin: Origin, column: str, filled: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """The most frequent values of the first of the tables, masked where they look personal."""
    if not filled[column]:
        return ()
    found = bench.survey.samples(origin.selections[0], column, SAMPLES)
    return tuple((shown(origin.label, column, value), rows) for value, rows in found)


def _gaps(bench: Bench) -> list[FieldGap]:
    return [
        FieldGap(entity, field.name, field.required)
        for entity, declaration in bench.declarations.items()
        for field in ENTITIES[entity].fields
        if field.name not in declaration.fields
    ]
