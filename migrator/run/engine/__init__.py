"""The port of the engines: who finds processes that carry key ranges over, and says when one is lost.

An engine knows nothing of order, turns and the ledger: that is the crew's business (``migrator.run.crew``). Written so far:
``local`` (processes of this machine) and ``dask`` (Dask distributed). ``docs/engines.md`` says what another one must do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from migrator.run.worker import Heard, Task, Turn


class Member(Protocol):
    """One worker of a team. ``held``: the ranges it was given and has not put on record, by number."""

    held: dict[int, Task]

    def tell(self, told: Task | Turn) -> None:
        """Give it a range to prepare, or the turn of one it holds. Nothing happens where it is lost."""


class Team(Protocol):
    """The workers of one run."""

    def members(self) -> Sequence[Member]:
        """Those that can work now, newcomers included: at least one. StopRun where none is to be had."""

    def hear(self) -> Iterable[tuple[Member, Heard | None]]:
        """Wait a moment for what members say, each in its order; None where one is lost; maybe nothing at all.

        StopRun where nobody can be heard any more.
        """

    def bury(self, member: Member) -> str:
        """Let go of a lost member, and see that there will be another one; what it died of, in a few words."""

    def close(self) -> None:
        """Tell all to end. Whoever is in its turn may finish it; what is only prepared is thrown away."""


class Engine(Protocol):
    """Makes teams. ``is_remote``: its workers may go on when nobody hears them any more, so that they have to be fenced off."""

    @property
    def is_remote(self) -> bool:
        """Whether a lost worker may still write."""

    def team(self, ticket: str) -> Team:
        """Workers that write under the lease of this ticket."""
