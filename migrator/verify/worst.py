"""The few bodies that arrived least well, with the words of both sides where they begin to part."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from migrator.model.accounts import Worst
from migrator.verify.grams import Score

MOST = 50
_BEFORE, _SHOWN = 8, 60


class WorstFew:
    """Keeps the worst of any number of bodies."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, str, Worst]] = []

    def offer(self, key: str, found: Score, source: Sequence[str], target: Sequence[str]) -> None:
        """A body that is not whole. Of two that are as bad as one another, the one with the smaller key is kept."""
        rank = (-found.least, _reversed(key))
        if len(self._heap) == MOST and rank <= self._heap[0][:2]:
            return
        entry = (*rank, Worst(key, found.recall, found.precision, *_parting(source, target)))
        if len(self._heap) < MOST:
            heapq.heappush(self._heap, entry)
        else:
            heapq.heapreplace(self._heap, entry)

    def entries(self) -> list[Worst]:
        """The worst first."""
        return [worst for _, _, worst in sorted(self._heap, reverse=True)]


def _reversed(key: str) -> str:
    """A key that sorts the other way round."""
    return "".join(chr(0x10FFFF - ord(letter)) if ord(letter) < 0xD800 else letter for letter in key)


def _parting(source: Sequence[str], target: Sequence[str]) -> tuple[str, str]:
    """The words of both sides from shortly before the first that differs."""
    pairs = enumerate(zip(source, target, strict=False))
    first = next((place for place, (a, b) in pairs if a != b), min(len(source), len(target)))
    start = max(0, first - _BEFORE)
    return _cut(source, start), _cut(target, start)


def _cut(words: Sequence[str], start: int) -> str:
    shown = " ".join(words[start : start + _SHOWN])
    return ("… " if start else "") + shown + (" …" if start + _SHOWN < len(words) else "")
