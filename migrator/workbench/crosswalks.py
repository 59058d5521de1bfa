"""Crosswalks go to a spreadsheet with the values the source really has, and come back as decisions with a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from migrator.errors import ConfigurationError, Fault
from migrator.i18n import VIETNAM
from migrator.model.content import ENTITIES
from migrator.transform.shape import nearest
from migrator.workbench.arrivals import Use, arrivals, crosswalks_of, uses_of
from migrator.workbench.bench import Bench
from migrator.workbench.crosswalk_file import (
    OWN,
    CrosswalkFile,
    Decision,
    crosswalk_names,
    decision_of,
    doubled,
    find_crosswalk,
    lost_spelling,
    write_crosswalk,
)
from migrator.workbench.spreadsheet import is_workbook, read_tables, write_sheets
from migrator.workbench.table import Line, Sheet, Table, demand_columns
from migrator.workbench.xlsx_write import sheet_names

COUNT = "count"


@dataclass(frozen=True, slots=True)
class Found:
    """A crosswalk with the rows of each legacy value; ``counts`` is None where no field of the mapping uses it."""

    file: CrosswalkFile
    uses: tuple[Use, ...]
    counts: Mapping[str, int] | None
    is_complete: bool

    @property
    def unknown(self) -> dict[str, int]:
        """Values in the source that the crosswalk does not know, the most frequent first."""
        return {value: rows for value, rows in (self.counts or {}).items() if value not in self.file.decisions}

    @property
    def undecided(self) -> dict[str, int]:
        """Values in the source that the crosswalk has without a target value."""
        known = self.file.decisions
        return {v: rows for v, rows in (self.counts or {}).items() if v in known and not known[v].target}


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed: legacy value -> (target before, target now). ``missing`` lines were kept as they are."""

    name: str
    path: Path | None
    changes: Mapping[str, tuple[str, str]]
    missing: int


def names_of(bench: Bench) -> list[str]:
    """Every crosswalk there is, and every one a field asks for."""
    asked = {use.crosswalk for declaration in bench.declarations.values() for use in uses_of(declaration)}
    return sorted({*crosswalk_names(bench.folders), *asked})


def look_up(bench: Bench, name: str) -> Found:
    """The crosswalk with its counts. The same values asked for by two fields of an entity count once."""
    uses = [use for d in bench.declarations.values() for use in uses_of(d) if use.crosswalk == name]
    counts: dict[str, int] = {}
    is_complete = True
    seen: list[tuple[str, Mapping[str, int]]] = []
    for use in uses:
        found = arrivals(bench, use)
        if found is None:
            continue
        is_complete &= found.is_complete
        if (use.entity, found.values) not in seen:
            seen.append((use.entity, found.values))
            for value, rows in found.values.items():
                counts[value] = counts.get(value, 0) + rows
    ordered = dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    return Found(find_crosswalk(name, bench.folders), tuple(uses), ordered if seen else None, is_complete)


def demand_crosswalk(bench: Bench, name: str) -> None:
    """ConfigurationError where there is no such crosswalk."""
    known = names_of(bench)
    if name not in known:
        raise ConfigurationError(f"There is no crosswalk {name!r}.", nearest(name, known))


# --- to the spreadsheet ---
def export(bench: Bench, names: Sequence[str], path: Path) -> list[Found]:
    """Write the crosswalks, a sheet each; a CSV file takes one. What was found in them."""
    found = [look_up(bench, name) for name in names]
    titles = sheet_names(names)
    write_sheets(path, [_sheet(bench, each, titles[each.file.name]) for each in found])
    return found


def _sheet(bench: Bench, found: Found, title: str) -> Sheet:
    columns = ("legacy", "target", COUNT, *found.file.columns[2:])
    decisions = [*found.file.decisions.values(), *(Decision(value) for value in found.unknown if _is_text(value))]
    rows = []
    for decision in decisions:
        count = "" if found.counts is None else str(found.counts.get(decision.legacy, 0))
        rows.append([count if column == COUNT else decision.cell(column) for column in columns])
    choices = _choices(bench, found.uses)
    return Sheet(title, columns, rows, {"target": sorted(choices)} if choices else {}, frozenset({COUNT}))


def _is_text(value: str) -> bool:
    """A legacy value that is not valid Unicode cannot be written into a table, nor decided upon there."""
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def _choices(bench: Bench, uses: Sequence[Use]) -> frozenset[str]:
    """The values a target may have: those all its fields take, where the crosswalk is what fills them."""
    allowed: frozenset[str] | None = None
    for use in uses:
        field = bench.declarations[use.entity].fields[use.field]
        target = ENTITIES[use.entity].by_name.get(use.field)
        is_alone = crosswalks_of(bench.declarations[use.entity], field) == (use.crosswalk,)
        ends_here = (
            is_alone and [step.verb for step in field.value.steps][-1:] == ["crosswalk"] and not field.value.part
        )
        choices = target.choices if target is not None and ends_here else frozenset[str]()
        allowed = choices if allowed is None else allowed & choices
    return allowed or frozenset()


