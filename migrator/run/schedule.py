"""The stages of a night counted back from its deadline. Pure arithmetic on rates somebody measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from migrator.model.rate import Rate

Basis = Literal["runs", "measured", "limit", "nothing", "unknown"]
"""Where a duration comes from: earlier runs, a measurement now, the rate a site is asked at, no work left, or nowhere."""

LATEST_RATES = 3


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of the night. ``rows`` are still to be done (addresses, for a harvest); None: nobody knows, like ``rows_per_s``.

    ``of`` are the numbers of the runs the rate is from.
    """

    stage: str
    name: str
    rows: int | None
    size_bytes: int
    rows_per_s: float | None
    basis: Basis
    of: tuple[int, ...] = ()

    @property
    def seconds(self) -> float | None:
        """How long it takes; None where nobody knows."""
        if self.rows == 0:
            return 0.0
        return self.rows / self.rows_per_s if self.rows and self.rows_per_s else None


@dataclass(frozen=True, slots=True)
class Slot:
    """A piece of work with the latest moment it may begin, so that all that follows is done in time."""

    work: Work
    latest_start: datetime


@dataclass(frozen=True, slots=True)
class Schedule:
    """The night. ``seconds`` is the whole with its reserve, as far as it is known; ``unknown`` are pieces nobody can say.

    ``fits`` is False where what is known is too long already, and None where only what is unknown decides.
    """

    slots: tuple[Slot, ...]
    seconds: float
    latest_start: datetime
    spare_s: float
    fits: bool | None
    unknown: tuple[Work, ...]


def schedule(works: Sequence[Work], deadline: datetime, now: datetime, reserve: float) -> Schedule:
    """Count back. ``reserve`` is a share added to every duration: 0.2 for one fifth."""
    slots: list[Slot] = []
    start = deadline
    for work in reversed(works):
        start -= timedelta(seconds=(work.seconds or 0.0) * (1 + reserve))
        slots.append(Slot(work, start))
    unknown = tuple(work for work in works if work.seconds is None)
    spare_s = (start - now).total_seconds()
    fits = False if spare_s < 0 else None if unknown else True
    return Schedule(tuple(reversed(slots)), (deadline - start).total_seconds(), start, spare_s, fits, unknown)


def usual_rate(rates: Sequence[Rate], *, again: bool) -> tuple[float | None, tuple[int, ...]]:
    """Rows a second of the latest comparable measurements, weighed by their rows, and the runs they are from.

    ``again``: the rows were carried over before, and most will be unchanged; such runs are many times faster, and the
    two are never mixed. Where no comparable one is there for ``again``, the slower kind answers: late is worse than early.
    """
    fresh = [rate for rate in rates if rate.rows and rate.written * 2 >= rate.rows]
    repeated = [rate for rate in rates if rate.rows and rate.written * 2 < rate.rows]
    chosen = ((repeated or fresh) if again else fresh)[-LATEST_RATES:]
    seconds = sum(rate.seconds for rate in chosen)
    if not chosen or seconds <= 0:
        return None, ()
    return sum(rate.rows for rate in chosen) / seconds, tuple(dict.fromkeys(rate.run for rate in chosen))
