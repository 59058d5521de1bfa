"""What keeps a worker out that comes back after others took over its work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Seal:
    """Under whose name a run writes: the ledger's, and that of its lease's holder."""

    ledger: str
    holder: str


def session_name(holder: str, worker: str = "") -> str:
    """What the sessions of a worker are called at a server; without a worker how the names of all of the run begin."""
    return f"migrator {holder[:16]} {worker[-16:]}"


class Fence(Protocol):
    """Keeps late writers out of a database: each of its transactions of writing asks whether it may still write."""

    def claim(self, seal: Seal, *, make: bool) -> None:
        """The conductor's: from now on only who writes under this seal may. Without ``make`` only where there is a fence.

        What workers of the run before have open is ended.
        """

    def join(self, seal: Seal, worker: str, silence_s: float) -> None:
        """A remote worker's: write under this seal, in turns alone. StopRun where the run's fence is not here.

        A transaction that stops for ``silence_s`` is ended by the server.
        """

    def take_turn(self, token: int) -> None:
        """From now on whoever took a turn under a smaller token cannot write. Superseded where a larger one was seen.

        What the worker before has open for longer than it may is ended.
        """
