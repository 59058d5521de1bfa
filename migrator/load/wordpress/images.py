"""Before-images: a record as it stood at WordPress, in a form from which it can be written again.

An image has what the migration writes, and what a deleted record must come back with besides. What a record points to is
named by its legacy key where it has one, for a record that was deleted and put back has another id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from migrator.errors import EvidenceError
from migrator.load.wordpress.bodies import ALIAS, KEY
from migrator.load.wordpress.records import Records
from migrator.model.content import ENTITIES
from migrator.model.platform import Place, PlatformEntity
from migrator.model.record import split_key

_RENDERED = frozenset({"title", "content", "excerpt"})
"""Properties WordPress also shows as readers see them, which costs it more than all the rest."""

_DATELESS = "migrator_dateless"
Reference = int | str
"""The legacy key of a record, or its id where it has none."""


@dataclass(frozen=True, slots=True)
class Image:
    """One image. ``places``, ``restored`` and ``own`` are properties as WordPress takes them, but for references."""

    places: Mapping[str, Any]
    restored: Mapping[str, Any]
    own: Mapping[str, Any]

    def as_text(self) -> str:
        """As JSON, the same for the same record."""
        said = {"places": self.places, "restored": self.restored, "own": self.own}
        return orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()


def read_image(key: str, text: str) -> Image:
    """An image out of its JSON. EvidenceError where it is none."""
    try:
        said = orjson.loads(text)
        return Image(dict(said["places"]), dict(said["restored"]), dict(said["own"]))
    except (ValueError, KeyError, TypeError) as error:
        raise EvidenceError(
            f"The before-image of {key} cannot be read.", "Restore the ledger from a backup."
        ) from error


def images(entity: PlatformEntity, records: Records, keys: Collection[str]) -> Mapping[str, Image]:
    """The images of what stands under these keys."""
    raws = records.under(entity, keys, _fields(entity))
    ids: dict[str, set[int]] = defaultdict(set)
    for raw in raws:
        for name, to in _pointing(entity).items():
            ids[to].update(_ids(raw.get(name)))
    named = {to: records.keys_of(records.entity(to), wanted) for to, wanted in ids.items()}
    return {raw["meta"][KEY]: _image(entity, raw, named) for raw in raws}


def _image(entity: PlatformEntity, raw: Mapping[str, Any], named: Mapping[str, Mapping[int, str]]) -> Image:
    places = {name: _raw(raw.get(name)) for name in _names(entity)}
    for name, to in _pointing(entity).items():
        found: list[Reference] = sorted((named[to].get(number, number) for number in _ids(raw.get(name))), key=str)
        places[name] = found if name in entity.pools else (found[0] if found else 0)
    if raw.get(_DATELESS):
        places |= {place.name: None for place in _instants(entity)}
    return Image(places, {name: raw.get(name) for name in entity.restored}, raw["meta"])


def pointed_to(image: Image, entity: PlatformEntity) -> Iterator[tuple[str, str]]:
    """The entity and the key of each record with a key that an image points to."""
    for name in _pointing(entity):
        for reference in _references(image.places.get(name)):
            if isinstance(reference, str):
                yield split_key(reference)[1], reference


def body(image: Image, entity: PlatformEntity, ids: Mapping[str, int]) -> Mapping[str, Any]:
    """What is sent to make a record what the image says. KeyError for a record it points to that does not stand."""
    sent = dict(image.places)
    for name in _pointing(entity):
        numbers = [each if isinstance(each, int) else ids[each] for each in _references(image.places.get(name))]
        sent[name] = numbers if name in entity.pools else (numbers[0] if numbers else 0)
    return {**sent, "meta": {name: value for name, value in image.own.items() if name != ALIAS}}


def _references(value: Any) -> Sequence[Reference]:
    if isinstance(value, list):
        return value
    return [value] if value else []


def _names(entity: PlatformEntity) -> list[str]:
    return [place.name for place in entity.places.values() if not place.is_own] + list(entity.pools)


def _instants(entity: PlatformEntity) -> list[Place]:
    return [place for place in entity.places.values() if place.form == "instant"]


def _pointing(entity: PlatformEntity) -> Mapping[str, str]:
    """Places that hold ids, and the entity they point to."""
    fields = ENTITIES[entity.name].by_name
    single = {
        place.name: str(fields[field].to) for field, place in entity.places.items() if place.form in {"ref", "first"}
    }
    return single | {name: str(fields[names[0]].to) for name, names in entity.pools.items()}


def _fields(entity: PlatformEntity) -> str:
    names = [f"{name}.raw" if name in _RENDERED else name for name in _names(entity)]
    extra = [_DATELESS] if _instants(entity) else []
    return ",".join(["id", "meta", *names, *entity.restored, *extra])


def _ids(value: Any) -> list[int]:
    """Ids in a place; 0 is none."""
    return [int(number) for number in (value if isinstance(value, list) else [value]) if number]


def _raw(value: Any) -> Any:
    return value.get("raw") if isinstance(value, dict) else value
