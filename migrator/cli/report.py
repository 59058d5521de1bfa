"""migrator report"""

from __future__ import annotations

from pathlib import Path

import click

from migrator.cli.app import in_project, told
from migrator.cli.console import Console
from migrator.cli.progress import Bars, Silence
from migrator.errors import ConfigurationError
from migrator.i18n import text
from migrator.project.compose import Project
from migrator.project.night import timed
from migrator.project.reporting import report_project


@click.command()
@in_project
@told
def command(folder: Path, console: Console) -> None:
    """Write the report: HTML in Vietnamese and English, report.json and CSV lists, into PROJECT/report.

    \b
    Example:  migrator report --project my-paper
    """
    with Project(folder) as project:
        if not project.has_ledger or project.ledger.latest_run() is None:
            raise ConfigurationError(text("cli.no_run", console.language))
        with timed(project, "report"):
            content = report_project(project, Silence() if console.as_json else Bars())
    console.say("report_done", path=folder / "report" / "index.html")
    console.data(content)
