"""Single records, looked up once more: the one that should stand at the target, and both sides for a reader's eyes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from migrator.i18n import VIETNAM
from migrator.model.record import Record, split_key
from migrator.ports import EntityMapping, Extractor, Ledger, Reader, Transformed
from migrator.run.references import Dangling, References, resolve


class ExpectedRecords:
    """The Expected port: transforms the source row again and follows its references."""

    def __init__(
        self, mappings: Mapping[tuple[str, str], EntityMapping], extractors: Mapping[str, Extractor], ledger: Ledger
    ) -> None:
        self._mappings = mappings
        self._extractors = extractors
        self._references = References(mappings, extractors, ledger)

    def record(self, entity: str, key: str) -> Record | None:
        """None where the source row is gone or would not be loaded."""
        source = split_key(key)[0]
        mapping = self._mappings.get((source, entity))
        if mapping is None:
            return None
        for row in self._extractors[source].fetch(mapping.selection, [key]):
            transformed = mapping.transform(row)
            if isinstance(transformed, Transformed):
                resolved = resolve(transformed, self._references.look_up([transformed])[0])
                return None if isinstance(resolved, Dangling) else resolved.record
        return None


class BothSides:
    """Legacy and target values of records as texts, by column and by field name."""

    def __init__(
        self, mappings: Mapping[tuple[str, str], EntityMapping], extractors: Mapping[str, Extractor], reader: Reader
    ) -> None:
        self._mappings = mappings
        self._extractors = extractors
        self._reader = reader

    def source(self, entity: str, keys: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        """The source row under the names of the fields made from it, where a field is made from one column alone."""
        found: dict[str, Mapping[str, str]] = {}
        for (source, name), mapping in self._mappings.items():
            mine = [key for key in keys if split_key(key)[:2] == (source, entity)] if name == entity else []
            for row in self._extractors[source].fetch(mapping.selection, mine) if mine else ():
                values = {column: _shown(value) for column, value in row.values.items()}
                for side, rows in row.sides.items():
                    for number, side_row in enumerate(rows):
                        values |= {f"{side}[{number}].{c}": _shown(value) for c, value in side_row.items()}
                found[row.key] = values
        return found

    def target(self, entity: str, keys: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        """The target record by field."""
        records = self._reader.read(entity, keys)
        return {str(r.key): {name: _shown(value) for name, value in r.fields.items()} for r in records}


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
