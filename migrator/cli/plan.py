"""migrator plan"""

from __future__ import annotations

from pathlib import Path

import click

from migrator.cli.app import in_project, may_run_python, told
from migrator.cli.console import Console
from migrator.cli.plan_deadline import show_schedule
from migrator.cli.plan_simulate import show_simulation
from migrator.cli.progress import Bars, Silence
from migrator.errors import ConfigurationError, ExitCode
from migrator.project.compose import Project
from migrator.run.plan import plan


@click.command()
@click.argument("entities", nargs=-1)
@click.option("--limit", type=click.IntRange(min=1), help="Look at so many rows of each entity.")
@click.option(
    "--deadline",
    metavar="TIME",
    help="Count back from this time, such as 05:00 or 2026-12-01T05:00: hours a stage, its latest start, does it fit.",
)
@click.option(
    "--measure",
    type=click.IntRange(min=1),
    metavar="N",
    help="With --deadline: measure the rates now, N rows of each entity into a scratch target.",
)
@click.option(
    "--reserve",
    type=click.IntRange(0, 300),
    metavar="PERCENT",
    default=20,
    show_default=True,
    help="With --deadline: what is added to every duration.",
)
@click.option(
    "--simulate",
    type=click.IntRange(1, 10**9),
    metavar="N",
    help="Model N articles on a platform with a rate limit. A model: no row is read and none is written.",
)
@click.option(
    "--platform",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="With --simulate: a YAML file that describes the platform (docs/night.md).",
)
@click.option(
    "--set",
    "assumed",
    multiple=True,
    metavar="KEY=NUMBER",
    help="With --simulate: one assumption, such as requests_per_s=5; it comes before the file's.",
)
@may_run_python
@in_project
@told
def command(
    entities: tuple[str, ...], limit: int | None, deadline: str | None, measure: int | None, reserve: int,
    simulate: int | None, platform: Path | None, assumed: tuple[str, ...], allow_python: bool, folder: Path,
    console: Console,
) -> ExitCode:  # fmt: skip
    """Say what a run would do: order, partitions, and what would become of each row. Nothing is written.

    \b
    Examples:  migrator plan --limit 1000
               migrator plan --deadline 05:00
               migrator plan --deadline 2026-12-01T05:00 --measure 200
               migrator plan --simulate 10000000 --platform platform.yaml --set requests_per_s=5

    With --deadline the exit code is 0 where the night is long enough or nobody can say, and 2 where it is too short.
    """
    if deadline is not None and simulate is not None:
        raise ConfigurationError(
            "--deadline counts back from what is there, --simulate models what is not.", "Take one."
        )
    if simulate is not None:
        return show_simulation(folder, simulate, platform, assumed, console)
    if deadline is not None:
        with Project(folder, allow_python=allow_python) as project:
            return show_schedule(project, deadline, measure, reserve / 100, console)
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
    return ExitCode.DONE
