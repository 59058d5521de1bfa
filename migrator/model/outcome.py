"""Where a source row ended: the buckets of the conservation law."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from migrator.model.record import digest


class Bucket(StrEnum):
    """Every source row is in exactly one."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    MERGED = "merged"
    DROPPED = "dropped"
    WITHHELD = "withheld"
    REJECTED = "rejected"
    FAILED = "failed"
    PENDING = "pending"


LOADED = frozenset({Bucket.CREATED, Bucket.UPDATED, Bucket.UNCHANGED})
"""The record stands at the target under its own legacy key."""

SET_ASIDE = frozenset({Bucket.REJECTED, Bucket.FAILED})
"""Somebody has to look at it: the run ends with exit code 3."""


REFERENCE_DROPPED = "reference-dropped"
"""The code of the note that a reference was left out because it leads nowhere (now)."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was done to a record, or noticed on it, on the way. ``code`` is stable, ``field`` may be empty."""

    code: str
    field: str
    detail: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source row.

    ``content`` and ``digests`` are set where the bucket is one of LOADED; ``merged_into`` where it is MERGED;
    ``reason`` (a code), ``rule`` (file:line or rule name) and ``detail`` where a row was not loaded. ``notes`` is
    None where the row was not transformed again: the notes of its last transformation stand.
    """

    key: str
    bucket: Bucket
    source_fingerprint: bytes
    mapping_fingerprint: bytes
    content: bytes | None = None
    digests: dict[str, str] | None = None
    target_id: str | None = None
    merged_into: str | None = None
    merge_digest: bytes | None = None
    reason: str = ""
    rule: str = ""
    detail: str = ""
    notes: tuple[Note, ...] | None = None

    def leaf(self) -> bytes:
        """The bytes that stand for this outcome in the journal's Merkle tree."""
        return outcome_leaf(
            self.key, self.bucket, self.source_fingerprint, self.mapping_fingerprint, self.content,
            self.target_id, self.merged_into, self.reason, self.rule, self.detail,
        )  # fmt: skip


def journal_beginning(baseline: Iterable[tuple[str, int, str | None]]) -> bytes:
    """What the first journal entry is chained to: a digest (32 bytes) of the target as it was before the first run.

    ``baseline`` has (entity, rows, largest target id); 32 zero bytes where nothing is known of the target.
    """
    entries = sorted(baseline)
    return digest(entries) if entries else bytes(32)


def outcome_leaf(
    key: str, bucket: str, source: bytes, mapping: bytes, content: bytes | None, target_id: str | None,
    merged_into: str | None, reason: str, rule: str, detail: str,
) -> bytes:  # fmt: skip
    """The leaf from its parts, for whoever recomputes it from stored columns."""
    return digest((key, str(bucket), source, mapping, content, target_id, merged_into, reason, rule, detail))
