"""Who may do what: reading is enough at a source, a target needs everything."""

from __future__ import annotations

from migrator.doctor.diagnosis import Diagnosis, Level
from migrator.model.server import ServerFacts

CHECK = "rights"


def source_rights(subject: str, facts: ServerFacts) -> list[Diagnosis]:
    """A source's account should only read. Every connection of ours is read-only anyway; this is the second lock."""
    if "select" in facts.lacks:
        return [Diagnosis(CHECK, subject, Level.FAULT, "source_unreadable")]
    if facts.dialect == "sqlite":
        level, code = (Level.WARNING, "source_file_writable") if facts.writes else (Level.OK, "source_reads")
        return [Diagnosis(CHECK, subject, level, code)]
    if facts.writes:
        rights = ", ".join(sorted(facts.writes))
        return [Diagnosis(CHECK, subject, Level.WARNING, "source_writes", {"rights": rights})]
    return [Diagnosis(CHECK, subject, Level.OK, "source_reads")]


def target_rights(subject: str, facts: ServerFacts) -> list[Diagnosis]:
    """A target must be writable by this account, and at this moment."""
    if facts.is_read_only:
        return [Diagnosis(CHECK, subject, Level.FAULT, "target_read_only")]
    if facts.lacks:
        return [Diagnosis(CHECK, subject, Level.FAULT, "target_lacks", {"rights": ", ".join(sorted(facts.lacks))})]
    return [Diagnosis(CHECK, subject, Level.OK, "target_writes")]
