"""One process at a time: a lease row, taken at the beginning of a run and beaten with every batch.

A holder is gone when its process does not exist any more (same machine; a process of the same number that was born at
another time is another one), or was silent for too long (another machine, or where births are not known). The holder's
name is the fencing token: whoever lost the lease finds its name replaced and can confirm nothing.
"""

from __future__ import annotations

import os
import socket
import sys
import time
import uuid
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from migrator.db import end_silent_sessions
from migrator.errors import ConfigurationError, StopRun
from migrator.ledger.tables import lease
from migrator.ledger.turn import Turn
from migrator.ports import session_name

SILENCE_S = 300.0


class Asked(Protocol):
    """A connection, or what answers like one."""

    def execute(self, statement: sa.Executable, /) -> sa.Result[*tuple[Any, ...]]:
        """The rows of a statement."""


class Lease:
    """This process's claim on the ledger."""

    def __init__(self, turn: Turn) -> None:
        self.holder = uuid.uuid4().hex
        self._turn = turn

    def take(self, connection: sa.Connection) -> None:
        """Take it. ConfigurationError while somebody alive holds it."""
        row = connection.execute(sa.select(lease)).mappings().one_or_none()
        if row is None:
            connection.execute(
                sa.insert(lease).values(id=1, holder="", host="", pid=0, born="", beat_at=0.0, stop=sa.false())
            )
        elif row["holder"] not in {"", self.holder} and _is_alive(row):  # its own: the answer of a first try was lost
            raise ConfigurationError(
                f"Another run is going on (process {row['pid']} on {row['host']}).",
                "Wait until it ends, or stop it with 'migrator stop'.",
            )
        seen = row["holder"] if row is not None else ""
        if seen not in {"", self.holder}:  # its workers may stand still somewhere with the lease locked
            end_silent_sessions(connection, session_name(seen), 0.0)
        taken = connection.execute(
            sa.update(lease)
            .where(lease.c.id == 1, lease.c.holder == seen)
            .values(
                holder=self.holder,
                host=socket.gethostname(),
                pid=os.getpid(),
                born=_born(os.getpid()),
                beat_at=time.time(),
                stop=sa.false(),
            )
        )
        if taken.rowcount != 1:
            raise ConfigurationError("Another run began at the same moment.", "Wait until it ends.")

    def beat(self, connection: sa.Connection) -> None:
        """Say that this process is alive. StopRun when it holds the lease no longer; Superseded when its turn is over."""
        self.keep(connection)
        self._turn.hold(connection)

    def keep(self, connection: sa.Connection) -> None:
        """The same, whoever's turn it is."""
        beaten = connection.execute(
            sa.update(lease).where(lease.c.id == 1, lease.c.holder == self.holder).values(beat_at=time.time())
        )
        if beaten.rowcount != 1:
            raise StopRun("Another process took over this run.", "Look at 'migrator status' before starting again.")

    def release(self, connection: sa.Connection) -> None:
        """Give it back; nothing happens when it is held by another."""
        connection.execute(sa.update(lease).where(lease.c.holder == self.holder).values(holder="", stop=sa.false()))

    @staticmethod
    def is_held(connection: Asked) -> bool:
        """Whether a process that is alive holds it."""
        row = connection.execute(sa.select(lease)).mappings().one_or_none()
        return bool(row and row["holder"] and _is_alive(row))

    @classmethod
    def request_stop(cls, connection: sa.Connection) -> bool:
        """Ask the holder to stop. False when nobody alive holds it."""
        if not cls.is_held(connection):
            return False
        connection.execute(sa.update(lease).where(lease.c.id == 1).values(stop=sa.true()))
        return True

    def stop_requested(self, connection: Asked) -> bool:
        """Whether somebody asked this holder to stop."""
        asked = connection.execute(sa.select(lease.c.stop).where(lease.c.holder == self.holder)).scalar_one_or_none()
        return bool(asked)


def _is_alive(row: sa.RowMapping) -> bool:
    if row["host"] == socket.gethostname() and sys.platform != "win32":  # signal 0 asks on POSIX, but kills on Windows
        try:
            os.kill(row["pid"], 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        if row["born"]:
            return bool(row["born"] == _born(row["pid"]))
    return bool(time.time() - row["beat_at"] < SILENCE_S)


def _born(pid: int) -> str:
    """When a process began, in the kernel's own words and with the machine's boot; empty where that cannot be known.

    Field 22 of /proc/PID/stat, behind the name in brackets (proc(5)).
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {stat.rpartition(')')[2].split()[19]}"
    except (OSError, IndexError):
        return ""
