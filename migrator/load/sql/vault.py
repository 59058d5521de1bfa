"""The Vault port over a database of its own: one table, ``withheld``, by legacy key.

It is for inspection, not for publishing: records stand there as JSON, with the SHA-256 of that JSON. Whoever may open
the database may read them; give the right to it to few.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.exc import SQLAlchemyError

from migrator.db import access_error, open_engine, persistent, running
from migrator.errors import StopRun
from migrator.load.sql.fence import SqlFence
from migrator.load.sql.packet import TooLarge, limit_of, refuse_too_large
from migrator.ports import Withheld

_metadata = sa.MetaData()
_LONG_TEXT = sa.Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")
_OPTIONS: dict[str, Any] = {"mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin", "mysql_engine": "InnoDB"}

withheld_table = sa.Table(
    "withheld",
    _metadata,
    sa.Column("key", sa.String(400), primary_key=True),
    sa.Column("entity", sa.String(40), nullable=False),
    sa.Column("record", _LONG_TEXT, nullable=False),
    sa.Column("content_sha256", sa.String(64), nullable=False),
    sa.Column("reason", sa.String(255), nullable=False),
    sa.Column("rule", sa.String(255), nullable=False),
    sa.Column("withheld_at", sa.String(40), nullable=False),
    **_OPTIONS,
)


class SqlVault:
    """Keeps withheld records."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = open_engine(url, read_only=False)
        self.fence = SqlFence(url, self._engine)

    def prepare(self) -> None:
        """Make the table. AccessError where it cannot be made or written."""
        try:
            _metadata.create_all(self._engine)
        except SQLAlchemyError as error:
            raise access_error(error, self._url) from error

    @persistent
    def keep(self, withheld: Sequence[Withheld]) -> None:
        """Put records under their keys; what stands there already, word for word, keeps its date."""
        rows = [_row(each) for each in withheld]
        key, digest = withheld_table.c.key, withheld_table.c.content_sha256
        with running(self._url), self._engine.begin() as connection:
            self.fence.check(connection)
            self._refuse_too_large(rows, limit_of(connection))
            there = sa.select(key, digest, withheld_table.c.reason).where(key.in_([row["key"] for row in rows]))
            known = {tuple(found) for found in connection.execute(there)}
            new = [row for row in rows if (row["key"], row["content_sha256"], row["reason"]) not in known]
            if new:
                connection.execute(sa.delete(withheld_table).where(key.in_([row["key"] for row in new])))
                connection.execute(sa.insert(withheld_table), new)

    def _refuse_too_large(self, rows: Sequence[dict[str, str]], limit: int | None) -> None:
        for row in rows:
            try:
                refuse_too_large(row, limit)
            except TooLarge as error:
                raise StopRun(
                    f"The vault cannot take {row['key']}: {error}.", "Then start 'migrator run' again: it goes on."
                ) from error

    @persistent
    def release(self, keys: Collection[str]) -> None:
        """Remove these keys."""
        with running(self._url), self._engine.begin() as connection:
            self.fence.check(connection)
            connection.execute(sa.delete(withheld_table).where(withheld_table.c.key.in_(keys)))

    def forget(self) -> None:
        """Start from new connections."""
        self._engine.dispose()

    def close(self) -> None:
        """Give connections back."""
        self._engine.dispose()


def _row(withheld: Withheld) -> dict[str, str]:
    record = withheld.record
    said = orjson.dumps(dict(record.fields), option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z).decode()
    return {
        "key": record.key,
        "entity": record.entity,
        "record": said,
        "content_sha256": hashlib.sha256(said.encode()).hexdigest(),
        "reason": withheld.reason,
        "rule": withheld.rule,
        "withheld_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
