"""Writing a project's report: ledger, verification and both sides of the records, put together."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from migrator.ports import Progress
from migrator.project.compose import Project
from migrator.project.examination import FOLDER
from migrator.project.records import BothSides
from migrator.report.build import build_report

REPORT = "report"


def report_project(project: Project, progress: Progress) -> dict[str, Any]:
    """Write ``report/``; the content of ``report.json``."""
    return build_report(
        project_name=project.settings.name,
        ledger=project.ledger,
        verification=project.folder / FOLDER,
        compare=BothSides(project.declarations, project.mappings(), project.extractors, project.reader),
        out=project.folder / REPORT,
        now=datetime.now(UTC),
        progress=progress,
    )
