"""What the ledger tells of its runs: the cut-off of each entity, and in which run something was last transformed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import orjson

from migrator.ports import Ledger, RunInfo

_PARTIAL = frozenset(("--only", "--retry-failed"))
"""Runs with these words read only some rows: their marker is no cut-off."""


@dataclass(frozen=True, slots=True)
class CutOff:
    """The state of the source that a run worked from. ``first_at`` is the cut-off of the first run that read the entity.

    ``is_exact`` says that the run read the source as it was at the marker: a snapshot, in one go.
    """

    run: int
    at: datetime
    first_at: datetime
    rows: int
    is_exact: bool


@dataclass(frozen=True, slots=True)
class History:
    """``cut_offs`` by (source, entity); ``seed`` (hex) is the head of the journal, which nobody knew before the run ended."""

    cut_offs: Mapping[tuple[str, str], CutOff] = field(default_factory=dict)
    seed: str = ""
    runs: Mapping[int, RunInfo] = field(default_factory=dict)
    first_entries: Sequence[tuple[int, int]] = ()

    def run_of(self, seq: int) -> RunInfo | None:
        """The run that made a journal entry; None for one nobody knows."""
        place = bisect_right(self.first_entries, (seq, 1 << 62)) - 1
        return self.runs.get(self.first_entries[place][1]) if place >= 0 else None


def read_history(ledger: Ledger) -> History:
    """Read runs and journal once."""
    runs, seed = ledger.runs(), ""
    first_entries: list[tuple[int, int]] = []
    for entry in ledger.journal():
        seed = entry.hash.hex()
        if not first_entries or first_entries[-1][1] != entry.run:
            first_entries.append((entry.seq, entry.run))
    return History(cut_offs(runs), seed, {run.id: run for run in runs}, first_entries)


def cut_offs(runs: Sequence[RunInfo]) -> Mapping[tuple[str, str], CutOff]:
    """By (source, entity). Runs without a marker that can be read are passed over."""
    found: dict[tuple[str, str], CutOff] = {}
    for run in runs:
        if _PARTIAL & {word.partition("=")[0] for word in run.command.split()}:
            continue
        for pair, (rows, consistent) in _markers(run.marker).items():
            first = found[pair].first_at if pair in found else run.started_at
            found[pair] = CutOff(run.id, run.started_at, first, rows, consistent and run.sessions == 1)
    return found


def _markers(text: str) -> dict[tuple[str, str], tuple[int, bool]]:
    try:
        return {
            (source, entity): (int(rows), bool(marker["consistent"]))
            for source, marker in orjson.loads(text).items()
            for entity, rows, _ in marker["entities"]
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}
