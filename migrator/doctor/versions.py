"""Versions: what is too old to work, and what is older than anything this tool was tried on."""

from __future__ import annotations

from migrator.doctor.diagnosis import Diagnosis, Level
from migrator.model.server import ServerFacts

CHECK = "version"

READABLE = {"mysql": (5, 5, 3), "mariadb": (5, 5, 3), "postgresql": (9, 5), "sqlite": (3, 24)}
"""MySQL 5.5.3 brought utf8mb4, which every connection asks for; the others are what their drivers still talk to."""

WRITABLE = {"mysql": (5, 7), "mariadb": (10, 2), "postgresql": (12,), "sqlite": (3, 24)}
"""SQLite 3.24 and PostgreSQL 9.5 brought upserts (lang_upsert.html); the rest is prudence."""

TRIED = {"mariadb": (10, 11), "postgresql": (15,), "sqlite": (3, 40)}
"""What the tests run on. MySQL itself was never tried as a target."""


def server_version(subject: str, facts: ServerFacts, *, is_target: bool) -> list[Diagnosis]:
    """The server's version. An old source is usual and no matter as long as it can be read."""
    said = {"server": f"{facts.dialect} {'.'.join(map(str, facts.version))}"}
    least = (WRITABLE if is_target else READABLE).get(facts.dialect)
    if least is None:
        return [Diagnosis(CHECK, subject, Level.WARNING, "server_untried", said)]
    if facts.version < least:
        said["least"] = ".".join(map(str, least))
        return [Diagnosis(CHECK, subject, Level.FAULT, "server_too_old", said)]
    if is_target and facts.version < TRIED.get(facts.dialect, (10**6,)):
        return [Diagnosis(CHECK, subject, Level.WARNING, "server_untried", said)]
    return [Diagnosis(CHECK, subject, Level.OK, "server_version", said)]


def own_version(tool: str, python: tuple[int, ...]) -> list[Diagnosis]:
    """The tool and the Python it runs on: for the minutes, and for whoever asks later."""
    return [Diagnosis(CHECK, "", Level.OK, "own_version", {"tool": tool, "python": ".".join(map(str, python))})]
