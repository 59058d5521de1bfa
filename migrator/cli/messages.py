"""migrator messages"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import click

from migrator.cli.app import in_project, told
from migrator.cli.console import Console
from migrator.i18n import term
from migrator.model.outcome import SET_ASIDE, Bucket
from migrator.project.compose import Project

SHOWN = 50
_NOT_LOADED = (Bucket.REJECTED, Bucket.FAILED, Bucket.CONFLICT, Bucket.MERGED, Bucket.DROPPED, Bucket.WITHHELD)


@click.command()
@click.option(
    "--bucket",
    type=click.Choice([b.value for b in _NOT_LOADED]),
    help="Only this bucket. Default: rejected, failed and conflict.",
)
@click.option("--all", "everything", is_flag=True, help=f"All of them, not the first {SHOWN}.")
@in_project
@told
def command(bucket: str | None, everything: bool, folder: Path, console: Console) -> None:
    """List the rows that were set aside: which, why, and by which rule.

    \b
    Example:  migrator messages --bucket merged
    """
    buckets = [Bucket(bucket)] if bucket else sorted(SET_ASIDE)
    with Project(folder) as project:
        if not project.has_ledger:
            console.say("no_run")
            console.data([])
            return
        total = sum(n for found in project.ledger.counts().values() for b, n in found.items() if b in buckets)
        items = project.ledger.set_aside(buckets)
        shown = list(items if everything or console.as_json else islice(items, SHOWN))
    if not shown:
        console.say("messages_none")
    lang = console.language
    console.lines(
        f"{item.key}  {term('bucket', item.bucket, lang)}: {term('reason', item.reason, lang)}"
        f"{' → ' + item.merged_into if item.merged_into else ''}  {item.detail}  [{item.rule}]"
        for item in shown
    )
    if len(shown) < total:
        console.say("messages_more", shown=len(shown), count=total)
    console.data(
        [
            {"key": i.key, "entity": i.entity, "bucket": i.bucket, "reason": i.reason, "rule": i.rule, "detail": i.detail,
             "merged_into": i.merged_into, "attempts": i.attempts}
            for i in shown
        ]
    )  # fmt: skip
