"""The figures a simulation starts from, each with where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

from migrator.errors import ConfigurationError, Fault, MigratorError
from migrator.project.compose import Project
from migrator.project.settings import FILE
from migrator.run.simulation import Platform
from migrator.transform.document import read_document
from migrator.transform.shape import nearest

NAMES = tuple(field.name for field in fields(Platform))
_AT_LEAST = {"batch": 1, "concurrency": 1, "attempts": 1, "workers": 1, "read_batch": 1, "line_mbit": 0.001}
_AT_MOST = {"error_share": 0.95, "concurrency": 10_000}


def platform_of(folder: Path, file: Path | None, assumed: Sequence[str]) -> tuple[Platform, dict[str, str]]:
    """The platform, and for each figure its origin: ``assumed`` (a default of ours), ``runs``, ``file`` or ``option``.

    ConfigurationError with every mistake. A project in the folder gives what its own runs took of the client.
    """
    faults: list[Fault] = []
    values: dict[str, float] = {}
    origins = dict.fromkeys(NAMES, "assumed")
    if (cpu_ms := _own_cpu_ms(folder)) is not None:
        values["cpu_ms"], origins["cpu_ms"] = cpu_ms, "runs"
    for name, value in _from_file(file, faults) if file is not None else ():
        values[name], origins[name] = value, "file"
    for word in assumed:
        name, _, said = word.partition("=")
        given = _number(name, said, Fault("--set", 0, f"{word!r} is not KEY=NUMBER"), faults)
        if given is not None:
            values[name], origins[name] = given, "option"
    if faults:
        raise ConfigurationError(f"The platform has {len(faults)} mistake(s).", "Correct them.", faults)
    return replace(Platform(), **values), origins


def _from_file(path: Path, faults: list[Fault]) -> list[tuple[str, float]]:
    tree = read_document(path, path.name, faults)
    members = tree.value if tree is not None and isinstance(tree.value, dict) else {}
    found = []
    for name, node in members.items():
        said = "" if isinstance(node.value, (list, dict, bool)) else str(node.value)
        value = _number(name, said, node.place.fault(f"{name} must be a number"), faults)
        if value is not None:
            found.append((name, value))
    return found


def _number(name: str, said: str, wrong: Fault, faults: list[Fault]) -> float | None:
    """The value of a figure within its bounds; None, with a fault, where it is none."""
    if name not in NAMES:
        faults.append(
            replace(wrong, message=f"there is no figure {name!r}", hint=nearest(name, NAMES) or ", ".join(NAMES))
        )
        return None
    try:
        value = float(said)
    except ValueError:
        faults.append(wrong)
        return None
    least, most = _AT_LEAST.get(name, 0), _AT_MOST.get(name, 1e9)
    if not least <= value <= most:
        faults.append(replace(wrong, message=f"{name} must be from {least:g} to {most:g}"))
        return None
    return value


def _own_cpu_ms(folder: Path) -> float | None:
    """Milliseconds of CPU an article took in this project's own runs; None where there were none."""
    if not (folder / FILE).is_file():
        return None
    try:
        with Project(folder) as project:
            rates = project.ledger.rates() if project.has_ledger else ()
    except MigratorError:  # a simulation needs no project
        return None
    fresh = [r for r in rates if (r.stage, r.entity) == ("run", "article") and r.written * 2 >= r.rows and r.cpu_s > 0]
    rows = sum(rate.rows for rate in fresh)
    return sum(rate.cpu_s for rate in fresh) * 1000 / rows if rows else None
