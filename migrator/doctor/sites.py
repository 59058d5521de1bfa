"""A platform with an API as the target: what it says of itself, and what it made of a record on trial."""

from __future__ import annotations

from collections.abc import Collection

from migrator.doctor import clocks, space
from migrator.doctor.diagnosis import Diagnosis, Level, named
from migrator.model.site import SiteFacts

LEAST = (6, 1)
"""The oldest WordPress this was tried on."""


def site(subject: str, facts: SiteFacts) -> list[Diagnosis]:
    """Version, clock, batches, network, folder of uploads."""
    found = [_version(subject, facts), *clocks.of_site(subject, facts)]
    if facts.batches:
        found.append(Diagnosis("limits", subject, Level.WARNING, "site_no_batches", {"said": facts.batches}))
    if facts.is_network:
        found.append(Diagnosis("rights", subject, Level.WARNING, "site_network"))
    if facts.uploads:
        found.append(Diagnosis("folder", subject, Level.FAULT, "site_uploads", {"said": facts.uploads}))
    return found


def _version(subject: str, facts: SiteFacts) -> Diagnosis:
    numbers = tuple(int(part) for part in facts.version.split("-")[0].split(".") if part.isdecimal())
    level, code = (Level.WARNING, "site_older") if numbers < LEAST else (Level.OK, "site_version")
    return Diagnosis("version", subject, level, code, {"version": facts.version})


def kept(subject: str, altered: Collection[str]) -> Diagnosis:
    """Whether a record on trial was read back as it was written; ``altered`` are the fields that were not."""
    if altered:
        return Diagnosis("encoding", subject, Level.WARNING, "site_alters", {"fields": named(altered)})
    return Diagnosis("encoding", subject, Level.OK, "site_keeps")


def room(subject: str, free_bytes: int | None, wanted_bytes: int) -> Diagnosis:
    """The room for files at the site against what they need."""
    said = {"wanted_gb": round(wanted_bytes / 1e9, 2), "what": subject}
    if free_bytes is None:
        return Diagnosis(space.CHECK, subject, Level.UNCHECKED, "space_elsewhere", said)
    tight = free_bytes < wanted_bytes * space.COMFORT
    level = Level.FAULT if free_bytes < wanted_bytes else Level.WARNING if tight else Level.OK
    return Diagnosis(space.CHECK, subject, level, f"space_{level}", {**said, "free_gb": round(free_bytes / 1e9, 2)})
