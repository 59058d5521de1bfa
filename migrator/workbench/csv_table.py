"""CSV as spreadsheets write it: UTF-8 or UTF-16, with or without byte order mark; comma, semicolon or tab.

Written in UTF-8 with a byte order mark. A cell that a spreadsheet would take for a formula gets a leading apostrophe, and
loses it when it is read, so that every text comes back as it was. Whole numbers such as ``-1`` stay as they are.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from migrator.errors import ConfigurationError, Fault
from migrator.workbench.table import Line, Table, put_in_place, titled

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MAX_BYTES = 50_000_000

_GUARD = "'"
_GUARDED = (*FORMULA_STARTS, _GUARD)
_WHOLE = re.compile(r"-[1-9][0-9]{0,14}")
_DELIMITERS = (",", ";", "\t")


def guarded(cell: str) -> str:
    """The cell as no spreadsheet executes it."""
    return f"{_GUARD}{cell}" if cell.startswith(_GUARDED) and not _WHOLE.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """The text of a guarded cell; a cell without a guard is left alone, even where it begins with an apostrophe."""
    return cell[1:] if cell.startswith(_GUARD) and cell[1:].startswith(_GUARDED) else cell


@contextmanager
def csv_writer(path: Path) -> Iterator[Any]:
    """A CSV writer for guarded cells. The file is put in place when the block ends; an error leaves the old one."""
    with put_in_place(path) as new, new.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
        yield csv.writer(file)


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table."""
    with csv_writer(path) as writer:
        writer.writerow([guarded(column) for column in columns])
        writer.writerows([guarded(cell) for cell in row] for row in rows)


def read_csv(path: Path, columns: Sequence[str] = ()) -> Table:
    """The table of a file. The delimiter is the one that gives the wanted ``columns``, or else stands most often in line 1.

    ConfigurationError with all faults where the file cannot be read.
    """
    text = _decoded(path)
    start, delimiter = _delimiter(text, columns)
    faults: list[Fault] = []
    lines: list[Line] = []
    reader = csv.reader(io.StringIO(text[start:], newline=""), delimiter=delimiter)
    shift = text[:start].count("\n")
    names: tuple[str, ...] = ()
    try:
        names = titled([unguarded(cell) for cell in next(reader, [])], str(path), 1 + shift, faults)
        row = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append(_line(cells, names, str(path), row + shift, faults))
            row = reader.line_num + 1
    except csv.Error as error:
        faults.append(Fault(str(path), reader.line_num + shift, f"is not readable as CSV: {error}"))
    if not names:
        faults.append(Fault(str(path), 1, "has no header line"))
    if faults:
        raise ConfigurationError(f"{path} cannot be used.", "Correct it and import it again.", faults)
    return Table("", str(path), names, tuple(lines))


def _line(cells: Sequence[str], names: Sequence[str], file: str, row: int, faults: list[Fault]) -> Line:
    if any(cell.strip() for cell in cells[len(names) :]):
        hint = "put a text that holds the separator between quotes"
        faults.append(Fault(file, row, f"has {len(cells)} cells, the header {len(names)}", hint))
    padded = [*cells, *[""] * (len(names) - len(cells))]
    return Line({name: unguarded(cell) for name, cell in zip(names, padded, strict=False) if name}, file, row)


def _decoded(path: Path) -> str:
    if path.is_file() and path.stat().st_size > MAX_BYTES:
        raise ConfigurationError(f"{path} is larger than {MAX_BYTES // 1_000_000} MB.", "Cut it into smaller files.")
    data = path.read_bytes()
    encoding = "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\0" in data[:2]:  # no byte order mark, but one byte of the first letter is zero
        encoding = "utf-16-be" if data.startswith(b"\0") else "utf-16-le"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        fault = Fault(str(path), line, f"is not {encoding.removesuffix('-sig').upper()}", "save it as “CSV UTF-8”")
        raise ConfigurationError(f"{path} cannot be read.", "Save it as “CSV UTF-8”.", [fault]) from error


def _delimiter(text: str, wanted: Sequence[str]) -> tuple[int, str]:
    """Where the table begins (behind a line ``sep=;``) and what separates its cells."""
    declared = re.match(r"sep=([,;\t])\r?\n", text)
    if declared:
        return declared.end(), declared[1]
    header = text.split("\n", 1)[0].rstrip("\r")
    for delimiter in _DELIMITERS:
        names = {cell.strip().lower() for cell in next(csv.reader([header], delimiter=delimiter), [])}
        if wanted and names.issuperset(wanted):
            return 0, delimiter
    return 0, max(_DELIMITERS, key=header.count)
