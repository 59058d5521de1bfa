"""How much of a text arrived: shares of word 3-grams, each counted as often as it stands there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_N = 3
Gram = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """``recall``: share of the source's 3-grams found at the target; ``precision``: share of the target's that are its."""

    recall: float
    precision: float

    @property
    def least(self) -> float:
        """The smaller of the two."""
        return min(self.recall, self.precision)


WHOLE = Score(1.0, 1.0)


def score(source: Sequence[str], target: Sequence[str]) -> Score:
    """The shares of two texts as words. Texts of less than three words are compared word by word; nothing equals nothing."""
    if source == target:
        return WHOLE
    if not source or not target:
        return Score(0.0 if source else 1.0, 0.0 if target else 1.0)
    n = _N if min(len(source), len(target)) >= _N else 1
    wanted, there = _grams(source, n), _grams(target, n)
    shared = sum((wanted & there).values())
    return Score(shared / wanted.total(), shared / there.total())


def _grams(words: Sequence[str], n: int) -> Counter[Gram]:
    return Counter(zip(*(words[start:] for start in range(n)), strict=False))


def without(words: Sequence[str], part: Sequence[str]) -> tuple[list[str], list[str]] | None:
    """The words without the last, and without the first, place where they hold a part; None where they do not hold it."""
    size = len(part)
    places = [place for place in range(len(words) - size + 1) if words[place] == part[0]] if part else []
    places = [place for place in places if list(words[place : place + size]) == list(part)]
    if not places:
        return None
    last, first = places[-1], places[0]
    return [*words[:last], *words[last + size :]], [*words[:first], *words[first + size :]]
