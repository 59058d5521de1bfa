"""Looking on while a run works: a Progress that measures, logs and writes metrics, and hands everything on."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from migrator.errors import ExitCode
from migrator.model.outcome import SET_ASIDE
from migrator.model.rate import Rate
from migrator.ports import Progress, RateBook
from migrator.watch.log import EventLog
from migrator.watch.metrics import Metrics, write

EVERY_S = 15.0
LOG_EVERY_S = 60.0
COST_SHARE = 50
"""Counting the buckets of millions of items takes its time: at most one part in so many is spent on it."""

_SUCCESS = frozenset({"done", "set_aside"})


class Watch:
    """The Progress port around another one. Rates go to the ledger when an entity ends.

    ``counts_cpu`` False: other processes do the work, whose CPU cannot be told by entity.
    ``complain`` hears of a metrics file that cannot be written, once; the run goes on.
    """

    def __init__(
        self, inner: Progress, book: RateBook, project: str, *, log: EventLog | None = None, metrics: Path | None = None,
        complain: Callable[[OSError], None] = lambda _: None, every_s: float = EVERY_S, counts_cpu: bool = True,
    ) -> None:  # fmt: skip
        self._inner, self._book = inner, book
        self._log, self._path, self._complain = log, metrics, complain
        self._every_s, self._counts_cpu = every_s, counts_cpu
        self._metrics = Metrics(project, started_at=round(time.time(), 3))
        self._entity, self._rows, self._run = "", 0, 0
        self._began = self._cpu = self._said = 0.0
        self._next_metrics = 0.0

    @property
    def run(self) -> int:
        """The number of the run; 0 before it has begun."""
        return self._run

    # --- the Progress port ---
    def start(self, what: str, total: int | None) -> None:
        """An entity begins. The first one tells that the run has begun."""
        if not self._run:
            self._begin()
        self._entity, self._rows = what, 0
        self._began = self._said = time.monotonic()
        self._cpu = cpu_seconds()
        self._tell("entity_started", entity=what, total=total)
        self._inner.start(what, total)

    def advance(self, done: int) -> None:
        """So many more rows are confirmed."""
        self._rows += done
        self._inner.advance(done)
        now = time.monotonic()
        if now - self._said >= LOG_EVERY_S:
            self._said = now
            self._tell("progress", entity=self._entity, rows=self._rows, rows_per_s=round(self._speed(), 1))
        if self._path is not None and now >= self._next_metrics:
            self._refresh()

    def finish(self) -> None:
        """The entity is over: its rate is put on record."""
        self._inner.finish()
        seconds = time.monotonic() - self._began
        cpu_s = cpu_seconds() - self._cpu if self._counts_cpu else 0.0
        written = self._book.written_by(self._run, self._entity)
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        rate = Rate(self._run, "run", self._entity, self._rows, min(written, self._rows), seconds, cpu_s, at)
        if self._rows:
            self._book.keep_rate(rate)
            self._metrics.rates[self._entity] = rate.rows_per_s
        self._tell(
            "entity_ended", entity=self._entity, rows=self._rows, written=rate.written, seconds=round(seconds, 3),
            cpu_s=round(cpu_s, 3), rows_per_s=round(rate.rows_per_s, 1),
        )  # fmt: skip

    # --- the beginning and the end ---
    def _begin(self) -> None:
        run = self._book.latest_run()
        if run is None:
            return
        self._run = run.id
        if self._log is not None:
            self._log.run = run.id
        self._tell("run_started", command=run.command, tool=run.tool_version, session=run.sessions)
        if self._path is not None:
            self._refresh()

    def end(self, ended: str, exit_code: ExitCode, error: str = "") -> None:
        """The session is over. ``ended`` is done, limited, stopped or failed; ``error`` a code, for a failed one."""
        known = self._run or self._log is not None or self._path is not None
        if not known:
            return
        self._metrics.ended_at, self._metrics.exit_code = round(time.time(), 3), int(exit_code)
        if self._log is not None:
            reasons = self._book.reasons(SET_ASIDE)
            level = {"failed": "error", "stopped": "warning"}.get(ended, "info")
            said: dict[str, Any] = {"ended": ended, "exit_code": int(exit_code), "buckets": self._book.counts()}
            self._log.tell("run_ended", level, **said, reasons=reasons, error=error or None)  # type: ignore[arg-type]
        if self._path is not None:
            self._refresh()

    # --- telling ---
    def _tell(self, event: str, **said: Any) -> None:
        if self._log is not None:
            self._log.tell(event, **said)

    def _speed(self) -> float:
        return self._rows / max(time.monotonic() - self._began, 1e-9)

    def _refresh(self) -> None:
        """Count again and replace the metrics file; the next time is the later, the longer it took."""
        assert self._path is not None
        began = time.monotonic()
        self._metrics.rows = self._book.counts()
        self._metrics.open_intents = self._book.open_intent_count()
        self._metrics.last_success_at = self._last_success()
        if self._entity and self._rows:
            self._metrics.rates[self._entity] = self._speed()
        try:
            write(self._path, self._metrics)
        except OSError as error:
            complain, self._complain = self._complain, lambda _: None
            complain(error)
        now = time.monotonic()
        self._next_metrics = now + max(self._every_s, (now - began) * COST_SHARE)

    def _last_success(self) -> float | None:
        ends = [run.ended_at for run in self._book.runs() if run.result in _SUCCESS and run.ended_at]
        return round(max(ends).timestamp(), 3) if ends else None


def cpu_seconds() -> float:
    """CPU of this process and of children that ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system
