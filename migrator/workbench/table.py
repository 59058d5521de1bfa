"""Tables that go to a spreadsheet and come back: CSV and XLSX, all cells text."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from migrator.errors import ConfigurationError, Fault

SUFFIXES = (".csv", ".xlsx")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table that was read. ``cells`` has a text for every column; ``row`` counts as spreadsheets do.

    ``broken`` has a fault for each cell whose text is not certain.
    """

    cells: Mapping[str, str]
    file: str
    row: int
    broken: Mapping[str, Fault] = field(default_factory=dict)

    def fault(self, message: str, hint: str = "") -> Fault:
        """A fault in this line."""
        return Fault(self.file, self.row, message, hint)


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was read. ``name`` is the sheet's, empty for CSV. Column names are small letters; empty lines are left out."""

    name: str
    file: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to be written. ``choices`` offers values for a column; ``numbers`` are columns that are counts, not text."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()


def check_suffix(path: Path) -> None:
    """ConfigurationError for a file that is neither CSV nor XLSX."""
    if path.suffix.lower() not in SUFFIXES:
        raise ConfigurationError(
            f"{path}: only .csv and .xlsx are known.", "Save or name the file as one of them; .xls is too old."
        )


def titled(columns: Sequence[str], file: str, row: int, faults: list[Fault]) -> tuple[str, ...]:
    """Column names as they are compared: small letters, no white space at the ends. A name that stands twice is a fault."""
    names = tuple(column.strip().lower() for column in columns)
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        faults.append(Fault(file, row, f"column {name!r} stands twice", "keep one"))
    return names


def demand_columns(table: Table, needed: Sequence[str], used: Sequence[str], faults: list[Fault]) -> bool:
    """A fault for each needed column that is missing, and for each broken cell of those used; True where none is missing."""
    missing = [name for name in needed if name not in table.columns]
    there = ", ".join(filter(None, table.columns))
    faults += [Fault(table.file, 1, f"there is no column {name!r}", f"the columns are: {there}") for name in missing]
    faults += [fault for line in table.lines for name, fault in line.broken.items() if name in used]
    return not missing


@contextmanager
def put_in_place(path: Path) -> Iterator[Path]:
    """A file to write instead; it takes the place of ``path`` when the block ends, and an error leaves the old one."""
    new = path.with_name(f".{path.name}.new")
    try:
        yield new
        os.replace(new, path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
