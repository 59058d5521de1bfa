"""Two streams of keys brought together in bounded memory: both are cut into the same parts by a hash of the key.

A pair of parts holds about ``1 / PARTS`` of the keys, so that one pair at a time can be compared in memory. A spool is one
file, in which a part lies in pieces. It is open only while it is written or read: an examination has many spools at once,
and a process may have few files.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

PARTS = 256
_HELD = 500_000
"""Characters kept in memory before they are written."""


class Spool:
    """Keys with a payload, neither with tab or line break in it. Close it, or use it in a ``with``."""

    def __init__(self, beside: Path) -> None:
        self._folder = TemporaryDirectory(prefix=".spool-", dir=beside)
        self._path = Path(self._folder.name) / "parts"
        self._pieces: list[list[tuple[int, int]]] = [[] for _ in range(PARTS)]
        self._held: list[list[str]] = [[] for _ in range(PARTS)]
        self._size = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the file. Twice does no harm."""
        self._folder.cleanup()

    def add(self, key: str, payload: str) -> None:
        """Keep a key. The same key may come again."""
        number = zlib.crc32(key.encode("utf-8", "surrogatepass")) % PARTS
        self._held[number].append(f"{key}\t{payload}\n")
        self._size += len(key) + len(payload) + 60
        if self._size > _HELD:
            self._write()

    def _write(self) -> None:
        with self._path.open("ab") as file:
            for pieces, lines in zip(self._pieces, self._held, strict=True):
                if lines:
                    piece = "".join(lines).encode("utf-8", "surrogatepass")
                    pieces.append((file.tell(), len(piece)))
                    file.write(piece)
                    lines.clear()
        self._size = 0

    def parts(self) -> Iterator[Iterator[tuple[str, str]]]:
        """The contents, part by part. The same key is in the part of the same number of every spool."""
        self._write()
        for pieces in self._pieces:
            yield self._pairs(pieces)

    def _pairs(self, pieces: Sequence[tuple[int, int]]) -> Iterator[tuple[str, str]]:
        with self._path.open("rb") as file:
            for place, size in pieces:
                file.seek(place)
                piece = file.read(size).decode("utf-8", "surrogatepass")
                for line in piece.removesuffix("\n").split("\n"):  # a key may hold other line separators
                    key, _, payload = line.partition("\t")
                    yield key, payload
