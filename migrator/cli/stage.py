"""migrator stage"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from migrator.cli.app import in_project, may_run_python, told
from migrator.cli.console import Console
from migrator.cli.progress import Bars, Silence
from migrator.cli.run import interruptible, next_time
from migrator.cli.staged import megabytes, said, show
from migrator.errors import ConfigurationError, ExitCode
from migrator.i18n import term
from migrator.project.compose import Project
from migrator.project.staging import Checked, check_staged, remove_staged, stage_source, stageable, staged_copies


@click.command()
@click.argument("source", required=False)
@click.option("--rate", type=click.IntRange(min=1), help="Read so many rows a second at most.")
@click.option(
    "--until",
    type=click.DateTime(["%H:%M"]),
    metavar="HH:MM",
    help="Stop at this time; start again to go on.",
)
@click.option("--check", is_flag=True, help="Read every pack, and count the live source where it is there.")
@click.option("--remove", is_flag=True, help="Delete the staged copy.")
@may_run_python
@in_project
@told
def command(
    source: str | None, rate: int | None, until: datetime | None, check: bool, remove: bool, allow_python: bool,
    folder: Path, console: Console,
) -> ExitCode:  # fmt: skip
    """Copy the originals of a legacy database into packs, once and slowly. SOURCE: where there are several.

    What was stopped or killed goes on with the same command; what has not changed since takes no new space. Whether runs
    and the verification read the copy, `staging:` in migration.yaml says: see docs/staging.md.

    Exit code of --check: 5 where a pack is not whole, 4 where the live source has moved since.

    \b
    Examples:  migrator stage
               migrator stage web --rate 500 --until 05:00
               migrator stage --check
               migrator stage web --remove
    """
    if check + remove + (rate is not None or until is not None) > 1:
        raise ConfigurationError("--check and --remove stand alone: they copy nothing.", "Take one of them.")
    with Project(folder, allow_python=allow_python) as project:
        if check:
            return _check(project, source, console)
        if remove:
            return _remove(project, source, console)
        return _stage(
            project, source, rate, None if until is None else next_time(until.time(), datetime.now()), console
        )


def _stage(
    project: Project, name: str | None, rate: int | None, until: datetime | None, console: Console
) -> ExitCode:  # fmt: skip
    told: dict[str, Any] = {}
    with interruptible(console) as interrupt:
        for source in stageable(project, name):
            staged = stage_source(
                project, source, Silence() if console.as_json else Bars(), rate=rate,
                stopping=lambda: interrupt.asked or (until is not None and datetime.now() >= until),
            )  # fmt: skip
            told[source.name] = {"ended": "done" if staged.catalogue else "stopped", "rows": staged.rows,
                                 "new_bytes": staged.new_bytes}  # fmt: skip
            if staged.catalogue is None:
                console.say("stage_stopped", source=source.name, rows=staged.rows)
                console.data({"sources": told})
                return ExitCode.INTERRUPTED
            told[source.name] |= said(staged.catalogue)
            console.say("stage_done", source=source.name, rows=staged.rows, new=megabytes(staged.new_bytes))
            show(source.name, staged.catalogue, console)
    console.data({"sources": told})
    return ExitCode.DONE


def _check(project: Project, name: str | None, console: Console) -> ExitCode:
    staged = staged_copies(project)
    sources = [source for source in stageable(project, name) if name or not staged or source.name in staged]
    found = {source.name: check_staged(project, source) for source in sources}
    for source, checked in found.items():
        show(source, checked.catalogue, console)
        console.say("stage_damaged" if checked.damaged else "stage_whole", source=source, count=len(checked.damaged))
        console.lines(f"  {line}" for line in checked.damaged)
        _show_drift(source, checked, console)
    console.data({"sources": {
        source: {**said(checked.catalogue), "damaged": checked.damaged, "unreached": checked.unreached,
                 "drift": None if checked.drift is None else [asdict(drift) for drift in checked.drift]}
        for source, checked in found.items()
    }})  # fmt: skip
    if any(checked.damaged for checked in found.values()):
        return ExitCode.EVIDENCE
    return ExitCode.DIFFERENCES if any(checked.drift for checked in found.values()) else ExitCode.DONE


def _show_drift(source: str, checked: Checked, console: Console) -> None:
    if checked.drift is None:
        console.say("stage_unreached", source=source, why=checked.unreached)
    elif not checked.drift:
        console.say("stage_unmoved", source=source)
    else:
        lang = console.language
        console.say("stage_moved", source=source, count=len(checked.drift))
        console.table(
            [term("stage", name, lang) for name in ("table", "staged", "live")],
            [(drift.table, drift.staged, "–" if drift.live is None else drift.live) for drift in checked.drift],
        )


def _remove(project: Project, name: str | None, console: Console) -> ExitCode:
    removed = {source.name: remove_staged(project, source) for source in stageable(project, name)}
    for source, folder in removed.items():
        if folder is None:
            console.say("stage_nothing", source=source)
        else:
            console.say("stage_removed", source=source, folder=folder)
    console.data({"removed": [source for source, folder in removed.items() if folder is not None]})
    return ExitCode.DONE
