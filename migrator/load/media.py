"""The target's media folder: bytes under their SHA-256, as ``ab/cdef…``. Written whole or not at all, checked on the way."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from migrator.errors import AccessError
from migrator.ports import FileSource

_CHUNK = 1 << 20


class MediaFolder:
    """The MediaTransfer port over a folder. The sources are asked in their order."""

    def __init__(self, folder: Path, sources: Sequence[FileSource]) -> None:
        self._folder = folder
        self._sources = sources

    def holds(self, sha256: str) -> bool:
        """Whether the bytes stand there already."""
        return self._path(sha256).is_file()

    def can_bring(self, sha256: str) -> bool:
        """Whether the bytes stand there or a source has them. Nothing is written."""
        if self.holds(sha256):
            return True
        for source in self._sources:
            if (stream := source.open(sha256)) is not None:
                stream.close()
                return True
        return False

    def remove(self, sha256: str) -> None:
        """Take the bytes away, and the folder they were alone in. AccessError where the folder cannot be written."""
        path = self._path(sha256)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        with suppress(OSError):  # others stand in it
            path.parent.rmdir()

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256[2:]

    def bring(self, sha256: str) -> str:
        """Make sure that the bytes stand there. AccessError where the folder cannot be written."""
        path = self._path(sha256)
        if path.is_file():
            return ""
        for source in self._sources:
            if (stream := source.open(sha256)) is not None:
                with stream:
                    return self._write(stream, path, sha256)
        return f"no source has the bytes of {sha256}"

    def _write(self, stream: BinaryIO, path: Path, sha256: str) -> str:
        """Into a file beside it, then under its name: a crash leaves no half a picture."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            number, name = tempfile.mkstemp(dir=path.parent, prefix=".bring-")
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        digest = hashlib.sha256()
        try:
            with os.fdopen(number, "wb") as file:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            if digest.hexdigest() != sha256:
                return f"the source's bytes are not those of {sha256}"
            os.chmod(name, 0o644)
            os.replace(name, path)
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        finally:
            with suppress(OSError):
                os.unlink(name)
        return ""


def _unwritable(folder: Path, error: OSError) -> AccessError:
    return AccessError(
        f"The media folder {folder} cannot be written: {error.strerror}.", "Give it rights and space, then run again."
    )
