"""Questions to the REST API. They change nothing, so each is asked again until it is answered."""

from __future__ import annotations

import base64
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import orjson

from migrator.errors import AccessError
from migrator.model.platform import PlatformEntity, Service
from migrator.net import NoAnswer, Reply, Session, patience_s

TRIES = 6
FIRST_WAIT_S = 0.5
LONGEST_ASKED_S = 120.0
_AGAIN = frozenset({429, 500, 502, 503, 504})
_NOT_THERE = frozenset({404, 410})

_BEYOND = "rest_post_invalid_page_number"
"""WordPress' code for the page after the last one, where the last one is full."""

Raw = Mapping[str, Any]
"""A record as the API shows it."""


class Asking:
    """The API of one WordPress, for reading."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._page = service.platform.page
        self._is_plain: bool | None = None
        self._session = Session({urlsplit(service.url).netloc.rpartition("@")[2]}, timeout_s=service.platform.timeout_s)
        name = base64.b64encode(f"{service.user}:{service.password}".encode()).decode()
        self._headers = {
            "Authorization": f"Basic {name}", "Content-Type": "application/json", "Accept": "application/json",
        }  # fmt: skip

    def ask(self, path: str, question: Mapping[str, Any]) -> Any:
        """The answer's JSON. AccessError where there is none."""
        body, wait = orjson.dumps({"context": "edit", **question}), FIRST_WAIT_S
        for _ in range(TRIES):
            said, asked = "", None
            try:
                reply = self._once(path, body)
            except NoAnswer as error:
                said = error.message
            else:
                value = _json(reply)
                if reply.status == 200 and value is not None:
                    return value
                if isinstance(value, dict) and value.get("code") == _BEYOND:
                    return []
                said = f"{path} answers {reply.status}: {reply.body[:200].decode('utf-8', 'replace')}"
                if reply.status not in _AGAIN and not (reply.status == 200 and value is None):
                    break
                asked = patience_s(reply.headers.get("retry-after", ""))
            time.sleep(min(LONGEST_ASKED_S, max(wait, asked or 0.0)))
            wait *= 2
        raise AccessError(said, "Check target.url, target.user and target.password, and that the site runs.")

    def _once(self, path: str, body: bytes) -> Reply:
        """One answer. Whether the site has pretty addresses is known with the first JSON it gives."""
        for is_plain in (False, True) if self._is_plain is None else (self._is_plain,):
            url = self._service.address(f"{path}?_method=GET", is_plain=is_plain)
            reply = self._session.send("POST", url, self._headers, body)
            if _json(reply) is not None:
                self._is_plain = is_plain
                break
        return reply

    def by(self, entity: PlatformEntity, name: str, values: Collection[Any], fields: str) -> Iterator[Raw]:
        """Records that have one of these values, in the order of their ids."""
        asked, at_once = sorted(values), self._page - 1  # with a full page the next one would have to be asked for
        for start in range(0, len(asked), at_once):
            yield from self._pages(entity, {name: asked[start : start + at_once]}, fields)

    def all(self, entity: PlatformEntity, fields: str, **question: Any) -> Iterator[Raw]:
        """Every record of the entity's collection, in the order of their ids, page by page."""
        yield from self._pages(entity, question, fields)

    def _pages(self, entity: PlatformEntity, question: Mapping[str, Any], fields: str) -> Iterator[Raw]:
        page = 1
        while True:
            asked = {**question, **entity.listed, "per_page": self._page, "page": page, "orderby": "id", "order": "asc"}
            found: Sequence[Raw] = self.ask(entity.path, {**asked, "_fields": fields})
            yield from found
            if len(found) < self._page:
                return
            page += 1

    def size_of(self, url: str) -> int | None:
        """Bytes of a file of this site; None where it is not there."""
        reply = self._session.send("HEAD", url, {})
        if reply.status in _NOT_THERE:
            return None
        return int(length) if (length := reply.headers.get("content-length", "")).isdecimal() else None

    def file(self, url: str) -> bytes | None:
        """A file of this site, as readers get it; None where it is not there."""
        reply = self._session.send("GET", url, {}, largest_bytes=1 << 30)
        if reply.status in _NOT_THERE:
            return None
        if reply.status != 200:
            raise AccessError(f"{url} answers {reply.status}.", "Check that the site shows its uploads.")
        return reply.body

    def close(self) -> None:
        """Give connections back."""
        self._session.close()


def _json(reply: Reply) -> Any:
    """The JSON of an answer; None where it is a page of something before WordPress."""
    try:
        return orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        return None
