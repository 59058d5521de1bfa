"""The Loader port for WordPress: records by their legacy key, over the REST API. Whatever is written twice stands there once."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from typing import Any, NoReturn

import orjson

from migrator.errors import AccessError
from migrator.load.wordpress import bodies
from migrator.load.wordpress.bodies import ALIAS, KEPT, KEY
from migrator.load.wordpress.client import ABOUT, Client, Reply
from migrator.load.wordpress.images import images
from migrator.load.wordpress.jobs import File, Job, Jobs
from migrator.load.wordpress.records import BRIEF, Records
from migrator.model.platform import PlatformEntity, Service
from migrator.model.record import Record, split_key
from migrator.model.site import SiteFacts
from migrator.ports import Baseline, FileSource, LoaderCapabilities, Write, WriteResult

_ORDER = ("stub", "put", "withdraw", "unalias", "alias")
_LARGEST_FILE = 512 * 1024 * 1024


class WordPressLoader:
    """Writes records to one WordPress. ``files`` are asked in their order for the bytes of media."""

    def __init__(self, service: Service, files: Sequence[FileSource] = ()) -> None:
        self._service, self._platform = service, service.platform
        self._client = Client(service)
        self._files = files
        self.capabilities = LoaderCapabilities(
            stubs=True, batch=self._platform.rows,
            unstubbed=frozenset(each.name for each in self._platform.entities.values() if each.has_file),
            remote=True,
        )  # fmt: skip
        self._executor = ThreadPoolExecutor(max_workers=service.calls or self._platform.calls)
        self.records = Records(self._client, self._platform, self._executor)
        self.jobs = Jobs(self._client, service, self._executor, self.records.standing)
        self._seen: dict[str, tuple[int, bool]] = {}
        self._asked: set[str] = set()
        self._about: Mapping[str, Any] = {}
        self._user = 0
        self._largest_file = _LARGEST_FILE

    # --- before the run ---
    def prepare(self) -> None:
        """Ask whether everything is there, and may be used. AccessError where it is not, with what to do. Asked once."""
        if self._about:
            return
        reply = self._client.reach(ABOUT)
        about = reply.value
        plugin = self._platform.plugin_file
        if not reply.is_good or not isinstance(about, dict):
            self._explain(reply)
        if int(about["version"]) < self._platform.plugin_version:
            raise AccessError(
                f"The plugin at {self._service.url} is of version {about['version']}, this migrator needs "
                f"{self._platform.plugin_version}.", f"Copy {plugin} to wp-content/mu-plugins/ again.",
            )  # fmt: skip
        own = {
            place.name
            for entity in self._platform.entities.values()
            for place in entity.places.values()
            if place.is_own
        }
        if unknown := sorted(own - set(about["meta"])):
            raise AccessError(
                f"The plugin does not know {', '.join(unknown)}, which the profile uses.",
                f"Add them to MIGRATOR_META in {plugin}.",
            )
        if lacking := [right for right in self._platform.needs if right not in about["capabilities"]]:
            raise AccessError(
                f"{self._service.user} may not do everything at {self._service.url}: {', '.join(lacking)} is missing.",
                "Name an administrator as target.user; on a network of sites, one who may post unfiltered HTML.",
            )
        self._user, self._largest_file = int(about["user"]), int(about["largest_file"] or _LARGEST_FILE)
        self._about = about
        self._demand_collections()
        self._batches = self._client.try_batches()

    def _demand_collections(self) -> None:
        """What security plugins and firewalls close is often a single collection: users."""
        entities = list({each.path: each for each in self._platform.entities.values()}.values())
        replies = self._executor.map(
            lambda each: self._client.try_find(each.path, **each.listed, per_page=1, _fields="id"), entities
        )
        for entity, reply in zip(entities, replies, strict=True):
            if not reply.is_good or not isinstance(reply.value, list):
                raise AccessError(
                    f"{entity.path} is closed to {self._service.user}, though WordPress lets him in. {reply.said}.",
                    "A security plugin or the web server closes it, often against the guessing of names: "
                    "let this user, or this machine, through.",
                )

    def facts(self) -> SiteFacts:
        """What a person should know before the night. The target must be prepared."""
        before = time.time()
        reply = self._client.get(ABOUT)
        if not reply.is_good:
            self._explain(reply)
        about = reply.value
        return SiteFacts(
            version=str(about["wordpress"]),
            is_network=bool(about["is_network"]),
            batches=self._batches.said if not self._batches.is_good else "",
            now=datetime.fromtimestamp(about["now"], UTC),
            asked_at=datetime.fromtimestamp((before + time.time()) / 2, UTC),
            zone=str(about["zone"]),
            offset_minutes=int(about["offset_minutes"]),
            uploads=str(about["uploads"]["error"]),
            free_bytes=about["uploads"]["free"],
        )

    def _explain(self, reply: Reply) -> NoReturn:
        """Why the plugin does not answer."""
        if reply.status == 401:
            raise self._client.shut_out(reply)
        if reply.code == "rest_no_route":
            raise AccessError(
                f"WordPress at {self._service.url} lacks the plugin that shows legacy keys.",
                f"Copy {self._platform.plugin_file} (migrator's folder mappings/platforms) to wp-content/mu-plugins/.",
            )
        if reply.code == "rest_forbidden":
            raise AccessError(
                f"{self._service.user} may not edit what others wrote. {reply.said}.", "Name an administrator."
            )
        if reply.location and not reply.is_good:
            raise AccessError(
                f"{self._service.url} leads elsewhere: {reply.location}", "Name in target.url the address it leads to."
            )
        raise AccessError(
            f"No WordPress answers at {self._service.url}: {reply.said}.",
            "Check target.url; the REST API must be reachable under /wp-json/.",
        )

    def baseline(self, entities: Sequence[str]) -> Sequence[Baseline]:
        """Records and largest id of each entity the platform holds. Those without a key belong to one entity a collection."""
        rows: dict[str, int] = {}
        largest: dict[str, int] = {}
        for path in dict.fromkeys(entity.path for entity in self._platform.entities.values()):
            owner = self._platform.owner(path)
            for raw in self.records.all(self._platform.entities[owner]):
                key = raw["meta"].get(KEY)
                entity = split_key(key)[1] if key else owner
                rows[entity] = rows.get(entity, 0) + 1
                largest[entity] = max(largest.get(entity, 0), int(raw["id"]))
        return [
            Baseline(name, rows.get(name, 0), str(largest[name]) if name in largest else None)
            for name in entities
            if name in self._platform.entities
        ]

    def holds_source(self, entity: str, source: str) -> bool:
        """Whether a record with a key of this source stands there."""
        held = self._platform.entities[entity]
        asked = {"migrator_prefix": f"{source}:{entity}:", "per_page": 1, "_fields": "id"}
        return bool(self._client.find(held.path, **held.listed, **asked).value)

    # --- what stands there ---
    def standing(self, entity: str, keys: Collection[str]) -> Mapping[str, str]:
        """Target ids of real records by key."""
        found = self._asked_for(entity, keys)
        return {key: str(target_id) for key, (target_id, is_stub) in found.items() if not is_stub}

    def placeholders(self, entity: str, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys under which a stub stands."""
        return frozenset(key for key, (_, is_stub) in self._asked_for(entity, keys).items() if is_stub)

    def _asked_for(self, entity: str, keys: Collection[str]) -> Mapping[str, tuple[int, bool]]:
        """As the server says; remembered until the next write, which asks for the same keys."""
        found = self.records.standing(self._platform.entities[entity], keys)
        self._seen, self._asked = dict(found), set(keys)
        return found

    def before_images(self, entity: str, keys: Collection[str]) -> Mapping[str, str]:
        """What stands there of what can be written, as JSON. What was asked for just now and is not there is not asked for."""
        wanted = [key for key in keys if key in self._seen or key not in self._asked]
        found = images(self._platform.entities[entity], self.records, wanted)
        return {key: image.as_text() for key, image in found.items()}

    # --- writing -------------------------------------------------------------------------------------------------------
    def write(self, writes: Sequence[Write]) -> Sequence[WriteResult]:
        """All writes, kind by kind; what one record is refused for concerns no other."""
        grouped: dict[tuple[str, str], list[Write]] = defaultdict(list)
        for write in writes:
            grouped[write.op, write.entity].append(write)
        answers: dict[tuple[str, str], WriteResult] = {}
        for op, entity in sorted(grouped, key=lambda pair: _ORDER.index(pair[0])):
            mine = grouped[op, entity]
            if op in {"stub", "put"}:
                found = self._put(self._platform.entities[entity], mine)
            elif op == "withdraw":
                found = self._withdraw(self._platform.entities[entity], [write.key for write in mine])
            else:
                found = [self._alias(self._platform.entities[entity], write) for write in mine]
            answers |= {(op, answer.key): answer for answer in found}
        self._seen, self._asked = {}, set()
        return [answers[write.op, write.key] for write in writes]

    def _put(self, entity: PlatformEntity, writes: Sequence[Write]) -> Sequence[WriteResult]:
        keys = [write.key for write in writes]
        standing = {key: self._seen[key] for key in keys if key in self._seen}
        if unknown := [key for key in keys if key not in self._asked]:
            standing |= self.records.standing(entity, unknown)
        ids = self._targets(entity, [write.record for write in writes if write.record])
        parts = [write.key for write in writes if write.fields is not None and write.key in standing]
        kept = {raw["meta"][KEY]: str(raw["meta"][KEPT]) for raw in self.records.under(entity, parts)} if parts else {}
        jobs = [self._job(entity, write, standing.get(write.key), ids, kept.get(write.key)) for write in writes]
        self.jobs.carry_out(entity, jobs)
        for job in jobs:
            if job.target_id is not None and not job.error:
                self.records.remember(job.key, job.target_id)
        return [WriteResult(j.key, None if j.error or j.target_id is None else str(j.target_id), j.error) for j in jobs]

    def _job(
        self, entity: PlatformEntity, write: Write, standing: tuple[int, bool] | None, ids: Mapping[str, int],
        kept: str | None,
    ) -> Job:  # fmt: skip
        target_id = standing[0] if standing is not None else None
        creation = self.creation(entity, write.key)
        if write.record is None:
            body = bodies.placeholder(entity, write.key)
            return Job(write.key, body, creation, None, target_id, only_create=True, is_done=target_id is not None)
        record = write.record
        try:
            if write.fields is None or kept is None:
                body = bodies.body(entity, record, ids, self._user)
            else:
                body = bodies.part(entity, record, write.fields, kept, ids, self._user)
            orjson.dumps(body)
        except (bodies.Gone, orjson.JSONEncodeError) as error:
            return Job(write.key, {}, error=f"{type(error).__name__}: {error}"[:300])
        job = Job(write.key, body, creation, None, target_id)
        if entity.has_file:
            job.file = lambda: self.file(record.fields)
            if target_id is not None and (changed := self._changed_file(entity, record)):
                job.error = changed
        return job

    def creation(self, entity: PlatformEntity, key: str) -> Mapping[str, Any]:
        """What only a new record gets at this site."""
        return bodies.creation(entity, key, is_network=bool(self._about.get("is_network")))

    def _targets(self, entity: PlatformEntity, records: Sequence[Record]) -> Mapping[str, int]:
        """Ids of everything the records point to and that stands at the target."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for record in records:
            for to, keys in bodies.pointed_to(entity, record).items():
                wanted[to].update(keys)
        return self.records.targets(wanted)

    # --- files ---
    def cannot_hold(self, record: Record) -> str:
        """Why WordPress cannot hold a record; empty where it can."""
        if self._platform.entities[record.entity].has_file and not record.fields.get("sha256"):
            return f"WordPress holds media only with their bytes; of {record.fields.get('path')} there are none"
        return ""

    def file(self, fields: Mapping[str, Any]) -> File | str:
        """The file of a media record with these fields; why there is none."""
        sha256 = str(fields.get("sha256") or "")
        for source in self._files:
            if (stream := source.open(sha256)) is not None:
                with stream:
                    data = stream.read(self._largest_file + 1)
                if len(data) > self._largest_file:
                    return (
                        f"the file has more than the {self._largest_file} bytes WordPress takes (upload_max_filesize)"
                    )
                mime_type = str(fields.get("mime_type") or "application/octet-stream")
                return File(bodies.file_name(fields), mime_type, data)
        return f"no source has the bytes of {sha256}"

    def _changed_file(self, entity: PlatformEntity, record: Record) -> str:
        """Bytes cannot be exchanged: a record whose file is another one now must be made anew."""
        for raw in self.records.under(entity, [record.key]):
            kept = orjson.loads(raw["meta"][KEPT] or "{}")
            if kept.get("sha256") not in (None, record.fields.get("sha256")):
                return (
                    "the file has other bytes now, and WordPress cannot exchange them: delete it there, then run again"
                )
        return ""

    # --- taking back, and leading elsewhere ---
    def _withdraw(self, entity: PlatformEntity, keys: Sequence[str]) -> Sequence[WriteResult]:
        """Remove records for good, files included, unless others point to them."""
        standing = self.records.standing(entity, keys)
        pointers = self._pointers(entity, {key: target_id for key, (target_id, _) in standing.items()})
        jobs = [
            Job(key, {}, target_id=target_id, removes=f"&reassign={self._user}" if entity.has_login else "")
            for key, (target_id, _) in standing.items()
            if key not in pointers
        ]
        self.jobs.carry_out(entity, jobs)
        errors = {key: f"others point to it: {', '.join(by)}" for key, by in pointers.items()}
        errors |= {job.key: job.error for job in jobs}
        for key in keys:
            self.records.forget(key)
        return [WriteResult(key, None, errors.get(key, "")) for key in keys]

    def _pointers(self, entity: PlatformEntity, ids: Mapping[str, int]) -> Mapping[str, Sequence[str]]:
        """Some of what points to each record, by key; those nothing points to are not among them."""
        found: dict[str, Sequence[str]] = {}
        rest = iter(ids.items())
        while page := list(islice(rest, self._platform.page)):
            records = [{"key": key, "id": target_id} for key, target_id in page]
            found |= self._client.find("migrator/v1/pointers", collection=entity.path, records=records).value[
                "pointers"
            ]
        return found

    def _alias(self, entity: PlatformEntity, write: Write) -> WriteResult:
        """The key leads to the survivor and to nothing else, or to nothing at all."""
        survivor: int | None = None
        if write.op == "alias":
            found = self.records.standing(entity, [str(write.survivor)]).get(str(write.survivor))
            if found is None:
                return WriteResult(write.key, None, f"{write.survivor} does not stand at the target")
            survivor = found[0]
        for raw in self.records.having(entity, ALIAS, [write.key]):
            if write.key in raw["meta"][ALIAS] and int(raw["id"]) != survivor:
                left = [key for key in raw["meta"][ALIAS] if key != write.key]
                if error := self._set_aliases(entity, int(raw["id"]), left):
                    return WriteResult(write.key, None, error)
        if survivor is not None:
            there = self._client.get(f"{entity.path}/{survivor}?context=edit&_fields={BRIEF}")
            aliases = there.value["meta"][ALIAS] if there.is_good else []
            if write.key not in aliases and (error := self._set_aliases(entity, survivor, [*aliases, write.key])):
                return WriteResult(write.key, None, error)
        return WriteResult(write.key, None if survivor is None else str(survivor))

    def _set_aliases(self, entity: PlatformEntity, target_id: int, aliases: Sequence[str]) -> str:
        reply = self._client.post(f"{entity.path}/{target_id}", {"meta": {ALIAS: aliases}}, safe=True)
        return "" if reply.is_good else reply.said

    def close(self) -> None:
        """Give connections back."""
        self._executor.shutdown()
        self._client.close()
