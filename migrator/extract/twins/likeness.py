"""How alike two articles are, and what that decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from migrator.extract.twins.features import SKETCH, Features

Decision = Literal["same", "different", "undecided"]
Method = Literal["address", "likeness"]

_SHORT = 20
"""Words below which a body says too little to be compared."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Each from 0 to 1. ``body`` is None where one of the two is too short to compare."""

    headline: float
    body: float | None

    @property
    def score(self) -> float:
        """The body counts for more than the headline: desks rewrite headlines."""
        return self.headline if self.body is None else 0.4 * self.headline + 0.6 * self.body


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores from which a pair is taken to be the same, or shown to a person; ``linked`` for pairs joined by an address."""

    same: float = 0.75
    review: float = 0.40
    linked: float = 0.30
    margin: float = 0.15


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles that may be one, with the evidence. ``days`` is how far their dates are apart; None without a date."""

    left: str
    right: str
    method: Method
    likeness: Likeness
    days: int | None
    decision: Decision
    why: str


def likeness(left: Features, right: Features) -> Likeness:
    """Headlines by their shared words (Dice), bodies by their shared word triples (Jaccard, estimated)."""
    both = len(left.words) + len(right.words)
    headline = 2 * len(left.words & right.words) / both if both else 0.0
    if min(left.length, right.length) < _SHORT:
        return Likeness(headline, None)
    return Likeness(headline, _jaccard(left.sketch, right.sketch))


def _jaccard(left: tuple[int, ...], right: tuple[int, ...]) -> float:
    smallest = sorted({*left, *right})[:SKETCH]
    shared = {*left} & {*right}
    return sum(1 for each in smallest if each in shared) / len(smallest) if smallest else 0.0


def decide(
    right: Features, linked: Features | None, near: Sequence[Features], thresholds: Thresholds
) -> Sequence[Pair]:
    """The pairs worth keeping for one article of the right-hand source: one that is the same, or those to be looked at.

    ``linked`` is the article its address names; where it names one that is not there, or one with another text, no
    likeness decides either.
    """
    found = sorted(
        ((likeness(left, right), left) for left in near if linked is None or left.key != linked.key),
        key=lambda each: (-each[0].score, each[1].key),
    )
    found = [each for each in found if each[0].score >= thresholds.review]
    if linked is not None:
        return _by_address(linked, right, found, thresholds)
    if right.link:
        return _undecided(found, right, "alike, but its address names an article that is not there")
    if not found:
        return []
    (best, left), runner_up = found[0], found[1][0].score if len(found) > 1 else 0.0
    if best.score < thresholds.same:
        return _undecided(found, right, "alike, but not certainly the same")
    if best.score - runner_up < thresholds.margin:
        return _undecided(found, right, "alike, but another is nearly so")
    return [_pair(left, right, "likeness", best, "same", "alike, and no other is nearly so")]


def _by_address(
    linked: Features, right: Features, others: Sequence[tuple[Likeness, Features]], thresholds: Thresholds
) -> Sequence[Pair]:
    """An address decides, unless the texts differ or another article is plainly more alike."""
    like = likeness(linked, right)
    is_beaten = bool(others) and others[0][0].score - like.score >= thresholds.margin
    if like.score >= thresholds.linked and not is_beaten:
        return [_pair(linked, right, "address", like, "same", "its address names the other one")]
    why = "but another is more alike" if is_beaten else "but the texts differ"
    named = _pair(linked, right, "address", like, "undecided", f"its address names the other one, {why}")
    return [named, *_undecided(others, right, "alike, but its address names another")]


def _undecided(found: Sequence[tuple[Likeness, Features]], right: Features, why: str) -> list[Pair]:
    return [_pair(left, right, "likeness", like, "undecided", why) for like, left in found]


def _pair(left: Features, right: Features, method: Method, like: Likeness, decision: Decision, why: str) -> Pair:
    days = None if left.day is None or right.day is None else right.day - left.day
    return Pair(left.key, right.key, method, like, days, decision, why)
