"""How much a project is: rows, bytes and files, from counts and a sample. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from migrator.doctor.space import Volume
from migrator.model.record import SourceRow
from migrator.ports import EntityMapping
from migrator.project.compose import Project
from migrator.project.settings_site import evidence_path
from migrator.read.sql.evidence import EvidenceFiles

SAMPLE_ROWS = 200


Mappings = Mapping[tuple[str, str], EntityMapping]


def rows_of(project: Project, mappings: Mappings) -> dict[tuple[str, str], int]:
    """Rows of each mapped (source, entity), counted at the source."""
    counted: dict[tuple[str, str], int] = {}
    for pair, mapping in mappings.items():
        counted[pair] = sum(rows for _, rows, _ in project.extractors[pair[0]].marker([mapping.selection]).entities)
    return counted


def volume_of(project: Project) -> Volume:
    """The whole of it. The bytes are those of the first rows of each entity, times its rows."""
    mappings = project.mappings()
    rows = rows_of(project, mappings)
    sampled = sum(sampled_bytes(project, mappings[pair], number) for pair, number in rows.items())
    files, file_bytes = media_of(project)
    return Volume(sum(rows.values()), sampled, files, file_bytes)


def sampled_bytes(project: Project, mapping: EntityMapping, rows: int) -> int:
    """The bytes of the first rows of an entity of a source, times its rows."""
    sample = project.extractors[mapping.selection.source].read(mapping.selection, None, SAMPLE_ROWS)
    return sum(map(size_bytes, sample)) * rows // len(sample) if sample else 0


def media_of(project: Project) -> tuple[int, int]:
    """Files that harvests kept, and their bytes; nothing where no bytes are brought over or none were harvested."""
    if project.settings.media_folder is None:
        return 0, 0
    files = total = 0
    for path in evidence_databases(project).values():
        if path.is_file():
            with closing(EvidenceFiles(path)) as kept:
                more, size = kept.totals()
            files, total = files + more, total + size
    return files, total


def evidence_databases(project: Project) -> dict[str, Path]:
    """By source, where its harvest lies or will lie: the sources that have a site or media."""
    return {
        name: project.folder / evidence_path(name, source.site)
        for name, source in project.settings.sources.items()
        if source.site or source.media
    }


def size_bytes(row: SourceRow) -> int:
    """The raw bytes of a row with its side rows, about as a database keeps them."""
    return _size(row.values.values()) + sum(_size(side.values()) for sides in row.sides.values() for side in sides)


def _size(values: Any) -> int:
    return sum(
        len(v.encode("utf-8", "replace")) if isinstance(v, str) else len(v) if isinstance(v, bytes) else 8
        for v in values
    )
