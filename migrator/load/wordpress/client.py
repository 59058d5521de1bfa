"""Calls to the REST API: signed, paced, and repeated where repeating is safe."""

from __future__ import annotations

import base64
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import orjson

from migrator.errors import AccessError, StopRun
from migrator.load.wordpress.pace import Pace
from migrator.model.platform import Service
from migrator.net import NoAnswer, Session
from migrator.net import Reply as Answer

TRIES = 7
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
LONGEST_PATIENCE_S = 300.0
"""What a server may ask for with Retry-After and get; a longer time is cut to this."""

CRITICAL = "internal_server_error"
"""WordPress' code for a program that broke down; any other code of a 500 is a refusal."""

_BUSY = frozenset({429, 503})
_BROKEN = frozenset({500, 502, 504, 520, 522, 524})


class Unclear(Exception):
    """Nobody knows whether the server carried the call out."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status, its JSON (None where it is none), and where it leads to instead."""

    status: int
    value: Any
    location: str = ""

    @property
    def is_good(self) -> bool:
        """Whether what was asked for was done."""
        return 200 <= self.status < 300

    @property
    def said(self) -> str:
        """WordPress' own words for what it did not do."""
        if isinstance(self.value, dict) and self.value.get("message"):
            params = (self.value.get("data") or {}).get("params") if isinstance(self.value.get("data"), dict) else None
            detail = "; ".join(map(str, params.values())) if isinstance(params, dict) else ""
            text = f"{self.value['message']} {detail}".strip()
            return f"WordPress: {text} ({self.value.get('code')}, {self.status})"
        return f"WordPress answers {self.status}"


class Client:
    """The API of one WordPress. Several threads may use it."""

    def __init__(self, service: Service) -> None:
        self._service = service
        platform = service.platform
        self._base = f"{service.url.rstrip('/')}/{platform.root}/"
        host = urlsplit(service.url).netloc.rpartition("@")[2]
        self._session = Session({host}, timeout_s=service.timeout_s or platform.timeout_s)
        signature = base64.b64encode(f"{service.user}:{service.password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {signature}", "Accept": "application/json"}
        self.pace = Pace(service.calls or platform.calls)

    def find(self, path: str, **asked: Any) -> Reply:
        """Records of a collection. The question goes in the body, for keys would be too many for an address."""
        headers = {"Content-Type": "application/json"}
        reply = self._send(
            "POST", f"{path}?_method=GET", headers, orjson.dumps({"context": "edit", **asked}), safe=True
        )
        if not reply.is_good:
            raise StopRun(f"{path} cannot be read. {reply.said}.", "Check the user's rights; then run again.")
        return reply

    def get(self, path: str) -> Reply:
        """Whatever answers at a path."""
        return self._send("GET", path, {}, b"", safe=True)

    def delete(self, path: str) -> Reply:
        """Remove a record. Doing it twice is answered with 404."""
        return self._send("DELETE", path, {}, b"", safe=True)

    def post(self, path: str, body: Mapping[str, Any], *, safe: bool) -> Reply:
        """Send JSON. ``safe``: doing it twice does no harm. Unclear where it is not, and nobody knows what was done."""
        return self._send("POST", path, {"Content-Type": "application/json"}, orjson.dumps(body), safe=safe)

    def batch(self, requests: Sequence[Mapping[str, Any]], *, safe: bool) -> Sequence[Reply] | Reply:
        """Several requests in one call: one answer each, or the one answer that says why there are none."""
        platform = self._service.platform
        body = orjson.dumps({"requests": list(requests)})
        reply = self._send(
            "POST", platform.batch_path, {"Content-Type": "application/json"}, body, safe=safe, weight=len(requests)
        )
        if not reply.is_good:
            return reply
        answers = reply.value.get("responses") if isinstance(reply.value, dict) else None
        if not isinstance(answers, list) or len(answers) != len(requests):
            raise Unclear(f"{platform.batch_path} answers with something else")
        return [Reply(int(each["status"]), each.get("body")) for each in answers]

    def upload(self, path: str, fields: Mapping[str, str], name: str, mime_type: str, data: bytes) -> Reply:
        """Send a file with its fields as a form. Unclear where nobody knows what was done."""
        boundary = f"migrator-{random.getrandbits(128):032x}"
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
            for field, value in fields.items()
        ]
        parts.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            f"Content-Type: {mime_type}\r\n\r\n".encode()
        )
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self._send(
            "POST", path, headers, b"".join(parts) + data + f"\r\n--{boundary}--\r\n".encode(), safe=False
        )

    def _send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, *, safe: bool, weight: int = 1
    ) -> Reply:
        """Send until there is an answer that repeating would not change."""
        wait = FIRST_WAIT_S
        for last in (False,) * (TRIES - 1) + (True,):
            try:
                with self.pace.turn():
                    began = time.monotonic()
                    answer = self._session.send(method, self._base + path, {**self._headers, **headers}, body)
                    took = time.monotonic() - began
            except NoAnswer as error:
                self.pace.hold(wait)
                if not safe:
                    raise Unclear(error.message) from error
                if last:
                    raise StopRun(error.message, "Check that the site runs; then run again.") from error
            else:
                if answer.status in _BUSY and not last:
                    self.pace.hold(_patience(answer.headers.get("retry-after", ""), wait))
                elif (is_broken := _is_broken(answer)) and not safe:
                    self.pace.hold(wait)
                    raise Unclear(f"{path} answers {answer.status}")
                elif not is_broken or last:
                    self.pace.answered(took / weight)
                    return self._reply(answer.status, answer.headers, answer.body, path)
                else:
                    self.pace.hold(wait)
            wait = min(LONGEST_WAIT_S, wait * 2) * random.uniform(0.75, 1.25)
        raise AssertionError("the last try returns or raises")

    def _reply(self, status: int, headers: Mapping[str, str], body: bytes, path: str) -> Reply:
        try:
            value = orjson.loads(body) if body else None
        except orjson.JSONDecodeError:
            value = None
        reply = Reply(status, value, headers.get("location", ""))
        if status == 401:
            raise AccessError(
                f"{self._service.url} does not let {self._service.user} in. {reply.said}.",
                "Check target.user and target.password: WordPress needs an application password of that user.",
            )
        return reply

    def close(self) -> None:
        """Give connections back."""
        self._session.close()


def _is_broken(answer: Answer) -> bool:
    """Whether the server broke down. WordPress answers 500 also for what it refuses, and then says why."""
    if answer.status not in _BROKEN:
        return False
    try:
        value = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return True
    return not isinstance(value, dict) or value.get("code") in (None, CRITICAL)


def _patience(asked: str, otherwise: float) -> float:
    """Seconds a server asks for with Retry-After: a number, or a time."""
    if asked.strip().isdecimal():
        return min(LONGEST_PATIENCE_S, float(asked))
    try:
        until = parsedate_to_datetime(asked)
    except (TypeError, ValueError):
        return otherwise
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(LONGEST_PATIENCE_S, max(0.0, (until - datetime.now(UTC)).total_seconds()))
