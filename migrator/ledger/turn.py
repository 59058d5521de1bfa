"""Turns under fencing tokens: of the workers that hold a range, the one with the newest token alone may put it on record.

A worker takes its turn before it writes anything; every later transaction of its own asks whether it is still the newest.
Both lock the lease's row first, so that one of the two comes before the other as a whole.
"""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from migrator.db import end_silent_sessions
from migrator.errors import StopRun, Superseded
from migrator.ledger import tables
from migrator.ports import session_name

_turn = tables.turn
_LEDGER_ID = "ledger_id"
_NONE = -1


class Turn:
    """What a worker may do. As long as it is not asked for turns (the conductor, a local worker) the lease alone decides."""

    def __init__(self) -> None:
        self._token: int | None = None
        self._worker = ""
        self._silence_s = 0.0

    @staticmethod
    def open(connection: sa.Connection) -> None:
        """Begin to count: tokens are larger than 0."""
        connection.execute(sa.delete(_turn))
        connection.execute(sa.insert(_turn).values(id=1, token=0, worker="", taken_at=""))

    def demand(self, worker: str, silence_s: float) -> None:
        """From now on this worker can write nothing without a turn."""
        self._token, self._worker, self._silence_s = _NONE, worker, silence_s

    def clear(self, connection: sa.Connection, holder: str) -> None:
        """End what the worker before has open for longer than it may: it would be in the way."""
        before = connection.execute(sa.select(_turn.c.worker)).scalar()
        if before and before != self._worker:
            end_silent_sessions(connection, session_name(holder, before), self._silence_s)

    def take(self, connection: sa.Connection, token: int, at: str) -> None:
        """Shut out everybody with a smaller token. Superseded where this one is not the newest, or another worker has it."""
        worker = self._worker
        mine = (_turn.c.token == token) & (_turn.c.worker == worker)  # the answer of a first try was lost
        taken = sa.update(_turn).where(_turn.c.id == 1, (_turn.c.token < token) | mine)
        if connection.execute(taken.values(token=token, worker=worker, taken_at=at)).rowcount != 1:
            self._token = _NONE
            raise superseded()
        self._token = token

    def hold(self, connection: sa.Connection) -> None:
        """Superseded where somebody took the turn since. Nobody can take it before this transaction is over."""
        if self._token is None:
            return
        mine = sa.select(_turn.c.id).where(_turn.c.id == 1, _turn.c.token == self._token).with_for_update()
        if connection.execute(mine).scalar() is None:
            raise superseded()


def superseded() -> Superseded:
    """The error of one who comes late."""
    return Superseded("Another worker has taken over this range.", "Nothing needs to be done: what it writes counts.")


def ledger_id(connection: sa.Connection) -> str:
    """A name that no other ledger has, made when it is first asked for."""
    known = sa.select(tables.meta.c.value).where(tables.meta.c.name == _LEDGER_ID)
    found = connection.execute(known).scalar()
    if found is None:
        found = uuid.uuid4().hex
        connection.execute(sa.insert(tables.meta).values(name=_LEDGER_ID, value=found))
    return str(found)


def refuse_other(holder: str | None, expected: str) -> None:
    """StopRun where the lease is not that of the run a worker was called for."""
    if holder != expected:
        raise StopRun(
            "A worker opens another ledger than the run, or the run is over.",
            "See that `ledger:` in migration.yaml means the same database at every worker (docs/engines.md).",
        )
