"""Folders for a process's own temporary files, which go with it – also when it was killed: the next one removes them.

Each folder holds a file that its owner keeps locked (flock(2)); the system lets go of the lock with the process, whatever
ended it. Where there are no such locks (Windows), what a killed process left stays.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

if sys.platform != "win32":
    import fcntl

_PREFIX = "migrator-"
_OWNER = "owner"
_YOUNG_S = 60
"""A folder so young may be one whose owner has not locked it yet."""


class Scratch:
    """A new folder for this user alone, below ``within`` (None: the system's place for temporary files)."""

    def __init__(self, within: Path | None = None) -> None:
        sweep(Path(tempfile.gettempdir()) if within is None else within)
        self._folder = tempfile.TemporaryDirectory(prefix=_PREFIX, dir=within)
        self.path = Path(self._folder.name)
        self._owner: IO[bytes] = (self.path / _OWNER).open("wb")
        if sys.platform != "win32":
            fcntl.flock(self._owner, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def close(self) -> None:
        """Remove the folder with all that is in it."""
        self._owner.close()
        self._folder.cleanup()


def sweep(within: Path) -> None:
    """Remove the scratch folders of this user whose owner is gone. Others, and what cannot be removed, stay."""
    if sys.platform == "win32":
        return
    for folder in within.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            is_old = time.time() - folder.lstat().st_mtime > _YOUNG_S
            if not is_old or folder.is_symlink() or folder.lstat().st_uid != os.getuid():
                continue
            handle = os.open(folder / _OWNER, os.O_RDWR | os.O_NOFOLLOW)  # a folder without it is not one of these
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # BlockingIOError while its owner lives
                shutil.rmtree(folder)
            finally:
                os.close(handle)
