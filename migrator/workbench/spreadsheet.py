"""One door to both kinds of file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from migrator.errors import ConfigurationError
from migrator.workbench.csv_table import read_csv, write_csv
from migrator.workbench.table import Sheet, Table, check_suffix
from migrator.workbench.xlsx_read import read_xlsx
from migrator.workbench.xlsx_write import write_xlsx


def is_workbook(path: Path) -> bool:
    """Whether the file can hold several tables. ConfigurationError for a file that is neither CSV nor XLSX."""
    check_suffix(path)
    return path.suffix.lower() == ".xlsx"


def write_sheets(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write the tables. ConfigurationError where there are several and the file is CSV."""
    if is_workbook(path):
        write_xlsx(path, sheets)
    elif len(sheets) == 1:
        write_csv(path, sheets[0].columns, sheets[0].rows)
    else:
        names = ", ".join(sheet.name for sheet in sheets)
        raise ConfigurationError(
            f"A .csv file holds one table, and these are {len(sheets)}: {names}.", "Name one, or .xlsx."
        )


def read_tables(path: Path, columns: Sequence[str]) -> tuple[Table, ...]:
    """Every table of a file; a CSV file has one, with ``columns`` to tell its separator by."""
    if not path.is_file():
        raise ConfigurationError(f"There is no file {path}.", "Check the path.")
    return read_xlsx(path) if is_workbook(path) else (read_csv(path, columns),)
