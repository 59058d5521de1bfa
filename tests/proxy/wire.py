"""What a client says to its database, told apart by the kind of its statement: MySQL's and PostgreSQL's own protocols.

MySQL: packets of a 3-byte length, a number and, from the client, a command byte (3 = COM_QUERY)
(mariadb.com/kb/en/0-packet). PostgreSQL: a letter and a 4-byte length; Q is a statement, P prepares one under a name,
B binds that name; what comes before the first letter is the start-up (postgresql.org/docs/current/protocol-message-formats.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, Protocol

Kind = Literal["connect", "read", "write", "commit", "other"]

_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("commit", re.compile(r"\s*commit\b", re.I)),
    ("write", re.compile(r"\s*(insert|update|delete|replace)\b", re.I)),
    ("read", re.compile(r"\s*(select|show|with|describe)\b", re.I)),
)
SSL_REQUEST, GSS_REQUEST = 80877103, 80877104


def kind_of(statement: bytes) -> Kind:
    """The kind of a statement, by its first word."""
    text = statement[:40].decode("latin-1")
    return next((kind for kind, pattern in _KINDS if pattern.match(text)), "other")


class Wire(Protocol):
    """The client's half of one connection: bytes in, whole messages out."""

    def cut(self, received: bytes) -> Iterator[tuple[Kind | None, bytes]]:
        """Messages that are whole now, each with the kind of the statement in it; None where it holds none."""


class MySql:
    """MySQL's protocol. The client's first packet is the answer to the server's greeting: the connection."""

    def __init__(self) -> None:
        self._held = b""
        self._is_logged_in = False

    def cut(self, received: bytes) -> Iterator[tuple[Kind | None, bytes]]:
        """Each packet."""
        self._held += received
        while len(self._held) >= 4:
            end = 4 + int.from_bytes(self._held[:3], "little")
            if len(self._held) < end:
                return
            packet, self._held = self._held[:end], self._held[end:]
            if not self._is_logged_in:
                self._is_logged_in = True
                yield "connect", packet
            else:
                is_query = packet[3] == 0 and packet[4:5] == b"\x03"
                yield kind_of(packet[5:]) if is_query else None, packet


class PostgreSql:
    """PostgreSQL's protocol. Prepared statements are known by their names."""

    def __init__(self) -> None:
        self._held = b""
        self._has_started = False
        self._prepared: dict[bytes, Kind] = {}

    def cut(self, received: bytes) -> Iterator[tuple[Kind | None, bytes]]:
        """The start-up packets, then each message."""
        self._held += received
        while True:
            head = 0 if not self._has_started else 1
            if len(self._held) < head + 4:
                return
            end = head + int.from_bytes(self._held[head : head + 4], "big")
            if len(self._held) < end:
                return
            message, self._held = self._held[:end], self._held[end:]
            if not self._has_started:
                self._has_started = int.from_bytes(message[4:8], "big") not in {SSL_REQUEST, GSS_REQUEST}
                yield "connect" if self._has_started else None, message
            else:
                yield self._kind(message), message

    def _kind(self, message: bytes) -> Kind | None:
        letter, body = message[:1], message[5:]
        if letter == b"Q":
            return kind_of(body)
        if letter == b"P":
            name, _, statement = body.partition(b"\0")
            self._prepared[name] = kind_of(statement)
        elif letter == b"B":
            return self._prepared.get(body.split(b"\0")[1])
        return None
