"""Calls to the REST API: signed, paced, and repeated where repeating is safe."""

from __future__ import annotations

import base64
import random
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import orjson

from migrator.errors import AccessError, MigratorError, StopRun
from migrator.load.wordpress.pace import Pace
from migrator.model.platform import Service
from migrator.net import NoAnswer, Session, patience_s
from migrator.net import Reply as Answer

TRIES = 7
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
LONGEST_PATIENCE_S = 300.0
"""What a server may ask for with Retry-After and get; a longer time is cut to this."""

CRITICAL = "internal_server_error"
"""WordPress' code for a program that broke down; any other code of a 500 is a refusal."""

_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_SHOWN = 120
_NO_PASSWORD = "migrator_no_password"
"""The plugin's code for a call that arrived without the password it was sent with."""

ABOUT = "migrator/v1/about"
_BEYOND = "rest_post_invalid_page_number"
"""WordPress' code for the page after the last one, where the last one is full."""

_BUSY = frozenset({429, 503})
_BROKEN = frozenset({500, 502, 504, 520, 522, 524})


class Unclear(Exception):
    """Nobody knows whether the server carried the call out."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status, its JSON (None where it is none), and where it leads to instead.

    ``page`` is what an answer that is no JSON says: it is not the API that answered, but something before it, or not alone.
    """

    status: int
    value: Any
    location: str = ""
    page: str = ""

    @property
    def is_good(self) -> bool:
        """Whether what was asked for was done."""
        return 200 <= self.status < 300 and not self.page

    @property
    def is_strange(self) -> bool:
        """Whether something before WordPress refused it, or leads elsewhere."""
        return self.value is None and 300 <= self.status < 500

    @property
    def code(self) -> str:
        """WordPress' code for what it did not do."""
        return str(self.value.get("code") or "") if isinstance(self.value, dict) else ""

    @property
    def said(self) -> str:
        """WordPress' own words for what it did not do."""
        if isinstance(self.value, dict) and self.value.get("message"):
            params = (self.value.get("data") or {}).get("params") if isinstance(self.value.get("data"), dict) else None
            detail = "; ".join(map(str, params.values())) if isinstance(params, dict) else ""
            text = f"{self.value['message']} {detail}".strip()
            return f"WordPress: {text} ({self.value.get('code')}, {self.status})"
        if self.location:
            return f"The site leads elsewhere ({self.status}): {self.location}"
        if self.page:
            return f"Not WordPress' API, but a page answers ({self.status}): {self.page}"
        return f"WordPress answers {self.status}"


