"""Finding the rows that need a look without transforming, or even reading, all of them.

*Scan* reads every row, takes the digest of what was read, and goes on where it is the known one. *Mark* reads the rows
whose change mark is above the high-water mark (less an overlap), the rows nobody knows yet, by comparing keys, and the
rows that need another look for a reason of ours; a scan every few days finds what came with too old a mark. Neither puts
anything on record for a row that did not change: its last outcome stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, Literal

from migrator.model.outcome import LOADED
from migrator.model.record import SourceRow, source_fingerprint
from migrator.model.source import Selection, Test
from migrator.ports import Extractor, HighWater, Known, Ledger, Position
from migrator.run.batch import BatchWork
from migrator.run.parts import ChangePolicy, Parts

ROWS_AT_ONCE = 2000
KEYS_AT_ONCE = 500
_AHEAD = timedelta(days=1)
"""A mark further in the future is a wrong clock's: it does not raise the high-water mark."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows to process. ``position`` is None where the mark of the run must not move; ``seen`` counts the rows looked at."""

    rows: Sequence[SourceRow]
    position: Position | None
    last: bool
    seen: int


class Delta:
    """How one entity of one source is read in this run. ``full``: somebody wants every row to be put on record."""

    def __init__(self, parts: Parts, work: BatchWork, run: int, now: datetime, *, full: bool = False) -> None:
        source, entity = self._source, self._entity = work.source, work.entity
        self._extractor: Extractor = parts.extractors[source]
        self._ledger: Ledger = parts.ledger
        self._selection: Selection = parts.mappings[source, entity].selection
        self._mapping = parts.mappings[source, entity].fingerprint
        self._policy: ChangePolicy | None = parts.changes.get((source, entity))
        self._lead_change, self._open_keys = work.lead_change, work.open_keys
        self._run, self._now, self._full = run, now, full
        self._counts_gone_standing = parts.deletions.policy == "withdraw"
        self._high = self._ledger.high_water(source, entity) if self._policy else None
        self.way: Literal["full", "scan", "mark"] = self._way()
        self._known = self._met = 0
        self._is_whole = False

    def _way(self) -> Literal["full", "scan", "mark"]:
        if self._full or self._policy is None or not self._ledger.was_read(self._run, self._source, self._entity):
            return "full"
        high = self._high
        if self._policy.column is None or high is None or high.mark is None:
            return "scan"
        return "mark" if self._now - high.scanned_at < timedelta(days=self._policy.scan_days) else "scan"

    def high_water(self, *, is_resumed: bool) -> HighWater | None:
        """The mark to keep once the run has come to its end. Ask before the first row is read.

        A resumed run read some rows before this session: its old mark stays, and the next run reads a little more.
        """
        if self._policy is None:
            return None
        high = self._high
        mark = high.mark if high else None
        if self._policy.column is not None and not is_resumed:
            mark = self._largest(self._policy.column)
        scanned_at = high.scanned_at if self.way == "mark" and high is not None else self._now
        return HighWater(self._source, self._entity, mark, self._run, scanned_at)

    def _largest(self, column: str) -> Any:
        largest = self._extractor.largest(self._selection, column)
        most = _ahead(largest, self._now)
        if most is None or largest <= most:
            return largest
        capped = self._extractor.largest(self._selection, column, most)
        return largest if capped is None else capped

    def pieces(self) -> Iterator[Piece]:
        """Everything that needs a look. Not to be asked where the way is ``full``."""
        self._known = self._ledger.live(self._source, self._entity, kept=self._counts_gone_standing)
        yield from self._scan() if self.way == "scan" else self._marked()

    @property
    def nothing_is_gone(self) -> bool:
        """Whether every key that is known was met: no row was deleted. Only after the last piece."""
        return self._is_whole and self._met == self._known

    def _scan(self) -> Iterator[Piece]:
        position, _ = self._ledger.position(self._source, self._entity)
        began_at_the_beginning = position is None
        while True:
            rows = self._extractor.read(self._selection, position, ROWS_AT_ONCE)
            position = rows[-1].position if rows else position
            known = self._ledger.known([row.key for row in rows]) if rows else {}
            self._met += sum(known[row.key].is_live for row in rows if row.key in known)
            changed = [row for row in rows if not self._is_as_before(row, known.get(row.key))]
            last = len(rows) < ROWS_AT_ONCE
            self._is_whole = last and began_at_the_beginning
            yield Piece(changed, position, last, len(rows))
            if last:
                return

    def _is_as_before(self, row: SourceRow, known: Known | None) -> bool:
        return (
            known is not None
            and known.bucket in LOADED
            and known.mapping_fingerprint == self._mapping
            and not known.is_partial
            and row.key not in self._open_keys
            and known.transformed_seq >= self._lead_change
            and known.source_fingerprint == source_fingerprint(row)
        )

    def _marked(self) -> Iterator[Piece]:
        assert self._policy is not None
        assert self._policy.column is not None
        assert self._high is not None
        least = lowered(self._high.mark, timedelta(seconds=self._policy.overlap_s))
        above = Test(self._policy.column, "ge", least)
        unmarked = Test(self._policy.column, "in", (None,))
        yield from self._fetched(self._unknown())  # first: what is new now must not count as met
        for test in (above, unmarked):
            yield from self._selected(replace(self._selection, where=(*self._selection.where, test)))
        again = self._ledger.unsettled(self._source, self._entity, self._run, self._mapping, self._lead_change)
        yield from self._fetched(again)
        yield from self._fetched(sorted(self._open_keys))
        self._is_whole = True
        yield Piece((), None, last=True, seen=0)

    def _selected(self, selection: Selection) -> Iterator[Piece]:
        position: Position | None = None
        while True:
            rows = self._extractor.read(selection, position, KEYS_AT_ONCE)
            known = self._ledger.known([row.key for row in rows]) if rows else {}
            yield Piece(
                [row for row in rows if not self._is_as_before(row, known.get(row.key))], None, last=False, seen=0
            )
            if len(rows) < KEYS_AT_ONCE:
                return
            position = rows[-1].position

    def _unknown(self) -> Iterator[str]:
        """Keys of the source that the ledger does not know, or knows as gone."""
        position: Position | None = None
        while True:
            page = self._extractor.keys(self._selection, position, ROWS_AT_ONCE)
            live = self._ledger.live_keys([key for key, _ in page]) if page else frozenset()
            self._met += len(live)
            yield from (key for key, _ in page if key not in live)
            if len(page) < ROWS_AT_ONCE:
                return
            position = page[-1][1]

    def _fetched(self, keys: Iterable[str]) -> Iterator[Piece]:
        rest = iter(keys)
        while page := list(islice(rest, KEYS_AT_ONCE)):
            yield Piece(self._extractor.fetch(self._selection, page), None, last=False, seen=len(page))


