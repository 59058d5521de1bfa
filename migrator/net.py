"""The one HTTP session factory: only the hosts named, bounded in time and size, repeated where that can help.

:meth:`Session.get` gives a body or an error, and repeats by itself. :meth:`Session.ask` and :meth:`Session.send` give
whatever the server answers, once: whoever harvests a site, or writes to a service, decides himself when to come back.
"""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.util.retry import Retry

from migrator import __version__
from migrator.errors import AccessError

TIMEOUT_S = 30.0
LARGEST_BYTES = 64 * 1024 * 1024
LONGEST_S = 300.0
"""How long one answer may take from the first to the last byte, unless it comes at ``SLOWEST_BYTES_S`` or faster."""

SLOWEST_BYTES_S = 50_000
"""What a large file must come at; anything slower only drips."""

_PIECE = 65536
_CONNECTIONS = 32
"""So many are kept open to one host; what several threads need beyond that is opened anew for each request."""


class NoAnswer(AccessError):
    """The server could not be reached, broke off, or took too long. Coming back later may help."""


class TooLarge(AccessError):
    """The answer has more bytes than allowed. Coming back does not help."""


class Sink(Protocol):
    """Whoever takes the bytes of an answer."""

    def write(self, data: bytes, /) -> object:
        """Take the next bytes."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a service answered to a request that was sent. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered. Header names are in lower case; ``size_bytes`` were written to the sink (0 unless 200)."""

    status: int
    headers: Mapping[str, str]
    size_bytes: int


def patience_s(retry_after: str) -> float | None:
    """Seconds a server asks for with Retry-After, a number or a time; None where it asks for nothing that can be read."""
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        until = parsedate_to_datetime(retry_after)
    except (TypeError, ValueError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


class Session:
    """Requests to named hosts (``host`` or ``host:port``), and to no other – not even by redirection."""

    def __init__(self, hosts: Collection[str], timeout_s: float = TIMEOUT_S, longest_s: float = LONGEST_S) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._timeout_s, self._longest_s = timeout_s, longest_s
        retry = Retry(total=3, backoff_factor=0.3, status_forcelist=(429, 502, 503, 504), allowed_methods=("GET",))
        self._session = _session(HTTPAdapter(max_retries=retry))
        self._once = _session(_Once(longest_s))

    def get(self, url: str, largest_bytes: int = LARGEST_BYTES) -> bytes:
        """The body. AccessError for another host, a status other than 200, or more bytes than allowed."""
        self._demand(url)
        try:
            with self._session.get(url, timeout=self._timeout_s, stream=True, allow_redirects=False) as answer:
                if answer.status_code != requests.codes.ok:
                    raise AccessError(f"{url} answers {answer.status_code}.", "Check the address.")
                body = bytearray()
                for chunk in answer.iter_content(_PIECE):
                    body += chunk
                    if len(body) > largest_bytes:
                        raise AccessError(f"{url} gives more than {largest_bytes} bytes.", "Check the address.")
                return bytes(body)
        except requests.RequestException as error:
            raise AccessError(
                f"{url} cannot be fetched: {type(error).__name__}.", "Check that the site runs."
            ) from error

    def ask(
        self, url: str, sink: Sink, headers: Mapping[str, str] | None = None, largest_bytes: int = LARGEST_BYTES
    ) -> Answer:
        """Ask once, follow nothing, and write the body of an answer 200 to the sink.

        AccessError for another host; NoAnswer and TooLarge as they say. An OSError of the sink passes through.
        """
        self._demand(url)
        began = time.monotonic()
        try:
            with self._once.get(
                url, timeout=self._timeout_s, stream=True, allow_redirects=False, headers=dict(headers or {})
            ) as answer:
                names = {name.lower(): value for name, value in answer.headers.items()}
                if answer.status_code != requests.codes.ok:
                    return Answer(answer.status_code, names, 0)
                if names.get("content-length", "").isdecimal() and int(names["content-length"]) > largest_bytes:
                    raise _too_large(url, largest_bytes)
                return Answer(answer.status_code, names, self._poured(url, answer.raw, sink, largest_bytes, began))
        except requests.RequestException as error:
            raise NoAnswer(f"{url} does not answer: {_cause(error)}.", "Check that the site runs.") from error

    def post_json(self, url: str, body: bytes, headers: Mapping[str, str] | None = None) -> int:
        """Send JSON once and follow nothing; the status that was answered. AccessError for another host, NoAnswer.

        Errors name the host alone: the path of a webhook is often its secret.
        """
        self._demand(url)
        host = urlsplit(url).netloc.rpartition("@")[2]
        sent = {**(headers or {}), "Content-Type": "application/json; charset=utf-8"}
        try:
            with self._once.post(
                url, data=body, timeout=self._timeout_s, stream=True, allow_redirects=False, headers=sent
            ) as answer:
                return answer.status_code
        except requests.RequestException as error:
            raise NoAnswer(f"{host} does not answer: {_cause(error)}.", "Check that it runs.") from error

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"", largest_bytes: int = LARGEST_BYTES
    ) -> Reply:
        """Send a request once, follow nothing, and give whatever is answered. May be called by several threads.

        AccessError for another host; NoAnswer where nobody knows whether the request was carried out; TooLarge.
        """
        self._demand(url)
        began, taken = time.monotonic(), io.BytesIO()
        try:
            with self._once.request(
                method, url, timeout=self._timeout_s, stream=True, allow_redirects=False,
                headers=dict(headers), data=body or None,
            ) as answer:  # fmt: skip
                names = {name.lower(): value for name, value in answer.headers.items()}
                self._poured(url, answer.raw, taken, largest_bytes, began)
                return Reply(answer.status_code, names, taken.getvalue())
        except requests.RequestException as error:
            raise NoAnswer(f"{url} does not answer: {_cause(error)}.", "Check that the server runs.") from error

    def _poured(self, url: str, raw: Any, sink: Sink, largest_bytes: int, began: float) -> int:
        """Write the body to the sink as it comes; its size. Never waits for a whole piece, which may drip for days."""
        size = 0
        while True:
            try:
                piece = raw.read1(_PIECE, decode_content=True)
            except (HTTPError, OSError) as error:
                raise NoAnswer(f"{url} broke off: {_cause(error)}.", "Check that the site runs.") from error
            if not piece:
                break
            size += len(piece)
            if size > largest_bytes:
                raise _too_large(url, largest_bytes)
            sink.write(piece)
            took = time.monotonic() - began
            if took > self._longest_s and size < took * SLOWEST_BYTES_S:
                raise NoAnswer(f"{url} took more than {self._longest_s:g} s.", "Check that the site runs.")
        if raw.length_remaining:
            raise NoAnswer(f"{url} broke off: {raw.length_remaining} bytes are missing.", "Check that the site runs.")
        return size

    def _demand(self, url: str) -> None:
        host = urlsplit(url).netloc.rpartition("@")[2].lower()
        if host not in self._hosts:
            raise AccessError(f"{host} is not one of the hosts of this project.", "Name it in migration.yaml.")

    def close(self) -> None:
        """Give connections back."""
        self._session.close()
        self._once.close()


