"""migrator plan"""

from __future__ import annotations

from pathlib import Path

import click

from migrator.cli.app import in_project, may_run_python, told
from migrator.cli.console import Console
from migrator.cli.progress import Bars, Silence
from migrator.project.compose import Project
from migrator.run.plan import plan


@click.command()
@click.argument("entities", nargs=-1)
@click.option("--limit", type=click.IntRange(min=1), help="Look at so many rows of each entity.")
@may_run_python
@in_project
@told
def command(entities: tuple[str, ...], limit: int | None, allow_python: bool, folder: Path, console: Console) -> None:
    """Say what a run would do: order, partitions, and what would become of each row. Nothing is written.

    \b
    Example:  migrator plan --limit 1000
    """
    with Project(folder, allow_python=allow_python) as project:
        project.demand(entities)
        ledger = project.ledger if project.has_ledger else None
        progress = Silence() if console.as_json else Bars()
        steps = plan(
            project.extractors, project.mappings(), ledger, entities, limit, progress, project.settings.deletions
        )
    console.say("plan_title")
    console.table(
        [
            "source",
            "entity",
            "rows",
            "ranges",
            "looked at",
            "create",
            "update",
            "unchanged",
            "merge",
            "not loaded",
            "gone",
            "taken back",
        ],
        [
            (
                s.source,
                s.entity,
                s.rows,
                s.partitions,
                s.looked_at,
                s.create,
                s.update,
                s.unchanged,
                s.merged,
                s.not_loaded,
                s.gone,
                s.taken_back,
            )
            for s in steps
        ],
    )
    console.lines(f"  {step.entity}: {reason}: {number}" for step in steps for reason, number in step.reasons.items())
    console.say("plan_note")
    console.data([step.to_json() for step in steps])
