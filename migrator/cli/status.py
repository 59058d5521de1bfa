"""migrator status"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from migrator.cli.app import in_project, told
from migrator.cli.console import Console
from migrator.cli.staged import said, show
from migrator.i18n import term
from migrator.project.compose import Project
from migrator.project.settings_staging import StagingPolicy
from migrator.project.staging import staged_copies


@click.command()
@in_project
@told
def command(folder: Path, console: Console) -> None:
    """Say how far it is: what is staged, the latest run and what is in each bucket.

    \b
    Example:  migrator status --project my-paper
    """
    with Project(folder) as project:
        staged = _staged(project, console)
        run = project.ledger.latest_run() if project.has_ledger else None
        if run is None:
            console.say("no_run")
            console.data({"run": None, "buckets": {}, "staged": staged})
            return
        counts, running = project.ledger.counts(), project.ledger.is_running()
    state = term("result", run.result, console.language) if run.result else console_state(console, running=running)
    console.say(
        "status_run", run=str(run.id), state=state, started=run.started_at, sessions=run.sessions, command=run.command
    )
    console.table(*bucket_table(counts, console))
    console.data({"run": asdict(run), "running": running, "buckets": counts, "staged": staged})


def _staged(project: Project, console: Console) -> dict[str, Any]:
    """Say what is staged of each source, and who reads it."""
    found = {}
    for name, catalogue in staged_copies(project).items():
        policy = project.settings.sources[name].staging or StagingPolicy()
        show(name, catalogue, console)
        console.say(f"stage_read_{policy.read}", source=name)
        console.say(f"stage_witness_{policy.witness}", source=name)
        found[name] = {**said(catalogue), "read": policy.read, "witness": policy.witness}
    return found


def bucket_table(
    counts: Mapping[str, Mapping[str, int]], console: Console
) -> tuple[list[str], list[tuple[str, str, int]]]:
    """Head and rows of the table of what is in each bucket."""
    rows = [
        (term("entity", entity, console.language), term("bucket", bucket, console.language), number)
        for entity, found in counts.items()
        for bucket, number in found.items()
    ]
    return ["entity", "bucket", "rows"], rows


def console_state(console: Console, *, running: bool) -> str:
    """The state of a run without a result, in the reader's language."""
    return term("cli", "status_running" if running else "status_interrupted", console.language)
