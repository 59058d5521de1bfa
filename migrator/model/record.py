"""Records, their keys and their fingerprints.

A fingerprint is SHA-256 over length-prefixed, type-tagged values: nothing is trimmed, joined or guessed, so
``"ab","c"`` and ``"a","bc"``, NULL and ``""``, NFC and NFD, ``.123456`` s and ``.123000`` s all differ.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import unquote

import orjson

from migrator.model.content import EntityType, Value

Row = Mapping[str, Any]
"""A row as the driver gives it: column name -> raw value."""


def record_key(source: str, entity: str, legacy_id: Sequence[Any] | object) -> str:
    """``source:entity:legacy-id``; the parts of a compound id are joined by ``|``, with ``%``, ``|`` and controls escaped.

    Bytes are written in hex.
    """
    parts = legacy_id if isinstance(legacy_id, (list, tuple)) else (legacy_id,)
    return f"{source}:{entity}:" + "|".join([_part(part) for part in parts])


def _part(part: object) -> str:
    if type(part) is int:
        return str(part)
    text = part.hex() if isinstance(part, (bytes, bytearray)) else str(part)
    return _RESERVED.sub(_escaped, text)


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
    if type(value) is str:
        return b"S" + value.encode("utf-8", "surrogatepass")
    encode = _ENCODERS.get(type(value)) or _encoder_of_subclass(value)
    return encode(value)


def _instant(value: datetime) -> bytes:
    if value.tzinfo is None:
        return b"L" + value.isoformat(timespec="microseconds").encode()
    return b"T" + value.astimezone(UTC).isoformat(timespec="microseconds").encode()


def _members(value: Mapping[str, object]) -> bytes:
    return b"{" + b"".join(prefixed(canonical_bytes(part)) for pair in sorted(value.items()) for part in pair)


def _entries(value: Iterable[object]) -> bytes:
    return b"[" + b"".join(prefixed(canonical_bytes(part)) for part in value)


_ENCODERS: dict[type, Callable[[Any], bytes]] = {
    type(None): lambda _: b"N",
    bool: lambda value: b"B1" if value else b"B0",
    str: lambda value: b"S" + value.encode("utf-8", "surrogatepass"),
    int: lambda value: b"I%d" % value,
    datetime: _instant,
    bytes: lambda value: b"X" + value,
    float: lambda value: b"F" + str(value).encode(),
    Decimal: lambda value: b"F" + str(value).encode(),
    date: lambda value: b"D" + str(value).encode(),
    time: lambda value: b"D" + str(value).encode(),
    timedelta: lambda value: b"D" + str(value).encode(),
    tuple: _entries,
    list: _entries,
    dict: _members,
}


def _encoder_of_subclass(value: object) -> Callable[[Any], bytes]:
    for kind, encode in _ENCODERS.items():
        if isinstance(value, kind):
            return encode
    raise TypeError(f"no canonical form for {type(value).__name__}")


def prefixed(data: bytes) -> bytes:
    """The data behind its own length (8 bytes, big-endian)."""
    return len(data).to_bytes(8, "big") + data


def digest(parts: Iterable[object]) -> bytes:
    """SHA-256 (32 bytes) over the length-prefixed canonical bytes of the parts."""
    pieces: list[bytes] = []
    for part in parts:
        data = canonical_bytes(part)
        pieces += (len(data).to_bytes(8, "big"), data)
    return hashlib.sha256(b"".join(pieces)).digest()


_SORTED_JSON = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME


def source_fingerprint(row: SourceRow) -> bytes:
    """Fingerprint of a source row with all its side rows, as read. It tells change; it is compared with itself alone.

    JSON with sorted keys does that as well as the canonical bytes, in a tenth of the time, for all values it can hold.
    """
    try:
        return hashlib.sha256(orjson.dumps((row.values, row.sides), default=_tagged, option=_SORTED_JSON)).digest()
    except TypeError:  # a lone surrogate, or an integer above 64 bits
        return digest((dict(row.values), {name: [dict(side) for side in rows] for name, rows in row.sides.items()}))


def _tagged(value: object) -> dict[str, str]:
    """A value JSON does not know, such as an address or a range of PostgreSQL, by its type and its text."""
    return {type(value).__name__: bytes(value).hex() if isinstance(value, (bytes, bytearray)) else str(value)}


FIELD_DIGEST_BYTES = 8
"""A field's digest only names the field that differs; the proof is the whole fingerprint."""


def fingerprints(entity: EntityType, fields: Mapping[str, Value]) -> tuple[bytes, dict[str, str]]:
    """The content fingerprint and the digests of the fields, from encoding every value once."""
    present, sha256 = _present(entity, fields), hashlib.sha256
    digests = dict.fromkeys(entity.by_name, _ABSENT_DIGEST)
    for name, data in present.items():
        digests[name] = sha256(data).hexdigest()[: 2 * FIELD_DIGEST_BYTES]
    return _content(entity, present), digests


def field_digests(entity: EntityType, fields: Mapping[str, Value]) -> dict[str, str]:
    """Field name -> first 8 bytes of the SHA-256 of its value, in hex, for every field of the entity."""
    return fingerprints(entity, fields)[1]


def content_fingerprint(entity: EntityType, fields: Mapping[str, Value]) -> bytes:
    """SHA-256 (32 bytes) over the length-prefixed names and values of a record's fields, in their declared order.

    The key is not part of it, so that a doubled record is recognised.
    """
    return _content(entity, _present(entity, fields))


_ABSENT = canonical_bytes(None)
_ABSENT_DIGEST = hashlib.sha256(_ABSENT).hexdigest()[: 2 * FIELD_DIGEST_BYTES]


def _present(entity: EntityType, fields: Mapping[str, Value]) -> dict[str, bytes]:
    """The canonical bytes of every field that has a value. Most fields of most records have none."""
    get = fields.get
    return {name: canonical_bytes(value) for name in entity.by_name if (value := get(name)) is not None}


def _content(entity: EntityType, present: Mapping[str, bytes]) -> bytes:
    parts: list[bytes] = []
    for name, named, absent in _frame(entity):
        if name in present:
            data = present[name]
            parts += (named, len(data).to_bytes(8, "big"), data)
        else:
            parts.append(absent)
    return hashlib.sha256(b"".join(parts)).digest()


@cache
def _frame(entity: EntityType) -> tuple[tuple[str, bytes, bytes], ...]:
    """Of each field: its name, the bytes of it before a value, and all there is of it where it has none."""
    named = ((name, prefixed(canonical_bytes(name))) for name in entity.by_name)
    return tuple((name, before, before + prefixed(_ABSENT)) for name, before in named)
