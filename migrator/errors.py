"""Every public exception.

The type says what the runner does; the message says what the person does next.

* :class:`ConfigurationError`, :class:`AccessError` – nothing was started (exit 2).
* :class:`StopRun` – the run stops where it is; everything confirmed stays, the next run goes on (exit 1).
* :class:`Superseded` – a worker that was given up must not write any more; the run goes on without it.
* :class:`SetAside` – this one row goes to the bucket *rejected*; the run goes on.
* :class:`EvidenceError` – the ledger does not hold together; nothing may be built on it (exit 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """What the process answers to its caller."""

    DONE = 0
    UNEXPECTED = 1
    CONFIGURATION = 2
    SET_ASIDE = 3
    DIFFERENCES = 4
    EVIDENCE = 5
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a project's files.

    ``line`` is 1-based; 0 means the fault belongs to the file as a whole. ``hint`` says what would be right, or is
    empty.
    """

    file: str
    line: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}" + (f" – {self.hint}" if self.hint else "")


class MigratorError(Exception):
    """Base of all errors a person is meant to read. ``code`` is stable, for machines; ``next_step`` is a sentence."""

    exit_code = ExitCode.UNEXPECTED
    code = "unexpected"

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step


class ConfigurationError(MigratorError):
    """The project's files are wrong. Holds all faults at once, each with file and line."""

    exit_code = ExitCode.CONFIGURATION
    code = "configuration"

    def __init__(self, message: str, next_step: str = "", faults: Sequence[Fault] = ()) -> None:
        super().__init__(message, next_step)
        self.faults = tuple(faults)


class AccessError(MigratorError):
    """A database, file or site cannot be reached, read or written as it must be."""

    exit_code = ExitCode.CONFIGURATION
    code = "access"


class StopRun(MigratorError):
    """Going on would do harm (disk full, connection lost, target refuses everything). The run can be resumed."""

    code = "stopped"


class Superseded(StopRun):
    """Somebody else has what this worker holds. Nothing of it may be written."""

    code = "superseded"


class EvidenceError(MigratorError):
    """The ledger contradicts itself, or was written by a newer tool."""

    exit_code = ExitCode.EVIDENCE
    code = "evidence"


class SetAside(MigratorError):
    """This record cannot be carried over as it is. ``code`` is the reason the report lists it under."""

    def __init__(self, reason: str, detail: str, field: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.code = reason
        self.detail = detail
        self.field = field
