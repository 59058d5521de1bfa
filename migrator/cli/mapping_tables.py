"""migrator mapping crosswalk|matrix: to the spreadsheet and back."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from migrator.cli.app import in_project, may_run_python, told
from migrator.cli.console import Console
from migrator.errors import ConfigurationError
from migrator.project.compose import Project
from migrator.project.workbench import benches
from migrator.workbench import crosswalks, matrix, matrix_import

_FILE = click.Path(path_type=Path, dir_okay=False)
_SOURCE = click.option("--source", metavar="NAME", help="The source, where the project has several.")
_WHO = click.option("--who", metavar="NAME", help="Who decided. Default: the name of this account.")


@click.command("crosswalk")
@click.argument("name", required=False)
@click.option("--export", "target", type=_FILE, metavar="FILE", help="Write to this .csv or .xlsx file.")
@click.option("--import", "origin", type=_FILE, metavar="FILE", help="Take over the decisions of this file.")
@_WHO
@_SOURCE
@may_run_python
@in_project
@told
def crosswalk_command(
    name: str | None, target: Path | None, origin: Path | None, who: str | None, source: str | None, allow_python: bool,
    folder: Path, console: Console,
) -> None:  # fmt: skip
    """Carry crosswalks to a spreadsheet, with every value the source has and its number of rows, and back.

    Without NAME all of them: a sheet each, in an .xlsx file. What is imported is written to crosswalks/ of the project;
    every decision keeps who took it and when. A value without a line keeps what was decided.

    \b
    Examples:  migrator mapping crosswalk --export crosswalks.xlsx
               migrator mapping crosswalk status --import status.csv --who "Nguyễn Lan"
    """
    _one_of(target, origin)
    with Project(folder, allow_python=allow_python) as project, benches(project, source) as found:
        if len(found) > 1:
            raise ConfigurationError("The project has several sources.", "Name one: --source NAME")
        bench = found[0]
        if name is not None:
            crosswalks.demand_crosswalk(bench, name)
        names = crosswalks.names_of(bench) if name is None else [name]
        if target is not None:
            _say_exported(crosswalks.export(bench, names, target), target, console)
        elif origin is not None:
            person = _person(who)
            _say_imported(crosswalks.import_crosswalks(bench, names, origin, person), person, console)


def _one_of(target: Path | None, origin: Path | None) -> None:
    if (target is None) == (origin is None):
        raise ConfigurationError("Where to, or where from?", "Name a file with --export or with --import.")
    if target is not None and target.exists():
        raise ConfigurationError(
            f"{target} is already there.", "Import what was decided in it, then name another file, or remove it."
        )


def _person(who: str | None) -> str:
    """The name that stands for decisions."""
    try:
        return (who or "").strip() or getpass.getuser()
    except (OSError, KeyError) as error:
        raise ConfigurationError("Nobody knows who decides.", "Say it: --who NAME") from error


def _say_exported(found: list[crosswalks.Found], path: Path, console: Console) -> None:
    undecided = sum(len(each.unknown) + len(each.undecided) for each in found)
    values = sum(len(each.file.decisions) + len(each.unknown) for each in found)
    console.say("mapping.crosswalk_exported", path=path, crosswalks=len(found), values=values, open=undecided)
    console.say("mapping.crosswalk_next", path=path)
    console.data(
        {
            each.file.name: {
                "values": len(each.file.decisions), "unknown": each.unknown, "undecided": each.undecided,
                "counted": each.counts is not None, "complete": each.is_complete,
            }
            for each in found
        }
    )  # fmt: skip


def _say_imported(done: list[crosswalks.Imported], who: str, console: Console) -> None:
    for each in done:
        if each.changes:
            console.say("mapping.crosswalk_changed", name=each.name, count=len(each.changes), who=who, path=each.path)
            console.lines(
                f"  {value}: {before or '∅'} → {after or '∅'}" for value, (before, after) in each.changes.items()
            )
        else:
            console.say("mapping.crosswalk_unchanged", name=each.name)
        if each.missing:
            console.say("mapping.crosswalk_missing", name=each.name, count=each.missing)
    console.data(
        {
            each.name: {
                "path": each.path and str(each.path), "missing": each.missing,
                "changes": {value: {"before": b, "after": a} for value, (b, a) in each.changes.items()},
            }
            for each in done
        }
    )  # fmt: skip


@click.command("matrix")
@click.option("--export", "target", type=_FILE, metavar="FILE", help="Write to this .csv or .xlsx file.")
@click.option("--import", "origin", type=_FILE, metavar="FILE", help="Take over what was edited in this file.")
@_WHO
@_SOURCE
@may_run_python
@in_project
@told
def matrix_command(
    target: Path | None,
    origin: Path | None,
    who: str | None,
    source: str | None,
    allow_python: bool,
    folder: Path,
    console: Console,
) -> None:
    """Carry the whole mapping to a spreadsheet, a row for each target field, and back.

    A cell holds what stands behind the colon in a mapping file. What was edited is written to the mapping files of the
    project, over the preset; everything else in them stays as it is, comments included. A field that would not pass
    'mapping check' is refused, and then nothing is written.

    \b
    Examples:  migrator mapping matrix --export matrix.xlsx
               migrator mapping matrix --import matrix.xlsx --who "Nguyễn Lan"
    """
    _one_of(target, origin)
    with Project(folder, allow_python=allow_python) as project, benches(project, source) as found:
        if target is not None:
            if project.faults():
                console.warn("mapping.faults")
            counts = matrix.export(found, target)
            numbers = {"mapped": counts[matrix.MAPPED], "unmapped": counts[matrix.UNMAPPED]}
            console.say("mapping.matrix_exported", path=target, required=counts[matrix.REQUIRED], **numbers)
            console.data({"path": str(target), **counts})
        elif origin is not None:
            person = _person(who)
            changed = matrix_import.import_matrix(found, origin, person)
            if changed.fields:
                names = ", ".join(changed.fields)
                console.say("mapping.matrix_changed", count=len(changed.fields), who=person, fields=names)
                console.say("mapping.matrix_files", files=", ".join(map(str, changed.files)))
            else:
                console.say("mapping.matrix_unchanged")
            console.data({"files": [str(path) for path in changed.files], "fields": list(changed.fields)})
