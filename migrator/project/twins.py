"""Twins of a project: found with its own mappings, kept in its evidence, decided in a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from migrator.errors import ConfigurationError, Fault
from migrator.extract.twins.find import TwinSearch, TwinSide, find_twins
from migrator.extract.twins.likeness import Thresholds
from migrator.extract.twins.store import COLUMNS, TwinStore
from migrator.ports import Progress
from migrator.project.compose import Project
from migrator.project.policies import TwinPolicy
from migrator.project.settings import read_settings
from migrator.transform.compile import compile_mapping
from migrator.workbench.spreadsheet import read_tables, write_sheets
from migrator.workbench.table import Sheet, demand_columns

DECISIONS = ("same", "different", "undecided")
_NEEDED = ("left_key", "right_key", "decision")
_NUMBERS = frozenset({"score", "headline_score", "body_score", "days"})


@dataclass(frozen=True, slots=True)
class TwinTotals:
    """``pairs``: (method, decision) -> number; ``alone``: source -> articles that have no twin."""

    pairs: Mapping[tuple[str, str], int]
    alone: Mapping[str, int]


def find(folder: Path, progress: Progress) -> TwinTotals:
    """Compare the two sources and put the pairs in the evidence. ConfigurationError with all faults of the mappings."""
    with _store(folder) as (policy, store):
        with Project(folder) as project:
            project.mappings()
            search = TwinSearch(
                _side(project, policy, policy.left),
                _side(project, policy, policy.right, tuple(re.compile(link) for link in policy.links)),
                policy.days,
                Thresholds(same=policy.same, review=policy.review),
            )
            find_twins(search, store, progress)
        return _totals(policy, store)


def export(folder: Path, path: Path, decision: str = "") -> int:
    """Write the pairs, the least certain first, as CSV or XLSX; how many."""
    with _store(folder) as (_, store):
        rows = [{name: _shown(row[name]) for name in COLUMNS} for row in store.pairs(decision)]
    lines = [tuple(row[name] for name in COLUMNS) for row in rows]
    write_sheets(path, [Sheet("twins", COLUMNS, lines, choices={"decision": DECISIONS}, numbers=_NUMBERS)])
    return len(rows)


def import_decisions(folder: Path, path: Path, who: str) -> int:
    """Take over decisions and notes from an edited list; the number of pairs that changed. All faults at once."""
    table = read_tables(path, COLUMNS)[0]
    faults: list[Fault] = []
    with _store(folder) as (_, store):
        known = {(row["left_key"], row["right_key"]) for row in store.pairs()}
        decisions = []
        if demand_columns(table, _NEEDED, (*_NEEDED, "note"), faults):
            for line in table.lines:
                left, right, said = (line.cells[name].strip() for name in _NEEDED)
                decision = said.lower()
                if (left, right) not in known:
                    faults.append(line.fault(f"there is no pair {left} – {right}", "export the list anew"))
                elif decision not in DECISIONS:
                    faults.append(line.fault(f"{said!r} is no decision", f"write one of {', '.join(DECISIONS)}"))
                decisions.append((left, right, decision, line.cells.get("note", "").strip()))
        if faults:
            message = f"{path.name} has {len(faults)} mistake(s); nothing was changed."
            raise ConfigurationError(message, "Correct them and import it again.", faults)
        return store.decide(decisions, who)


@contextmanager
def _store(folder: Path) -> Iterator[tuple[TwinPolicy, TwinStore]]:
    settings = read_settings(folder)
    if settings.twins is None:
        raise ConfigurationError(
            "The project does not say which sources are to be compared.", "Write `twins: {left: web, right: print}`."
        )
    store = TwinStore(settings.evidence[settings.twins.evidence])
    try:
        yield settings.twins, store
    finally:
        store.close()


def _side(project: Project, policy: TwinPolicy, source: str, links: tuple[re.Pattern[str], ...] = ()) -> TwinSide:
    declaration = project.declarations[source].get(policy.entity)
    if declaration is None:
        raise ConfigurationError(f"{source} has no mapping of {policy.entity}.", "Write one, or name another entity.")
    mapping = compile_mapping(replace(declaration, rules=(), merge=None))
    return TwinSide(source, project.extractors[source], mapping, links)


def _totals(policy: TwinPolicy, store: TwinStore) -> TwinTotals:
    return TwinTotals(store.counts(), {policy.left: store.alone("left"), policy.right: store.alone("right")})


def _shown(value: object) -> str:
    return "" if value is None else str(value)
