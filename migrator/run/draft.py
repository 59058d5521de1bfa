"""A row on its way through a batch: what is known of it, and what shall become of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from migrator.model.content import EntityType
from migrator.model.outcome import LOADED, STANDING, Bucket, Note, Outcome
from migrator.model.record import Record, SourceRow, fingerprints
from migrator.ports import Item, Led, Transformed, Write


@dataclass(slots=True)
class Draft:
    """``source`` and ``mapping`` are fingerprints, ``run`` the number of the run.

    ``outcome`` is set as soon as nothing can change it but the target's no.
    """

    row: SourceRow
    source: bytes
    mapping: bytes
    run: int
    item: Item | None
    transformed: Transformed | None = None
    led: Led | None = None
    withheld: Record | None = None
    record: Record | None = None
    content: bytes | None = None
    digests: Mapping[str, str] | None = None
    outcome: Outcome | None = None
    writes: tuple[Write, ...] = ()
    notes: tuple[Note, ...] | None = None
    foreseen: tuple[bytes, dict[str, str]] | None = None

    def foresee(self, entity: EntityType) -> None:
        """Take the fingerprints of what was made of the row, should its references lead where they point."""
        if self.transformed is not None:
            self.foreseen = fingerprints(entity, self.transformed.record.fields)

    def fingerprints(self, entity: EntityType) -> tuple[bytes, dict[str, str]]:
        """Content fingerprint and field digests of the record."""
        assert self.record is not None
        if self.foreseen is not None and self.transformed is not None and self.record is self.transformed.record:
            return self.foreseen
        return fingerprints(entity, self.record.fields)

    @property
    def key(self) -> str:
        """Its legacy key."""
        return self.row.key

    @property
    def is_loaded(self) -> bool:
        """Whether it stood at the target before this batch, by what the ledger knows."""
        return stands(self.item)

    @property
    def merge_reason(self) -> str:
        """What is said of it where it is made one with another record that says the same."""
        return self.transformed.merge_reason if self.transformed else "duplicate"

    def decide(
        self, bucket: Bucket, reason: str = "", rule: str = "", detail: str = "",
        merged_into: str | None = None, target_id: str | None = None,
    ) -> None:  # fmt: skip
        """Set the outcome. An unchanged row, and one in conflict, takes content, digests and target id from what is known."""
        item, content, digests = self.item, self.content, self.digests
        if bucket is Bucket.UNCHANGED and item is not None and item.run == self.run and item.bucket in LOADED:
            bucket = item.bucket  # looked at twice in one run: what was done the first time is what was done
        if item is not None and (bucket is Bucket.CONFLICT or (bucket in LOADED and content is None)):
            content, digests = item.content, {} if item.digests is None else item.digests
        if target_id is None and item is not None and bucket in (*STANDING, Bucket.MERGED):
            target_id = item.target_id
        self.outcome = Outcome(
            key=self.key,
            bucket=bucket,
            source_fingerprint=self.source,
            mapping_fingerprint=self.mapping,
            content=content if bucket in STANDING else None,
            digests=digests if bucket in STANDING else None,
            target_id=target_id,
            merged_into=merged_into,
            merge_digest=self._merge_digest(),
            reason=reason,
            rule=rule,
            detail=_written(detail),
            notes=None if self.notes is None else tuple(Note(n.code, n.field, _written(n.detail)) for n in self.notes),
        )

    def _merge_digest(self) -> bytes | None:
        if self.transformed is not None:
            return self.transformed.merge_digest
        return self.item.merge_digest if self.item is not None else None


def stands(item: Item | None) -> bool:
    """Whether a record stands at the target for what is known of a row the source has."""
    return item is not None and (item.bucket in LOADED or (item.bucket in STANDING and item.content is not None))


def _written(text: str) -> str:
    """The text as it can be written down: a lone surrogate, from bytes that were no text, as its number."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
