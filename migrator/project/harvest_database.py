"""What the database of a source has already: articles by their ids, and the paths of its media inventory."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace

from migrator.extract.sql import SqlExtractor
from migrator.model.record import record_key, split_key
from migrator.ports import Transformed
from migrator.project.compose import Project
from migrator.project.settings import Source
from migrator.transform.compile import compile_mapping, selection_of
from migrator.transform.declaration import EntityDeclaration

_CHUNK = 1000


class LegacyDatabase:
    """Answers over a connection of its own, by the project's mapping."""

    def __init__(self, extractor: SqlExtractor, source: str, declared: dict[str, EntityDeclaration]) -> None:
        self._extractor, self._source, self._declared = extractor, source, declared

    def articles(self, ids: Collection[str]) -> frozenset[str]:
        """Those of the legacy ids that the article mapping reads."""
        if "article" not in self._declared:
            return frozenset()
        keys = {record_key(self._source, "article", legacy_id) for legacy_id in ids}
        found = self._extractor.existing(selection_of(self._declared["article"]), keys)
        return frozenset(split_key(key)[2][0] for key in found)

    def asset_paths(self) -> Iterator[tuple[str, str]]:
        """Path and legacy id of every file in the media inventory, as its mapping makes them, whatever rules say.

        The id is empty where it has several parts.
        """
        declaration = self._declared.get("asset")
        if declaration is None or "path" not in declaration.fields:
            return
        path = declaration.fields["path"]
        used = {column.side for column in path.paths if column.side}
        sides = {name: side for name, side in declaration.sides.items() if name in used}
        alone = replace(declaration, rules=(), merge=None, sides=sides, fields={"path": path})
        mapping, after = compile_mapping(alone), None
        while rows := self._extractor.read(mapping.selection, after, _CHUNK):
            for row in rows:
                made = mapping.transform(row)
                if isinstance(made, Transformed) and made.record.fields["path"]:
                    parts = split_key(row.key)[2]
                    yield str(made.record.fields["path"]), parts[0] if len(parts) == 1 else ""
            after = rows[-1].position


@contextmanager
def database_of(project: Project, source: Source) -> Iterator[LegacyDatabase | None]:
    """The source's database while the block runs; None where it has none but its own harvest."""
    if not source.url or source.evidence is not None:
        yield None
        return
    extractor = SqlExtractor(source.url, source.name)
    try:
        yield LegacyDatabase(extractor, source.name, project.declarations[source.name])
    finally:
        extractor.close()
