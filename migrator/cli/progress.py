"""Progress: a bar with rate and remaining time on a terminal, a line a minute in a log file."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from tqdm import tqdm

LINE_EVERY_S = 60.0


class Bars:
    """The Progress port for people."""

    def __init__(self) -> None:
        self._bar: tqdm[NoReturn] | None = None
        self._what, self._total, self._done = "", 0, 0
        self._began = self._said = 0.0

    def start(self, what: str, total: int | None) -> None:
        """A new piece of work begins."""
        self._what, self._total, self._done = what, total or 0, 0
        self._began = self._said = time.monotonic()
        if sys.stderr.isatty():
            from tqdm import tqdm  # not at the top: a log file shows no bars

            self._bar = tqdm(total=total, desc=what, unit="", file=sys.stderr, leave=False, dynamic_ncols=True)

    def advance(self, done: int) -> None:
        """So many more are done."""
        self._done += done
        if self._bar is not None:
            self._bar.update(done)
        elif time.monotonic() - self._said >= LINE_EVERY_S:
            self._said = time.monotonic()
            self._line()

    def _line(self) -> None:
        rate = self._done / max(time.monotonic() - self._began, 1e-9)
        left = f", {max(self._total - self._done, 0) / rate:,.0f} s left" if self._total and rate else ""
        click.echo(
            f"{time.strftime('%H:%M:%S')} {self._what}: {self._done:,} of {self._total:,}, {rate:,.0f}/s{left}",
            err=True,
        )

    def finish(self) -> None:
        """The piece is over."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


class Silence:
    """The Progress port for machines."""

    def start(self, what: str, total: int | None) -> None:
        """Nothing."""

    def advance(self, done: int) -> None:
        """Nothing."""

    def finish(self) -> None:
        """Nothing."""
