"""migrator doctor"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from migrator.cli.app import in_project, may_run_python, told
from migrator.cli.console import Console
from migrator.doctor import Diagnosis, Level, worst
from migrator.errors import ExitCode
from migrator.i18n import term, text
from migrator.project.doctor import diagnose

_MARKS = {Level.OK: "✓", Level.WARNING: "!", Level.FAULT: "✗", Level.UNCHECKED: "–"}


@click.command()
@click.option("--quiet", is_flag=True, help="Leave out what is well.")
@may_run_python
@in_project
@told
def command(quiet: bool, allow_python: bool, folder: Path, console: Console) -> ExitCode:
    """Look, before the night, at everything the night needs: access, rights, space, clocks, versions, encodings,
    table engines, limits, secrets, mappings, ledger. All is shown at once, each with what to do. Nothing is changed.

    Exit code 0: no fault (warnings may stand); 2: something would stop or harm the run.

    \b
    Examples:  migrator doctor --project my-paper
               migrator doctor --quiet --json
    """
    diagnoses = diagnose(folder, allow_python=allow_python)
    for diagnosis in diagnoses:
        if not quiet or diagnosis.level is not Level.OK:
            console.lines(_lines(diagnosis, console.language))
    counts = Counter(diagnosis.level for diagnosis in diagnoses)
    console.say("doctor_summary", **{level.value: counts[level] for level in Level})
    level = worst(diagnoses)
    console.say(f"doctor_{level.value}")
    shown = [d for d in diagnoses if not quiet or d.level is not Level.OK]
    console.data(
        {
            "worst": level,
            "counts": {each.value: counts[each] for each in Level},
            "checks": [_as_json(d, console.language) for d in shown],
        }
    )
    return ExitCode.CONFIGURATION if level is Level.FAULT else ExitCode.DONE


def _lines(diagnosis: Diagnosis, language: str) -> list[str]:
    place = term("doctor.check", diagnosis.check, language)
    subject = f" ({diagnosis.subject})" if diagnosis.subject else ""
    lines = [f"{_MARKS[diagnosis.level]} {place}{subject}: {_said(diagnosis, language)}"]
    next_step = _next(diagnosis, language)
    return [*lines, f"    → {next_step}"] if next_step else lines


def _said(diagnosis: Diagnosis, language: str) -> str:
    return text(f"doctor.said.{diagnosis.code}", language, **diagnosis.facts)


def _next(diagnosis: Diagnosis, language: str) -> str:
    """What to do; empty where all is well."""
    if diagnosis.level is Level.OK:
        return ""
    return text(f"doctor.next.{diagnosis.code}", language, **diagnosis.facts)


def _as_json(diagnosis: Diagnosis, language: str) -> dict[str, Any]:
    return {
        "check": diagnosis.check,
        "subject": diagnosis.subject,
        "level": diagnosis.level,
        "code": diagnosis.code,
        "said": _said(diagnosis, language),
        "next_step": _next(diagnosis, language),
        "facts": dict(diagnosis.facts),
    }
