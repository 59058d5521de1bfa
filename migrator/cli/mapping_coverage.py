"""migrator mapping coverage"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from migrator.cli.app import in_project, may_run_python, told
from migrator.cli.console import Console
from migrator.i18n import number, term, text
from migrator.project.compose import Project
from migrator.project.workbench import benches
from migrator.workbench.coverage import STATES, Coverage, TableState, coverage
from migrator.workbench.crosswalks import Found

VALUES_SHOWN = 10


@click.command("coverage")
@click.option("--all", "everything", is_flag=True, help="Every table, and every column with those who read it.")
@may_run_python
@in_project
@told
def coverage_command(everything: bool, allow_python: bool, folder: Path, console: Console) -> None:
    """Say what the mapping leaves out: tables, columns, values, and target fields nobody fills, with counts.

    Values that look like data of a person are shown by their shape alone.

    \b
    Example:  migrator mapping coverage --project my-paper
    """
    with Project(folder, allow_python=allow_python) as project, benches(project) as found:
        if project.faults():
            console.warn("mapping.faults")
        covered = [coverage(found, bench) for bench in found]
    for each in covered:
        _show(each, console, everything=everything)
    if not everything:
        console.say("mapping.coverage_all")
    console.data([_as_json(each) for each in covered])


def _show(covered: Coverage, console: Console, *, everything: bool) -> None:
    language = console.language
    console.say("mapping.coverage_title", source=covered.source)
    counts = {state: sum(table.state == state for table in covered.tables) for state in STATES}
    states = ", ".join(f"{count} {term('workbench.table_state', s, language)}" for s, count in counts.items() if count)
    console.say("mapping.coverage_tables", count=len(covered.tables), states=states)
    if everything:
        console.lines(
            f"  {t.name}  {_rows(t, language)}  {term('workbench.table_state', t.state, language)}: {t.why}"
            for t in covered.tables
        )
    nobody = [table for table in covered.tables if table.state == "nobody"]
    _list(console, "nobody", [f"  {table.name}  {_rows(table, language)}" for table in nobody])
    varied = [column for column in covered.unread if not column.is_constant]
    _list(console, "unread", [
        f"  {c.table}.{c.column}  {number(c.filled or 0, language)}: "
        + ", ".join(f"{_short(value)} ({number(rows, language)})" for value, rows in c.samples)
        for c in varied
    ])  # fmt: skip
    constant = [column for column in covered.unread if column.is_constant]
    _list(console, "constant", [f"  {c.table}.{c.column} = {_short(c.samples[0][0])}" for c in constant])
    if everything:
        console.lines(f"  {c.table}.{c.column}  ← {', '.join(c.readers)}" for c in covered.columns if c.readers)
    _list(console, "crosswalks", [f"  {line}" for each in covered.crosswalks for line in _crosswalk(each, language)])
    required = [
        text("cli.mapping.coverage_required", language, field=f"{g.entity}.{g.field}")
        for g in covered.gaps
        if g.is_required
    ]
    others = [f"{gap.entity}.{gap.field}" for gap in covered.gaps if not gap.is_required]
    _list(console, "gaps", [f"  {line}" for line in (", ".join(required), ", ".join(others)) if line])
    if covered.unmapped:
        console.say("mapping.coverage_unmapped", entities=", ".join(covered.unmapped))


def _list(console: Console, key: str, lines: list[str]) -> None:
    if lines:
        console.say(f"mapping.coverage_{key}")
        console.lines(lines)


def _gaps(covered: Coverage, language: str) -> Iterator[str]:
    """The required fields, a line each, then the others of each entity in one line."""
    for gap in covered.gaps:
        if gap.is_required:
            yield text("cli.mapping.coverage_required", language, field=f"{gap.entity}.{gap.field}")
    for entity in dict.fromkeys(gap.entity for gap in covered.gaps if not gap.is_required):
        fields = [gap.field for gap in covered.gaps if gap.entity == entity and not gap.is_required]
        yield f"{entity}: {', '.join(fields)}"


def _crosswalk(found: Found, language: str) -> Iterator[str]:
    name = found.file.name
    if found.counts is None:
        yield f"{name}: {text('cli.mapping.not_counted', language)}"
        return
    undecided = {**found.unknown, **found.undecided}
    if undecided:
        values = ", ".join(
            f"{value!r} ({number(rows, language)})" for value, rows in list(undecided.items())[:VALUES_SHOWN]
        )
        values += " …" if len(undecided) > VALUES_SHOWN else ""
        rows = sum(undecided.values())
        yield text("cli.mapping.coverage_unknown", language, name=name, count=len(undecided), rows=rows, values=values)
    else:
        yield text("cli.mapping.coverage_known", language, name=name)
    if not found.is_complete:
        yield text("cli.mapping.coverage_partial", language, name=name)


def _rows(table: TableState, language: str) -> str:
    return "?" if table.rows is None else number(table.rows, language)


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= 40 else f"{line[:39]}…"


def _as_json(covered: Coverage) -> dict[str, Any]:
    return {
        "source": covered.source,
        "tables": [{"table": t.name, "state": t.state, "why": t.why, "rows": t.rows} for t in covered.tables],
        "columns": [
            {"table": c.table, "column": c.column, "readers": c.readers, "filled": c.filled,
             "samples": [{"value": value, "rows": rows} for value, rows in c.samples]}
            for c in covered.columns
        ],
        "crosswalks": [
            {"name": c.file.name, "fields": [f"{use.entity}.{use.field}" for use in c.uses], "counts": c.counts,
             "unknown": c.unknown, "undecided": c.undecided, "complete": c.is_complete}
            for c in covered.crosswalks
        ],
        "gaps": [{"entity": g.entity, "field": g.field, "required": g.is_required} for g in covered.gaps],
        "unmapped": list(covered.unmapped),
    }  # fmt: skip
