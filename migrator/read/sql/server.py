"""A database asked about itself: version, clock, rights, encodings, limits. Reads only, over a read-only connection."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL

from migrator.db import open_engine, parse_url, reading
from migrator.model.server import ServerFacts
from migrator.read.sql import server_mysql, server_postgres

_HERE = frozenset({"", "localhost", "127.0.0.1", "::1"})


def server_facts(url: str, tables: Collection[str] = ()) -> ServerFacts:
    """The facts of a database. ``tables`` are those that will be read; without any, all are looked at.

    AccessError where it cannot be reached. A missing SQLite file is one.
    """
    parsed = parse_url(url)
    engine = open_engine(url, read_only=True)
    try:
        with reading(url), engine.connect() as connection:
            match parsed.get_backend_name():
                case "sqlite":
                    return _sqlite(connection, Path(str(parsed.database)))
                case "postgresql":
                    return server_postgres.facts(connection, is_here=_is_here(parsed))
                case "mysql" | "mariadb":
                    return server_mysql.facts(connection, tables, is_here=_is_here(parsed))
            return _other(connection)
    finally:
        engine.dispose()


def _is_here(url: URL) -> bool:
    return (url.host or "") in _HERE


def _sqlite(connection: sa.Connection, path: Path) -> ServerFacts:
    now = datetime.now(UTC)
    encoding = str(connection.exec_driver_sql("PRAGMA encoding").scalar_one())
    # a reader's account is the file's owner and mode; SQLite itself knows no rights
    may_write = os.access(path, os.W_OK)
    return ServerFacts(
        dialect="sqlite",
        version=numbers(sqlite3.sqlite_version),
        now=now,
        asked_at=now,
        zone="",
        offset_minutes=None,
        encoding=encoding,
        session_encoding="UTF-8",
        is_read_only=False,
        writes=frozenset({"file"}) if may_write else frozenset(),
        lacks=frozenset() if may_write else frozenset({"create", "insert", "update", "delete"}),
        data_folder=str(path.parent),
        is_here=True,
    )


def _other(connection: sa.Connection) -> ServerFacts:
    """A server nobody has taught this tool about: only that it answers."""
    now = datetime.now(UTC)
    info: Any = connection.dialect.server_version_info or ()
    return ServerFacts(
        connection.dialect.name, tuple(info), now, now, "", None, "", "", is_read_only=False,
        writes=frozenset(), lacks=frozenset(),
    )  # fmt: skip


def numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version: ``10.11.6-MariaDB`` gives (10, 11, 6)."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()
