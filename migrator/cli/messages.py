"""migrator messages"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import click
import orjson

from migrator.cli.app import in_project, told
from migrator.cli.console import Console
from migrator.i18n import term
from migrator.model.outcome import SET_ASIDE, Bucket
from migrator.ports import Item, Ledger
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
        conflicts = _conflicts(project.ledger, shown)
    if not shown:
        console.say("messages_none")
    lang = console.language
    console.lines(
        line
        for item in shown
        for line in (_line(item, lang), *(f"    {_field(said, lang)}" for said in conflicts.get(item.key, ())))
    )
    if len(shown) < total:
        console.say("messages_more", shown=len(shown), count=total)
    console.data(
        [
            {"key": i.key, "entity": i.entity, "bucket": i.bucket, "reason": i.reason, "rule": i.rule, "detail": i.detail,
             "merged_into": i.merged_into, "attempts": i.attempts,
             **({"fields": conflicts[i.key]} if i.key in conflicts else {})}
            for i in shown
        ]
    )  # fmt: skip


def _line(item: Item, lang: str) -> str:
    return (
        f"{item.key}  {term('bucket', item.bucket, lang)}: {term('reason', item.reason, lang)}"
        f"{' → ' + item.merged_into if item.merged_into else ''}  {item.detail}  [{item.rule}]"
    )


def _field(said: Mapping[str, Any], lang: str) -> str:
    """A field both sides changed, with what each of them made of it."""
    values = "  ".join(
        f"{term('conflict', side, lang)}: {said[side]!r}" for side in ("legacy", "last", "editor") if side in said
    )
    return f"{term('field', said['field'], lang)}: {values or said['detail']}" if said["field"] else said["detail"]


def _conflicts(ledger: Ledger, items: Sequence[Item]) -> dict[str, list[dict[str, Any]]]:
    """What both sides made of the fields, by key, for the items that are in conflict."""
    wanted = {item.key: item.entity for item in items if item.bucket is Bucket.CONFLICT}
    found: dict[str, list[dict[str, Any]]] = {}
    for entity in sorted(set(wanted.values())):
        for key, note in ledger.notes(entity):
            if key in wanted and note.code == Bucket.CONFLICT.value:
                found.setdefault(key, []).append({"field": note.field, **_sides(note.detail)})
    return found


def _sides(detail: str) -> dict[str, Any]:
    try:
        return dict(orjson.loads(detail))
    except ValueError:
        return {"detail": detail}
