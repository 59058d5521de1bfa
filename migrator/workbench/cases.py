"""Running a mapping's own tests, and writing one from what the mapping gives now."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from migrator.errors import ConfigurationError, Fault
from migrator.i18n import VIETNAM
from migrator.model.content import ENTITIES, Value
from migrator.model.outcome import Bucket
from migrator.model.record import SourceRow, record_key
from migrator.ports import Decided, EntityMapping, Led, Transformed
from migrator.transform.document import Place
from migrator.transform.shape import nearest
from migrator.workbench.bench import Bench
from migrator.workbench.case import FOLDER, Case, Columns
from migrator.workbench.flow import as_cell, in_flow
from migrator.workbench.table import put_in_place

Mappings = Mapping[tuple[str, str], EntityMapping]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Where a case did not hold. ``field`` may be a word of a decision, or empty where the row itself is not there."""

    case: str
    place: Place
    field: str
    expected: object
    found: object


def run_case(case: Case, bench: Bench, mappings: Mappings) -> list[Mismatch]:
    """Every difference between what a case expects and what the mapping gives."""
    mapping = mappings[case.source, case.entity]
    row = _row(case, bench, mapping)
    if row is None:
        return [Mismatch(case.name, case.place, "", case.key, "there is no such row in the source")]
    found = outcome_of(mapping.transform(row))
    if case.is_decision != ("bucket" in found):
        expected = {each.name: each.value for each in case.expected}
        return [
            Mismatch(case.name, case.place, "bucket", expected if case.is_decision else "a record", _kept_out(found))
        ]
    return [
        Mismatch(case.name, each.place, each.name, each.value, found.get(each.name))
        for each in case.expected
        if not _is_same(each.value, found.get(each.name))
    ]


def _kept_out(found: Mapping[str, Any]) -> object:
    return {name: value for name, value in found.items() if value} if "bucket" in found else "a record"


def _is_same(one: Value, other: Value) -> bool:
    """1 and true are equal in Python, but not in a record."""
    return type(one) is type(other) and one == other


def outcome_of(result: Transformed | Decided | Led) -> dict[str, Any]:
    """The record's fields, or the words of the decision that keeps the row out."""
    match result:
        case Transformed():
            return dict(result.record.fields)
        case Decided():
            return {
                "bucket": str(result.bucket),
                "reason": result.reason,
                "rule": result.reason,
                "detail": result.detail,
            }
    return {"bucket": str(Bucket.MERGED), "reason": result.reason, "rule": result.reason, "into": result.into}


def check_rows(cases: Sequence[Case], benches: Mapping[str, Bench], mappings: Mappings) -> list[Fault]:
    """A fault for each column and side of a made-up row that the source does not have, or that has no mapping."""
    faults = []
    for case in cases:
        declaration = benches[case.source].declarations.get(case.entity)
        if (case.source, case.entity) not in mappings or declaration is None:
            hint = nearest(case.entity, (entity for source, entity in mappings if source == case.source))
            faults.append(case.place.fault(f"there is no mapping of {case.entity!r}", hint))
            continue
        known = _known_columns(benches[case.source], declaration.table, declaration.sql)
        for name in case.row.keys() - set(known) if known else ():
            faults.append(case.row_places[name].fault(f"the source has no column {name!r}", nearest(name, known)))
        for name in case.sides.keys() - declaration.sides.keys():
            faults.append(case.row_places[name].fault(f"there is no side {name!r}", nearest(name, declaration.sides)))
    return faults


def _known_columns(bench: Bench, table: str | None, sql: str | None) -> tuple[str, ...]:
    if sql is not None:
        return bench.extractor.columns(sql)
    found = bench.extractor.tables().get(table or "")
    return found.columns if found else ()


def _row(case: Case, bench: Bench, mapping: EntityMapping) -> SourceRow | None:
    """The row of the source, or the one made up; columns that are not named are null."""
    if case.key:
        return next(iter(bench.extractor.fetch(mapping.selection, [case.key])), None)
    selection = mapping.selection
    values = {**dict.fromkeys(_known_columns(bench, selection.table, selection.sql)), **case.row}
    position = tuple(values.get(name) for name in selection.key)
    sides: dict[str, Sequence[Columns]] = {}
    for side in selection.sides:
        blank = dict.fromkeys(_known_columns(bench, (side.table or "").replace("{n}", "1"), side.sql))
        sides[side.name] = [{**blank, **row} for row in case.sides.get(side.name, ())]
    return SourceRow(record_key(case.source, case.entity, position), position, values, sides)


# --- writing one ---
def write_case(key: str, entity: str, result: Transformed | Decided | Led, folder: Path) -> Path:
    """Write a case of a row from what the mapping gives now; the file. ConfigurationError where it is there already.

    Fields that hold personal data are left out: the case goes where the mapping goes.
    """
    path = folder / FOLDER / (re.sub(r"[^A-Za-z0-9._-]+", "-", key)[:100] + ".yaml")
    if path.exists():
        raise ConfigurationError(f"{path} is already there.", "Remove it first, or edit it.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with put_in_place(path) as new:
        new.write_text("\n".join(_lines(key, entity, result)) + "\n", encoding="utf-8", errors="backslashreplace")
    return path


def _lines(key: str, entity: str, result: Transformed | Decided | Led) -> list[str]:
    outcome = outcome_of(result)
    lines = [
        "# What the mapping made of this row when the case was written. Keep the fields that are right, correct the others.",
        "cases:",
        f"  - key: {as_cell(key)}",
    ]
    if not isinstance(result, Transformed):
        named = {name: outcome[name] for name in ("bucket", "reason", "into") if outcome.get(name)}
        return [*lines, f"    expect: {in_flow(named)}"]
    personal = {field.name for field in ENTITIES[entity].fields if field.personal}
    filled = {name: value for name, value in outcome.items() if value not in (None, ()) and name not in personal}
    return [*lines, "    expect:", *(f"      {name}: {_shown(value)}" for name, value in filled.items())]


def _shown(value: Value) -> str:
    if isinstance(value, datetime):
        return as_cell(value.astimezone(VIETNAM).isoformat())
    return in_flow(value) if isinstance(value, tuple) else as_cell(value)
