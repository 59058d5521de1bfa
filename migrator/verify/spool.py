"""Two streams of keys brought together in bounded memory: both are cut into the same files by a hash of the key.

A pair of files holds about ``1 / FILES`` of the keys, so that one pair at a time can be compared in memory. Files are open
only while they are written or read: an examination has many spools at once, and a process may have few files.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

FILES = 256
_HELD = 500_000
"""Characters kept in memory before they are written."""


class Spool:
    """Keys with a payload, neither with tab or line break in it, in hash-numbered files. Close it, or use it in a ``with``."""

    def __init__(self, beside: Path) -> None:
        self._folder = TemporaryDirectory(prefix=".spool-", dir=beside)
        self._held: list[list[str]] = [[] for _ in range(FILES)]
        self._size = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the files. Twice does no harm."""
        self._folder.cleanup()

    def add(self, key: str, payload: str) -> None:
        """Keep a key. The same key may come again."""
        number = zlib.crc32(key.encode("utf-8", "surrogatepass")) % FILES
        self._held[number].append(f"{key}\t{payload}\n")
        self._size += len(key) + len(payload) + 60
        if self._size > _HELD:
            self._write()

    def _path(self, number: int) -> Path:
        return Path(self._folder.name) / str(number)

    def _write(self) -> None:
        for number, lines in enumerate(self._held):
            if lines:
                with self._path(number).open("a", encoding="utf-8", errors="surrogatepass", newline="\n") as file:
                    file.writelines(lines)
                lines.clear()
        self._size = 0

    def parts(self) -> Iterator[Iterator[tuple[str, str]]]:
        """The contents, part by part. The same key is in the part of the same number of every spool."""
        self._write()
        for number in range(FILES):
            yield self._pairs(self._path(number))

    @staticmethod
    def _pairs(path: Path) -> Iterator[tuple[str, str]]:
        if not path.is_file():
            return
        with path.open(encoding="utf-8", errors="surrogatepass", newline="\n") as file:
            for line in file:  # ends are \n only: a key may hold other line separators
                key, _, payload = line.rstrip("\n").partition("\t")
                yield key, payload
