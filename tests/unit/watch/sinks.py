"""A mail server and a web server that keep what they are given, on loopback ports of their own."""

from __future__ import annotations

import base64
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Mailbox:
    """``logins`` are user and password of each AUTH PLAIN. ``refuses`` answers every recipient with 550."""

    port: int = 0
    refuses: bool = False
    messages: list[EmailMessage] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def mail_server(box: Mailbox) -> Iterator[Mailbox]:
    """SMTP as far as RFC 5321 needs it to take one message: EHLO, AUTH PLAIN, MAIL, RCPT, DATA, QUIT."""

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 sink")
            while line := self.rfile.readline().decode("ascii", "replace").rstrip("\r\n"):
                verb = line.split(" ")[0].upper()
                if verb == "EHLO":
                    self._say("250-sink\r\n250 AUTH PLAIN")
                elif verb == "AUTH":
                    _, user, password = base64.b64decode(line.split(" ")[2]).decode().split("\0")
                    box.logins.append((user, password))
                    self._say("235 welcome")
                elif verb == "RCPT" and box.refuses:
                    self._say("550 nobody called it@example.vn lives here")
                elif verb == "DATA":
                    self._say("354 go on")
                    self._take()
                elif verb == "QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 ok" if verb in {"MAIL", "RCPT", "RSET", "NOOP"} else "502 no such verb")

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def _take(self) -> None:
            lines = []
            while (line := self.rfile.readline()) not in {b".\r\n", b""}:
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            message: Any = message_from_bytes(b"".join(lines), policy=policy.default)
            box.messages.append(message)
            self._say("250 taken")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        box.port = server.server_address[1]
        yield from _serving(server, box)


@dataclass
class Posts:
    """What was posted: headers and JSON. ``status`` is what is answered; ``location`` sends the sender elsewhere."""

    port: int = 0
    status: int = 204
    location: str = ""
    taken: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)


@contextmanager
def web_server(posts: Posts) -> Iterator[Posts]:
    """HTTP that takes POST and keeps it."""

    class Talk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posts.taken.append(({k.lower(): v for k, v in self.headers.items()}, json.loads(body)))
            self.send_response(posts.status)
            if posts.location:
                self.send_header("Location", posts.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Silence."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Talk) as server:
        posts.port = server.server_address[1]
        yield from _serving(server, posts)


def _serving(server: socketserver.BaseServer, kept: Any) -> Iterator[Any]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        thread.join()
