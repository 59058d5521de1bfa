"""Between the ledger's rows and the values of the ports. EvidenceError for a row the ledger cannot have written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa

from migrator.errors import EvidenceError
from migrator.model.outcome import REFERENCE_DROPPED, Bucket, Note, Outcome
from migrator.ports import Intent, Item, RunInfo


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
        "digests": None if outcome.digests is None else orjson.dumps(outcome.digests).decode(),
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


def item(row: sa.RowMapping) -> Item:
    """The Item of a row."""
    try:
        return _item(row)
    except (ValueError, TypeError) as error:
        raise unreadable(row["key"], error) from error


def _item(row: sa.RowMapping) -> Item:
    return Item(
        key=row["key"],
        entity=row["entity"],
        bucket=Bucket(row["bucket"]),
        source_fingerprint=bytes(row["source_fingerprint"]),
        mapping_fingerprint=bytes(row["mapping_fingerprint"]),
        content=None if row["content"] is None else bytes(row["content"]),
        digests=None if row["digests"] is None else orjson.loads(row["digests"]),
        target_id=row["target_id"],
        merged_into=row["merged_into"],
        merge_digest=None if row["merge_digest"] is None else bytes(row["merge_digest"]),
        reason=row["reason"],
        rule=row["rule"],
        detail=row["detail"],
        run=row["run"],
        seq=row["seq"],
        pos=row["pos"],
        attempts=row["attempts"],
        transformed_seq=row["noted_seq"] or 0,
        is_partial=bool(row["is_partial"]),
    )


def notes(key: str, said: str) -> list[Note]:
    """The notes in what the journal says of an outcome."""
    try:
        return [Note(*note) for note in orjson.loads(said)["notes"] or ()]
    except (ValueError, TypeError, KeyError) as error:
        raise unreadable(key, error) from error


def intent(row: sa.RowMapping) -> Intent:
    """The Intent of a row."""
    return Intent(row["key"], row["entity"], row["op"], row["before"], row["content"])


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
