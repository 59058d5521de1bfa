"""K2: rows that belong to a row of another table have it. Rows that do not are findings about the source.

Asked of the whole table, before any condition, so that an orphan is found whatever a mapping would make of it. The key of a
finding is the row's own where its table is an entity's; otherwise that of the row which is not there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

from migrator.model.audit import Audit, AuditedEntity, Belonging
from migrator.model.finding import Check
from migrator.model.record import record_key
from migrator.verify.desk import Desk


class OrphanCheck:
    """K2 of one source. ``counts`` has the orphans of each table that was asked."""

    def __init__(self, desk: Desk, audit: Audit, entities: Sequence[str]) -> None:
        self._desk, self._audit = desk, audit
        self._witness = desk.witnesses[audit.source]
        self._entities = [audited for name, audited in audit.entities.items() if name in entities]
        self.counts: dict[str, int] = {}

    def examine(self) -> list[Check]:
        """A finding for each orphan; a check for each entity that somebody says what its rows belong to."""
        rows: Counter[str] = Counter()
        found: Counter[str] = Counter()
        tables: dict[str, list[str]] = {}
        for audited in self._entities:
            for belonging in audited.belongs_to:
                table = str(audited.table)
                keys = self._own(audited, belonging)
                self._table(audited.entity, table, belonging, keys, rows, found, tables)
        for pattern, belongings in self._audit.belongings.items():
            for table in filter(lambda name: fnmatchcase(name, pattern), self._witness.tables()):
                for belonging in belongings:
                    keys = self._of_others(table, belonging)
                    self._table(self._owner(belonging), table, belonging, keys, rows, found, tables)
        return [
            Check(
                "K2", entity, not found[entity], rows[entity], 0, found[entity], True,
                f"{rows[entity]} rows of {', '.join(names)} of {self._audit.source}, before any condition: each belongs to "
                "a row that is there; rows that do not are findings about the source",
            )
            for entity, names in tables.items()
        ]  # fmt: skip

    def _table(
        self, entity: str, table: str, belonging: Belonging, keys: Iterator[tuple[str, str, int]],
        rows: Counter[str], found: Counter[str], tables: dict[str, list[str]],
    ) -> None:  # fmt: skip
        rows[entity] += self._witness.count(table)
        tables.setdefault(entity, []).append(f"{table} → {belonging.table}")
        self.counts.setdefault(table, 0)
        for key, detail, number in keys:
            self.counts[table] += number
            found[entity] += 1
            self._desk.lists.finding("orphan-row", entity, key, detail)

    def _own(self, audited: AuditedEntity, belonging: Belonging) -> Iterator[tuple[str, str, int]]:
        """Orphans of an entity's own table, by their legacy keys."""
        lacking = f"belongs to no row of {belonging.table} ({', '.join(ours for ours, _ in belonging.on)})"
        for values, number in self._witness.orphans(str(audited.table), belonging, audited.key):
            yield record_key(self._audit.source, audited.entity, list(values)), lacking, number

    def _of_others(self, table: str, belonging: Belonging) -> Iterator[tuple[str, str, int]]:
        """Orphans of another table, by the row they should belong to."""
        for values, number in self._witness.orphans(table, belonging):
            said = ", ".join(f"{theirs} {value}" for (_, theirs), value in zip(belonging.on, values, strict=True))
            detail = f"{number} rows of {table} belong to {belonging.table} {said}, which is not there"
            yield self._lacking(table, belonging, values), detail, number

    def _lacking(self, table: str, belonging: Belonging, values: Sequence[Any]) -> str:
        """The legacy key of the row that is not there; a key of the table's own where that is no entity's."""
        theirs = tuple(name for _, name in belonging.on)
        for audited in self._entities:
            if audited.table == belonging.table and audited.key == theirs:
                return record_key(self._audit.source, audited.entity, list(values))
        return record_key(self._audit.source, table, list(values))

    def _owner(self, belonging: Belonging) -> str:
        """The entity whose table rows belong to."""
        return next((audited.entity for audited in self._entities if audited.table == belonging.table), "")
