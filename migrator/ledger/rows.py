"""Between the ledger's rows and the values of the ports. EvidenceError for a row the ledger cannot have written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa

from migrator.errors import EvidenceError
from migrator.ledger import tables
from migrator.model.outcome import REFERENCE_DROPPED, Bucket, Note, Outcome
from migrator.ports import Item, RunInfo


def unreadable(what: object, error: Exception) -> EvidenceError:
    """What to raise for a value that is none of ours."""
    return EvidenceError(f"The ledger's entry for {what} cannot be read: {error}.", "Restore the ledger from a backup.")


def item_row(entity: str, outcome: Outcome, run: int, seq: int, pos: int) -> dict[str, Any]:
    """The row of ``item`` for an outcome."""
    return {
        "key": outcome.key,
        "entity": entity,
        "bucket": outcome.bucket.value,
        "source_fingerprint": outcome.source_fingerprint,
        "mapping_fingerprint": outcome.mapping_fingerprint,
        "content": outcome.content,
        "digests": _as_text(outcome.digests),
        "target_id": outcome.target_id,
        "merged_into": outcome.merged_into,
        "merge_digest": outcome.merge_digest,
        "reason": outcome.reason,
        "rule": outcome.rule,
        "detail": outcome.detail,
        "run": run,
        "seq": seq,
        "pos": pos,
        "attempts": 1,
        "noted_seq": None if outcome.notes is None else seq,
        "noted_pos": None if outcome.notes is None else pos,
        "is_partial": None if outcome.notes is None else any(n.code == REFERENCE_DROPPED for n in outcome.notes),
        "lead": outcome.key if outcome.content is not None else outcome.merged_into,
        "lead_seq": 0 if outcome.content is not None else seq,
    }


class Digests(Mapping[str, str]):
    """Digests by field, as the ledger keeps them: read only when somebody asks, for few do."""

    __slots__ = ("_key", "_read", "text")

    def __init__(self, key: str, text: str) -> None:
        self._key, self.text = key, text
        self._read: dict[str, str] | None = None

    def read(self) -> dict[str, str]:
        """All of them. EvidenceError where the text is none of ours."""
        if self._read is None:
            try:
                self._read = dict(orjson.loads(self.text))
            except (ValueError, TypeError) as error:
                raise unreadable(self._key, error) from error
        return self._read

    def __getitem__(self, name: str) -> str:
        return self.read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.read())

    def __len__(self) -> int:
        return len(self.read())


def _as_text(digests: Mapping[str, str] | None) -> str | None:
    if digests is None:
        return None
    return digests.text if isinstance(digests, Digests) else orjson.dumps(digests).decode()


_BUCKETS = {bucket.value: bucket for bucket in Bucket}

ITEM_COLUMNS = [
    tables.item.c[name]
    for name in (
        "key", "entity", "bucket", "source_fingerprint", "mapping_fingerprint", "content", "digests", "target_id",
        "merged_into", "merge_digest", "reason", "rule", "detail", "run", "seq", "pos", "attempts", "noted_seq", "is_partial",
    )
]  # fmt: skip
"""The columns an Item is made of, in its order."""


def item(row: Sequence[Any]) -> Item:
    """The Item of a row of ITEM_COLUMNS."""
    key, entity, bucket, source, mapping, content, digests, target_id, merged_into, merge_digest, *rest = row
    reason, rule, detail, run, seq, pos, attempts, noted_seq, is_partial = rest
    try:
        return Item(
            key, entity, _BUCKETS[bucket], bytes(source), bytes(mapping), None if content is None else bytes(content),
            None if digests is None else Digests(key, digests), target_id, merged_into,
            None if merge_digest is None else bytes(merge_digest), reason, rule, detail, run, seq, pos, attempts,
            noted_seq or 0, bool(is_partial),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise unreadable(key, error) from error


def notes(key: str, said: str) -> list[Note]:
    """The notes in what the journal says of an outcome."""
    try:
        return [Note(*note) for note in orjson.loads(said)["notes"] or ()]
    except (ValueError, TypeError, KeyError) as error:
        raise unreadable(key, error) from error


INTENT_COLUMNS = [tables.intent.c[name] for name in ("key", "entity", "op", "before", "content")]
"""The columns an Intent is made of, in its order."""


def run_info(row: sa.RowMapping) -> RunInfo:
    """The RunInfo of a row."""
    try:
        return _run_info(row)
    except (ValueError, TypeError) as error:
        raise unreadable(f"run {row['id']}", error) from error


def _run_info(row: sa.RowMapping) -> RunInfo:
    ended = row["ended_at"]
    return RunInfo(
        id=row["id"],
        command=row["command"],
        started_at=datetime.fromisoformat(row["started_at"]),
        ended_at=None if ended is None else datetime.fromisoformat(ended),
        tool_version=row["tool_version"],
        mapping_digest=row["mapping_digest"],
        marker=row["marker"],
        result=row["result"],
        who=row["who"],
        sessions=row["sessions"],
    )
