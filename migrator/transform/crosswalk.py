"""Crosswalks: tables, edited in a spreadsheet, that translate legacy values to target values."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from migrator.errors import Fault
from migrator.transform.document import read_text


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """Legacy value (as text) -> target value. An empty cell in the second column is ``""``: known, but not decided."""

    name: str
    file: str
    values: Mapping[str, str]


class Shelf:
    """The crosswalks of some folders; the first folder that has a name wins. Each file is read at most once."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._paths: dict[str, Path] = {}
        for folder in reversed(folders):
            self._paths.update((path.stem, path) for path in sorted((folder / "crosswalks").glob("*.csv")))
        self._read: dict[str, Crosswalk | None] = {}
        self.faults: list[Fault] = []

    @property
    def names(self) -> frozenset[str]:
        """Names of all crosswalks there are."""
        return frozenset(self._paths)

    def get(self, name: str) -> Crosswalk | None:
        """The crosswalk of this name; None where there is none or where it cannot be used (then a fault was added)."""
        if name not in self._read:
            path = self._paths.get(name)
            self._read[name] = read_crosswalk(path, self.faults) if path else None
        return self._read[name]


def read_crosswalk(path: Path, faults: list[Fault]) -> Crosswalk | None:
    """A crosswalk from a CSV file with a header line; the delimiter may be a comma, a semicolon or a tab.

    The first column is the legacy value, the second the target value, others are for people. An apostrophe before what
    a spreadsheet would take for a formula guards the cell and is no part of it. None where there are faults.
    """
    before = len(faults)
    text = read_text(path, faults, "save it as “CSV UTF-8”")
    if text is None:
        return None
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    if delimiter not in header:
        problem = "has only one column" if header.strip() else "has no header line"
        faults.append(Fault(str(path), 1, problem, "first line: legacy,target"))
        return None
    values: dict[str, str] = {}
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        next(reader)
        for row in reader:
            _add(values, [_unguarded(cell.strip()) for cell in row], Fault(str(path), reader.line_num, ""), faults)
    except csv.Error as error:
        faults.append(Fault(str(path), reader.line_num, f"is not readable as CSV: {error}"))
    return Crosswalk(path.stem, str(path), values) if len(faults) == before else None


_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA_STARTS) else cell


def _add(values: dict[str, str], cells: list[str], at: Fault, faults: list[Fault]) -> None:
    if not any(cells):
        return
    if len(cells) < 2:
        faults.append(Fault(at.file, at.line, f"legacy value {cells[0]!r} has no second column"))
    elif cells[0] in values:
        faults.append(Fault(at.file, at.line, f"legacy value {cells[0]!r} stands twice", "keep one of the lines"))
    else:
        values[cells[0]] = cells[1]
