"""Crosswalks as the auditor reads them: a CSV file whose first column is translated to its second."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from migrator.verify.document import Document
from migrator.verify.form import Form


class Crosswalks:
    """The crosswalks a statement uses, looked for in some folders; the first folder that has a name wins."""

    def __init__(self, folders: Sequence[Path], document: Document) -> None:
        self._folders, self._document = folders, document
        self.used: dict[str, Mapping[str, str]] = {}

    def use(self, name: str, form: Form) -> None:
        """Read the crosswalk, once."""
        if name in self.used:
            return
        self.used[name] = {}
        paths = [path for f in self._folders for path in (f / "crosswalks" / f"{name}.csv", f / f"{name}.csv")]
        path = next((path for path in paths if path.is_file()), None)
        if path is None:
            form.fault(f"there is no crosswalk {name}.csv", f"looked for: {', '.join(map(str, paths))}", at="crosswalk")
            return
        try:
            self.used[name] = dict(_pairs(path.read_text(encoding="utf-8-sig")))
        except (OSError, UnicodeDecodeError, ValueError) as error:
            form.fault(f"{path} cannot be used: {error}", at="crosswalk")


_GUARD = re.compile(r"\A'(?=[-=+@\t\r\n＝＋－＠'])")
"""The apostrophe in front of what a spreadsheet would take for a formula: it keeps the cell from being one."""


def _pairs(text: str) -> list[tuple[str, str]]:
    """(legacy, target) of each line behind the header; separated by comma, semicolon or tab. ValueError where it is
    bad.

    An empty second cell means that nobody has decided yet: such a value counts as not translated.
    """
    lines = text.splitlines(keepends=True)
    if not lines:
        raise ValueError("it is empty")
    separator = max(",;\t", key=lines[0].count)
    rows = [[_GUARD.sub("", cell.strip()) for cell in row] for row in csv.reader(lines, delimiter=separator)][1:]
    rows = [row for row in rows if any(row)]
    if any(len(row) < 2 for row in rows):
        raise ValueError("a line has no second column")
    if len({row[0] for row in rows}) < len(rows):
        raise ValueError("a legacy value stands twice")
    return [(row[0], row[1]) for row in rows]
