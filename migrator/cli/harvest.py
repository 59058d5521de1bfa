"""migrator harvest"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from migrator.cli.app import in_project, told
from migrator.cli.console import Console
from migrator.cli.progress import Bars, Silence
from migrator.cli.run import interruptible
from migrator.errors import ConfigurationError, ExitCode
from migrator.i18n import term
from migrator.project.compose import Project
from migrator.project.harvest import Harvested, Wishes, damaged_files, harvest_project, harvestable

_MEGABYTE = 1_000_000


@click.command()
@click.argument("source", required=False)
@click.option("--limit", type=click.IntRange(min=1), help="Ask for so many pages at most, and for their files.")
@click.option("--refresh", is_flag=True, help="Ask again for everything; what has not changed is not sent again.")
@click.option("--reread", is_flag=True, help="Read the kept pages again with the profile as it is now; fetch nothing.")
@click.option(
    "--paths",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
    help="Files to fetch besides: one path a line, as the media inventory writes them. May be -.",
)
@click.option("--check", is_flag=True, help="Read every kept file and compare it with its SHA-256; fetch nothing.")
@in_project
@told
def command(
    source: str | None, limit: int | None, refresh: bool, reread: bool, paths: Path | None, check: bool,
    folder: Path, console: Console,
) -> ExitCode:  # fmt: skip
    """Read the legacy site and its media into an evidence database, once and politely. SOURCE: where there are several.

    What was stopped or killed goes on with the same command. The evidence is a source like any other: see docs/site.md.

    \b
    Examples:  migrator harvest
               migrator harvest web --limit 50
               migrator harvest web --paths missing-files.txt
               migrator harvest web --reread       (after the site profile was corrected)
    """
    if sum((check, reread, refresh or limit is not None or paths is not None)) > 1:
        raise ConfigurationError("--check and --reread stand alone: they fetch nothing.", "Take one of them.")
    with Project(folder) as project, interruptible(console) as interrupt:
        if check:
            return _check(project, source, console)
        wishes = Wishes(limit, refresh, reread, _lines(paths), stopping=lambda: interrupt.asked)
        harvested = harvest_project(project, source, wishes, Silence() if console.as_json else Bars())
    _show(harvested, console)
    return ExitCode.INTERRUPTED if harvested.ended == "stopped" else ExitCode.DONE


def _lines(path: Path | None) -> Iterable[str]:
    """The lines of a file that are not empty."""
    if path is None:
        return
    try:
        with sys.stdin if str(path) == "-" else path.open(encoding="utf-8-sig") as file:
            yield from (line for line in (line.rstrip("\r\n") for line in file) if line.strip())
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path} is not UTF-8.", "Save the list of paths as UTF-8.") from error


def _check(project: Project, name: str | None, console: Console) -> ExitCode:
    damaged = list(damaged_files(project, harvestable(project, name)))
    console.say("harvest_damaged" if damaged else "harvest_whole", count=len(damaged))
    console.lines(f"  {path}" for path in damaged)
    console.data({"damaged": damaged})
    return ExitCode.EVIDENCE if damaged else ExitCode.DONE


def _show(harvested: Harvested, console: Console) -> None:
    summary, lang = harvested.summary, console.language
    console.say(f"harvest_{harvested.ended}", source=harvested.source)
    console.table(
        [term("harvest", "what", lang), term("harvest", "state", lang), term("harvest", "addresses", lang)],
        [
            (term("harvest_kind", kind, lang), term("harvest_state", state, lang), number)
            for kind, counts in summary.links.items()
            for state, number in counts.items()
        ],
    )
    console.say("harvest_addresses", count=summary.addresses)
    if summary.files:
        rows = [(term("file_state", state, lang), number) for state, number in summary.files.items()]
        console.table([term("harvest", "files", lang), term("harvest", "count", lang)], rows)
        console.say("harvest_bytes", size=round(summary.bytes_kept / _MEGABYTE, 1))
    console.say("harvest_articles", count=summary.articles, copies=summary.copies)
    if summary.unreadable:
        console.say("harvest_unreadable", count=sum(summary.unreadable.values()))
        console.lines(f"  {reason}: {number}" for reason, number in summary.unreadable.items())
    if summary.only_on_site is not None:
        console.say("harvest_only_on_site", count=summary.only_on_site)
    console.say("harvest_database", path=harvested.database)
    console.data(
        {"source": harvested.source, "ended": harvested.ended, "database": str(harvested.database), **summary.as_json()}
    )
