"""Writing XLSX: every cell is text, so that 007 stays 007 and nothing is ever computed.

Facts: 32,767 characters a cell, 31 a sheet name, 255 of choices: Microsoft's "Excel specifications and limits".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from migrator.errors import ConfigurationError, Fault
from migrator.workbench.table import Sheet, put_in_place
from migrator.workbench.xlsx_read import ESCAPE, library

MAX_CELL = 32_767
MAX_CHOICES = 255

_CREATED = datetime(2000, 1, 1)
_WIDEST = 60
_FORMATS: Mapping[str, Mapping[str, object]] = {
    "text": {"num_format": "@"},
    "wrapped": {"num_format": "@", "text_wrap": True},
    "head": {"num_format": "@", "bold": True},
    "number": {},
}


def sheet_names(names: Sequence[str]) -> Mapping[str, str]:
    """A sheet name that Excel takes for each name: no ``[]:*?/\\``, at most 31 characters, all different."""
    found: dict[str, str] = {}
    for name in names:
        plain = re.sub(r"[\[\]:*?/\\']", "_", name)[:31] or "_"
        taken = {other.lower() for other in found.values()}
        number = 2
        sheet = plain
        while sheet.lower() in taken:
            sheet = f"{plain[:27]}_{number}"
            number += 1
        found[name] = sheet
    return found


def write_xlsx(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write the sheets. The same content gives the same bytes. ConfigurationError for texts that no cell can hold."""
    xlsxwriter = library("xlsxwriter")
    if unfit := [fault for sheet in sheets for fault in _unfit(path, sheet)]:
        raise ConfigurationError(f"{path} cannot hold all of this.", "Write a .csv file instead.", unfit)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with put_in_place(path) as new:
        book = xlsxwriter.Workbook(str(new), options)
        book.set_properties({"created": _CREATED, "author": "migrator"})
        formats = {name: book.add_format({"valign": "top", **mark}) for name, mark in _FORMATS.items()}
        for sheet in sheets:
            _fill(book.add_worksheet(sheet.name), sheet, formats)
        book.close()


def _fill(page: Any, sheet: Sheet, formats: Mapping[str, Any]) -> None:
    page.freeze_panes(1, 0)
    for column, title in enumerate(sheet.columns):
        width = max((len(row[column]) for row in sheet.rows), default=0)
        kind = "number" if title in sheet.numbers else "wrapped" if width > _WIDEST else "text"
        page.set_column(column, column, min(max(width, len(title)) + 2, _WIDEST), formats[kind])
        page.write_string(0, column, title, formats["head"])
        for line, row in enumerate(sheet.rows, start=1):
            if not row[column]:
                page.write_blank(line, column, None, formats[kind])  # keeps what is typed here as text
            elif kind == "number":
                page.write_number(line, column, int(row[column]), formats[kind])
            else:
                page.write_string(line, column, row[column], formats[kind])
        _offer(page, column, len(sheet.rows), sheet.choices.get(title, ()))
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)


def _offer(page: Any, column: int, rows: int, choices: Sequence[str]) -> None:
    if choices and rows and len(",".join(choices)) <= MAX_CHOICES:
        page.data_validation(1, column, rows, column, {"validate": "list", "source": list(choices)})


def _unfit(path: Path, sheet: Sheet) -> Iterator[Fault]:
    """Texts that would not come back. ``_x000D_`` is how a workbook writes a control character; openpyxl takes it for one."""
    for number, row in enumerate(sheet.rows, start=2):
        for title, cell in zip(sheet.columns, row, strict=True):
            if len(cell) > MAX_CELL:
                yield Fault(f"{path} [{sheet.name}]", number, f"{title} has more than {MAX_CELL} characters")
            elif escape := ESCAPE.search(cell):
                yield Fault(f"{path} [{sheet.name}]", number, f"{title} holds {escape[0]}")
            elif any("\ud800" <= letter <= "\udfff" for letter in cell):
                yield Fault(f"{path} [{sheet.name}]", number, f"{title} is not valid Unicode")
