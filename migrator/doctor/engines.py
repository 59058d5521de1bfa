"""Table engines without transactions: what is read from them while the newsroom works is not of one moment."""

from __future__ import annotations

from migrator.doctor.diagnosis import Diagnosis, Level, named
from migrator.model.server import ServerFacts

CHECK = "snapshot"
_TRANSACTIONAL = frozenset({"InnoDB", "XtraDB", "RocksDB", "ROCKSDB", "TokuDB"})


def engines(subject: str, facts: ServerFacts, *, is_target: bool) -> list[Diagnosis]:
    """A source of MyISAM tables has no snapshot; a target of them cannot take a batch back."""
    if facts.dialect not in {"mysql", "mariadb"}:
        return [Diagnosis(CHECK, subject, Level.OK, "snapshot_good")]
    loose = [table for table in facts.tables if table.engine and table.engine not in _TRANSACTIONAL]
    if not loose:
        return [Diagnosis(CHECK, subject, Level.OK, "snapshot_good")]
    said = {"tables": named(f"{table.name} ({table.engine})" for table in loose), "count": len(loose)}
    if is_target:
        return [Diagnosis(CHECK, subject, Level.FAULT, "target_engine", said)]
    return [Diagnosis(CHECK, subject, Level.WARNING, "no_snapshot", said)]