def lowered(mark: Any, overlap: timedelta) -> Any:
    """The mark less an overlap: seconds of a number, time of a date or of a text that is one; other marks as they are."""
    if isinstance(mark, bool):
        return mark
    if isinstance(mark, int):
        return mark - int(overlap.total_seconds())
    if isinstance(mark, float):
        return mark - overlap.total_seconds()
    if isinstance(mark, Decimal):
        return mark - int(overlap.total_seconds())
    if isinstance(mark, datetime):
        return mark - overlap
    if isinstance(mark, date):
        return mark - max(overlap, timedelta(days=1))
    if isinstance(mark, str):
        return _text_lowered(mark, overlap)
    return mark


def _text_lowered(mark: str, overlap: timedelta) -> str:
    try:
        moment = datetime.fromisoformat(mark)
    except ValueError:
        return mark
    if len(mark) <= len("2026-01-31"):
        return (moment - max(overlap, timedelta(days=1))).date().isoformat()
    text = (moment - overlap).replace(tzinfo=None).isoformat(sep=mark[10])
    return text[: len(mark)]


def _ahead(mark: Any, now: datetime) -> Any:
    """The largest mark of the kind of this one that can be true; None where nobody can tell."""
    most = now + _AHEAD
    if isinstance(mark, bool):
        return None
    if isinstance(mark, int | float | Decimal):
        return int(most.timestamp()) if mark < 10**11 else None  # seconds; other counters are taken as they are
    if isinstance(mark, datetime):
        return most if mark.tzinfo else most.astimezone(UTC).replace(tzinfo=None)
    if isinstance(mark, date):
        return most.date()
    if isinstance(mark, str) and len(mark) >= len("2026-01-31") and mark[:4].isdigit() and mark[4] == "-":
        return most.strftime("%Y-%m-%d") + (mark[10] + most.strftime("%H:%M:%S") if len(mark) > 10 else "")
    return None
