"""Records, their keys and their fingerprints.

A fingerprint is SHA-256 over length-prefixed, type-tagged values: nothing is trimmed, joined or guessed, so
``"ab","c"`` and ``"a","bc"``, NULL and ``""``, NFC and NFD, ``.123456`` s and ``.123000`` s all differ.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

from migrator.model.content import EntityType, Value

Row = Mapping[str, Any]
"""A row as the driver gives it: column name -> raw value."""


def record_key(source: str, entity: str, legacy_id: Sequence[Any] | object) -> str:
    """``source:entity:legacy-id``; the parts of a compound id are joined by ``|``, with ``%``, ``|`` and controls escaped."""
    parts = legacy_id if isinstance(legacy_id, (list, tuple)) else (legacy_id,)
    return f"{source}:{entity}:" + "|".join(_RESERVED.sub(_escaped, str(part)) for part in parts)


_RESERVED = re.compile(r"[%|\x00-\x1f\x7f]")


def _escaped(match: re.Match[str]) -> str:
    return f"%{ord(match[0]):02X}"


def split_key(key: str) -> tuple[str, str, tuple[str, ...]]:
    """The source, the entity and the id parts (as text) of a key. ValueError when it is not one."""
    source, entity, legacy_id = key.split(":", 2)
    return source, entity, tuple(unquote(part) for part in legacy_id.split("|"))


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of an entity's source with its side rows.

    ``position`` is the row's key as the source orders it (for reading on after it). ``sides`` holds, for each joined
    side table, the list of its rows in their declared order (a 1:1 side has at most one).
    """

    key: str
    position: tuple[Any, ...]
    values: Row
    sides: Mapping[str, Sequence[Row]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """A record in canonical form. ``fields`` has an entry for every field of its entity."""

    key: str
    entity: str
    fields: Mapping[str, Value]


def canonical_bytes(value: object) -> bytes:
    """An unambiguous encoding of one value. TypeError for a type that has none."""
    match value:
        case None:
            return b"N"
        case bool():
            return b"B1" if value else b"B0"
        case str():
            return b"S" + value.encode("utf-8", "surrogatepass")
        case int():
            return b"I%d" % value
        case datetime():
            if value.tzinfo is None:
                return b"L" + value.isoformat(timespec="microseconds").encode()
            return b"T" + value.astimezone(UTC).isoformat(timespec="microseconds").encode()
        case bytes() | bytearray() | memoryview():
            return b"X" + bytes(value)
        case float() | Decimal():
            return b"F" + str(value).encode()
        case date() | time() | timedelta():
            return b"D" + str(value).encode()
        case list() | tuple():
            return b"[" + b"".join(prefixed(canonical_bytes(part)) for part in value)
        case Mapping():
            return b"{" + b"".join(prefixed(canonical_bytes(part)) for pair in sorted(value.items()) for part in pair)
    raise TypeError(f"no canonical form for {type(value).__name__}")


def prefixed(data: bytes) -> bytes:
    """The data behind its own length (8 bytes, big-endian)."""
    return len(data).to_bytes(8, "big") + data


def digest(parts: Iterable[object]) -> bytes:
    """SHA-256 (32 bytes) over the length-prefixed canonical bytes of the parts."""
    return hashlib.sha256(b"".join(prefixed(canonical_bytes(part)) for part in parts)).digest()


def source_fingerprint(row: SourceRow) -> bytes:
    """Fingerprint of a source row with all its side rows, as read."""
    return digest((row.values, {name: list(rows) for name, rows in row.sides.items()}))


FIELD_DIGEST_BYTES = 8
"""A field's digest only names the field that differs; the proof is the whole fingerprint."""


def field_digests(entity: EntityType, fields: Mapping[str, Value]) -> dict[str, str]:
    """Field name -> first 8 bytes of the SHA-256 of its value, in hex, for every field of the entity."""
    return {
        f.name: hashlib.sha256(canonical_bytes(fields.get(f.name))).digest()[:FIELD_DIGEST_BYTES].hex()
        for f in entity.fields
    }


def content_fingerprint(entity: EntityType, fields: Mapping[str, Value]) -> bytes:
    """Fingerprint (32 bytes) of a record's content. The key is not part of it, so that a doubled record is recognised."""
    return digest(part for f in entity.fields for part in (f.name, fields.get(f.name)))
