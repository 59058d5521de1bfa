"""Bytes kept by what they are: a file of the evidence lies at ``files/ab/cdef…``, its SHA-256.

Written beside its place, read back, then renamed: under its name a file is whole or not there. The same bytes are kept
once, however many paths they have.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from migrator.errors import MigratorError, StopRun
from migrator.extract.site.magic import HEAD_BYTES

FOLDER = "files"
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Receiver:
    """A sink for one file: writes, counts and digests what it is given."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file, self.path = file, path
        self._sha256 = hashlib.sha256()
        self.size_bytes = 0
        self.head = b""

    def write(self, data: bytes) -> int:
        """Take a piece. StopRun where the disk does not."""
        try:
            self._file.write(data)
        except OSError as error:
            raise disk_error(error, self.path) from error
        self._sha256.update(data)
        self.size_bytes += len(data)
        if len(self.head) < HEAD_BYTES:
            self.head += data[: HEAD_BYTES - len(self.head)]
        return len(data)

    @property
    def sha256(self) -> str:
        """Of what was written so far, in hex."""
        return self._sha256.hexdigest()

    def finish(self) -> None:
        """Have it all on the disk. StopRun where the disk does not take it."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        except OSError as error:
            raise disk_error(error, self.path) from error


class FileStore:
    """The files below an evidence folder. ``scratch`` is this harvest's own; what a crash left there is removed."""

    def __init__(self, folder: Path, scratch: Path | None = None) -> None:
        self._folder = folder
        self._scratch = scratch

    def prepare(self) -> None:
        """Make the folders, and an empty scratch."""
        assert self._scratch is not None
        try:
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch.mkdir(parents=True, exist_ok=True)
            (self._folder / FOLDER).mkdir(exist_ok=True)
        except OSError as error:
            raise disk_error(error, self._folder) from error

    def close(self) -> None:
        """Remove the scratch."""
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)

    @contextmanager
    def receiving(self) -> Iterator[Receiver]:
        """A sink; what is not kept by the end of the block is gone."""
        assert self._scratch is not None
        path = self._scratch / "receiving"
        try:
            file = path.open("wb")
        except OSError as error:
            raise disk_error(error, path) from error
        try:
            yield Receiver(file, path)
        finally:
            with suppress(OSError):  # a full disk says so once more
                file.close()
            path.unlink(missing_ok=True)

    def keep(self, receiver: Receiver) -> str:
        """Give the file its place; its path relative to the evidence folder. StopRun where the disk lies or is full."""
        receiver.finish()
        sha256 = receiver.sha256
        if _digest(receiver.path) != sha256:
            raise StopRun(f"{receiver.path}: the disk does not give back what was written.", "Check the disk.")
        place = self.place(sha256)
        target = self._folder / place
        try:
            if not target.is_file() or _digest(target) != sha256:
                target.parent.mkdir(parents=True, exist_ok=True)
                receiver.path.replace(target)
        except OSError as error:
            raise disk_error(error, target) from error
        return place

    @staticmethod
    def place(sha256: str) -> str:
        """Where bytes with this SHA-256 lie, relative to the evidence folder."""
        return f"{FOLDER}/{sha256[:2]}/{sha256[2:]}"

    def open(self, sha256: str) -> BinaryIO | None:
        """The bytes with this SHA-256 in hex; None where they are not there. ValueError for anything else."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"no SHA-256: {sha256[:80]!r}")
        try:
            return (self._folder / self.place(sha256)).open("rb")
        except FileNotFoundError:
            return None

    def has(self, sha256: str, size_bytes: int) -> bool:
        """Whether a file of this size lies there; its bytes are not read."""
        try:
            return (self._folder / self.place(sha256)).stat().st_size == size_bytes
        except OSError:
            return False

    def is_whole(self, sha256: str) -> bool:
        """Whether the bytes are there and still have this SHA-256."""
        path = self._folder / self.place(sha256)
        return path.is_file() and _digest(path) == sha256


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def disk_error(error: OSError, path: Path) -> MigratorError:
    """The sentence for a disk that does not take what is written."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StopRun(f"The disk is full ({path.parent}).", "Free space on it, then start 'migrator harvest' again.")
    return StopRun(f"{path} cannot be written: {error.strerror}.", "Check rights and disk, then start again.")
