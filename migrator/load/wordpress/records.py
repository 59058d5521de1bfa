"""What stands at a WordPress under which legacy key, and under which id: asked in bulk, by several calls at once."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

from migrator.load.wordpress.bodies import KEY, STUB
from migrator.load.wordpress.client import Client
from migrator.model.platform import Platform, PlatformEntity

_REMEMBERED = 200_000
"""Target ids of what others point to that are kept in memory."""

BRIEF = "id,meta"
"""All a look-up needs: without it WordPress renders each record."""


class Records:
    """The records of one WordPress that have a legacy key."""

    def __init__(self, client: Client, platform: Platform, executor: Executor) -> None:
        self._client, self._platform, self._executor = client, platform, executor
        self._ids: OrderedDict[str, int] = OrderedDict()

    def entity(self, name: str) -> PlatformEntity:
        """How an entity of the content model is held."""
        return self._platform.entities[name]

    def all(self, entity: PlatformEntity) -> Iterator[Mapping[str, Any]]:
        """Every record of the entity's collection, by id, page by page."""
        page = 1
        while True:
            found = self._client.find(
                entity.path, **entity.listed, _fields=BRIEF, per_page=self._platform.page, page=page,
                orderby="id", order="asc",
            ).value  # fmt: skip
            yield from found
            if len(found) < self._platform.page:
                return
            page += 1

    def having(
        self, entity: PlatformEntity, name: str, values: Sequence[Any], fields: str = BRIEF
    ) -> list[Mapping[str, Any]]:
        """Records of which ``name`` is one of the values; of texts the database may take others for the same."""
        page = self._platform.page

        def find(start: int) -> Sequence[Mapping[str, Any]]:
            asked: dict[str, Any] = {name: values[start : start + page], **entity.listed, "_fields": fields}
            asked |= {"per_page": page, "orderby": "id", "order": "asc"}
            found: Sequence[Mapping[str, Any]] = self._client.find(entity.path, **asked).value
            return found

        return [raw for found in self._executor.map(find, range(0, len(values), page)) for raw in found]

    def under(self, entity: PlatformEntity, keys: Collection[str], fields: str = BRIEF) -> list[Mapping[str, Any]]:
        """Records with exactly these legacy keys."""
        wanted = set(keys)
        return [raw for raw in self.having(entity, KEY, sorted(wanted), fields) if raw["meta"][KEY] in wanted]

    def standing(self, entity: PlatformEntity, keys: Collection[str]) -> Mapping[str, tuple[int, bool]]:
        """Target id by key, and whether it is a placeholder. Of two records with one key the older."""
        return {
            raw["meta"][KEY]: (int(raw["id"]), bool(raw["meta"].get(STUB)))
            for raw in reversed(self.under(entity, keys))
        }

    def targets(self, wanted: Mapping[str, Collection[str]]) -> Mapping[str, int]:
        """Target ids of the keys, given by entity, as far as they stand; what was found once is believed."""
        found: dict[str, int] = {}
        unknown: dict[str, set[str]] = defaultdict(set)
        for entity, keys in wanted.items():
            for key in keys:
                if key in self._ids:
                    self._ids.move_to_end(key)
                    found[key] = self._ids[key]
                elif entity in self._platform.entities:
                    unknown[entity].add(key)
        for entity, keys in unknown.items():
            for key, (target_id, _) in self.standing(self._platform.entities[entity], keys).items():
                self.remember(key, target_id)
                found[key] = target_id
        return found

    def keys_of(self, entity: PlatformEntity, ids: Collection[int]) -> Mapping[int, str]:
        """Legacy key by id, for those of the collection's records that have one."""
        found = self.having(entity, "include", sorted(ids)) if ids else []
        return {int(raw["id"]): raw["meta"][KEY] for raw in found if raw["meta"][KEY]}

    def remember(self, key: str, target_id: int) -> None:
        """The key stands under this id."""
        self._ids[key] = target_id
        if len(self._ids) > _REMEMBERED:
            self._ids.popitem(last=False)

    def forget(self, key: str) -> None:
        """Nothing stands under the key any more."""
        self._ids.pop(key, None)
