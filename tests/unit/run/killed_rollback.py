"""A rollback that kills itself (SIGKILL) at a named point. Called as a program by the tests: PROJECT POINT NUMBER."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from migrator.cli.progress import Silence
from migrator.load.sql.restore import SqlRestorer
from migrator.project.compose import Project
from migrator.project.rollback import Asked, rollback_tools, settled
from migrator.run.rollback import carry_out
from tests.e2e.killed_run import CLASSES, arm


def main() -> None:
    """Take the newest run back, dying on the way."""
    folder, point, number = sys.argv[1:]
    CLASSES["restorer"] = SqlRestorer
    arm(point, int(number))
    with Project(Path(folder)) as project, rollback_tools(project) as tools:
        asked, wanted = settled(project.ledger, Asked())
        project.ledger.begin(asked.words(), "", "")
        carry_out(tools, wanted, Silence(), lambda: False)
        project.ledger.end("done")


if __name__ == "__main__":
    main()
