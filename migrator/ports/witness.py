"""Who says independently what the source, the site and the manifest hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from migrator.model.audit import Against, AuditedEntity, Belonging, Copies, NumberTotal
from migrator.model.record import Record
from migrator.model.source import Test
from migrator.ports.reading import GroupSums


@dataclass(frozen=True, slots=True)
class WitnessRow:
    """A source row as the auditor sees it: raw values by the *name* given in the audit statement.

    ``values`` has a raw value for each of :meth:`AuditedEntity.single_places`, ``pointers`` a list of raw values, in
    order, for each of :meth:`AuditedEntity.list_places`.
    """

    key: str
    values: Mapping[str, Any]
    pointers: Mapping[str, Sequence[Any]]


class Witness(Protocol):
    """Counts and keys straight from the source, over a connection of its own."""

    def count(self, table: str, where: Sequence[Test] = ()) -> int:
        """Rows of a table."""

    def count_entity(self, audited: AuditedEntity) -> int:
        """Rows of an entity's own table or query."""

    def tables(self) -> Sequence[str]:
        """Every table of the source."""

    def rows(self, audited: AuditedEntity, batch: int) -> Iterator[Sequence[WitnessRow]]:
        """All rows of an entity, in batches."""

    def existing(self, audited: AuditedEntity, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys that the source has."""

    def copy_drift(self, audited: AuditedEntity, copies: Copies) -> Iterator[tuple[str, str, str, str, str]]:
        """(key, copy table, column, value in the main table, value in the copy) for each difference.

        A copy row without a main row has the column ``""``.
        """

    def sums(self, audited: AuditedEntity, total: NumberTotal) -> Iterator[GroupSums]:
        """Rows and sums of the entity's own table per group, by the database itself; NULL counts as 0."""

    def kept_sums(self, against: Against) -> Iterator[GroupSums]:
        """The source's own table of sums, a line a group: values in the order of ``on``, rows (None), ``sums``."""

    def orphans(
        self, table: str, belonging: Belonging, key: Sequence[str] = ()
    ) -> Iterator[tuple[tuple[Any, ...], int]]:
        """Rows of a table that belong to nothing, before any condition: their ``key``, each with 1.

        Without a key the values of the ``on`` columns, each combination with the number of its rows.
        """

    def values(self, table: str, columns: Sequence[str], where: Sequence[Test] = ()) -> Iterator[tuple[Any, ...]]:
        """Raw values of some columns of a table, streamed, in no order."""

    def close(self) -> None:
        """Give connections back."""


class SiteIndex(Protocol):
    """What the public site says of itself."""

    def entries(self) -> Iterable[tuple[str, str]]:
        """(URL, lastmod or '') of every page in the sitemaps."""


class Expected(Protocol):
    """The record that should stand at the target, made once more from the source. Used only to name a difference."""

    def record(self, entity: str, key: str) -> Record | None:
        """None where the source row is gone or would not be loaded."""
