"""migrator mapping: check, preview and schema are here, the consultant's other tools beside it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import orjson

from migrator.cli.app import in_project, may_run_python, told
from migrator.cli.console import Console
from migrator.cli.mapping_cases import test_command
from migrator.cli.mapping_coverage import coverage_command
from migrator.cli.mapping_diff import diff_command
from migrator.cli.mapping_docs import docs_command
from migrator.cli.mapping_tables import crosswalk_command, matrix_command
from migrator.model.outcome import Bucket
from migrator.model.record import split_key
from migrator.ports import Decided, Led, Transformed
from migrator.project.compose import Project
from migrator.transform.preview import Trace, preview
from migrator.transform.schema import json_schema

WIDTH = 100


class Tools(click.Group):
    """The commands in the order of a consultant's day."""

    ORDER = ("schema", "check", "coverage", "crosswalk", "matrix", "preview", "test", "diff", "docs")

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order they are used."""
        return list(self.ORDER)


@click.group(cls=Tools)
def command() -> None:
    """Write, check and try mappings."""


for tool in (coverage_command, crosswalk_command, matrix_command, test_command, diff_command, docs_command):
    command.add_command(tool)


@command.command()
@may_run_python
@in_project
@told
def check(allow_python: bool, folder: Path, console: Console) -> None:
    """Find every mistake in the mappings and the audit statement at once, each with its file and line.

    \b
    Example:  migrator mapping check --project my-paper
    """
    with Project(folder, allow_python=allow_python) as project:
        mappings = project.mappings()
        fields = sum(len(d.fields) for declared in project.declarations.values() for d in declared.values())
    console.say("mapping_good", fields=fields, entities=len(mappings))
    console.data({"faults": [], "entities": sorted({entity for _, entity in mappings})})


@command.command("preview")
@click.option("--key", required=True, metavar="KEY", help="The row, such as web:article:123.")
@may_run_python
@in_project
@told
def preview_command(key: str, allow_python: bool, folder: Path, console: Console) -> None:
    """Show one row on its way through every rule and step.

    \b
    Example:  migrator mapping preview --key web:article:123
    """
    with Project(folder, allow_python=allow_python) as project:
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
        if isinstance(decision, Led):
            return [f"→ merged into {decision.into}: {decision.reason}  {decision.detail}  [{decision.rule}]"]
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
    elif isinstance(decision, Led):
        outcome = {
            "bucket": Bucket.MERGED,
            "reason": decision.reason,
            "rule": decision.rule,
            "detail": decision.detail,
            "into": decision.into,
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
