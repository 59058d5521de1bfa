"""How many calls are under way at once: fewer when the server becomes slow or asks for patience, slowly more again."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

SLOW = 4.0
"""So many times the usual time of a call is slow."""

_WEIGHT = 0.1


class Pace:
    """Lets calls through, up to a number that follows the server. Used by several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = float(most)
        self._under_way = 0
        self._usual_s: float | None = None
        self._not_before = 0.0
        self._changed = threading.Condition()

    @property
    def limit(self) -> int:
        """Calls that may be under way now."""
        return max(1, int(self._limit))

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn; it is given back when the block ends."""
        with self._changed:
            while self._under_way >= self.limit or (wait := self._not_before - time.monotonic()) > 0:
                self._changed.wait(None if self._under_way >= self.limit else wait)
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def answered(self, seconds: float) -> None:
        """A call was answered after so many seconds, counted for each record in it."""
        with self._changed:
            usual = self._usual_s
            if usual is not None and seconds > SLOW * usual:
                self._limit = max(1.0, self._limit * 0.8)
            else:
                self._limit = min(float(self._most), self._limit + 1 / max(1.0, self._limit))
            self._usual_s = seconds if usual is None else usual + _WEIGHT * (seconds - usual)
            self._changed.notify_all()

    def hold(self, seconds: float) -> None:
        """The server asks for patience: half as many calls, and none before so many seconds have passed."""
        with self._changed:
            self._limit = max(1.0, self._limit / 2)
            self._not_before = max(self._not_before, time.monotonic() + seconds)
            self._changed.notify_all()