class Client:
    """The API of one WordPress. Several threads may use it."""

    def __init__(self, service: Service) -> None:
        self._service = service
        platform = service.platform
        self._is_plain = False
        self._was_let_in = False
        self.has_batches = True
        """Whether several requests go in one call; :meth:`Jobs.carry_out` asks."""
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
        if reply.code == _BEYOND:
            return Reply(200, [])
        if not reply.is_good:
            # whoever is not signed in is told of this and that: of a parameter that is forbidden, of a context
            if (about := self._send("GET", ABOUT, {}, b"", safe=True, is_trial=True)).status == 401:
                raise self.shut_out(about)
            raise StopRun(f"{path} cannot be read. {reply.said}.", "Check the user's rights; then run again.")
        return reply

    def get(self, path: str) -> Reply:
        """Whatever answers at a path."""
        return self._send("GET", path, {}, b"", safe=True)

    def try_find(self, path: str, **asked: Any) -> Reply:
        """As :meth:`find`, but whatever answers, pages and refusals included."""
        headers = {"Content-Type": "application/json"}
        question = orjson.dumps({"context": "edit", **asked})
        return self._send("POST", f"{path}?_method=GET", headers, question, safe=True, is_trial=True)

    def reach(self, path: str) -> Reply:
        """Ask for a path with pretty addresses, then without; what gives JSON is the way to ask from now on."""
        first = self._send("GET", path, {}, b"", safe=True, is_trial=True)
        if first.value is not None or first.status in _BUSY | _BROKEN:
            return first
        self._is_plain = True
        second = self._send("GET", path, {}, b"", safe=True, is_trial=True)
        if second.value is not None:
            return second
        self._is_plain = False
        return first

    def try_batches(self) -> Reply:
        """Send an empty batch. Where it is refused, every record goes in a call of its own from now on."""
        path = self._service.platform.batch_path
        headers = {"Content-Type": "application/json"}
        reply = self._send("POST", path, headers, orjson.dumps({"requests": []}), safe=True, is_trial=True)
        self.has_batches = reply.is_good
        return reply

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
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, *, safe: bool, weight: int = 1,
        is_trial: bool = False,
    ) -> Reply:  # fmt: skip
        """Send until there is an answer that repeating would not change. To a trial a page or a 401 is one."""
        wait, url = FIRST_WAIT_S, self._service.address(path, is_plain=self._is_plain)
        for last in (False,) * (TRIES - 1) + (True,):
            try:
                with self.pace.turn():
                    began = time.monotonic()
                    answer = self._session.send(method, url, {**self._headers, **headers}, body)
                    took = time.monotonic() - began
            except NoAnswer as error:
                self.pace.hold(wait)
                if not safe:
                    raise Unclear(error.message) from error
                if last:
                    raise StopRun(error.message, "Check that the site runs; then run again.") from error
            else:
                reply = _reply(answer)
                if answer.status in _BUSY and not last:
                    asked = patience_s(answer.headers.get("retry-after", ""))
                    self.pace.hold(wait if asked is None else min(LONGEST_PATIENCE_S, asked))
                elif (is_broken := _is_broken(reply, is_trial=is_trial)) and not safe:
                    self.pace.hold(wait)
                    raise Unclear(f"{path}: {reply.said}")
                elif not is_broken or last:
                    self.pace.answered(took / weight)
                    if reply.status == 401 and not is_trial:
                        raise self.shut_out(reply)
                    self._was_let_in = self._was_let_in or reply.is_good
                    return reply
                else:
                    self.pace.hold(wait)
            wait = min(LONGEST_WAIT_S, wait * 2) * random.uniform(0.75, 1.25)
        raise AssertionError("the last try returns or raises")

    def shut_out(self, reply: Reply) -> MigratorError:
        """What to say where the user is not let in: before the first record, or in the middle of the work."""
        said = f"{self._service.url} does not let {self._service.user} in. {reply.said}."
        if self._was_let_in:
            return StopRun(
                said, "Was the application password withdrawn? Make another one, put it in place; then run again."
            )
        if reply.code == _NO_PASSWORD:
            return AccessError(
                said,
                "The web server does not hand on the Authorization header to PHP. Apache: 'CGIPassAuth On'; nginx: "
                "'fastcgi_param HTTP_AUTHORIZATION $http_authorization'.",
            )
        return AccessError(
            said,
            "Check target.user and target.password: WordPress needs an application password of that user, and no plugin "
            "that forbids those.",
        )

    def close(self) -> None:
        """Give connections back."""
        self._session.close()


def _reply(answer: Answer) -> Reply:
    location = answer.headers.get("location", "")
    if not answer.body:
        return Reply(answer.status, None, location, "(nothing)" if answer.status < 300 else "")
    try:
        return Reply(answer.status, orjson.loads(answer.body), location)
    except orjson.JSONDecodeError:
        return Reply(answer.status, None, location, _page(answer.body))


def _page(body: bytes) -> str:
    """What a page says first: its title, or its text."""
    text = body[:65536].decode("utf-8", "replace")
    title = _TITLE.search(text)
    words = " ".join(unescape(_TAG.sub(" ", title[1] if title else text)).split())
    return words[:_SHOWN] or "(nothing to read)"


def _is_broken(reply: Reply, *, is_trial: bool) -> bool:
    """Whether nobody knows what became of the call: the server broke down, or what says "good" is not WordPress.

    WordPress answers 500 also for what it refuses, and then says why.
    """
    if reply.status in _BROKEN:
        return reply.code in {"", CRITICAL}
    return bool(reply.page) and reply.status < 300 and not is_trial
