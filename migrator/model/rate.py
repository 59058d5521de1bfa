"""How fast a piece of work went."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """One piece of work of one session. ``stage`` is run, verify or report; ``entity`` is empty for the last two.

    ``written`` counts the rows of the run that were not simply unchanged, ``cpu_s`` the CPU of this process and of those
    it has waited for, 0 where several processes worked and nobody can say. ``ended_at`` is ISO 8601 in UTC.
    """

    run: int
    stage: str
    entity: str
    rows: int
    written: int
    seconds: float
    cpu_s: float
    ended_at: str

    @property
    def rows_per_s(self) -> float:
        """Rows a second; 0 where no time passed."""
        return self.rows / self.seconds if self.seconds > 0 else 0.0
