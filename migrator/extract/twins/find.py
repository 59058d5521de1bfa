"""Finding twins: features of both sides, then the right side against the days around it on the left."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from migrator.extract.twins.features import Features, features_of
from migrator.extract.twins.likeness import Pair, Thresholds, decide
from migrator.extract.twins.store import TwinStore
from migrator.model.record import record_key
from migrator.ports import EntityMapping, Extractor, Position, Progress, Transformed

BATCH = 500


@dataclass(frozen=True, slots=True)
class TwinSide:
    """One source's articles. The mapping is one without rules: what is merged already must be found again."""

    source: str
    extractor: Extractor
    mapping: EntityMapping
    links: tuple[re.Pattern[str], ...] = ()


@dataclass(frozen=True, slots=True)
class TwinSearch:
    """``links`` of the right side find the left side's id in an address; ``days`` is how far dates may be apart."""

    left: TwinSide
    right: TwinSide
    days: int = 3
    thresholds: Thresholds = field(default_factory=Thresholds)


def find_twins(search: TwinSearch, store: TwinStore, progress: Progress) -> None:
    """Look at both sides and put the pairs in the store. What people decided stays. Memory: the articles of a few days."""
    store.clear_features()
    for name, side in (("left", search.left), ("right", search.right)):
        progress.start(f"{side.source} {side.mapping.entity}", None)
        for features in _all(side):
            store.add_features(name, features)
            progress.advance(len(features))
        progress.finish()
    store.replace(_pairs(search, store))
    store.settle_claims()


def _all(side: TwinSide) -> Iterator[Sequence[Features]]:
    position: Position | None = None
    while rows := side.extractor.read(side.mapping.selection, position, BATCH):
        made = [side.mapping.transform(row) for row in rows]
        yield [features_of(each.record, side.links) for each in made if isinstance(each, Transformed)]
        position = rows[-1].position
        if len(rows) < BATCH:
            return


def _pairs(search: TwinSearch, store: TwinStore) -> Iterator[Pair]:
    decided = store.decided_by_people()
    taken = {right for _, right in decided}
    window: deque[Features] = deque()
    lefts = store.by_day("left")
    for right in store.by_day("right"):
        near: list[Features] = []
        if right.day is not None:
            first, last = right.day - search.days, right.day + search.days
            _slide(window, lefts, first, last)
            near = [left for left in window if (left.day or 0) <= last and _may_be_alike(left, right)]
        linked = None
        if right.link:
            linked = store.feature(record_key(search.left.source, search.left.mapping.entity, right.link))
        for pair in decide(right, linked, near, search.thresholds):
            if (pair.left, pair.right) not in decided:
                # a person has found this article's twin, or ruled one out: what else is like it is theirs to see
                yield replace(pair, decision="undecided") if right.key in taken else pair


def _slide(window: deque[Features], lefts: Iterator[Features], first: int, last: int) -> None:
    """Move the window of the left side so that it holds the days from first to last."""
    while window and (window[0].day or 0) < first:
        window.popleft()
    while not window or (window[-1].day or 0) <= last:
        following = next(lefts, None)
        if following is None:
            return
        if following.day is not None and following.day >= first:
            window.append(following)


def _may_be_alike(left: Features, right: Features) -> bool:
    """Whether they share a tenth of the headline's words, or a triple of the body: others cannot score high enough."""
    return len(left.words & right.words) * 10 >= len(right.words) or not {*right.sketch}.isdisjoint(left.sketch)
