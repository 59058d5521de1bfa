"""migrator mapping diff"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from migrator.cli.app import in_project, may_run_python, told
from migrator.cli.console import Console
from migrator.cli.progress import Bars, Silence
from migrator.model.content import in_load_order
from migrator.ports import EntityMapping, Progress
from migrator.project.compose import Project
from migrator.project.workbench import older_version
from migrator.workbench.csv_table import csv_writer, guarded
from migrator.workbench.difference import Change, Summary, compare, excerpts, personal_fields
from migrator.workbench.revision import older_mapping

HIDDEN = "•••"
COLUMNS = ("key", "entity", "field", "before", "after")


@click.command("diff")
@click.argument("revision", required=False, metavar="[REV]")
@click.option(
    "--against",
    type=click.Path(path_type=Path, exists=True),
    metavar="PATH",
    help="An older mapping: a folder or a ZIP file.",
)
@click.option("--entity", "entities", multiple=True, help="Only this entity.")
@click.option(
    "--sample", type=click.IntRange(min=1), metavar="N", help="Look at about N rows of each entity, evenly spread."
)
@click.option(
    "--csv",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write every change to this file.",
)
@may_run_python
@in_project
@told
def diff_command(
    revision: str | None, against: Path | None, entities: tuple[str, ...], sample: int | None, target: Path | None,
    allow_python: bool, folder: Path, console: Console,
) -> None:  # fmt: skip
    """Say which records and fields another version of the mapping would change, before anything is loaded.

    REV is a git revision of the project folder. Every row of the source goes through both versions; presets are
    those of today. Long values are shown around the first place where they differ.

    \b
    Examples:  migrator mapping diff HEAD
               migrator mapping diff v1 --entity article --sample 1000
               migrator mapping diff --against ../mapping-before --csv changes.csv
    """
    label = revision or str(against)
    progress: Progress = Silence() if console.as_json else Bars()
    summaries: dict[tuple[str, str], Summary] = {}
    with Project(folder, allow_python=allow_python) as project:
        project.demand(entities)
        new = project.mappings()
        with (
            older_mapping(folder, revision, against, with_python=allow_python) as older,
            older_version(project, older, label) as old,
            _list(target) as writer,
        ):
            for source, entity in _in_order(new, old, entities):
                before, after = old.get((source, entity)), new.get((source, entity))
                summary = summaries[source, entity] = Summary()
                if before is not None and after is not None and before.fingerprint == after.fingerprint:
                    continue
                progress.start(f"{source}:{entity}", None)
                for changes in compare(before, after, project.extractors[source], sample):
                    summary.add(changes)
                    writer.writerows(map(_row, changes))
                    progress.advance(1)
                progress.finish()
    console.say("mapping.diff_title", old=label)
    if sample is not None:
        console.say("mapping.diff_sampled", sample=sample)
    for (source, entity), summary in summaries.items():
        _show(source, entity, summary, console)
    if not any(summary.records for summary in summaries.values()):
        console.say("mapping.diff_none")
    console.say("mapping.diff_note")
    if target is not None:
        console.say("mapping.diff_list", path=target)
    console.data([_as_json(source, entity, summary) for (source, entity), summary in summaries.items()])


def _in_order(
    new: Mapping[tuple[str, str], EntityMapping], old: Mapping[tuple[str, str], EntityMapping], wanted: tuple[str, ...]
) -> list[tuple[str, str]]:
    sources = dict.fromkeys(source for source, _ in (*new, *old))
    entities = in_load_order(wanted or [entity for _, entity in (*new, *old)])
    pairs = {*new, *old}
    return [(source, entity) for source in sources for entity in entities if (source, entity) in pairs]


class _Nowhere:
    """A list that nobody asked for."""

    def writerows(self, rows: Iterator[Any]) -> None:
        """Nothing."""


@contextmanager
def _list(target: Path | None) -> Iterator[Any]:
    if target is None:
        yield _Nowhere()
        return
    with csv_writer(target) as writer:
        writer.writerow(COLUMNS)
        yield writer


def _values(change: Change) -> tuple[str, str]:
    """Both values as they may be shown."""
    if change.field in personal_fields(change.entity):
        return HIDDEN, HIDDEN
    return excerpts(change.before, change.after)


def _row(change: Change) -> list[str]:
    return [guarded(cell) for cell in (change.key, change.entity, change.field, *_values(change))]


def _show(source: str, entity: str, summary: Summary, console: Console) -> None:
    if not summary.rows:
        console.say("mapping.diff_same", source=source, entity=entity)
        return
    console.say("mapping.diff_entity", source=source, entity=entity, records=summary.records, rows=summary.rows)
    for (_, field), count in summary.fields.most_common():
        console.lines([f"  {field}: {count}"])
        for change in summary.examples[entity, field]:
            before, after = _values(change)
            console.lines([f"    {change.key}", f"      - {before}", f"      + {after}"])


def _as_json(source: str, entity: str, summary: Summary) -> dict[str, Any]:
    return {
        "source": source, "entity": entity, "rows": summary.rows, "records": summary.records,
        "fields": {field: count for (_, field), count in summary.fields.most_common()},
        "examples": [
            {"key": change.key, "field": change.field, "before": _values(change)[0], "after": _values(change)[1]}
            for found in summary.examples.values() for change in found
        ],
    }  # fmt: skip
