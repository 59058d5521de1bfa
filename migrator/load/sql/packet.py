"""How much MariaDB and MySQL take in one statement (`max_allowed_packet`). A larger one costs the connection.

What is sent is the value as a literal: UTF-8, with two bytes for each quote, backslash, line end, NUL and Ctrl-Z
(mariadb.com/kb/en/string-literals).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

_AROUND = 3000
"""Bytes of the statement around its texts, generously."""

_DOUBLED = re.compile(r"['\"\\\n\r\0\x1a]")


class TooLarge(Exception):
    """A record is larger than the server takes. The message says how large, and what to change."""


def limit_of(connection: sa.Connection) -> int | None:
    """Bytes the server takes in one statement; None where it has no such limit."""
    if connection.dialect.name not in {"mysql", "mariadb"}:
        return None
    return int(connection.exec_driver_sql("SELECT @@max_allowed_packet").scalar_one())


def refuse_too_large(row: Mapping[str, Any], limit: int | None) -> None:
    """TooLarge for a row that does not fit."""
    texts = [value for value in row.values() if isinstance(value, str)]
    if (
        limit is None or 5 * sum(map(len, texts)) + _AROUND < limit
    ):  # at most four bytes, or two for one: no need to count
        return
    size = _AROUND + sum(len(text.encode("utf-8", "surrogatepass")) + len(_DOUBLED.findall(text)) for text in texts)
    if size > limit:
        raise TooLarge(f"{size} bytes are more than the server's max_allowed_packet ({limit}); raise it there")
