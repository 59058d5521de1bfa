"""What shows how far a run is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Somebody who wants to know how far it is."""

    def start(self, what: str, total: int | None) -> None:
        """A new piece of work begins."""

    def advance(self, done: int) -> None:
        """So many more are done."""

    def finish(self) -> None:
        """The piece is over."""
