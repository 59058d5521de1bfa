"""The Survey port over a staged copy: counts made by reading it through, for people who write a mapping."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from migrator.extract.staged import values
from migrator.extract.staged.catalogue import Catalogue
from migrator.extract.staged.extractor import StagedExtractor
from migrator.model.record import Row
from migrator.model.source import Selection

SAMPLE_CHARACTERS = 200


class StagedSurvey:
    """Counts rows and values of the packs in a folder."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self._extractor = StagedExtractor(folder, catalogue)
        self._counts = catalogue.copy.counts
        self._staged = {relation.name for relation in catalogue.copy.relations}

    def rows(self, selection: Selection) -> int:
        """Rows of the selection; of a table that was not copied, as many as it had when the copy was begun."""
        if selection.table in self._counts and selection.table not in self._staged and not selection.where:
            return self._counts[str(selection.table)]
        return sum(1 for _ in self._extractor.each(selection))

    def filled(self, selection: Selection, columns: Sequence[str]) -> Mapping[str, int]:
        """For each column the rows in which it is neither null nor empty text."""
        found = dict.fromkeys(columns, 0)
        for row in self._extractor.each(selection):
            for name in columns:
                found[name] += row[name] is not None and row[name] != ""
        return found

    def tally(self, selection: Selection, columns: Sequence[str], limit: int) -> Sequence[tuple[tuple[Any, ...], int]]:
        """Each combination of raw values with its rows, the most frequent first, at most ``limit`` of them."""
        lines = (values.line([row[name] for name in columns]) for row in self._extractor.each(selection))
        return [(tuple(values.row(line)), number) for line, number in _most_frequent(lines, limit)]

    def samples(self, selection: Selection, column: str, limit: int) -> Sequence[tuple[str, int]]:
        """The most frequent values that are not empty, as text cut to 200 characters, each with its rows."""
        texts = (_text(row, column).encode("utf-8", "replace") for row in self._extractor.each(selection))
        return [(text.decode(), number) for text, number in _most_frequent(filter(None, texts), limit)]

    def close(self) -> None:
        """Let go of all files."""
        self._extractor.close()


def _text(row: Row, column: str) -> str:
    value = row[column]
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else "" if value is None else str(value)
    return text[:SAMPLE_CHARACTERS]


def _most_frequent(found: Iterable[bytes], limit: int) -> Iterator[tuple[bytes, int]]:
    """What was found, each with how often, the most frequent first. Counted on the disk: there may be as many as rows."""
    with closing(sqlite3.connect("")) as connection:
        connection.execute("CREATE TABLE tally (what BLOB PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID")
        count = "INSERT INTO tally VALUES (?, 1) ON CONFLICT DO UPDATE SET n = n + 1"
        connection.executemany(count, ((each,) for each in found))
        yield from connection.execute("SELECT what, n FROM tally ORDER BY n DESC, what LIMIT ?", (limit,))
