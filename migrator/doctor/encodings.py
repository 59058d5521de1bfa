"""Encodings and collations: what a Vietnamese text becomes on its way, and which keys a server takes for the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from migrator.doctor.diagnosis import Diagnosis, Level, named
from migrator.model.server import ServerFacts

CHECK = "encoding"
_WHOLE = frozenset({"utf8mb4", "utf8", "utf-8"})


def encoding(subject: str, facts: ServerFacts, *, is_target: bool) -> list[Diagnosis]:
    """The connection must speak UTF-8; so must a target's database."""
    said = {"encoding": facts.encoding, "session": facts.session_encoding}
    if facts.session_encoding and facts.session_encoding.lower() not in _WHOLE:
        return [Diagnosis(CHECK, subject, Level.FAULT, "session_encoding", said)]
    if is_target and facts.dialect in {"mysql", "mariadb"} and facts.encoding != "utf8mb4":
        return [Diagnosis(CHECK, subject, Level.FAULT, "target_encoding", {**said, "wanted": "utf8mb4"})]
    if is_target and facts.dialect == "postgresql" and facts.encoding != "UTF8":
        return [Diagnosis(CHECK, subject, Level.FAULT, "target_encoding", {**said, "wanted": "UTF8"})]
    return [Diagnosis(CHECK, subject, Level.OK, "encoding_good", said)]


def mislabelled(subject: str, facts: ServerFacts) -> list[Diagnosis]:
    """Columns said to be Latin-1 that hold UTF-8: read as declared, every diacritic becomes two wrong letters."""
    if not any(table.encoding == "latin1" for table in facts.tables):
        return []
    if not facts.mislabelled:
        return [Diagnosis(CHECK, subject, Level.OK, "latin1_true")]
    columns = named(f"{m.table}.{m.column} ({m.utf8}/{m.looked_at})" for m in facts.mislabelled)
    return [Diagnosis(CHECK, subject, Level.WARNING, "latin1_holds_utf8", {"columns": columns})]


def folded_keys(subject: str, facts: ServerFacts, keys: Mapping[str, Sequence[str]]) -> list[Diagnosis]:
    """Text keys the server compares without regard to case: ``A1`` and ``a1`` are one row there and two keys here.

    ``keys`` are the key columns of each table that is mapped; without any, every primary key counts.
    """
    found = [
        f"{table.name}.{column}"
        for table in facts.tables
        for column in table.folded_keys
        if not keys or column.partition(" ")[0] in keys.get(table.name, ())
    ]
    if not found:
        return []
    return [Diagnosis(CHECK, subject, Level.WARNING, "keys_folded", {"columns": named(found)})]
