"""What reads a legacy source."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from migrator.model.record import SourceRow
from migrator.model.source import KeyRange, Marker, Selection, TableInfo

Position = tuple[Any, ...]


class Extractor(Protocol):
    """Reads a legacy source. Never writes to it."""

    def tables(self) -> Mapping[str, TableInfo]:
        """Every table of the source by name."""

    def columns(self, sql: str) -> tuple[str, ...]:
        """Column names a declared query gives. AccessError where the database refuses the query."""

    def marker(self, selections: Sequence[Selection]) -> Marker:
        """What the source holds now; the cut-off of a run."""

    @property
    def is_one_snapshot(self) -> bool:
        """Whether all that was read since the marker was one snapshot. A lost connection ends it."""

    def touched(self) -> Sequence[str]:
        """Tables without snapshots that somebody wrote to since the first marker, as far as the server can tell."""

    def read(
        self, selection: Selection, after: Position | None, limit: int, upto: Position | None = None
    ) -> Sequence[SourceRow]:
        """The next rows in key order after a position, with their side rows. Fewer than ``limit`` means the end.

        With ``upto`` the end is that position, the row there included.
        """

    def fetch(self, selection: Selection, keys: Collection[str]) -> Sequence[SourceRow]:
        """The rows with these keys, in key order; keys that do not exist are left out."""

    def existing(self, selection: Selection, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys that the selection has."""

    def keys(self, selection: Selection, after: Position | None, limit: int) -> Sequence[tuple[str, Position]]:
        """The next keys in key order after a position, each with its own. Fewer than ``limit`` means the end."""

    def largest(self, selection: Selection, column: str, most: object = None) -> Any:
        """The largest raw value of a column that is not above ``most`` (None: of all); None where there is none."""

    def partitions(self, selection: Selection, size: int) -> Sequence[KeyRange]:
        """Key ranges of about ``size`` rows that cover the selection."""

    def ranges(self, selection: Selection, after: Position | None, size: int) -> Iterator[KeyRange]:
        """Key ranges of ``size`` rows behind a position (the last one of fewer), found one after the other."""

    def keep(self, selection: Selection) -> Path | None:
        """Answer a declared query once, and keep the answer in a file for as long as this is open; None for a table."""

    def use(self, selection: Selection, path: Path) -> None:
        """Take a declared query's rows from the file that another process's extractor keeps."""

    def close(self) -> None:
        """Give connections back."""


class Survey(Protocol):
    """Counts what stands in a source, for people who write its mapping. Never writes to it.

    A selection's table or query and its conditions count; its key and its sides do not.
    """

    def rows(self, selection: Selection) -> int:
        """Rows of the selection."""

    def filled(self, selection: Selection, columns: Sequence[str]) -> Mapping[str, int]:
        """For each column the rows in which it is neither null nor empty text."""

    def tally(self, selection: Selection, columns: Sequence[str], limit: int) -> Sequence[tuple[tuple[Any, ...], int]]:
        """Each combination of raw values with its rows, the most frequent first, at most ``limit`` of them."""

    def samples(self, selection: Selection, column: str, limit: int) -> Sequence[tuple[str, int]]:
        """The most frequent values that are not empty, as text cut to 200 characters, each with its rows."""

    def close(self) -> None:
        """Give connections back."""
