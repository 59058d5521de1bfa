"""The parts of a run that writes nothing: a copy of the ledger in a folder of its own, and a target that is only read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from migrator.db import parse_url
from migrator.ledger import SqlLedger
from migrator.ledger.copy import copy_ledger
from migrator.load.sql import SqlLoader
from migrator.model.content import ENTITIES
from migrator.ports import Reader
from migrator.project.compose import Project
from migrator.read.sql.target import SqlReader
from migrator.run.parts import Parts
from migrator.run.rehearsal import RehearsedLoader, RehearsedMedia


@contextmanager
def rehearsed(project: Project) -> Iterator[Parts]:
    """Open while the block runs; the copy is thrown away with it."""
    mappings = project.mappings()
    reader, missing = _reader(project)
    loader = project.loader() if project.settings.service is not None else None  # it would make an SQLite file
    able = SqlLoader.capabilities if loader is None else loader.capabilities
    rehearsing = (
        RehearsedLoader(reader, missing, able)
        if loader is None
        else RehearsedLoader(reader, missing, able, loader.cannot_hold)
    )
    media = project.media()
    with tempfile.TemporaryDirectory(prefix="migrator-dry-run-") as folder:
        path = Path(folder) / "ledger.sqlite"
        if project.has_ledger:
            copy_ledger(project.settings.ledger_url, path)
        ledger = SqlLedger(f"sqlite:///{path}")
        try:
            yield Parts(
                project.extractors, mappings, rehearsing, ledger, None,
                RehearsedMedia(media) if media is not None else None, project.settings.deletions,
                reader if len(missing) < len(ENTITIES) else None, project.settings.conflicts, project.changes(),
            )  # fmt: skip
        finally:
            ledger.close()


def _reader(project: Project) -> tuple[Reader | None, frozenset[str]]:
    """The target, read – None for a file that is not there yet –, and the entities it has no place for (yet)."""
    service = project.settings.service
    if service is not None:
        return project.reader, frozenset(service.platform.cannot_hold)
    url = parse_url(project.settings.target_url)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
        return None, frozenset(ENTITIES)
    reader = project.reader
    return reader, reader.missing() if isinstance(reader, SqlReader) else frozenset()
