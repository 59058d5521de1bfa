"""What of a copy under way is in packs already: a file that survives a kill, held by one process at a time."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from migrator.errors import AccessError, StopRun
from migrator.extract.staged import values
from migrator.extract.staged.packs import private_folder
from migrator.model.staged import Pack

_TABLES = (
    "CREATE TABLE IF NOT EXISTS head (data BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS session (began_at TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS relation (name TEXT PRIMARY KEY, columns BLOB, position BLOB, done INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS pack (i INTEGER PRIMARY KEY, relation TEXT NOT NULL, digest TEXT NOT NULL,"
    " rows INTEGER NOT NULL, size INTEGER NOT NULL, packed INTEGER NOT NULL)",
)


class StagingProgress:
    """Packs that are whole, and behind which row to go on, by relation."""

    def __init__(self, path: Path) -> None:
        self.path = path
        private_folder(path.parent)
        if not path.exists():
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=1)
        try:
            self._connection.execute(
                "PRAGMA locking_mode = EXCLUSIVE"
            )  # held until this is closed, or the process ends
            self._connection.execute("BEGIN EXCLUSIVE")
            for table in _TABLES:
                self._connection.execute(table)
            self._connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._connection.close()
            raise AccessError("Another process is staging this source.", "Let it finish, or stop it.") from error

    def head(self) -> Mapping[str, Any] | None:
        """What the copy was begun with; None for one not begun."""
        found = self._connection.execute("SELECT data FROM head").fetchone()
        return None if found is None else orjson.loads(found[0])

    def begin(self, head: Mapping[str, Any]) -> None:
        """Begin from nothing."""
        with self._writing():
            for table in ("head", "session", "relation", "pack"):
                self._connection.execute(f"DELETE FROM {table}")
            self._connection.execute("INSERT INTO head VALUES (?)", (orjson.dumps(head),))

    def session(self, began_at: str) -> int:
        """Put a session on record; how many there were, this one included."""
        with self._writing():
            self._connection.execute("INSERT INTO session VALUES (?)", (began_at,))
        return int(self._connection.execute("SELECT count(*) FROM session").fetchone()[0])

    def is_done(self, relation: str) -> bool:
        """Whether a relation is in packs to its end."""
        found = self._connection.execute("SELECT done FROM relation WHERE name = ?", (relation,)).fetchone()
        return bool(found and found[0])

    def columns(self, relation: str) -> tuple[str, ...]:
        """The columns of a relation that was begun."""
        found = self._connection.execute("SELECT columns FROM relation WHERE name = ?", (relation,)).fetchone()
        return tuple(orjson.loads(found[0]))

    def position(self, relation: str) -> tuple[Any, ...] | None:
        """The key of the last row in a pack; None where there is none."""
        found = self._connection.execute("SELECT position FROM relation WHERE name = ?", (relation,)).fetchone()
        return None if found is None or found[0] is None else tuple(values.row(found[0]))

    def packs(self, relation: str) -> tuple[Pack, ...]:
        """The packs of a relation, in order."""
        query = "SELECT digest, rows, size, packed FROM pack WHERE relation = ? ORDER BY i"
        return tuple(Pack(*found) for found in self._connection.execute(query, (relation,)))

    def rows(self) -> int:
        """Rows in all packs."""
        return int(self._connection.execute("SELECT coalesce(sum(rows), 0) FROM pack").fetchone()[0])

    def start(self, relation: str, columns: Sequence[str], *, again: bool) -> None:
        """A relation is begun; ``again`` from its first row, whatever was in packs."""
        with self._writing():
            if again:
                self._connection.execute("DELETE FROM pack WHERE relation = ?", (relation,))
                self._connection.execute("DELETE FROM relation WHERE name = ?", (relation,))
            head = (relation, orjson.dumps(list(columns)))
            self._connection.execute("INSERT OR IGNORE INTO relation VALUES (?, ?, NULL, 0)", head)

    def add(self, relation: str, pack: Pack, position: Sequence[Any] | None, *, is_last: bool) -> None:
        """A pack is whole on the disk; ``is_last``: with it the relation is in packs to its end."""
        with self._writing():
            self._connection.execute(
                "INSERT INTO pack (relation, digest, rows, size, packed) VALUES (?, ?, ?, ?, ?)",
                (relation, pack.digest, pack.rows, pack.size, pack.packed),
            )
            said = None if position is None else values.line(position)
            self._connection.execute(
                "UPDATE relation SET position = ?, done = ? WHERE name = ?", (said, is_last, relation)
            )

    def finish(self, relation: str) -> None:
        """A relation is in packs to its end, its last row in the last of them."""
        with self._writing():
            self._connection.execute("UPDATE relation SET done = 1 WHERE name = ?", (relation,))

    def close(self) -> None:
        """Let others at it."""
        self._connection.close()

    def _writing(self) -> _Transaction:
        return _Transaction(self._connection)


class _Transaction:
    """All or nothing; StopRun where the disk does not take it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        try:
            self._connection.execute("ROLLBACK" if kind else "COMMIT")
        except sqlite3.Error as failed:
            error = failed
        if isinstance(error, sqlite3.Error):
            raise StopRun(
                f"What is staged cannot be put on record: {error}.",
                "Free space on the disk; then start 'migrator stage' again: it goes on.",
            ) from error
