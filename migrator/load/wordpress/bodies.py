"""A record as WordPress takes it: properties, own values, and what is kept beside them."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson

from migrator.model.content import ENTITIES, Value
from migrator.model.platform import Place, PlatformEntity
from migrator.model.record import Record

KEY, KEPT, STUB, ALIAS = "migrator_key", "migrator_kept", "migrator_stub", "migrator_alias"
LONGEST_LOGIN = 60


NAMELESS, GONE = "?:", "!:"
"""How the reader marks a record without a legacy key, and one that is not there, among references."""


class Gone(Exception):
    """What a record points to does not stand at the target (any more)."""


def body(entity: PlatformEntity, record: Record, ids: Mapping[str, int], author: int) -> dict[str, Any]:
    """The properties of a record. ``ids`` has the target ids of what it points to; ``author`` signs what nobody signed."""
    sent: dict[str, Any] = {}
    own: dict[str, str] = {KEY: record.key, STUB: ""}
    kept: dict[str, Any] = {}
    for field in ENTITIES[entity.name].fields:
        value = record.fields.get(field.name)
        if field.to is not None:
            _demand(value, ids)
        place = entity.places.get(field.name)
        if (place is None or place.keeps or value == "") and value not in (None, ()):
            kept[field.name] = _plain(value)
        if place is not None and place.is_own:
            own[place.name] = str(value or "")
        elif place is not None:
            sent |= _placed(place, value, ids, author)
    for name, fields in entity.pools.items():
        keys = dict.fromkeys(key for field in fields for key in _keys(record.fields.get(field)))
        sent[name] = [ids[key] for key in keys]
    sent["meta"] = {**own, KEPT: orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode()}
    return sent


def part(
    entity: PlatformEntity, record: Record, fields: AbstractSet[str], kept: str, ids: Mapping[str, int], author: int
) -> dict[str, Any]:
    """The properties that hold these fields alone. ``kept`` is what is kept beside the record now.

    The other fields are as the reader gave them: in a set of records, ``?:tag:9`` is the record of that id, which has no
    key, and ``!:…`` one that is not in the set any more.
    """
    chosen = replace(entity, pools={}, places={name: p for name, p in entity.places.items() if name in fields})
    own = {name: value for name, value in record.fields.items() if name in fields}
    sent = body(chosen, replace(record, fields=own), ids, author)
    for name, feeding in entity.pools.items():
        if not fields.isdisjoint(feeding):
            keys = dict.fromkeys(key for field in feeding for key in _keys(record.fields.get(field)))
            sent[name] = [_member(key, ids) for key in keys if not key.startswith(GONE)]
    now = orjson.loads(kept or "{}")
    now = {name: value for name, value in now.items() if name not in fields} | orjson.loads(sent["meta"][KEPT])
    sent["meta"][KEPT] = orjson.dumps(now, option=orjson.OPT_SORT_KEYS).decode()
    return sent


def _member(key: str, ids: Mapping[str, int]) -> int:
    if key.startswith(NAMELESS):
        return int(key.rpartition(":")[2])
    if key not in ids:
        raise Gone(f"{key} does not stand at the target")
    return ids[key]


def creation(entity: PlatformEntity, key: str, *, is_network: bool = False) -> dict[str, Any]:
    """What only a new record gets. A network of sites takes other names to sign in with than a single site does."""
    sent = dict(entity.constants)
    if entity.has_login:
        login = network_login_of(key) if is_network else login_of(key)
        sent |= {"username": login, "email": f"{login}@legacy.invalid", "password": secrets.token_urlsafe(24)}
    return sent


def placeholder(entity: PlatformEntity, key: str) -> dict[str, Any]:
    """A record that only keeps a key's place; no reader of the site sees it."""
    sent: dict[str, Any] = {"meta": {KEY: key, STUB: "1"}}
    title = next((place.name for place in entity.places.values() if place.name in {"title", "name"}), None)
    if title is not None:
        sent[title] = key
    if any(place.name == "status" for place in entity.places.values()):
        sent["status"] = "draft"
    return sent


def login_of(key: str) -> str:
    """A name to sign in with: the key where WordPress takes its letters, and no other key gives it; else with its digest."""
    login = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")
    if re.fullmatch(r"[a-z0-9]+:[a-z]+:[a-z0-9]+", key) and len(login) <= LONGEST_LOGIN:
        return login
    return f"{login[: LONGEST_LOGIN - 17]}-{_digest(key)}"


def network_login_of(key: str) -> str:
    """The same of small letters and digits alone: a network of sites refuses dashes."""
    return re.sub(r"[^a-z0-9]+", "", key.lower())[: LONGEST_LOGIN - 16] + _digest(key)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def file_name(fields: Mapping[str, Any]) -> str:
    """An ASCII name for a file, with the extension of what it is: WordPress refuses others."""
    name = str(fields.get("file_name") or "")
    stem, _, extension = name.rpartition(".") if "." in name else (name, "", "")
    extension = _EXTENSIONS.get(str(fields.get("mime_type") or ""), re.sub(r"[^a-z0-9]", "", extension.lower()))
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-")[:60] or "file"
    digest = str(fields.get("sha256"))[:8]
    return f"{stem}-{digest}.{extension}" if extension else f"{stem}-{digest}"


_EXTENSIONS = {
    "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "image/bmp": "bmp",
    "image/tiff": "tif", "video/mp4": "mp4", "audio/mpeg": "mp3", "application/pdf": "pdf",
}  # fmt: skip


def _placed(place: Place, value: Value, ids: Mapping[str, int], author: int) -> dict[str, Any]:
    if place.form == "ref":
        return {place.name: ids[str(value)] if value else 0}
    if place.form == "first":
        keys = _keys(value)
        return {place.name: ids[keys[0]] if keys else author}
    if place.form == "instant":
        # without a time WordPress keeps the one it has
        return {place.name: f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"} if isinstance(value, datetime) else {}
    if place.values is not None:
        return {place.name: place.values[str(value)]}
    if value is None and place.is_invented and place.name != "slug":
        return {}
    return {place.name: "" if value is None else str(value)}


def _demand(value: Value, ids: Mapping[str, int]) -> None:
    for key in _keys(value):
        if key not in ids:
            raise Gone(f"{key} does not stand at the target")


def _keys(value: Value) -> tuple[str, ...]:
    if not value:
        return ()
    return value if isinstance(value, tuple) else (str(value),)


def pointed_to(entity: PlatformEntity, record: Record) -> Mapping[str, tuple[str, ...]]:
    """Keys by the entity they are of."""
    found: dict[str, tuple[str, ...]] = {}
    for field in ENTITIES[entity.name].references:
        if keys := tuple(k for k in _keys(record.fields.get(field.name)) if not k.startswith((NAMELESS, GONE))):
            found[str(field.to)] = found.get(str(field.to), ()) + keys
    return found


def _plain(value: Value) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return list(value) if isinstance(value, tuple) else value
