"""Examining a project's target: the auditor's objects, put together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from migrator.db import parse_url
from migrator.model.examination import Examination
from migrator.ports import MediaWitness, Progress
from migrator.project.compose import Project
from migrator.project.records import ExpectedRecords
from migrator.project.settings import Source
from migrator.project.settings_site import evidence_path
from migrator.read.media import FolderFiles, MediaFolders, SourceFiles
from migrator.read.sql.evidence import EvidenceFiles
from migrator.read.sql.vault import SqlVaultReader
from migrator.read.wordpress import WordPressMedia
from migrator.verify.examine import examine

FOLDER = "verification"


def examine_project(project: Project, progress: Progress) -> Examination:
    """Examine the target and write ``verification/``."""
    audits = project.audits()
    mappings = project.mappings()
    with project.site(audits) as site, _media(project) as media, _vault(project) as vault:
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
            media=media,
            vault=vault,
            staged=project.witnessed_copies(),
        )


@contextmanager
def _media(project: Project) -> Iterator[MediaWitness | None]:
    """The files of the sources and of the target; None where no bytes are brought over."""
    target, service = project.settings.media_folder, project.settings.service
    if (target is None and service is None) or "asset" not in project.entities:
        yield None
        return
    with ExitStack() as stack:
        files: dict[str, SourceFiles] = {}
        for name, source in project.settings.sources.items():
            found = _files(project, project.settings.sources.get(source.evidence or "", source), stack)
            if found is not None:
                files[name] = found
        if service is not None:
            library = WordPressMedia(service, files)
            stack.callback(library.close)
            yield library
        elif target is not None:
            yield MediaFolders(target, files)


def _files(project: Project, source: Source, stack: ExitStack) -> SourceFiles | None:
    """Where the files of a source can be read: the folder they lie in, else what its harvest has kept of them."""
    if source.media is not None and source.media.root is not None and source.media.root.is_dir():
        return FolderFiles(source.media.root)
    evidence = project.folder / evidence_path(source.name, source.site)
    if not evidence.is_file():
        return None
    files = EvidenceFiles(evidence)
    stack.callback(files.close)
    return files


@contextmanager
def _vault(project: Project) -> Iterator[SqlVaultReader | None]:
    """The vault, read-only; None where the project has none, or nothing was ever put into it."""
    url = project.settings.vault_url
    if url is None or (
        parse_url(url).get_backend_name() == "sqlite" and not Path(str(parse_url(url).database)).is_file()
    ):
        yield None
        return
    reader = SqlVaultReader(url)
    try:
        yield reader
    finally:
        reader.close()
