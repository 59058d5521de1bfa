"""A small web server that answers as it is told, and misbehaves on demand."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Reply:
    """An answer. ``length`` False leaves Content-Length out; ``instead`` takes over the whole connection."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"
    instead: Callable[[Handler], None] | None = None


class Handler(http.server.BaseHTTPRequestHandler):
    """Asks its server what to answer."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        reply = server.reply(self.path, dict(self.headers.items()))
        if reply.instead is not None:
            self.close_connection = True
            with suppress(OSError):
                reply.instead(self)
            return
        with suppress(OSError):
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.content_type, **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


class Server(http.server.ThreadingHTTPServer):
    """Answers by path: a Reply, bytes, or a list of them of which each is given once and the last for ever."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages: dict[str, Reply | bytes | list[Reply]] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.host = f"127.0.0.1:{self.server_port}"
        self.url = f"http://{self.host}"

    def reply(self, path: str, headers: dict[str, str]) -> Reply:
        self.asked.append(path)
        self.headers.append(headers)
        found = self.pages.get(path, Reply(b"nothing here", 404))
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        return Reply(found) if isinstance(found, bytes) else found

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news."""


@contextmanager
def running() -> Iterator[Server]:
    """A server on a port of its own while the block runs."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