# --- and back ---
def import_crosswalks(bench: Bench, names: Sequence[str], path: Path, who: str) -> list[Imported]:
    """Take over the decisions of a file into the paper's own folder; all of them, or with a ConfigurationError none.

    ``who`` stands for every decision whose line names nobody new.
    """
    pairs = _matched(names, path)
    faults: list[Fault] = []
    now = datetime.now(VIETNAM).isoformat(timespec="seconds")
    done: list[tuple[CrosswalkFile, Imported]] = []
    for name, table in pairs:
        found = look_up(bench, name)
        lines = _decisions(table, found, _choices(bench, found.uses), faults)
        done.append(_merged(found, lines, who, now))
    if faults:
        raise ConfigurationError(f"{path} cannot be imported.", "Correct it and import it again.", faults)
    return [
        replace(imported, path=write_crosswalk(file, bench.own_folder)) if imported.changes else imported
        for file, imported in done
    ]


def _matched(names: Sequence[str], path: Path) -> list[tuple[str, Table]]:
    """Which table is which crosswalk. ConfigurationError where that is not clear."""
    tables = read_tables(path, ("legacy", "target"))
    if len(names) == 1 and len(tables) == 1:
        return [(names[0], tables[0])]
    if not is_workbook(path):
        raise ConfigurationError("A .csv file does not say which crosswalk it is.", "Name it: mapping crosswalk NAME …")
    titles = {title.lower(): name for name, title in sheet_names(names).items()}
    found = [(titles[table.name.lower()], table) for table in tables if table.name.lower() in titles]
    strange = [table for table in tables if table.name.lower() not in titles and table.lines]
    if len(names) == 1 and not found:
        raise ConfigurationError(f"{path} has no sheet {names[0]!r}.", "Name the sheet as the crosswalk.")
    if len(names) > 1 and strange:
        faults = [Fault(t.file, 0, "no crosswalk has this name", nearest(t.name, titles.values())) for t in strange]
        raise ConfigurationError(f"{path} cannot be imported.", "Rename or remove these sheets.", faults)
    return found


def _decisions(table: Table, found: Found, choices: frozenset[str], faults: list[Fault]) -> list[tuple[Line, Decision]]:
    """The lines of a table. Whatever is wrong becomes a fault."""
    if not demand_columns(table, OWN[:2], (*OWN, *found.file.others), faults):
        return []
    lines = [(line, decision_of(line, found.file)) for line in table.lines]
    faults += doubled(lines)
    given = {decision.legacy for _, decision in lines}
    lost = [value for value in (*found.file.decisions, *found.unknown) if value not in given]
    known = {*found.file.decisions, *(found.counts or {})}
    for line, decision in lines:
        if choices and decision.target and decision.target not in choices:
            faults.append(line.fault(f"the target cannot be {decision.target!r}", nearest(decision.target, choices)))
        if decision.legacy not in known and (before := lost_spelling(decision.legacy, lost)):
            hint = "the spreadsheet took it for a number; give the cell the format Text and write it again"
            faults.append(line.fault(f"legacy value {decision.legacy!r} was {before!r}", hint))
    return lines


def _merged(found: Found, lines: Sequence[tuple[Line, Decision]], who: str, now: str) -> tuple[CrosswalkFile, Imported]:
    """The crosswalk with the decisions of the lines. A value without a line keeps what was decided."""
    decisions = dict(found.file.decisions)
    changes: dict[str, tuple[str, str]] = {}
    for _, given in lines:
        before = decisions.get(given.legacy, Decision(given.legacy))
        named = given.who if given.who != before.who and given.who else ""
        if not named and _said(given) == _said(before):
            continue
        if given.legacy not in decisions and given.is_empty:
            continue
        decisions[given.legacy] = replace(given, who=named or who, when=now)
        changes[given.legacy] = (before.target, given.target)
    given_values = {decision.legacy for _, decision in lines}
    missing = sum(value not in given_values for value in found.file.decisions)
    return replace(found.file, decisions=decisions), Imported(found.file.name, None, changes, missing)


def _said(decision: Decision) -> tuple[object, ...]:
    return decision.target, decision.note, tuple(sorted((k, v) for k, v in decision.others.items() if v))
