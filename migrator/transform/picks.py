"""Which of several values counts: by condition, by order, by length, by age."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from migrator.errors import SetAside
from migrator.transform.conditions import Holds
from migrator.transform.pipeline import Context

Make = Callable[[Context], Any]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the values: its name in notes, how it is made, and the moment it is from; None where it is one itself."""

    name: str
    make: Make
    at: Make | None


def is_filled(value: Any) -> bool:
    """Whether there is something: null, empty and blank text, and an empty list are nothing."""
    return value is not None and value != [] and not (isinstance(value, str) and not value.strip())


def choose(alternatives: Sequence[tuple[Holds | None, Make]]) -> Make:
    """The value of the first alternative whose conditions hold; null where none does."""

    def make(context: Context) -> Any:
        for holds, value in alternatives:
            if holds is None or holds(context.row):
                return value(context)
        return None

    return make


def first(alternatives: Sequence[Make]) -> Make:
    """The first value that is filled. Those behind it are not made."""

    def make(context: Context) -> Any:
        return next((value for make in alternatives if is_filled(value := make(context))), None)

    return make


def longest(candidates: Sequence[Candidate]) -> Make:
    """The longest value; of equal ones the first. What is passed over is noted."""

    def make(context: Context) -> Any:
        filled = _filled(candidates, context)
        return _survivor(filled, [len(value) for _, value in filled], context)

    return make


def by_age(candidates: Sequence[Candidate], *, newest: bool) -> Make:
    """The filled value with the latest (earliest) moment; of equal ones the first. What is passed over is noted.

    A value without a moment loses against any with one. SetAside ``wrong-type`` for a moment that is neither an instant
    nor a number.
    """

    def make(context: Context) -> Any:
        filled = _filled(candidates, context)
        if len(filled) < 2:
            return filled[0][1] if filled else None
        moments = [_moment(each.at(context) if each.at else value) for each, value in filled]
        ranks = [(moment is not None, (moment or 0) if newest else -(moment or 0)) for moment in moments]
        return _survivor(filled, ranks, context)

    return make


def _moment(value: Any) -> Decimal | None:
    """Seconds, or any other number, that moments are compared by."""
    if value is None:
        return None
    if isinstance(value, datetime) and value.tzinfo is not None:
        return Decimal(str(value.timestamp()))
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    text = f"an instant is needed, not {type(value).__name__} {str(value)[:80]!r}; add the step unix_time or local_time"
    raise SetAside("wrong-type", text)


def _filled(candidates: Sequence[Candidate], context: Context) -> list[tuple[Candidate, Any]]:
    return [(each, value) for each in candidates if is_filled(value := each.make(context))]


def _survivor(filled: Sequence[tuple[Candidate, Any]], ranks: Sequence[Any], context: Context) -> Any:
    """The value with the highest rank; a note names those that said something else."""
    if not filled:
        return None
    best = ranks.index(max(ranks))
    chosen, value = filled[best]
    others = [other.name for other, said in filled if other is not chosen and said != value]
    if others:
        context.note("survivor", f"{chosen.name}, not {', '.join(others)}")
    return value
