"""Secrets: each reference leads somewhere, the files are nobody else's, and nothing stands in the open."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from migrator.doctor.diagnosis import Diagnosis, Level

CHECK = "secret"


@dataclass(frozen=True, slots=True)
class Reference:
    """``env:NAME`` or ``file:PATH`` as written at a place (``migration.yaml:7``), or ``plain`` with an empty name: a URL
    that holds its password itself."""

    kind: str
    name: str
    place: str


def secrets(references: Iterable[Reference], folder: Path, environment: Mapping[str, str]) -> list[Diagnosis]:
    """Every reference of the project's files. A value is never read further than whether it is there."""
    found: list[Diagnosis] = []
    for reference in references:
        said = {"name": reference.name, "place": reference.place}
        match reference.kind:
            case "env":
                is_set = bool(environment.get(reference.name))
                level, code = (Level.OK, "env_set") if is_set else (Level.FAULT, "env_missing")
                found.append(Diagnosis(CHECK, f"env:{reference.name}", level, code, said))
            case "file":
                found.append(_file(reference, folder / reference.name, said))
            case _:
                found.append(Diagnosis(CHECK, reference.place, Level.WARNING, "secret_in_the_open", said))
    return found


def _file(reference: Reference, path: Path, said: Mapping[str, str]) -> Diagnosis:
    subject = f"file:{reference.name}"
    if not path.is_file() or not os.access(path, os.R_OK):
        return Diagnosis(CHECK, subject, Level.FAULT, "file_missing", said)
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name == "posix" and mode & (stat.S_IRWXO | stat.S_IRWXG):
        level = Level.FAULT if mode & stat.S_IWOTH else Level.WARNING
        return Diagnosis(CHECK, subject, level, "file_open_to_others", {**said, "mode": f"{mode:04o}"})
    return Diagnosis(CHECK, subject, Level.OK, "file_closed", said)
