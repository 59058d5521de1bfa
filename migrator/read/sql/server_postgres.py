"""PostgreSQL asked about itself (catalogue functions: postgresql.org/docs/current/functions-info.html)."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from migrator.model.server import ServerFacts

_LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout", "transaction_timeout")
"""In milliseconds; 0 means none."""

_TABLE_RIGHTS = ("select", "insert", "update", "delete")

_RIGHTS = """
SELECT {columns}, count(*)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname = current_schema()
"""


def facts(connection: sa.Connection, *, is_here: bool) -> ServerFacts:
    """The facts of the connection's database, in its current schema."""
    before = datetime.now(UTC)
    now, offset = connection.exec_driver_sql(
        "SELECT clock_timestamp(), extract(timezone FROM clock_timestamp())::int / 60"
    ).one()
    asked_at = before + (datetime.now(UTC) - before) / 2
    version, zone, encoding, session, recovering, creates, folder = connection.exec_driver_sql(
        "SELECT current_setting('server_version_num')::int, current_setting('TimeZone'), "
        "pg_encoding_to_char(d.encoding), pg_client_encoding(), pg_is_in_recovery(), "
        "coalesce(has_schema_privilege(current_schema(), 'CREATE'), false), "
        "(SELECT setting FROM pg_settings WHERE name = 'data_directory') "  # no row for an account that may not know
        "FROM pg_database d WHERE d.datname = current_database()"
    ).one()
    on_all, on_any = _rights(connection)
    return ServerFacts(
        dialect="postgresql",
        version=(version // 10000, version % 10000),
        now=now.astimezone(UTC),
        asked_at=asked_at,
        zone=zone,
        offset_minutes=int(offset),
        encoding=encoding,
        session_encoding=session,
        is_read_only=recovering,
        writes=(on_any - {"select"}) | (frozenset({"create"}) if creates else frozenset()),
        lacks=(frozenset(_TABLE_RIGHTS) - on_all) | (frozenset() if creates else frozenset({"create"})),
        limits=_limits(connection),
        data_folder=folder or "",
        is_here=is_here,
    )


def _rights(connection: sa.Connection) -> tuple[frozenset[str], frozenset[str]]:
    """Rights on all tables of the schema, and on any. A schema without tables gives all and none: who makes one owns it."""
    columns = ", ".join(
        f"coalesce(bool_and(has_table_privilege(c.oid, '{right}')), true), "
        f"coalesce(bool_or(has_table_privilege(c.oid, '{right}')), false)"
        for right in _TABLE_RIGHTS
    )
    row = connection.exec_driver_sql(_RIGHTS.format(columns=columns)).one()
    on_all = frozenset(right for place, right in enumerate(_TABLE_RIGHTS) if row[2 * place])
    on_any = frozenset(right for place, right in enumerate(_TABLE_RIGHTS) if row[2 * place + 1])
    return on_all, on_any


def _limits(connection: sa.Connection) -> dict[str, float]:
    names = ", ".join(f"'{name}'" for name in _LIMITS)
    found = connection.exec_driver_sql(f"SELECT name, setting FROM pg_settings WHERE name IN ({names})")
    return {row[0]: float(row[1]) for row in found}
