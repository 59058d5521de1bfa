"""migrator verify"""

from __future__ import annotations

from pathlib import Path

import click

from migrator.cli.app import in_project, may_run_python, told
from migrator.cli.console import Console
from migrator.cli.progress import Bars, Silence
from migrator.errors import ConfigurationError, ExitCode
from migrator.i18n import term, text
from migrator.model.examination import Examination
from migrator.project.compose import Project
from migrator.project.examination import examine_project
from migrator.project.night import timed


def examined(project: Project, console: Console) -> Examination:
    """Examine the target. ConfigurationError where nothing was run."""
    if not project.has_ledger or project.ledger.latest_run() is None:
        raise ConfigurationError(text("cli.no_run", console.language))
    with timed(project, "verify"):
        return examine_project(project, Silence() if console.as_json else Bars())


@click.command()
@may_run_python
@in_project
@told
def command(allow_python: bool, folder: Path, console: Console) -> ExitCode:
    """Read the target back and compare it with the source, by code and connections of its own.

    Exit code 0: nothing differs, or everything is waived; 4: open differences; 5: the ledger does not hold together.

    \b
    Example:  migrator verify --project my-paper
    """
    with Project(folder, allow_python=allow_python) as project:
        examination = examined(project, console)
    show(examination, console)
    return exit_code(examination)


def show(examination: Examination, console: Console) -> None:
    """Checks, differences and the verdict."""
    lang = console.language
    marks = {True: "✓", False: "✗", None: "–"}
    console.table(
        ["", "check", "entity", "compared", "not compared", "differences"],
        [
            (marks[c.holds], f"{c.id} {term('check', c.id, lang)}", c.entity, c.compared, c.not_compared, c.differences)
            for c in examination.checks
        ],
    )
    for group in ("differences", "findings", "set_aside"):
        tallies = getattr(examination, group)
        console.table(
            [group, "open", "declared", "waived"], [(kind, t.open, t.declared, t.waived) for kind, t in tallies.items()]
        )
    console.lines(f"! {line}" for line in [*examination.broken_waivers, *examination.unused_waivers])
    console.lines(f"– {line}" for line in examination.not_checked)
    console.say("verify_verdict", verdict=term("verdict", examination.verdict, lang))
    console.data(examination.to_json())


def exit_code(examination: Examination) -> ExitCode:
    """0 where the verdict accepts; 5 where the journal does not hold; 4 otherwise."""
    if any(check.id == "J1" and check.holds is False for check in examination.checks):
        return ExitCode.EVIDENCE
    if examination.verdict in {"accepted", "accepted_with_waivers"}:
        return ExitCode.DONE
    return ExitCode.DIFFERENCES
