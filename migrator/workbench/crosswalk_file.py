"""A crosswalk with everything people wrote beside it: who decided what, when and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from migrator.errors import Fault
from migrator.workbench.csv_table import read_csv, write_csv
from migrator.workbench.table import Line

OWN = ("legacy", "target", "who", "when", "note")
FOLDER = "crosswalks"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a legacy value becomes. An empty ``target``: nobody has decided. ``others`` are columns of people's own."""

    legacy: str
    target: str = ""
    who: str = ""
    when: str = ""
    note: str = ""
    others: Mapping[str, str] = field(default_factory=dict)

    def cell(self, column: str) -> str:
        """The text in a column."""
        return str(getattr(self, column)) if column in OWN else self.others.get(column, "")

    def with_cell(self, column: str, text: str) -> Decision:
        """The decision with another text in a column."""
        if column in OWN:
            texts: dict[str, Any] = {column: text}
            return replace(self, **texts)
        return replace(self, others={**self.others, column: text})

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said of the legacy value."""
        return not any((self.target, self.note, *self.others.values()))


@dataclass(frozen=True, slots=True)
class CrosswalkFile:
    """A crosswalk as it stands in a file; ``path`` is None where there is none yet."""

    name: str
    path: Path | None
    others: tuple[str, ...]
    decisions: Mapping[str, Decision]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns in the order they are written: legacy and target value first."""
        return ("legacy", "target", *self.others, "who", "when", "note")

    def rows(self, decisions: Iterable[Decision]) -> list[Sequence[str]]:
        """The decisions as rows of cells."""
        return [[decision.cell(column) for column in self.columns] for decision in decisions]


def find_crosswalk(name: str, folders: Sequence[Path]) -> CrosswalkFile:
    """The crosswalk in the first folder that has it. ConfigurationError where its file cannot be read."""
    for folder in folders:
        path = folder / FOLDER / f"{name}.csv"
        if path.is_file():
            return _read(name, path)
    return CrosswalkFile(name, None, (), {})


def crosswalk_names(folders: Sequence[Path]) -> list[str]:
    """Names of all crosswalks there are."""
    return sorted({path.stem for folder in folders for path in (folder / FOLDER).glob("*.csv")})


def _read(name: str, path: Path) -> CrosswalkFile:
    """As the mapping reads it: the first two columns count, whatever they are called."""
    table = read_csv(path)
    first_two = dict(zip(table.columns[:2], ("legacy", "target"), strict=False))
    others = tuple(column for column in table.columns[2:] if column and column not in OWN)
    decisions: dict[str, Decision] = {}
    for line in table.lines:
        decision = Decision("")
        for column in table.columns:
            if column:
                decision = decision.with_cell(first_two.get(column, column), line.cells[column].strip())
        decisions.setdefault(decision.legacy, decision)
    return CrosswalkFile(name, path, others, decisions)


def write_crosswalk(crosswalk: CrosswalkFile, folder: Path) -> Path:
    """Write it into a folder's crosswalks; the path it stands at."""
    path = folder / FOLDER / f"{crosswalk.name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_csv(path, crosswalk.columns, crosswalk.rows(crosswalk.decisions.values()))
    return path


def decision_of(line: Line, file: CrosswalkFile) -> Decision:
    """The decision in a line of an imported table. What a missing column would say stays as it is."""
    decision = file.decisions.get(line.cells["legacy"].strip(), Decision(line.cells["legacy"].strip()))
    for column in (*OWN, *file.others):
        if column in line.cells:
            decision = decision.with_cell(column, line.cells[column].strip())
    return decision


def lost_spelling(legacy: str, known: Iterable[str]) -> str:
    """The known value that a spreadsheet may have turned into this one: ``007`` into 7, a long number into 1.0E+15."""
    number = _number(legacy)
    return next((other for other in known if number is not None and other != legacy and _number(other) == number), "")


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ".")) if text[-1:].isdigit() else None
    except ValueError:
        return None


def doubled(lines: Sequence[tuple[Line, Decision]]) -> list[Fault]:
    """A fault for each legacy value that stands in a second line."""
    first: dict[str, int] = {}
    faults = []
    for line, decision in lines:
        if decision.legacy in first:
            hint = f"first in row {first[decision.legacy]}; keep one"
            faults.append(line.fault(f"legacy value {decision.legacy!r} stands twice", hint))
        first.setdefault(decision.legacy, line.row)
    return faults
