"""migrator stop"""

from __future__ import annotations

from pathlib import Path

import click

from migrator.cli.app import in_project, told
from migrator.cli.console import Console
from migrator.project.compose import Project


@click.command()
@in_project
@told
def command(folder: Path, console: Console) -> None:
    """Ask the running process to stop after its batch. The same 'run' command goes on later.

    \b
    Example:  migrator stop --project my-paper
    """
    with Project(folder) as project:
        asked = project.has_ledger and project.ledger.request_stop()
    console.say("stopping" if asked else "stop_nothing")
    console.data({"asked": asked})
