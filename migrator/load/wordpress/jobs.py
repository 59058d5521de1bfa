"""Records on their way: batch calls side by side, and what is done where a call's end is not known.

A record is created only where no record has its key. A call whose end nobody knows is followed by a look-up: what stands
there is taken over and written once more, for it may be half done; what does not is created.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any

import orjson

from migrator.errors import AccessError, StopRun
from migrator.load.wordpress.client import ABOUT, CRITICAL, FIRST_WAIT_S, LONGEST_WAIT_S, Client, Reply, Unclear
from migrator.model.platform import PlatformEntity, Service

ROUNDS = 8
_SHORT = "_fields=id"
"""Asked of every answer: without it WordPress renders each post it has just written."""

_EXISTS = 409
_FORBIDDEN = 403
_TOO_LARGE = 413
_LEAST_BYTES = 100_000
"""Batches are not made smaller than this, however small the call was that was too large."""

_UPLOAD_FAILED = "rest_upload_unknown_error"
_RETRY = frozenset({408, 425, 429, 500, 502, 503, 504})
_VANISHED = frozenset({"rest_post_invalid_id", "rest_term_invalid", "rest_user_invalid_id"})

LookUp = Callable[[PlatformEntity, Sequence[str]], Mapping[str, tuple[int, bool]]]
"""Target id and whether it is a placeholder, by key."""


@dataclass(slots=True)
class File:
    """The bytes that make a new record."""

    name: str
    mime_type: str
    data: bytes


@dataclass(slots=True)
class Job:
    """A record to be written. ``body`` goes into every call, ``creation`` only into the one that creates it.

    ``target_id`` is set once the record is known to stand there; ``error`` says why it will not. ``only_create``: what
    stands there already is left as it is. ``removes`` is not None where the record is to be deleted, and then what is
    asked besides.
    """

    key: str
    body: Mapping[str, Any]
    creation: Mapping[str, Any] = field(default_factory=dict)
    file: Callable[[], File | str] | None = None
    target_id: int | None = None
    only_create: bool = False
    removes: str | None = None
    error: str = ""
    is_done: bool = False


class Jobs:
    """Carries out the jobs of one entity."""

    def __init__(self, client: Client, service: Service, executor: Executor, look_up: LookUp) -> None:
        self._client, self._service, self._executor, self._look_up = client, service, executor, look_up
        self._most_bytes = service.platform.batch_bytes

    def carry_out(self, entity: PlatformEntity, jobs: Sequence[Job]) -> None:
        """Every job is done, or has an error. StopRun where the server gives no clear answer any more."""
        wait, why = FIRST_WAIT_S, ""
        for _ in range(ROUNDS):
            open_jobs = [job for job in jobs if not job.is_done and not job.error]
            if not open_jobs:
                return
            unclear = [
                text
                for text in self._executor.map(lambda c: self._call(entity, c), self._calls(entity, open_jobs))
                if text
            ]
            left = [job for job in jobs if not job.is_done and not job.error]
            why = unclear[0] if unclear else why
            if left and (unclear or any(job.target_id is None for job in left)):
                time.sleep(wait)
                wait = min(LONGEST_WAIT_S, wait * 2)
            for job in left:
                job.is_done = job.removes is not None and job.target_id is None
            if unknown := [job for job in left if job.target_id is None and not job.is_done]:
                standing = self._look_up(entity, [job.key for job in unknown])
                for job in unknown:
                    job.target_id = standing[job.key][0] if job.key in standing else None
                    job.is_done = job.only_create and job.target_id is not None
        if any(not job.is_done and not job.error for job in jobs):
            raise StopRun(f"WordPress gives no clear answer: {why or 'records come and go'}.", "Run again to go on.")

    def _calls(self, entity: PlatformEntity, jobs: Sequence[Job]) -> Iterator[Sequence[Job]]:
        """Jobs that go into one call: of a number and a size the platform takes."""
        platform = self._service.platform
        is_batched = entity.in_batches and self._client.has_batches
        most = platform.batch_items if is_batched else 1
        chunk: list[Job] = []
        size = 0
        for job in jobs:
            own = len(orjson.dumps(job.body)) if is_batched else 0
            if chunk and (len(chunk) >= most or size + own > self._most_bytes):
                yield chunk
                chunk, size = [], 0
            chunk.append(job)
            size += own
        if chunk:
            yield chunk

    def _call(self, entity: PlatformEntity, jobs: Sequence[Job]) -> str:
        """One call. Why its end is not known; empty where it is."""
        safe = all(job.target_id is not None for job in jobs)
        try:
            if not (entity.in_batches and self._client.has_batches):
                self._one(entity, jobs[0], safe=safe)
                return ""
            answers = self._client.batch([_request(entity, job) for job in jobs], safe=safe)
        except Unclear as error:
            return str(error)
        if isinstance(answers, Reply):
            return self._refused(entity, jobs, answers)
        for job, answer in zip(jobs, answers, strict=True):
            self._hear(entity, job, answer)
        return ""

    def _refused(self, entity: PlatformEntity, jobs: Sequence[Job], answer: Reply) -> str:
        """The whole call was refused. What is too large, or does not please something before WordPress, is cut in two."""
        if answer.status == _TOO_LARGE:
            self._most_bytes = min(
                self._most_bytes, max(_LEAST_BYTES, sum(len(orjson.dumps(j.body)) for j in jobs) // 2)
            )
        if len(jobs) > 1 and (answer.status == _TOO_LARGE or answer.is_strange):
            half = len(jobs) // 2
            return self._call(entity, jobs[:half]) or self._call(entity, jobs[half:])
        if len(jobs) == 1:
            self._hear(entity, jobs[0], answer)
            return ""
        if answer.status in _RETRY:
            return answer.said
        raise StopRun(f"WordPress refuses the call. {answer.said}.", "Correct what it says; then run again.")

    def _one(self, entity: PlatformEntity, job: Job, *, safe: bool) -> None:
        if job.target_id is None and job.file is not None:
            file = job.file()
            if isinstance(file, str):
                job.error = file
                return
            fields = _form({**job.body, **job.creation})
            answer = self._client.upload(f"{entity.path}?{_SHORT}", fields, file.name, file.mime_type, file.data)
            if answer.code == _UPLOAD_FAILED:
                self._demand_room(answer, len(file.data))
            self._hear(entity, job, answer)
            return
        request = _request(entity, job)
        path = str(request["path"]).lstrip("/")
        if job.removes is not None:
            self._hear(entity, job, self._client.delete(path))
        else:
            self._hear(entity, job, self._client.post(path, request["body"], safe=safe))

    def _demand_room(self, refusal: Reply, size: int) -> None:
        """A file was refused. StopRun where no other would be taken either."""
        about = self._client.get(ABOUT)
        uploads = about.value["uploads"] if about.is_good else {}
        free = uploads.get("free")
        if uploads.get("error") or (free is not None and free < size):
            why = uploads.get("error") or f"{free} bytes are free, the file has {size}"
            raise StopRun(
                f"WordPress cannot keep files: {why}. {refusal.said}.",
                "Make room, or the folder writable; then run again.",
            )

    def _demand_wordpress(self) -> None:
        """Something before WordPress refused one record. StopRun where it refuses whatever is asked."""
        if (about := self._client.try_find(ABOUT)).value is None:
            raise StopRun(
                f"WordPress cannot be reached any more. {about.said}.",
                "Let this machine through the firewall or security plugin before it; then run again.",
            )

    def _hear(self, entity: PlatformEntity, job: Job, answer: Reply) -> None:
        code = answer.code or None
        if answer.status == 401:
            raise self._client.shut_out(answer)
        if answer.is_strange:
            self._demand_wordpress()
        if job.removes is not None and (answer.is_good or code in _VANISHED):
            job.is_done = True
        elif answer.is_good and isinstance(answer.value, dict) and "id" in answer.value:
            job.target_id, job.is_done = int(answer.value["id"]), True
        elif answer.status == _EXISTS and code == "migrator_key_exists":
            job.target_id = int(answer.value["data"]["id"])
            job.is_done = job.only_create
        elif answer.status in _RETRY and (answer.status != 500 or code in (None, CRITICAL)):
            return
        elif code in _VANISHED and job.target_id is not None:
            job.target_id = None
        elif answer.status == _FORBIDDEN and code == "rest_forbidden":
            raise AccessError(
                f"The user may not write {entity.name}. {answer.said}.", "Give the right; then run again."
            )
        else:
            job.error = answer.said[:500]


def _request(entity: PlatformEntity, job: Job) -> Mapping[str, Any]:
    if job.target_id is None:
        return {"method": "POST", "path": f"/{entity.path}?{_SHORT}", "body": {**job.body, **job.creation}}
    if job.removes is not None:
        path = f"/{entity.path}/{job.target_id}?force=true&_fields=deleted{job.removes}"
        return {"method": "DELETE", "path": path}
    return {"method": "POST", "path": f"/{entity.path}/{job.target_id}?{_SHORT}", "body": job.body}


def _form(body: Mapping[str, Any]) -> dict[str, str]:
    """JSON as the fields of a form: ``name[inner]`` for what is nested, ``name[0]`` for what is listed."""
    fields: dict[str, str] = {}
    for name, value in body.items():
        nested = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
        if nested is None:
            fields[name] = str(value)
            continue
        for inner, each in _form({str(inner): each for inner, each in nested}).items():
            head, bracket, tail = inner.partition("[")
            fields[f"{name}[{head}]{bracket}{tail}"] = each
    return fields
