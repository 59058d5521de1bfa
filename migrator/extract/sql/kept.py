"""The answer to a declared query, kept in key order in a temporary file.

A declared query has no index: to ask it anew for every page costs its whole work each time, which is quadratic. So it is
answered once, and pages, single keys and ranges are taken from the file. The file is private to this user, holds what
the database said and nothing else, and goes with the process that made it; its folder is that of TMPDIR.
"""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from migrator.model.record import Row
from migrator.scratch import Scratch

_AT_ONCE = 1000
_VARIABLES = 500


class KeptRows:
    """Rows by their number in key order (from 1) and by their legacy key."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        names = self._connection.execute("SELECT names FROM head").fetchone()[0]
        self._names: tuple[str, ...] = pickle.loads(names)

    def close(self) -> None:
        """Let go of the file; it stays."""
        self._connection.close()

    def size(self) -> tuple[int, Row | None]:
        """How many rows there are, and the last one."""
        last = self._connection.execute("SELECT n, data FROM row ORDER BY n DESC LIMIT 1").fetchone()
        return (0, None) if last is None else (last[0], self._read([last[1:]])[0])

    def place(self, key: str) -> int | None:
        """The number of the last row with a legacy key; None where no row has it."""
        found: int | None = self._connection.execute("SELECT max(n) FROM row WHERE key = ?", (_bytes(key),)).fetchone()[
            0
        ]
        return found

    def rows(self, behind: int, upto: int | None, limit: int) -> list[Row]:
        """At most ``limit`` rows behind a number, up to and including another one."""
        query = "SELECT data FROM row WHERE n > ? AND n <= ? ORDER BY n LIMIT ?"
        return self._read(self._connection.execute(query, (behind, 2**62 if upto is None else upto, limit)))

    def with_keys(self, keys: Collection[str]) -> list[Row]:
        """The rows with these legacy keys, in key order."""
        found: dict[int, bytes] = {}
        wanted = iter(dict.fromkeys(keys))
        while chunk := [_bytes(key) for key in islice(wanted, _VARIABLES)]:
            marks = ",".join("?" * len(chunk))
            found.update(self._connection.execute(f"SELECT n, data FROM row WHERE key IN ({marks})", chunk).fetchall())
        return self._read((found[n],) for n in sorted(found))

    def _read(self, answer: Iterable[tuple[bytes]]) -> list[Row]:
        names = self._names
        return [dict(zip(names, pickle.loads(data), strict=True)) for (data,) in answer]


class Keeping:
    """Makes files of kept rows in one temporary folder, which goes with it."""

    def __init__(self) -> None:
        self._scratch: Scratch | None = None
        self._made = 0

    def keep(self, names: Sequence[str], rows: Iterator[tuple[str, Sequence[Any]]]) -> Path:
        """Write (legacy key, values) to a new file, in the order they come."""
        if self._scratch is None:
            self._scratch = Scratch()
        self._made += 1
        path = self._scratch.path / f"{self._made}.sqlite"
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("BEGIN")
            connection.execute("CREATE TABLE head (names BLOB)")
            connection.execute("INSERT INTO head VALUES (?)", (pickle.dumps(tuple(names)),))
            connection.execute("CREATE TABLE row (n INTEGER PRIMARY KEY, key BLOB NOT NULL, data BLOB NOT NULL)")
            while chunk := [(_bytes(key), pickle.dumps(tuple(values), 5)) for key, values in islice(rows, _AT_ONCE)]:
                connection.executemany("INSERT INTO row (key, data) VALUES (?, ?)", chunk)
            connection.execute("CREATE INDEX row_by_key ON row (key)")
            connection.execute("COMMIT")
        finally:
            connection.close()
        return path

    def close(self) -> None:
        """Remove the files."""
        if self._scratch is not None:
            self._scratch.close()
            self._scratch = None


def _bytes(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")
