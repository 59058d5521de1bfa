"""Examining a project's target: the auditor's objects, put together."""

from __future__ import annotations

from contextlib import ExitStack
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
    with ExitStack() as stack:
        sites = {audit.source: stack.enter_context(project.site(audit)) for audit in audits}
        return examine(
            audit=audits,
            entities=project.entities,
            ledger=project.ledger,
            reader=project.reader,
            witnesses=project.witnesses,
            sites={source: site for source, site in sites.items() if site is not None},
            expected=ExpectedRecords(mappings, project.extractors, project.ledger),
            waivers=project.settings.waivers,
            out=project.folder / FOLDER,
            now=datetime.now(UTC),
            progress=progress,
        )
