"""The Fence port in the database that is written: a row a ledger, asked and locked in every transaction of writing.

A worker that was given up stands still somewhere between two statements. What it committed before, its successor finds and
writes again; what it would commit afterwards is refused, for the row has another token by then. If it stands still within a
transaction, the successor waits for the row until that transaction is ended: by the server's own clock, or by the successor.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from migrator.db import access_error, end_silent_sessions, limit_silence, persistent, running
from migrator.errors import StopRun, Superseded
from migrator.ports import Seal, session_name

_metadata = sa.MetaData()
_OPTIONS: dict[str, Any] = {"mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin", "mysql_engine": "InnoDB"}

_NONE = -1

fence_table = sa.Table(
    "migrator_fence",
    _metadata,
    sa.Column("ledger", sa.String(40), primary_key=True),
    sa.Column("holder", sa.String(40), nullable=False),
    sa.Column("token", sa.BigInteger, nullable=False),
    sa.Column("worker", sa.String(255), nullable=False),
    **_OPTIONS,
)


class SqlFence:
    """The fence of one database, as the process that owns the engine sees it. Open until it is claimed or joined."""

    def __init__(self, url: str, engine: sa.Engine) -> None:
        self._url, self._engine = url, engine
        self._seal: Seal | None = None
        self._token: int | None = None
        self._worker = ""
        self._silence_s = 0.0

    @persistent
    def claim(self, seal: Seal, *, make: bool) -> None:
        """Shut out everybody else. AccessError where the table must be made and cannot be."""
        if make:
            self._make()
        with running(self._url), self._engine.begin() as connection:
            if not sa.inspect(connection).has_table(fence_table.name):
                return
            mine = fence_table.c.ledger == seal.ledger
            before = connection.execute(sa.select(fence_table.c.holder).where(mine)).scalar()
            if before not in {None, seal.holder}:
                end_silent_sessions(connection, session_name(str(before)), 0.0)
            connection.execute(sa.delete(fence_table).where(mine))
            values = {"ledger": seal.ledger, "holder": seal.holder, "token": 0, "worker": ""}
            connection.execute(sa.insert(fence_table).values(values))
        self._seal, self._token = seal, None

    def _make(self) -> None:
        try:
            _metadata.create_all(self._engine)
        except SQLAlchemyError as error:
            raise access_error(error, self._url) from error

    @persistent
    def join(self, seal: Seal, worker: str, silence_s: float) -> None:
        """Write nothing without a turn. StopRun where the run's fence is not in this database."""
        limit_silence(self._engine, silence_s, session_name(seal.holder, worker))
        with running(self._url), self._engine.connect() as connection:
            there = sa.inspect(connection).has_table(fence_table.name)
            if not there or connection.execute(_row(seal)).scalar() is None:
                raise StopRun(
                    "A worker writes to another target or vault than the run, or the run is over.",
                    "See that `target:` and `vault:` mean the same databases at every worker (docs/engines.md).",
                )
        self._seal, self._token, self._worker, self._silence_s = seal, _NONE, worker, silence_s

    @persistent
    def take_turn(self, token: int) -> None:
        """Shut out smaller tokens. The ledger has seen to it that one worker alone has this one."""
        assert self._seal is not None
        mine = (fence_table.c.ledger == self._seal.ledger) & (fence_table.c.holder == self._seal.holder)
        with running(self._url), self._engine.begin() as connection:
            before = connection.execute(sa.select(fence_table.c.worker).where(mine)).scalar()
            if before and before != self._worker:
                end_silent_sessions(connection, session_name(self._seal.holder, before), self._silence_s)
            found: int | None = connection.execute(_row(self._seal).with_for_update()).scalar()
            if found is None or found > token:
                raise _superseded()
            connection.execute(sa.update(fence_table).where(mine).values(token=token, worker=self._worker))
        self._token = token

    def check(self, connection: sa.Connection) -> None:
        """Superseded where this process may not write any more. Until the transaction is over nobody can take the turn."""
        if self._seal is None:
            return
        found: int | None = connection.execute(_row(self._seal).with_for_update()).scalar()
        if found is None or (self._token is not None and found != self._token):
            raise _superseded()

    def forget(self) -> None:
        """Start from new connections."""
        self._engine.dispose()


def _row(seal: Seal) -> sa.Select[Any]:
    """The newest token, where the run still has the fence."""
    return sa.select(fence_table.c.token).where(
        fence_table.c.ledger == seal.ledger, fence_table.c.holder == seal.holder
    )


def _superseded() -> Superseded:
    return Superseded("Another worker or run has taken over the target.", "Look at 'migrator status'.")
