"""Reading XLSX: what comes back from a spreadsheet is taken only where nothing was lost.

A spreadsheet keeps a number as a binary fraction of 15 certain digits, shows 007 as 7, and computes what begins with
``=``. So a number is read where its digits are certain; other numbers, formulas, dates and error values are refused with
their address, in the columns that matter. Facts: ECMA-376 part 1, 18.3.1.4 (cells) and 18.18.11 (cell types).
"""

from __future__ import annotations

import re
import warnings
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from migrator.errors import ConfigurationError, Fault
from migrator.workbench.table import Line, Table, titled

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

MAX_ROWS = 200_000
MAX_BYTES = 300_000_000

ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How a workbook writes a control character."""

_CERTAIN = 10**15
_PLAIN_FORMATS = frozenset({"General", "GENERAL", "0", "@", "#,##0"})


def read_xlsx(path: Path) -> tuple[Table, ...]:
    """Every sheet of a workbook. ConfigurationError with all faults, each with sheet, row and cell address."""
    openpyxl = library("openpyxl")
    _check_size(path)
    faults: list[Fault] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about parts it does not keep: styles, validations
            book = openpyxl.load_workbook(path)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, SyntaxError) as error:
        message = f"{path} cannot be read as a workbook: {error}"
        raise ConfigurationError(message, "Save it again as “Excel workbook (.xlsx)”.") from error
    tables = tuple(_table(path, sheet, faults) for sheet in book.worksheets)
    if faults:
        raise ConfigurationError(f"{path} cannot be used.", "Correct it and import it again.", faults)
    return tables


def _check_size(path: Path) -> None:
    """A workbook is a ZIP file: a small one can hold gigabytes."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (OSError, zipfile.BadZipFile) as error:
        message = f"{path} is not a workbook: {error}"
        raise ConfigurationError(message, "Save it as “Excel workbook (.xlsx)”.") from error
    if size > MAX_BYTES:
        raise ConfigurationError(f"{path} holds more than {MAX_BYTES // 1_000_000} MB.", "Remove what is not needed.")


def _table(path: Path, sheet: Worksheet, faults: list[Fault]) -> Table:
    file = f"{path} [{sheet.title}]"
    if sheet.max_row > MAX_ROWS:
        faults.append(Fault(file, 0, f"has {sheet.max_row} rows, at most {MAX_ROWS}", "remove the empty rows below"))
        return Table(sheet.title, file, (), ())
    for merged in sheet.merged_cells.ranges:
        faults.append(Fault(file, merged.min_row, f"cells {merged.coord} are merged", "unmerge them"))
    rows = sheet.iter_rows()
    names = titled([_read(cell)[0] for cell in next(rows, ())], file, 1, faults)
    lines = []
    for number, row in enumerate(rows, start=2):
        read = {name: (cell.coordinate, *_read(cell)) for name, cell in zip(names, row, strict=False) if name}
        broken = {
            name: Fault(file, number, f"cell {address} {problem}", "write it again, in a cell of the format Text")
            for name, (address, _, problem) in read.items()
            if problem
        }
        cells = {name: text for name, (_, text, _) in read.items()}
        if broken or any(text.strip() for text in cells.values()):
            lines.append(Line(cells, file, number, broken))
    return Table(sheet.title, file, names, tuple(lines))


def _read(cell: Cell | MergedCell) -> tuple[str, str]:
    """The cell's text, and why it cannot be known for certain (else empty)."""
    value: Any = cell.value
    if value is None:
        return "", ""
    if cell.data_type == "b":
        return ("true" if value else "false"), ""
    if cell.data_type == "n":
        return _number(value, cell.number_format)
    if isinstance(value, str) and cell.data_type not in {"f", "e"}:
        return ESCAPE.sub(lambda match: chr(int(match[1], 16)), value), ""
    problems = {"f": "holds a formula", "e": f"holds the error {value}", "d": "holds a date"}
    return "", problems.get(cell.data_type, "holds no text")


def _number(value: Any, number_format: str) -> tuple[str, str]:
    if abs(value) >= _CERTAIN:
        return "", "holds a number of more than 15 digits, which the spreadsheet has rounded"
    if number_format not in _PLAIN_FORMATS:
        return "", f"shows a number in the format {number_format}, not as it is kept"
    if value == int(value):
        return str(int(value)), ""
    text = repr(value)
    return (text, "") if len(text) <= 16 and "e" not in text else ("", f"holds the number {text}: no certain digits")


def library(name: str) -> Any:
    """openpyxl or xlsxwriter. ConfigurationError with the next step where it is not installed."""
    try:
        return __import__(name)
    except ImportError as error:
        raise ConfigurationError(
            f"Workbooks (.xlsx) need {name}, which is not installed.",
            "Install it: pip install 'migrator[reports]', or take a .csv file.",
        ) from error
