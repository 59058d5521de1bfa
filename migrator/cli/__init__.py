"""The command line: one file a command, and the only place that talks to the terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from migrator.cli.app import migrator


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(migrator.main(args=list(arguments) if arguments is not None else None, standalone_mode=False) or 0)
