"""A proxy before a web server that answers some requests with a fault. It is the network's place to fail in the tests."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

Fault = str | tuple[int, dict[str, str]] | tuple[int, dict[str, str], bytes] | None
"""``swallow``: the server has done it, nobody hears; ``stall``: so, and the connection stays open; ``cut``: the request
never arrives; a status with headers, and a body that is not ``{}``: answered in the server's stead; None: as it should be."""

STALL_S = 20.0


@dataclass
class Proxy:
    """``fault`` is asked for each request with its method, path and body. ``seen`` are (method, path) in order.

    Headers whose names are in ``dropped``, in small letters, are not handed on.
    """

    url: str
    fault: Callable[[str, str, bytes], Fault] = lambda method, path, body: None
    seen: list[tuple[str, str]] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, upstream: str, stop: threading.Event) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream, self.stop = urlsplit(upstream).netloc, stop
        self.proxy = Proxy(f"http://127.0.0.1:{self.server_address[1]}")


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def handle_one_request(self) -> None:
        with suppress(ConnectionError):
            super().handle_one_request()

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        proxy = self.server.proxy
        proxy.seen.append((self.command, self.path))
        fault = proxy.fault(self.command, self.path, body)
        self.close_connection = True
        if fault == "cut":
            return
        if isinstance(fault, tuple):
            self._answer(fault[0], fault[1], fault[2] if len(fault) > 2 else b"{}")
            return
        connection = http.client.HTTPConnection(self.server.upstream, timeout=60)
        headers = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in {"host", "connection", *proxy.dropped}
        }
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        if fault == "stall":
            until = time.monotonic() + STALL_S
            while time.monotonic() < until and not self.server.stop.wait(0.1):
                pass
        elif fault != "swallow":
            self._answer(answer.status, dict(answer.getheaders()), data)

    def _answer(self, status: int, headers: dict[str, str], data: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in {"connection", "transfer-encoding", "content-length", "date", "server"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_DELETE = do_HEAD = _pass_on  # noqa: N815 - http.server's names

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the tests look at what was seen."""


def once(*faults: Fault, only: str = "batch/v1") -> Any:
    """Each fault once, for the calls that write."""
    left, lock = list(faults), threading.Lock()

    def fault(method: str, path: str, body: bytes) -> Fault:
        with lock:
            is_write = only in path and b"per_page" not in body
            return left.pop(0) if left and is_write else None

    fault.left = left  # type: ignore[attr-defined]
    return fault


@contextmanager
def before(url: str) -> Iterator[Proxy]:
    """A proxy before the server at an address, until the block ends."""
    stop = threading.Event()
    server = _Server(url, stop)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.proxy
    finally:
        stop.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
