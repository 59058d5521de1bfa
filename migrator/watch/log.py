"""A log in JSON lines, bounded in size. It holds counts and codes: never a text, a secret, or a person's data."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Literal

import orjson

FILE_BYTES = 10_000_000
FILES_KEPT = 4

Severity = Literal["info", "warning", "error"]
_LEVELS: dict[Severity, int] = {"info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


class EventLog:
    """One file and its older parts (``NAME.1`` is the newest of them). Each line is a JSON object:

    ``time`` (UTC), ``level``, ``event``, ``run`` (null before one began), and what the event adds. A log that cannot be
    written is told once, by ``complain``, and changes nothing else. OSError where it cannot be opened.
    """

    def __init__(
        self, path: Path, complain: Callable[[OSError], None], file_bytes: int = FILE_BYTES, kept: int = FILES_KEPT
    ) -> None:
        self._handler = _Handler(path, complain, file_bytes, kept)
        self.run: int | None = None

    def tell(self, event: str, level: Severity = "info", **said: Any) -> None:
        """Write one line. Values are numbers, codes and names of entities, or mappings of these."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = orjson.dumps({"time": at, "level": level, "event": event, "run": self.run, **said}).decode()
        self._handler.handle(logging.LogRecord("migrator", _LEVELS[level], "", 0, line, None, None))

    def close(self) -> None:
        """Close the file."""
        self._handler.close_once()


class _Handler(RotatingFileHandler):
    """The standard library's rotation, with our manners where the disk is full."""

    def __init__(self, path: Path, complain: Callable[[OSError], None], file_bytes: int, kept: int) -> None:
        self._complain: Callable[[OSError], None] | None = complain
        super().__init__(path, maxBytes=file_bytes, backupCount=kept, encoding="utf-8")

    def emit(self, record: logging.LogRecord) -> None:
        """As the parent's, but an error is told once instead of printed every time."""
        try:
            if self.shouldRollover(record):
                self.doRollover()
            logging.FileHandler.emit(self, record)
        except OSError as error:
            self._told_once(error)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the parent's name
        """Called inside an ``except`` of the parent."""
        error = sys.exc_info()[1]
        self._told_once(error if isinstance(error, OSError) else OSError(str(error)))

    def close_once(self) -> None:
        """Close; what was still to be written and cannot be is told like everything else."""
        try:
            self.close()
        except OSError as error:
            self._told_once(error)

    def _told_once(self, error: OSError) -> None:
        complain, self._complain = self._complain, None
        if complain is not None:
            complain(error)
