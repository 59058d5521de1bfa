"""The proxy: a thread a connection and direction, none of which outlives it."""

from __future__ import annotations

import random
import select
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import make_url

from tests.proxy.wire import Kind, MySql, PostgreSql, Wire

Action = Literal["drop", "reset", "delay", "lose-answer", "go-away"]
"""``drop`` closes both ends before the statement is passed on, ``reset`` breaks them; ``delay`` holds it for a moment;
``lose-answer`` lets the server do it and breaks the client's end instead of answering; ``go-away`` is a restart: every
connection is closed, and new ones are refused for a while."""

DELAY_S, AWAY_S = 0.05, 0.3
MOST_CONNECTIONS = 64
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done at the ``number``-th statement of a kind, counted over all connections from 1."""

    kind: Kind
    number: int
    action: Action


def faults(chance: random.Random, count: int, most: int) -> list[Fault]:
    """Faults at random statements of every kind, among the first ``most`` of it; the same for the same seed."""
    kinds: Sequence[Kind] = ("read", "write", "commit", "connect")
    actions: Sequence[Action] = ("drop", "reset", "delay", "lose-answer")
    return [Fault(chance.choice(kinds), chance.randint(1, most), chance.choice(actions)) for _ in range(count)]


class Proxy:
    """Forwards to one server, and counts what it did. ``done`` are the faults that happened, in order."""

    def __init__(self, url: str, planned: Sequence[Fault] = ()) -> None:
        self._server = make_url(url)
        self._is_mysql = self._server.get_backend_name() in {"mysql", "mariadb"}
        self._planned = {(fault.kind, fault.number): fault.action for fault in planned}
        self._counts: Counter[Kind] = Counter()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._away_until = 0.0
        self._is_closed = False
        self.done: list[Fault] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._start(self._accept)

    @property
    def url(self) -> str:
        """The server's URL, by way of the proxy."""
        here = self._server.set(host="127.0.0.1", port=self._listener.getsockname()[1])
        return here.render_as_string(hide_password=False)

    def plan(self, faults: Sequence[Fault]) -> None:
        """Further faults, counted from now on."""
        with self._lock:
            self._planned |= {(fault.kind, self._counts[fault.kind] + fault.number): fault.action for fault in faults}

    def close(self) -> None:
        """Close every connection and wait for the threads."""
        self._is_closed = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._cut_all()
        for thread in list(self._threads):
            thread.join(timeout=10)

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- connections ---
    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._is_closed:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if time.monotonic() < self._away_until or len(self._open) >= 2 * MOST_CONNECTIONS:
                _break(client)
                continue
            try:
                server = socket.create_connection((str(self._server.host), self._server.port or self._port()), 5)
            except OSError:
                _break(client)
                continue
            server.settimeout(None)
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open |= {client, server}
            self._start(self._serve, client, server)

    def _port(self) -> int:
        return 3306 if self._is_mysql else 5432

    def _serve(self, client: socket.socket, server: socket.socket) -> None:
        """Both directions of one connection, until an end closes or a fault happens."""
        wire: Wire = MySql() if self._is_mysql else PostgreSql()
        loses = False
        try:
            while True:
                ready, _, _ = select.select([client, server], [], [], 30)
                if not ready:
                    continue
                for end in ready:
                    received = end.recv(_CHUNK)
                    if not received:
                        return
                    if end is client:
                        loses = self._pass_on(wire, received, client, server) or loses
                    elif loses:  # the server has answered: it is done
                        _break(client)
                        return
                    else:
                        client.sendall(received)
        except (OSError, ValueError):  # closed under our hands
            return
        finally:
            with self._lock:
                self._open -= {client, server}
            client.close()
            server.close()

    def _pass_on(self, wire: Wire, received: bytes, client: socket.socket, server: socket.socket) -> bool:
        """Hand messages to the server, doing what is planned on the way; whether the answer is to be lost."""
        loses = False
        for kind, message in wire.cut(received):
            match self._planned_for(kind):
                case "delay":
                    time.sleep(DELAY_S)
                case "drop":
                    raise ConnectionAbortedError
                case "reset":
                    _break(client)
                    raise ConnectionAbortedError
                case "go-away":
                    self._away_until = time.monotonic() + AWAY_S
                    self._cut_all()
                    raise ConnectionAbortedError
                case "lose-answer":
                    loses = True
            server.sendall(message)
        return loses

    def _planned_for(self, kind: Kind | None) -> Action | None:
        if kind is None:
            return None
        with self._lock:
            self._counts[kind] += 1
            number = self._counts[kind]
            action = self._planned.pop((kind, number), None)
            if action is not None:
                self.done.append(Fault(kind, number, action))
        return action

    def _cut_all(self) -> None:
        with self._lock:
            for end in self._open:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)


def _break(end: socket.socket) -> None:
    """Close with a reset (RST) instead of a farewell."""
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end.close()
