"""migrator mapping check|preview|schema"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import orjson

from migrator.cli.app import in_project, told
from migrator.cli.console import Console
from migrator.model.record import split_key
from migrator.ports import Decided, Transformed
from migrator.project.compose import Project
from migrator.transform.preview import Trace, preview
from migrator.transform.schema import json_schema

WIDTH = 100


@click.group()
def command() -> None:
    """Check and try mappings."""


@command.command()
@in_project
@told
def check(folder: Path, console: Console) -> None:
    """Find every mistake in the mappings and the audit statement at once, each with its file and line.

    \b
    Example:  migrator mapping check --project my-paper
    """
    with Project(folder) as project:
        mappings = project.mappings()
        fields = sum(len(d.fields) for declared in project.declarations.values() for d in declared.values())
    console.say("mapping_good", fields=fields, entities=len(mappings))
    console.data({"faults": [], "entities": sorted({entity for _, entity in mappings})})


@command.command("preview")
@click.option("--key", required=True, metavar="KEY", help="The row, such as web:article:123.")
@in_project
@told
def preview_command(key: str, folder: Path, console: Console) -> None:
    """Show one row on its way through every rule and step.

    \b
    Example:  migrator mapping preview --key web:article:123
    """
    with Project(folder) as project:
        project.demand((), [key])
        source, entity, _ = split_key(key)
        mapping = project.mappings()[source, entity]
        (row,) = project.extractors[source].fetch(mapping.selection, [key])
        traces = preview(mapping, row)  # type: ignore[arg-type]  # a project's mappings are compiled ones
    console.lines(line for trace in traces for line in _lines(trace))
    console.data([_as_json(trace) for trace in traces])


def _lines(trace: Trace) -> list[str]:
    if trace.kind == "rule":
        return [f"rule   {trace.name}: {'matches' if trace.value else 'does not match'}  [{trace.place}]"]
    if trace.kind == "record":
        decision = trace.decision
        if isinstance(decision, Decided):
            return [f"→ {decision.bucket}: {decision.reason}  {decision.detail}  [{decision.rule}]"]
        return ["→ a record; its references and duplicates are looked up in the run"]
    lines = [f"field  {trace.name} = {_short(trace.value)}  [{trace.place}]"]
    lines += [f"         {c.step}: {_short(c.before)} → {_short(c.after)}" for c in trace.changes]
    return lines + [f"         note {note.code}: {_short(note.detail)}" for note in trace.notes]


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= WIDTH else f"{shown[:WIDTH]}… ({len(shown)} characters)"


def _as_json(trace: Trace) -> dict[str, Any]:
    decision = trace.decision
    outcome: Any = None
    if isinstance(decision, Decided):
        outcome = {
            "bucket": decision.bucket,
            "reason": decision.reason,
            "rule": decision.rule,
            "detail": decision.detail,
        }
    elif isinstance(decision, Transformed):
        outcome = {"fields": dict(decision.record.fields)}
    return {
        "kind": trace.kind, "name": trace.name, "place": trace.place, "value": trace.value,
        "changes": [asdict(change) for change in trace.changes], "notes": [asdict(note) for note in trace.notes],
        "outcome": outcome,
    }  # fmt: skip


@command.command()
def schema() -> None:
    """Print the JSON Schema of mapping files, for editors that complete and check while you type.

    \b
    Example:  migrator mapping schema > mapping.schema.json
    """
    click.echo(orjson.dumps(json_schema(), option=orjson.OPT_INDENT_2).decode())
