"""A run that kills itself (SIGKILL) at a named point. Called as a program by the tests: PROJECT POINT NUMBER BATCH.

POINT is ``<class>.<method>:before`` or ``:after``; NUMBER counts its calls, from 1.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from migrator.cli.progress import Silence
from migrator.ledger.store import SqlLedger
from migrator.load.media import MediaFolder
from migrator.load.sql.loader import SqlLoader
from migrator.load.sql.vault import SqlVault
from migrator.project.compose import Project
from migrator.run.loop import Options, run

CLASSES: dict[str, Any] = {"ledger": SqlLedger, "loader": SqlLoader, "media": MediaFolder, "vault": SqlVault}


def arm(point: str, number: int) -> None:
    """Replace the method by one that dies at its n-th call."""
    place, moment = point.split(":")
    owner, name = place.split(".")
    method = getattr(CLASSES[owner], name)
    calls = 0

    def armed(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == number and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = method(*args, **kwargs)
        if calls == number and moment == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(CLASSES[owner], name, armed)


def main() -> None:
    """Run the project, dying on the way."""
    folder, point, number, batch = sys.argv[1:]
    arm(point, int(number))
    with Project(Path(folder)) as project:
        parts = project.parts()
        run(parts, Options("run", project.mapping_digest(), batch=int(batch)), Silence())


if __name__ == "__main__":
    main()
