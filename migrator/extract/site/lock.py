"""One harvest at a time: a lock the system itself gives back, even after a kill."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from migrator.errors import AccessError, ConfigurationError


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock while the block runs. ConfigurationError while another process holds it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b")
    except OSError as error:
        raise AccessError(f"{path} cannot be written: {error.strerror}.", "Check the folder's rights.") from error
    with file:
        try:
            _take(file.fileno())
        except OSError as error:
            raise ConfigurationError(
                f"Another harvest into {path.with_suffix('.sqlite').name} is going on.", "Wait until it ends."
            ) from error
        yield


if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
