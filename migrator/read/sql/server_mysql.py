"""MariaDB and MySQL asked about themselves.

Facts: SHOW GRANTS lists what the account and its active roles may (mariadb.com/kb/en/show-grants); a table of an engine
without transactions is not part of a consistent snapshot (mariadb.com/kb/en/start-transaction).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from migrator.model.server import Mislabelled, ServerFacts, TableFacts

SAMPLE_ROWS = 2000
COLUMNS_AT_MOST = 200
"""Columns whose bytes are looked at; a source with more of them is sampled in the order of its tables."""

_WRITES = frozenset({"insert", "update", "delete", "create", "drop", "alter"})
_NEEDED = frozenset({"select", "insert", "update", "delete", "create"})
_LIMITS = (
    "max_allowed_packet",
    "wait_timeout",
    "net_read_timeout",
    "net_write_timeout",
    "max_statement_time",
    "max_execution_time",
)
_VARIABLES = (*_LIMITS, "time_zone", "system_time_zone", "read_only", "datadir", "character_set_connection")


def facts(connection: sa.Connection, tables: Collection[str], *, is_here: bool) -> ServerFacts:
    """The facts of the connection's database; ``tables`` limits which are looked at."""
    before = datetime.now(UTC)
    row = connection.exec_driver_sql(
        "SELECT version(), utc_timestamp(6), timestampdiff(MINUTE, utc_timestamp(), now()), database()"
    ).one()
    asked_at = before + (datetime.now(UTC) - before) / 2
    version, now, offset, database = row
    says = _variables(connection)
    rights = rights_of(_grants(connection), str(database or ""))
    described = _tables(connection, tables)
    zone = says.get("time_zone", "")
    return ServerFacts(
        dialect="mariadb" if "mariadb" in str(version).lower() else "mysql",
        version=tuple(int(part) for part in re.findall(r"\d+", str(version))[:3]),
        now=now.replace(tzinfo=UTC),
        asked_at=asked_at,
        zone=f"SYSTEM ({says.get('system_time_zone', '')})" if zone == "SYSTEM" else zone,
        offset_minutes=int(offset),
        encoding=str(connection.exec_driver_sql("SELECT @@character_set_database").scalar_one()),
        session_encoding=says.get("character_set_connection", ""),
        is_read_only=says.get("read_only", "OFF").upper() not in {"OFF", "0"},
        writes=rights & _WRITES,
        lacks=_NEEDED - rights,
        limits={name: float(says[name]) for name in _LIMITS if says.get(name)},
        tables=described,
        mislabelled=_mislabelled(connection, [t.name for t in described if t.encoding == "latin1"]),
        data_folder=says.get("datadir", ""),
        is_here=is_here,
    )


def _variables(connection: sa.Connection) -> dict[str, str]:
    names = ", ".join(f"'{name}'" for name in _VARIABLES)
    return {
        row[0]: str(row[1]) for row in connection.exec_driver_sql(f"SHOW VARIABLES WHERE Variable_name IN ({names})")
    }


def _grants(connection: sa.Connection) -> list[str]:
    return [str(row[0]) for row in connection.exec_driver_sql("SHOW GRANTS")]


_GRANT = re.compile(r"GRANT (?P<rights>.+?) ON (?:TABLE )?(?P<on>\S+) TO ", re.IGNORECASE)


def rights_of(grants: Iterable[str], database: str) -> frozenset[str]:
    """What the grants allow on a database or on tables of it, in small letters; ALL PRIVILEGES is each of those asked for."""
    found: set[str] = set()
    for grant in grants:
        read = _GRANT.match(grant)
        if read is None or not _covers(read["on"], database):
            continue
        named = re.sub(r"\([^)]*\)", "", read["rights"]).lower()  # rights on single columns are rights too
        found |= _WRITES | _NEEDED if named.startswith("all") else {part.strip() for part in named.split(",")}
    return frozenset(found)


def _covers(on: str, database: str) -> bool:
    """Whether ``*.*``, `` `name`.* `` or `` `name`.`table` `` is about the database; % and _ are wild, \\ escapes them."""
    pattern = on.rpartition(".")[0].strip("`")
    if pattern == "*":
        return True
    parts = re.findall(r"\\.|.", pattern)
    wild = {"%": ".*", "_": "."}
    return bool(re.fullmatch("".join(wild.get(p) or re.escape(p.removeprefix("\\")) for p in parts), database))


def _tables(connection: sa.Connection, wanted: Collection[str]) -> tuple[TableFacts, ...]:
    keys: dict[str, list[str]] = defaultdict(list)
    for table, column, collation in connection.exec_driver_sql(
        "SELECT table_name, column_name, collation_name FROM information_schema.columns "
        "WHERE table_schema = database() AND column_key = 'PRI' AND collation_name LIKE '%%\\_ci'"
    ):
        keys[table].append(f"{column} ({collation})")
    found = connection.exec_driver_sql(
        "SELECT table_name, engine, table_collation FROM information_schema.tables "
        "WHERE table_schema = database() AND table_type = 'BASE TABLE' ORDER BY table_name"
    )
    return tuple(
        TableFacts(name, engine or "", (collation or "").partition("_")[0], tuple(keys[name]))
        for name, engine, collation in found
        if not wanted or name in wanted
    )


def _mislabelled(connection: sa.Connection, tables: Collection[str]) -> tuple[Mislabelled, ...]:
    """Columns in Latin-1 whose bytes, in a sample, read as UTF-8: whoever filled them said the wrong thing."""
    found = []
    columns = connection.exec_driver_sql(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = database() "
        "AND character_set_name = 'latin1' ORDER BY table_name, ordinal_position"
    ).all()
    for table, column in [pair for pair in columns if pair[0] in tables][:COLUMNS_AT_MOST]:
        seen = [bytes(value) for value in _sample(connection, table, column)]
        odd = [value for value in seen if not value.isascii()]
        utf8 = sum(1 for value in odd if _is_utf8(value))
        if utf8:
            found.append(Mislabelled(table, column, utf8, len(odd)))
    return tuple(found)


def _sample(connection: sa.Connection, table: str, column: str) -> list[Any]:
    named: sa.ColumnClause[Any] = sa.column(column)
    some = sa.select(named).select_from(sa.table(table)).where(named.is_not(None)).limit(SAMPLE_ROWS).subquery()
    return list(connection.execute(sa.select(sa.cast(some.c[column], sa.LargeBinary))).scalars())


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
