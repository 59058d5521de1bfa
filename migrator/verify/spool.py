"""Two streams of keys brought together in bounded memory: both are cut into the same files by a hash of the key.

A pair of files holds about ``1 / FILES`` of the keys, so that one pair at a time can be compared in memory.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

FILES = 64


class Spool:
    """Keys with a payload, neither with tab or line break in it, in hash-numbered files. Use it in a ``with`` block."""

    def __init__(self, beside: Path) -> None:
        self._stack = ExitStack()
        self._folder = Path(self._stack.enter_context(TemporaryDirectory(prefix=".spool-", dir=beside)))
        self._files: list[TextIO] = [
            self._stack.enter_context(
                (self._folder / str(number)).open("w+", encoding="utf-8", errors="surrogatepass", newline="\n")
            )
            for number in range(FILES)
        ]

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, key: str, payload: str) -> None:
        """Keep a key. The same key may come again."""
        self._files[zlib.crc32(key.encode("utf-8", "surrogatepass")) % FILES].write(f"{key}\t{payload}\n")

    def parts(self) -> Iterator[Iterator[tuple[str, str]]]:
        """The contents, part by part. The same key is in the part of the same number of every spool."""
        for file in self._files:
            file.flush()
            file.seek(0)
            yield self._pairs(file)

    @staticmethod
    def _pairs(file: TextIO) -> Iterator[tuple[str, str]]:
        for line in file:  # ends are \n only: a key may hold other line separators
            key, _, payload = line.rstrip("\n").partition("\t")
            yield key, payload
