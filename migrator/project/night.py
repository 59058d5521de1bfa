"""A run with everything that looks on: rates into the ledger, a log, metrics, and a message when it is over."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from migrator.errors import AccessError, ExitCode, MigratorError
from migrator.i18n import text
from migrator.model.rate import Rate
from migrator.ports import Progress
from migrator.project.compose import Project
from migrator.run.loop import Result
from migrator.watch.log import EventLog
from migrator.watch.watch import Watch, cpu_seconds

if TYPE_CHECKING:
    from migrator.project.notify import Ended


class Night:
    """Around one session of a run. An error passes through it unchanged, told and put on record on its way.

    ``log`` and ``metrics`` come before what the project's settings name. ``complain`` takes sentences about what went
    wrong beside the run. AccessError where the log cannot be opened: that is known before anything was begun.
    """

    def __init__(
        self, project: Project, language: str, complain: Callable[[str], None], *, log: Path | None = None,
        metrics: Path | None = None,
    ) -> None:  # fmt: skip
        self._project, self._language, self._complain = project, language, complain
        self._log = self._opened(log or project.settings.log)
        self._metrics = metrics or project.settings.metrics
        self._watch: Watch | None = None
        self._result: Result | None = None
        self._began_at = datetime.now(UTC)

    def _opened(self, path: Path | None) -> EventLog | None:
        if path is None:
            return None
        try:
            return EventLog(path, lambda error: self._beside("log", path, error))
        except OSError as error:
            raise AccessError(
                f"{path} cannot be written: {error.strerror}.", "Name another file for the log."
            ) from error

    def _beside(self, what: str, path: Path, error: OSError) -> None:
        self._complain(text(f"notify.{what}_unwritable", self._language, path=path, why=error.strerror or str(error)))

    def watching(self, progress: Progress, *, counts_cpu: bool = True) -> Progress:
        """The progress of the run, looked on. ``counts_cpu`` False where other processes do the work."""
        self._watch = Watch(
            progress, self._project.ledger, self._project.settings.name, log=self._log, metrics=self._metrics,
            complain=lambda error: self._beside("metrics", self._metrics or Path(), error), counts_cpu=counts_cpu,
        )  # fmt: skip
        return self._watch

    def ended(self, result: Result) -> None:
        """The run came to its end, its limit, or was asked to stop."""
        self._result = result

    def __enter__(self) -> Night:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        try:
            self._over(error)
        finally:
            if self._log is not None:
                self._log.close()

    def _over(self, error: BaseException | None) -> None:
        ended, code = _outcome(self._result, error)
        error_code = "" if ended != "failed" else getattr(error, "code", "unexpected")
        if self._watch is not None:
            try:
                self._watch.end(ended, code, error_code)
            except MigratorError as beside:  # the ledger is gone; who waits for a message waits all the more
                self._complain(beside.message)
        elif self._log is not None:
            self._log.tell("run_ended", "error", ended=ended, exit_code=int(code), error=error_code or None)
        settings = self._project.settings.notify
        if settings is not None:
            from migrator.project.notify import notify  # with it come HTTP and mail, which few nights need

            notify(settings, self._project.folder, self._told(ended, code, error_code), self._complain)

    def _told(self, ended: str, code: ExitCode, error_code: str) -> Ended:
        from migrator.project.notify import Ended

        return Ended(
            project=self._project.settings.name, ended=ended, exit_code=int(code), error=error_code,
            run=self._result.run.id if self._result else self._watch.run if self._watch else 0,
            set_aside=self._result.set_aside if self._result else 0,
            began_at=self._began_at, ended_at=datetime.now(UTC), buckets=self._buckets(),
        )  # fmt: skip

    def _buckets(self) -> Mapping[str, Mapping[str, int]]:
        """What the ledger counts; nothing where it cannot be asked any more."""
        if self._watch is None:
            return {}
        try:
            return self._project.ledger.counts()
        except MigratorError:
            return {}


def _outcome(result: Result | None, error: BaseException | None) -> tuple[str, ExitCode]:
    """How it ended, and the exit code the command will answer."""
    if isinstance(error, KeyboardInterrupt):
        return "stopped", ExitCode.INTERRUPTED
    if error is not None or result is None:
        return "failed", error.exit_code if isinstance(error, MigratorError) else ExitCode.UNEXPECTED
    if result.ended == "stopped":
        return "stopped", ExitCode.INTERRUPTED
    return result.ended, ExitCode.SET_ASIDE if result.set_aside else ExitCode.DONE


@contextmanager
def timed(project: Project, stage: str) -> Iterator[None]:
    """Put on record how long a stage (verify, report) took for the rows the ledger knows, when it comes to its end.

    A ledger that cannot take it, such as one opened read-only for an audit, is no reason to fail.
    """
    began, cpu_s = time.monotonic(), cpu_seconds()
    yield
    rows = sum(number for buckets in project.ledger.counts().values() for number in buckets.values())
    run = project.ledger.latest_run()
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    took = time.monotonic() - began
    if run is not None and rows:
        with suppress(MigratorError):
            project.ledger.keep_rate(Rate(run.id, stage, "", rows, 0, took, cpu_seconds() - cpu_s, at))
