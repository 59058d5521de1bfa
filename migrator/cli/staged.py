"""What is staged of a source, on the terminal and for machines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from migrator.cli.console import Console
from migrator.extract.staged import Catalogue

_MEGABYTE = 1_000_000


def show(source: str, catalogue: Catalogue, console: Console) -> None:
    """What is staged: when it was taken, how many rows, how large it is."""
    facts = said(catalogue)
    moment = "stage_consistent" if catalogue.copy.consistent else "stage_drifting"
    console.say(
        "stage_copy", source=source, began=datetime.fromisoformat(facts["began_at"]), sessions=facts["sessions"],
        rows=facts["rows"], size=megabytes(facts["bytes"]), packed=megabytes(facts["packed_bytes"]),
        ratio=facts["ratio"], packs=facts["packs"],
    )  # fmt: skip
    console.say(moment)
    if facts["touched"]:
        console.say("stage_touched", tables=", ".join(facts["touched"]))
    if facts["moved"]:
        console.say("stage_moved_meanwhile", tables=", ".join(facts["moved"]))
    for table, columns in facts["left_out"].items():
        console.say("stage_left_out", table=table, columns=", ".join(columns))
    console.say("stage_digest", digest=catalogue.digest)


def said(catalogue: Catalogue) -> dict[str, Any]:
    """A copy in figures, for machines."""
    copy = catalogue.copy
    packs = {pack.digest: pack for relation in copy.relations for pack in relation.packs}.values()
    size, packed = sum(pack.size for pack in packs), sum(pack.packed for pack in packs)
    return {
        "began_at": copy.began_at, "ended_at": copy.ended_at, "sessions": copy.sessions, "consistent": copy.consistent,
        "rows": sum(relation.rows for relation in copy.relations), "packs": len(packs), "bytes": size,
        "packed_bytes": packed, "ratio": round(size / packed, 2) if packed else 1.0,
        "tables": sum(relation.sql is None for relation in copy.relations),
        "queries": sum(relation.sql is not None for relation in copy.relations),
        "touched": list(copy.touched), "moved": _moved(copy.counts, copy.at_end),
        "left_out": {table: list(columns) for table, columns in copy.left_out.items()}, "catalogue": catalogue.digest,
    }  # fmt: skip


def _moved(before: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
    return [table for table, rows in after.items() if rows != before.get(table)]


def megabytes(size: int) -> float:
    """Bytes in megabytes, for people."""
    return round(size / _MEGABYTE, 1)
