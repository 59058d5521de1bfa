"""Preloaded into a Dask worker (``--preload``): it freezes itself (SIGSTOP) once, at a named point, and says how it went on.

MIGRATOR_FREEZE is the point, MIGRATOR_FREEZE_CALL the number of the call (from 1), MIGRATOR_FREEZE_FOLDER where it says so:
``frozen`` holds the process id, ``woken`` is written when the call is over: ``done``, or the name of the error.
"""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import Any

from migrator.ledger.store import SqlLedger
from migrator.load.sql.loader import SqlLoader

POINTS: dict[str, tuple[Any, str, str]] = {
    "before-the-turn": (SqlLedger, "take_turn", ""),
    "between-intent-and-act": (SqlLoader, "write", ""),
    "within-the-act": (SqlLoader, "write", "_write"),  # its transaction is open
    "between-act-and-confirmation": (SqlLedger, "confirm", ""),
    "within-the-confirmation": (SqlLedger, "confirm", "_record"),
}


class Freezing:
    """Counts the calls of a method; the chosen one stands still at its beginning, or behind a part of it."""

    def __init__(self, folder: Path, number: int) -> None:
        self._folder, self._number = folder, number
        self._calls = 0
        self._is_due = False

    def wrap(self, owner: Any, name: str, part: str) -> None:
        """Replace the method, and the part of it."""
        whole = getattr(owner, name)

        def counted(*args: Any, **kwargs: Any) -> Any:
            self._calls += 1
            if self._calls != self._number:
                return whole(*args, **kwargs)
            self._is_due = True
            if not part:
                self._freeze()
            try:
                result = whole(*args, **kwargs)
            except BaseException as error:
                self._say("woken", type(error).__name__)
                raise
            self._say("woken", "done")
            return result

        setattr(owner, name, counted)
        if part:
            inner = getattr(owner, part)

            def behind(*args: Any, **kwargs: Any) -> Any:
                result = inner(*args, **kwargs)
                self._freeze()
                return result

            setattr(owner, part, behind)

    def _freeze(self) -> None:
        if self._is_due:
            self._is_due = False
            self._say("frozen", str(os.getpid()))
            signal.pthread_kill(
                threading.get_ident(), signal.SIGSTOP
            )  # a process only stops when some thread of it is run

    def _say(self, name: str, text: str) -> None:
        draft = self._folder / f".{name}"
        draft.write_text(text, encoding="utf-8")
        draft.rename(self._folder / name)


if not hasattr(SqlLedger, "is_freezing"):  # Dask imports what it preloads, and then loads it again
    SqlLedger.is_freezing = True  # type: ignore[attr-defined]
    Freezing(Path(os.environ["MIGRATOR_FREEZE_FOLDER"]), int(os.environ["MIGRATOR_FREEZE_CALL"])).wrap(
        *POINTS[os.environ["MIGRATOR_FREEZE"]]
    )
