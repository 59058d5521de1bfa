"""The lists beside the pages: CSV that spreadsheets open as it is meant.

UTF-8 with a byte order mark, RFC 4180 line ends and quotes. A text that a spreadsheet would take for a formula gets a
leading apostrophe: a headline is data, never a command.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TextIO

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_UNSAFE_IN_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class ListFile:
    """A finished list: path below the report's folder, data rows, SHA-256 of the file in hex."""

    path: str
    rows: int
    sha256: str


def safe_cell(value: object) -> str:
    """A value as a cell that no spreadsheet executes. None is empty; whole numbers keep their sign."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    cell = str(value)
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def list_name(*parts: str) -> str:
    """``lists/a-b.csv`` from parts that may hold anything; an empty part reads ``all``."""
    return "lists/" + "-".join(_UNSAFE_IN_NAME.sub("_", part) or "all" for part in parts) + ".csv"


class ListFolder:
    """Writes any number of lists row by row; each stays open until the folder is closed. Use it in a ``with``."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._open: dict[str, tuple[TextIO, ListWriter]] = {}
        self.files: tuple[ListFile, ...] = ()

    def __enter__(self) -> ListFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file, _ in self._open.values():
            file.close()
        if kind is None:
            self.files = tuple(self._finished(path) for path in sorted(self._open))

    def open(self, path: str, columns: Iterable[str]) -> ListWriter:
        """The list at a path, with its header; the one already open where there is one."""
        if path not in self._open:
            target = self._root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            # backslashreplace: legacy text with half a surrogate pair must not stop a report
            file = target.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="")
            writer = ListWriter(file, columns)
            self._open[path] = (file, writer)
        return self._open[path][1]

    def _finished(self, path: str) -> ListFile:
        with (self._root / path).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return ListFile(path, self._open[path][1].rows, digest)


class ListWriter:
    """One list being written. ``rows`` counts data rows."""

    def __init__(self, file: TextIO, columns: Iterable[str]) -> None:
        self._csv = csv.writer(file)
        self._csv.writerow(list(columns))
        self.rows = 0

    def add(self, *cells: object) -> None:
        """Append a row."""
        self._csv.writerow([safe_cell(cell) for cell in cells])
        self.rows += 1
