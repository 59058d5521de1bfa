"""A short measurement: the real loop on a few rows of each entity, into a scratch target that is thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from migrator.model.rate import Rate
from migrator.ports import Progress
from migrator.project.compose import Project
from migrator.run.loop import Options, run
from migrator.watch.watch import Watch


def measure(project: Project, rows: int, progress: Progress) -> Sequence[Rate]:
    """The rates of ``rows`` rows of each entity. Sources are read; target, ledger, vault and media are SQLite files and a
    folder below the system's temporary folder, whatever the project's own are: a server may be slower or faster.
    """
    with tempfile.TemporaryDirectory(prefix="migrator-measure-") as scratch:
        other = Project(project.folder, allow_python=project.allows_python)
        folder = Path(scratch)
        other.settings = replace(
            project.settings,
            target_url=f"sqlite:///{folder / 'target.sqlite'}",
            ledger_url=f"sqlite:///{folder / 'ledger.sqlite'}",
            vault_url=f"sqlite:///{folder / 'vault.sqlite'}" if project.settings.vault_url else None,
            media_folder=folder / "media" if project.settings.media_folder else None,
        )
        with other:
            parts = other.parts()
            watch = Watch(progress, other.ledger, project.settings.name)
            run(parts, Options("measure", other.mapping_digest(), limit=rows), watch)
            return other.ledger.rates()
