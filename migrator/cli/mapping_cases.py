"""migrator mapping test"""

from __future__ import annotations

from pathlib import Path

import click

from migrator.cli.app import in_project, may_run_python, told
from migrator.cli.console import Console
from migrator.errors import ConfigurationError, ExitCode
from migrator.model.record import split_key
from migrator.project.compose import Project
from migrator.project.workbench import benches
from migrator.workbench.case import read_cases
from migrator.workbench.cases import Mismatch, check_rows, run_case, write_case

WIDTH = 200


@click.command("test")
@click.option(
    "--write", "keys", multiple=True, metavar="KEY", help="Write a case of this row from what the mapping gives now."
)
@may_run_python
@in_project
@told
def test_command(keys: tuple[str, ...], allow_python: bool, folder: Path, console: Console) -> ExitCode:
    """Run the cases of expected/*.yaml: a source row, and what must come of it. Exit code 3 where one does not hold.

    \b
    Examples:  migrator mapping test --write web:article:17      (then edit expected/web-article-17.yaml)
               migrator mapping test
    """
    with Project(folder, allow_python=allow_python) as project:
        if keys:
            _write(project, keys, console)
            return ExitCode.DONE
        cases = read_cases(folder, project.settings.sources)
        mappings = project.mappings()
        with benches(project) as found:
            by_name = {bench.source: bench for bench in found}
            if faults := check_rows(cases, by_name, mappings):
                raise ConfigurationError(f"The cases have {len(faults)} mistake(s).", "Correct them.", faults)
            results = [run_case(case, by_name[case.source], mappings) for case in cases]
    bad = [mismatches for mismatches in results if mismatches]
    console.lines(line for mismatches in bad for mismatch in mismatches for line in _lines(mismatch))
    if not cases:
        console.say("mapping.test_none")
    elif bad:
        console.say("mapping.test_bad", failed=len(bad), cases=len(cases))
    else:
        console.say("mapping.test_good", cases=len(cases))
    console.data({
        "cases": len(cases),
        "failed": len(bad),
        "mismatches": [
            {"case": m.case, "place": str(m.place), "field": m.field, "expected": m.expected, "found": m.found}
            for mismatches in bad for m in mismatches
        ],
    })  # fmt: skip
    return ExitCode.SET_ASIDE if bad else ExitCode.DONE


def _write(project: Project, keys: tuple[str, ...], console: Console) -> None:
    project.demand((), keys)
    written = []
    for key in keys:
        source, entity, _ = split_key(key)
        mapping = project.mappings()[source, entity]
        (row,) = project.extractors[source].fetch(mapping.selection, [key])
        written.append(write_case(key, entity, mapping.transform(row), project.folder))
        console.say("mapping.test_written", path=written[-1])
    console.data({"written": [str(path) for path in written]})


def _lines(mismatch: Mismatch) -> list[str]:
    field = f" {mismatch.field}" if mismatch.field else ""
    return [
        f"{mismatch.place}: {mismatch.case}:{field}",
        f"    - {_short(mismatch.expected)}",
        f"    + {_short(mismatch.found)}",
    ]


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= WIDTH else f"{shown[:WIDTH]}… ({len(shown)} characters)"
