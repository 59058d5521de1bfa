"""Single records, looked up once more: the one that should stand at the target, and both sides for a reader's eyes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from migrator.i18n import VIETNAM
from migrator.model.content import ENTITIES
from migrator.model.record import Record, SourceRow, split_key
from migrator.ports import EntityMapping, Extractor, Ledger, Reader, Transformed
from migrator.run.references import Dangling, References, resolve
from migrator.transform.paths import compile_path
from migrator.transform.syntax import EntityDeclaration


class ExpectedRecords:
    """The Expected port: transforms the source row again and follows its references."""

    def __init__(
        self, mappings: Mapping[tuple[str, str], EntityMapping], extractors: Mapping[str, Extractor], ledger: Ledger
    ) -> None:
        self._mappings = mappings
        self._extractors = extractors
        self._references = References(mappings, extractors, ledger, stubs=True)

    def record(self, entity: str, key: str) -> Record | None:
        """None where the source row is gone or would not be loaded."""
        source = split_key(key)[0]
        mapping = self._mappings.get((source, entity))
        if mapping is None:
            return None
        for row in self._extractors[source].fetch(mapping.selection, [key]):
            transformed = mapping.transform(row)
            if isinstance(transformed, Transformed):
                resolved = resolve(transformed, self._references.look_up([transformed]).to)
                return None if isinstance(resolved, Dangling) else resolved.record
        return None


class BothSides:
    """Legacy and target values of records as texts.

    On the legacy side only what the mapping reads is shown: a column nobody maps may hold what nobody should read. Of
    personal fields nothing is shown there: what the mapping makes of them, a pseudonym, is not what the source has.
    """

    def __init__(
        self,
        declarations: Mapping[str, Mapping[str, EntityDeclaration]],
        mappings: Mapping[tuple[str, str], EntityMapping],
        extractors: Mapping[str, Extractor],
        reader: Reader,
    ) -> None:
        self._declarations = declarations
        self._mappings = mappings
        self._extractors = extractors
        self._reader = reader

    def source(self, entity: str, keys: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        """By the name of the field a value becomes; a field made from several columns has them under their own names."""
        found: dict[str, Mapping[str, str]] = {}
        for (source, name), mapping in self._mappings.items():
            mine = [key for key in keys if split_key(key)[:2] == (source, entity)] if name == entity else []
            if mine:
                labelled = _labelled(self._declarations[source][entity])
                for row in self._extractors[source].fetch(mapping.selection, mine):
                    found[row.key] = {label: _shown(fetch(row)) for label, fetch in labelled.items()}
        return found

    def target(self, entity: str, keys: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        """The target record by field."""
        records = self._reader.read(entity, keys)
        return {str(r.key): {name: _shown(value) for name, value in r.fields.items()} for r in records}


def _labelled(declaration: EntityDeclaration) -> Mapping[str, Callable[[SourceRow], object]]:
    """A way to fetch each value the fields are made from, by the name it is shown under; each value once."""
    found: dict[str, Callable[[SourceRow], object]] = {}
    seen: set[str] = set()
    target = ENTITIES[declaration.entity].by_name
    for field in declaration.fields.values():
        for path in () if target[field.name].personal else field.paths:
            if str(path) not in seen:
                seen.add(str(path))
                found[field.name if len(field.paths) == 1 else str(path)] = compile_path(path)
    return found


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime() if value.tzinfo is not None:
            return value.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S %z")
        case bytes():
            return value.decode("utf-8", "backslashreplace")
        case list() | tuple():
            return ", ".join(map(str, value))
    return str(value)
