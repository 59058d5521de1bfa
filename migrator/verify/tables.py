"""C1 over tables: every table of the source is mapped, consumed, a copy, out of scope – or unaccounted for.

Rows are counted in the whole table, before any condition. A table of which entities take parts must be covered by those
parts and the declared parts out of scope without gap and without overlap. What the rest of the examination says about a
table is not repeated here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import combinations

from migrator.model.audit import Audit, AuditedEntity, Place
from migrator.model.examination import TableAccount
from migrator.model.finding import Check
from migrator.model.source import Test
from migrator.ports import Witness
from migrator.verify.lists import Lists


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows of a table that belong to an entity, or are declared out of scope."""

    name: str
    where: tuple[Test, ...]


class TableCheck:
    """Accounts for the tables of one source. ``orphans`` has the rows that belong to nothing, of tables that were asked."""

    def __init__(
        self,
        audit: Audit,
        witness: Witness,
        entities: Sequence[str],
        lists: Lists,
        orphans: Mapping[str, int] | None = None,
    ) -> None:
        self._audit, self._witness, self._lists, self._orphans = audit, witness, lists, orphans or {}
        self._entities = [audited for name, audited in audit.entities.items() if name in entities]
        self._read_beside = dict(_read_beside(audit.entities))
        self.accounts: list[TableAccount] = []

    def examine(self) -> Check:
        """An account for each table; a finding for each that nobody accounts for."""
        unaccounted = 0
        for table in sorted(self._witness.tables()):
            account = self._account(table, self._witness.count(table))
            account.orphans = self._orphans.get(table)
            self.accounts.append(account)
            if account.disposition == "unaccounted":
                unaccounted += 1
                self._lists.finding("unaccounted-table", "", f"{self._audit.source}:{table}", account.detail)
        statement = (
            f"{len(self.accounts)} tables of {self._audit.source} with {sum(a.rows for a in self.accounts)} rows, "
            f"counted before any condition: each is mapped, consumed, a copy or out of scope; {unaccounted} are not"
        )
        return Check("C1", "", not unaccounted, len(self.accounts), 0, unaccounted, True, statement)

    def _account(self, table: str, rows: int) -> TableAccount:
        mapped = [audited for audited in self._entities if audited.table == table]
        left_out = [out for out in self._audit.out_of_scope if fnmatchcase(table, out.table)]
        if mapped:
            parts = [_Part(audited.entity, audited.where) for audited in mapped]
            parts += [_Part("out of scope: " + out.reason, out.where) for out in left_out if out.where]
            return self._mapped(table, rows, parts)
        for pattern, why in {**self._read_beside, **self._audit.consumed}.items():
            if fnmatchcase(table, pattern):
                return TableAccount(table, rows, "consumed", why)
        for audited in self._entities:
            if copy_tables(audited, [table]):
                return TableAccount(table, rows, "copy", f"copy of {audited.table} (K1)")
        for out in left_out:
            if not out.where:
                return TableAccount(table, rows, "out-of-scope", out.reason)
        for kept, why in self._audit.kept_beside():
            if kept == table:
                return TableAccount(table, rows, "consumed", why)
        for audited in self._audit.entities.values():
            if audited.table == table:
                return TableAccount(table, rows, "unaccounted", f"{audited.entity} is not part of this examination")
        return TableAccount(table, rows, "unaccounted", f"{rows} rows in a table that nobody declared")

    def _mapped(self, table: str, rows: int, parts: Sequence[_Part]) -> TableAccount:
        """Whether the parts make up the table: their sum is its count, and no two of them share a row."""
        counts = [self._witness.count(table, part.where) for part in parts]
        detail = " + ".join(f"{part.name}: {count}" for part, count in zip(parts, counts, strict=True))
        for one, other in combinations(parts, 2):
            shared = self._witness.count(table, one.where + other.where)
            if shared:
                return TableAccount(table, rows, "unaccounted", f"{shared} rows both in {one.name} and {other.name}")
        if sum(counts) != rows:
            return TableAccount(table, rows, "unaccounted", f"{rows - sum(counts)} rows are in no part ({detail})")
        return TableAccount(table, rows, "mapped", detail)


def _read_beside(entities: Mapping[str, AuditedEntity]) -> Iterator[tuple[str, str]]:
    """Side tables the statement itself reads, as patterns, with what they are read for."""
    for audited in entities.values():
        for place in _places(audited):
            if place.table is not None:
                yield place.table.replace("{n}", "[0-9]*"), f"read with {audited.entity}"


def _places(audited: AuditedEntity) -> Iterator[Place]:
    yield from (place for _, place in audited.single_places())
    yield from (place for _, place in audited.list_places())


def copy_tables(audited: AuditedEntity, tables: Sequence[str]) -> list[str]:
    """Those of the tables that are declared copies of the entity's own."""
    if audited.copies is None:
        return []
    return [name for name in tables if name != audited.table and re.fullmatch(audited.copies.tables, name)]