def _session(adapter: HTTPAdapter) -> requests.Session:
    """A session that believes no environment: a proxy or a netrc file would be another host."""
    session = requests.Session()
    session.trust_env = False
    session.headers["User-Agent"] = f"migrator/{__version__}"
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter)
    return session


def _too_large(url: str, largest_bytes: int) -> TooLarge:
    return TooLarge(f"{url} gives more than {largest_bytes} bytes.", "Check the address.")


def _cause(error: BaseException) -> str:
    """The innermost error that has a name a person may know, such as ConnectionResetError."""
    seen: BaseException = error
    while (inner := seen.__cause__ or seen.__context__) is not None and inner is not seen:
        seen = inner
    return type(seen).__name__


# --- one answer, bounded even where every byte comes just before its time-out ----------------------------------------
class _Bounded:
    """Hangs up on a server whose status line and headers do not come to an end."""

    longest_s = LONGEST_S

    def getresponse(self) -> Any:
        """As urllib3's."""
        too_late = threading.Event()
        watch = threading.Timer(self.longest_s, _hang_up, (self.sock, too_late))  # type: ignore[attr-defined]
        watch.daemon = True
        watch.start()
        try:
            answer = super().getresponse()  # type: ignore[misc]
        finally:
            watch.cancel()
        if too_late.is_set():  # headers cut off look like headers that ended
            answer.close()
            raise TimeoutError(f"no headers within {self.longest_s:g} s")
        return answer


def _hang_up(connection: socket.socket, too_late: threading.Event) -> None:
    too_late.set()
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class _Once(HTTPAdapter):
    """Repeats nothing, and waits for headers no longer than ``longest_s``."""

    def __init__(self, longest_s: float) -> None:
        self._longest_s = longest_s
        super().__init__(max_retries=0, pool_maxsize=_CONNECTIONS)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Pools whose connections are bounded."""
        super().init_poolmanager(*args, **options)
        bound = {"longest_s": self._longest_s}
        plain = type("_Plain", (_Bounded, HTTPConnection), bound)
        secure = type("_Secure", (_Bounded, HTTPSConnection), bound)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("_PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("_SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }
