"""The Restorer port for WordPress: before-images become records again. What was deleted is made anew, under another id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson

from migrator.errors import EvidenceError
from migrator.load.wordpress.bodies import ALIAS, KEPT, KEY
from migrator.load.wordpress.images import Image, body, pointed_to, read_image
from migrator.load.wordpress.jobs import Job
from migrator.load.wordpress.loader import WordPressLoader
from migrator.model.content import ENTITIES
from migrator.model.platform import PlatformEntity
from migrator.ports import WriteResult


class WordPressRestorer:
    """Writes by the way of a loader, which must be prepared, and which its owner closes."""

    def __init__(self, loader: WordPressLoader) -> None:
        self._loader, self._records, self._jobs = loader, loader.records, loader.jobs

    def restore(self, entity: str, images: Mapping[str, str]) -> Sequence[WriteResult]:
        """Make the records stand there again. A record under the same key keeps the id it has now."""
        held = self._records.entity(entity)
        read = {key: read_image(key, text) for key, text in images.items()}
        standing = self._records.standing(held, list(read))
        wanted: dict[str, set[str]] = defaultdict(set)
        for image in read.values():
            for to, key in pointed_to(image, held):
                wanted[to].add(key)
        ids = self._records.targets(wanted)
        jobs = [self._job(held, key, image, standing.get(key), ids) for key, image in read.items()]
        self._jobs.carry_out(held, jobs)
        for job in jobs:
            if job.target_id is not None:
                self._records.remember(job.key, job.target_id)
        return [WriteResult(j.key, None if j.error or j.target_id is None else str(j.target_id), j.error) for j in jobs]

    def _job(
        self, held: PlatformEntity, key: str, image: Image, standing: tuple[int, bool] | None, ids: Mapping[str, int]
    ) -> Job:
        try:
            sent = body(image, held, ids)
        except KeyError as error:
            return Job(key, {}, error=f"{error.args[0]} does not stand at the target")
        own = {**sent["meta"], ALIAS: image.own.get(ALIAS, [])}
        job = Job(key, sent, {**self._loader.creation(held, key), **image.restored, "meta": own})
        if standing is not None:
            job.target_id = standing[0]
        elif held.has_file:
            job.file = lambda: self._loader.file(_kept(key, image.own))
        return job

    def loosen(self, entity: str, keys: Collection[str]) -> None:
        """Let these records point to none of their own entity, so that they can be removed in any order."""
        held = self._records.entity(entity)
        own = [field.name for field in ENTITIES[entity].references if field.to == entity]
        jobs = []
        for raw in self._records.under(held, keys):
            kept = _kept(raw["meta"][KEY], raw["meta"])
            left = {name: value for name, value in kept.items() if name not in own}
            places = {held.places[name].name: 0 for name in own if name in held.places}
            if places or left != kept:
                meta = {KEY: raw["meta"][KEY], KEPT: orjson.dumps(left, option=orjson.OPT_SORT_KEYS).decode()}
                jobs.append(Job(raw["meta"][KEY], {**places, "meta": meta}, target_id=int(raw["id"])))
        self._jobs.carry_out(held, jobs)


def _kept(key: str, own: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return dict(orjson.loads(own.get(KEPT) or "{}"))
    except (ValueError, TypeError) as error:
        raise EvidenceError(
            f"What is kept beside {key} cannot be read.", "Look at its migrator_kept at the target."
        ) from error
