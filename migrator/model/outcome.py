"""Where a source row ended: the buckets of the conservation law."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import orjson

from migrator.model.record import digest


class Bucket(StrEnum):
    """Every source row is in exactly one. ``GONE`` is for rows the source no longer has: it stands outside the sum.

    What is gone has a content as long as its record still stands at the target. So has a CONFLICT, whose record an editor
    changed at the target since it was last written, and a PENDING row whose former record was put back.
    """

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    MERGED = "merged"
    DROPPED = "dropped"
    WITHHELD = "withheld"
    REJECTED = "rejected"
    FAILED = "failed"
    CONFLICT = "conflict"
    PENDING = "pending"
    GONE = "gone"


LOADED = frozenset({Bucket.CREATED, Bucket.UPDATED, Bucket.UNCHANGED})
"""The record stands at the target under its own legacy key."""

STANDING = LOADED | {Bucket.CONFLICT, Bucket.PENDING}
"""Buckets in which a record stands at the target wherever the ledger knows a content."""

SET_ASIDE = frozenset({Bucket.REJECTED, Bucket.FAILED, Bucket.CONFLICT})
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

    ``content`` and ``digests`` are set where a record stands at the target: the bucket is one of STANDING, or GONE;
    ``merged_into`` where it is MERGED; ``reason`` (a code), ``rule`` (file:line or rule name) and ``detail`` where a row
    was not loaded. ``notes`` is None where the row was not transformed again: those of its last transformation stand.
    """

    key: str
    bucket: Bucket
    source_fingerprint: bytes
    mapping_fingerprint: bytes
    content: bytes | None = None
    digests: Mapping[str, str] | None = None
    target_id: str | None = None
    merged_into: str | None = None
    merge_digest: bytes | None = None
    reason: str = ""
    rule: str = ""
    detail: str = ""
    notes: tuple[Note, ...] | None = None

    def said(self) -> str:
        """The outcome as the journal keeps it: JSON with sorted keys, its notes included. Its SHA-256 is the leaf."""
        facts = outcome_facts(
            self.key, self.bucket, self.source_fingerprint, self.mapping_fingerprint, self.content,
            self.target_id, self.merged_into, self.reason, self.rule, self.detail,
        )  # fmt: skip
        notes = None if self.notes is None else [[note.code, note.field, note.detail] for note in self.notes]
        return orjson.dumps({**facts, "notes": notes}, option=orjson.OPT_SORT_KEYS).decode()


def journal_beginning(baseline: Iterable[tuple[str, int, str | None]]) -> bytes:
    """What the first journal entry is chained to: a digest (32 bytes) of the target as it was before the first run.

    ``baseline`` has (entity, rows, largest target id); 32 zero bytes where nothing is known of the target.
    """
    entries = sorted(baseline)
    return digest(entries) if entries else bytes(32)


def outcome_facts(
    key: str, bucket: str, source: bytes, mapping: bytes, content: bytes | None, target_id: str | None,
    merged_into: str | None, reason: str, rule: str, detail: str,
) -> dict[str, str | None]:  # fmt: skip
    """What the journal says of an outcome besides its notes, fingerprints in hex."""
    return {
        "key": key,
        "bucket": str(bucket),
        "source": source.hex(),
        "mapping": mapping.hex(),
        "content": None if content is None else content.hex(),
        "target_id": target_id,
        "merged_into": merged_into,
        "reason": reason,
        "rule": rule,
        "detail": detail,
    }


def leaf_of(said: str) -> bytes:
    """The bytes (32) that stand for an outcome in the journal's Merkle tree: SHA-256 of what it says, in UTF-8."""
    return hashlib.sha256(said.encode()).digest()
