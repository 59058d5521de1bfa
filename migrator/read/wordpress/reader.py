"""The Reader port for WordPress: records as they stand there, held against what is kept beside them.

A place of WordPress' own is believed. What is kept exactly beside it counts only as long as the place says what WordPress
makes of it; where somebody changed the place, the place's value is what the record has. References in places are ids, and
become the legacy keys of what stands under those ids now; those that are only kept must lead to a record that stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson

from migrator.model.content import ENTITIES, PLURAL, Field, Kind, Value
from migrator.model.platform import Place, PlatformEntity, Service
from migrator.model.record import split_key
from migrator.ports import GroupSums, TargetRecord
from migrator.read.wordpress.alike import instant, is_alike
from migrator.read.wordpress.asking import Asking, Raw

_PAGE = 1000
_REMEMBERED = 200_000
_RENDERED = frozenset({"title", "content", "excerpt"})


class WordPressReader:
    """Reads records by legacy key or by id."""

    def __init__(self, service: Service) -> None:
        self._platform = service.platform
        self._asking = Asking(service)
        self._about: Mapping[str, Any] | None = None
        self._keys: dict[tuple[str, int], str | None] = {}
        self._standing: dict[str, bool] = {}

    def read(self, entity: str, keys: Collection[str]) -> Sequence[TargetRecord]:
        """All records with these legacy keys, in the order of their ids; a doubled key gives two."""
        held = self._platform.entities.get(entity)
        if held is None:
            return []
        wanted = set(keys)
        found = self._asking.by(held, "migrator_key", wanted, _shown(held))
        return self._records(held, [raw for raw in found if raw["meta"]["migrator_key"] in wanted])

    def fetch(self, entity: str, target_ids: Collection[str]) -> Sequence[TargetRecord]:
        """Records by target id."""
        held = self._platform.entities.get(entity)
        if held is None:
            return []
        return self._records(held, list(self._asking.by(held, "include", {int(n) for n in target_ids}, _shown(held))))

    def enumerate(self, entity: str) -> Iterator[tuple[str, str | None, bool]]:
        """Target id, legacy key and is_stub of every record of the entity.

        Entities that share a collection are told apart by the key; a record without one belongs to the first of them.
        """
        held = self._platform.entities.get(entity)
        if held is None:
            return
        owner = self._platform.owner(held.path)
        for raw in self._asking.all(held, "id,meta"):
            key = raw["meta"]["migrator_key"] or None
            if (_entity_of(key) if key else owner) == entity:
                yield str(raw["id"]), key, bool(raw["meta"]["migrator_stub"])

    def aliases(self, keys: Collection[str]) -> Mapping[str, str]:
        """Where merged keys lead: key -> survivor's key."""
        wanted = set(keys)
        found: dict[str, str] = {}
        for path in self._paths():
            for raw in self._asking.by(path, "migrator_alias", wanted, "id,meta"):
                found |= {key: _survivor(path, raw) for key in raw["meta"]["migrator_alias"] if key in wanted}
        return found

    def all_aliases(self) -> Iterator[tuple[str, str]]:
        """Every alias, collection by collection."""
        for path in self._paths():
            fields = "id,meta"
            for raw in self._asking.all(path, fields, migrator_any="migrator_alias"):
                for key in raw["meta"]["migrator_alias"]:
                    yield key, _survivor(path, raw)

    def sums(self, entity: str, source: str, by: Sequence[str], of: Sequence[str]) -> Iterator[GroupSums]:
        """Rows and sums per group, added up here: WordPress does no sums."""
        groups: dict[tuple[Value, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * (len(of) + 1))
        held = self._platform.entities.get(entity)
        if held is None:
            return
        chunk: list[Raw] = []
        for raw in self._asking.all(held, _shown(held), migrator_prefix=f"{source}:{entity}:"):
            chunk.append(raw)
            if len(chunk) == _PAGE:
                self._add(held, chunk, by, of, groups)
                chunk = []
        self._add(held, chunk, by, of, groups)
        for group, (rows, *sums) in groups.items():
            yield GroupSums(group, int(rows), tuple(sums))

    def _add(
        self, held: PlatformEntity, raws: Sequence[Raw], by: Sequence[str], of: Sequence[str],
        groups: dict[tuple[Value, ...], list[Decimal]],
    ) -> None:  # fmt: skip
        for record in self._records(held, raws):
            if not record.is_stub:
                sums = groups[tuple(record.fields[name] for name in by)]
                sums[0] += 1
                for place, name in enumerate(of, 1):
                    value = record.fields[name]
                    sums[place] += value if isinstance(value, int) else 0

    def _paths(self) -> list[PlatformEntity]:
        """One entity a collection."""
        by_path: dict[str, PlatformEntity] = {}
        for entity in self._platform.entities.values():
            by_path.setdefault(entity.path, entity)
        return list(by_path.values())

    # --- one record -------------------------------------------------------------------------------------------------
    def _records(self, held: PlatformEntity, raws: Sequence[Raw]) -> Sequence[TargetRecord]:
        kept = [_kept(raw) for raw in raws]
        self._learn(held, raws, kept)
        return [self._record(held, raw, each) for raw, each in zip(raws, kept, strict=True)]

    def _record(self, held: PlatformEntity, raw: Raw, kept: Mapping[str, Any]) -> TargetRecord:
        fields: dict[str, Value] = {}
        pooled = {field: place for place, names in held.pools.items() for field in names}
        for field in ENTITIES[held.name].fields:
            place = held.places.get(field.name)
            exact = _value(field, kept.get(field.name))
            if field.name in pooled:
                fields[field.name] = exact
            elif place is None:
                fields[field.name] = self._led(field, exact)
            else:
                fields[field.name] = self._placed(held, place, field, raw, exact)
        for place_name, names in held.pools.items():
            fields |= self._pool(held, place_name, names, raw, {name: fields[name] for name in names})
        meta = raw["meta"]
        return TargetRecord(meta["migrator_key"] or None, str(raw["id"]), bool(meta["migrator_stub"]), fields)

    def _placed(self, held: PlatformEntity, place: Place, field: Field, raw: Raw, exact: Value) -> Value:
        stands = raw["meta"].get(place.name) if place.is_own else _raw(raw.get(place.name))
        if place.form == "ref":
            return self._name(str(field.to), int(stands)) if stands else None
        if place.form == "first":
            return self._first(field, exact, int(stands or 0))
        if place.keeps:
            if is_alike(place, exact, stands):
                return exact
            return instant(stands) if place.form == "instant" else str(stands)
        if exact == "" and not stands:
            return ""
        return str(stands) if stands else None

    def _first(self, field: Field, exact: Value, stands: int) -> Value:
        """A list of which only the first has a place."""
        keys = exact if isinstance(exact, tuple) else ()
        if not keys and stands == self._known_about()["user"]:
            return ()
        led = self._led(field, keys)
        rest = led[1:] if isinstance(led, tuple) else ()
        return (self._name(str(field.to), stands), *rest)

    def _pool(
        self, held: PlatformEntity, place: str, names: Sequence[str], raw: Raw, exact: Mapping[str, Value]
    ) -> Mapping[str, Value]:
        """Fields that feed one set: as they were sent where the set is theirs, else as far as the set has them."""
        to = {name: str(ENTITIES[held.name].by_name[name].to) for name in names}
        path = self._platform.entities[to[names[0]]]
        default = self._known_about()["default_category"] if path.path == "wp/v2/categories" else 0
        there = [
            key
            for target_id in raw.get(place, ())
            if not (key := self._name(path.name, int(target_id))).startswith("?:") or target_id != default
        ]
        sent = {key for value in exact.values() for key in _each(value)}
        if sent == set(there):
            return exact
        fields: dict[str, Value] = {}
        strays = [key for key in there if key not in sent]
        lists = [name for name in names if isinstance(exact[name], tuple)]
        homes = {to[name]: name for name in reversed(lists)}
        for name in names:
            value = exact[name]
            if isinstance(value, tuple):
                # what is of an entity no list is for shows in the first of them: nothing added there goes unseen
                mine = [key for key in strays if homes.get(_entity_of(key), lists[0]) == name]
                fields[name] = (*(key for key in value if key in there), *mine)
            else:
                fields[name] = value if value is None or value in there else f"!:{to[name]}:{value}"
        return fields

    def _led(self, field: Field, value: Value) -> Value:
        """Kept references: a key under which nothing stands is marked."""
        if field.to is None or not value:
            return value
        keys = tuple(key if self._standing.get(key) else f"!:{field.to}:{key}" for key in _each(value))
        return keys if field.kind is Kind.REFS else keys[0]

    # --- what ids and keys lead to -----------------------------------------------------------------------------------
    def _learn(self, held: PlatformEntity, raws: Sequence[Raw], kept: Sequence[Mapping[str, Any]]) -> None:
        """Ask for everything these records point to, a question a collection."""
        if len(self._keys) + len(self._standing) > _REMEMBERED:
            self._keys.clear()
            self._standing.clear()
        ids: dict[str, set[int]] = defaultdict(set)
        keys: dict[str, set[str]] = defaultdict(set)
        for raw, each in zip(raws, kept, strict=True):
            for field in ENTITIES[held.name].references:
                place = held.places.get(field.name)
                if place is not None and raw.get(place.name):
                    ids[str(field.to)].add(int(raw[place.name]))
                if place is None or place.form == "first":
                    keys[str(field.to)].update(_each(_value(field, each.get(field.name))))
            for name, names in held.pools.items():
                ids[str(ENTITIES[held.name].by_name[names[0]].to)].update(raw.get(name, ()))
        for to, wanted in ids.items():
            self._learn_ids(self._platform.entities[to], wanted)
        for to, unknown in keys.items():
            self._learn_keys(self._platform.entities.get(to), {key for key in unknown if key not in self._standing})

    def _learn_ids(self, to: PlatformEntity, ids: Collection[int]) -> None:
        unknown = {number for number in ids if (to.path, number) not in self._keys}
        if unknown:
            for raw in self._asking.by(to, "include", unknown, "id,meta"):
                key = raw["meta"]["migrator_key"]
                self._keys[to.path, int(raw["id"])] = key or f"?:{to.name}:{raw['id']}"
            for number in unknown:
                self._keys.setdefault((to.path, number), None)

    def _learn_keys(self, to: PlatformEntity | None, keys: Collection[str]) -> None:
        found: set[str] = set()
        if to is not None and keys:
            found = {raw["meta"]["migrator_key"] for raw in self._asking.by(to, "migrator_key", keys, "id,meta")}
        self._standing |= {key: key in found for key in keys}

    def _name(self, entity: str, target_id: int) -> str:
        """The legacy key of a record pointed to; ``?:…`` where it has none, ``!:…`` where there is no such record."""
        return self._keys.get((self._platform.entities[entity].path, target_id)) or f"!:{entity}:{target_id}"

    def _known_about(self) -> Mapping[str, Any]:
        if self._about is None:
            self._about = self._asking.ask("migrator/v1/about", {})
        return self._about

    def close(self) -> None:
        """Give connections back."""
        self._asking.close()


def _shown(held: PlatformEntity) -> str:
    """The properties that are read. Of those WordPress also shows as readers see them only what is stored: it need not render."""
    names = [place.name for place in held.places.values() if not place.is_own] + list(held.pools)
    return ",".join(["id", "meta", *(f"{name}.raw" if name in _RENDERED else name for name in names)])


def _entity_of(key: str) -> str:
    try:
        return split_key(key)[1]
    except ValueError:
        return ""


def _survivor(path: PlatformEntity, raw: Raw) -> str:
    return raw["meta"]["migrator_key"] or f"!:{path.name}:{raw['id']}"


def _kept(raw: Raw) -> Mapping[str, Any]:
    """What is kept beside a record; nothing where it cannot be read, so that it differs from whatever was sent."""
    try:
        found = orjson.loads(raw["meta"]["migrator_kept"] or "{}")
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _raw(value: Any) -> Any:
    """A property as it is stored, where the API also shows it as readers see it."""
    return value.get("raw") if isinstance(value, dict) else value


def _each(value: Value) -> tuple[str, ...]:
    if not value:
        return ()
    return value if isinstance(value, tuple) else (str(value),)


def _value(field: Field, value: Any) -> Value:
    """A kept value in the canonical form of its kind; as text where it has none."""
    if field.kind in PLURAL:
        return tuple(map(str, value)) if isinstance(value, list) else ()
    if field.kind is Kind.INSTANT and isinstance(value, str):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except ValueError:
            return value
    return value if value is None or isinstance(value, str | int | bool) else str(value)
