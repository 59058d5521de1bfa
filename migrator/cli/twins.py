"""migrator twins"""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from migrator.cli.app import in_project, told
from migrator.cli.console import Console
from migrator.cli.progress import Bars, Silence
from migrator.errors import ConfigurationError
from migrator.project import twins


@click.command()
@click.option(
    "--export", "export_to", type=click.Path(path_type=Path, dir_okay=False), help="Write the pairs as CSV or XLSX."
)
@click.option("--undecided", is_flag=True, help="With --export: only the pairs a person has to look at.")
@click.option(
    "--import",
    "import_from",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Take over the decisions of an edited list.",
)
@click.option("--who", default=getpass.getuser, show_default="you", help="With --import: who decided.")
@in_project
@told
def command(
    export_to: Path | None, undecided: bool, import_from: Path | None, who: str, folder: Path, console: Console
) -> None:
    """Find articles that stand in two sources: by the address one names, by date, headline and body.

    What is certain is decided; the rest is a list that a person edits and the tool reads back. A later search leaves
    a person's decisions as they are.

    \b
    Examples:  migrator twins
               migrator twins --export review.xlsx --undecided
               migrator twins --import review.xlsx --who "Lan, ban biên tập"
    """
    if export_to and import_from:
        raise ConfigurationError("--export and --import cannot be done at once.", "Take one of them.")
    if export_to:
        count = twins.export(folder, export_to, "undecided" if undecided else "")
        console.say("twins_exported", count=count, path=export_to)
        console.data({"exported": count, "path": str(export_to)})
    elif import_from:
        changed = twins.import_decisions(folder, import_from, who)
        console.say("twins_imported", count=changed)
        console.data({"changed": changed})
    else:
        totals = twins.find(folder, Silence() if console.as_json else Bars())
        rows = [(method, decision, count) for (method, decision), count in sorted(totals.pairs.items())]
        console.table(["found by", "decision", "pairs"], rows)
        for source, count in totals.alone.items():
            console.say("twins_alone", source=source, count=count)
        if any(decision == "undecided" for _, decision, _ in rows):
            console.say("twins_next")
        pairs = [{"method": m, "decision": d, "pairs": count} for m, d, count in rows]
        console.data({"pairs": pairs, "alone": dict(totals.alone)})
