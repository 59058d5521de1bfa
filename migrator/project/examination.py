"""Examining a project's target: the auditor's objects, put together."""

from __future__ import annotations

from datetime import UTC, datetime

from migrator.model.examination import Examination
from migrator.ports import Progress
from migrator.project.compose import Project
from migrator.project.records import ExpectedRecords
from migrator.verify.examine import examine

FOLDER = "verification"


def examine_project(project: Project, progress: Progress) -> Examination:
    """Examine the target and write ``verification/``."""
    audits = project.audits()
    mappings = project.mappings()
    with project.site(audits) as site:
        return examine(
            audit=audits,
            entities=project.entities,
            ledger=project.ledger,
            reader=project.reader,
            witnesses=project.witnesses,
            site=site,
            expected=ExpectedRecords(mappings, project.extractors, project.ledger),
            waivers=project.settings.waivers,
            out=project.folder / FOLDER,
            now=datetime.now(UTC),
            progress=progress,
        )
