"""migrator rollback"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import click

from migrator.cli.app import in_project, told
from migrator.cli.console import Console
from migrator.cli.progress import Bars, Silence
from migrator.cli.run import interruptible
from migrator.errors import ConfigurationError, ExitCode, MigratorError
from migrator.i18n import term
from migrator.model.content import ENTITIES
from migrator.project.compose import Project
from migrator.project.rollback import Asked, rollback_tools, settled
from migrator.run.rollback import Account, Tools, Wanted, carry_out, preview

SHOWN = 20


@click.command()
@click.option("--run", "run", type=click.IntRange(min=1), metavar="ID", help="Take this run back. Default: the newest.")
@click.option("--since", type=click.IntRange(min=1), metavar="RUN", help="Take this run and all later ones back.")
@click.option("--entity", "entities", multiple=True, type=click.Choice(list(ENTITIES)), help="Only these entities.")
@click.option("--even-edited", is_flag=True, help="Also records that somebody changed at the target since.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@in_project
@told
def command(
    run: int | None, since: int | None, entities: tuple[str, ...], even_edited: bool, dry_run: bool, yes: bool,
    folder: Path, console: Console,
) -> ExitCode:  # fmt: skip
    """Take a run back: what it overwrote is restored, what it created is removed.

    A record that somebody changed at the target since is left alone and listed. What was taken back waits for the next
    run. A rollback that was interrupted goes on with the same command.

    \b
    Examples:  migrator rollback --dry-run
               migrator rollback --run 3
               migrator rollback --since 2 --entity comment --yes
    """
    if run is not None and since is not None:
        raise ConfigurationError("--run names one run, --since a run and all later ones.", "Take one of them.")
    with Project(folder) as project:
        if not project.has_ledger:
            raise ConfigurationError("There is nothing to take back: nothing was run here yet.", "")
        asked, wanted = settled(project.ledger, Asked(run, since, entities, even_edited))
        with rollback_tools(project) as tools:
            if dry_run or not yes:
                foreseen = preview(tools, wanted)
                _show(console, foreseen, "rollback_foreseen")
            if dry_run:
                console.data({"dry_run": True, **foreseen.to_json()})
                return ExitCode.DONE
            if not yes:
                _confirm(console)
            account = _take_back(tools, asked, wanted, console)
    _show(console, account, "rollback_stopped" if account.is_stopped else "rollback_done")
    console.data({"dry_run": False, "stopped": account.is_stopped, **account.to_json()})
    if account.is_stopped:
        return ExitCode.INTERRUPTED
    return ExitCode.SET_ASIDE if account.left_count else ExitCode.DONE


def _confirm(console: Console) -> None:
    """Ask the person. ConfigurationError where there is nobody to ask."""
    if console.as_json or not sys.stdin.isatty():
        raise ConfigurationError(
            "Nobody can be asked whether to go on: this is no terminal.",
            "Look at the counts with --dry-run, then add --yes.",
        )
    console.say("rollback_ask")
    click.confirm("", abort=True)


def _take_back(tools: Tools, asked: Asked, wanted: Wanted, console: Console) -> Account:
    ledger = tools.ledger
    ledger.begin(asked.words(), "", "")
    try:
        with interruptible(console) as interrupt:
            progress = Silence() if console.as_json else Bars()
            account = carry_out(tools, wanted, progress, lambda: interrupt.asked)
        if account.is_stopped:
            ledger.release()
        else:
            ledger.end("set_aside" if account.left_count else "done")
    except BaseException:
        with contextlib.suppress(MigratorError):
            ledger.release()
        raise
    return account


def _show(console: Console, account: Account, sentence: str) -> None:
    console.say(sentence, runs=", ".join(map(str, account.runs)), left=sum(account.left_count.values()))
    rows = [
        (str(run), term("entity", entity, console.language), term("undo", act, console.language), number)
        for (run, entity, act), number in sorted(account.done.items())
    ]
    if rows:
        console.table(["run", "entity", "act", "rows"], rows)
    if account.files:
        console.say("rollback_files", count=account.files)
    if not account.left_count:
        return
    for why, number in account.left_count.items():
        console.lines([f"{term('undo_left', why, console.language)}: {number}"])
    console.lines(
        f"  {left.key}  {term('undo_left', left.why, console.language)}{': ' + left.detail if left.detail else ''}"
        for left in account.left[:SHOWN]
    )
    total = sum(account.left_count.values())
    if total > SHOWN:
        console.say("rollback_more", shown=SHOWN, count=total)
