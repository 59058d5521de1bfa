"""How much of an article's text was found: shingles of four words, as in the public article extraction benchmark.

Source of the measure: evaluate.py of github.com/scrapinghub/article-extraction-benchmark (runs of ``\\w`` are words,
a shingle is four words in a row, counted with multiplicity; precision and recall are means over the pages, F1 is made
of the two means). Own code. The same with single words is given beside it. One difference: both texts are made NFC
first, as a page may be written with combining accents and a reader may compose them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"\w+")


def shingles(text: str, size: int) -> Counter[tuple[str, ...]]:
    """The shingles of a text with their counts; a shorter text is one shingle, an empty one has none."""
    words = _WORD.findall(unicodedata.normalize("NFC", text))
    if not words:
        return Counter()
    return Counter(tuple(words[i : i + size]) for i in range(max(1, len(words) - size + 1)))


@dataclass(frozen=True, slots=True)
class Score:
    """One page. Precision is null where nothing was found, recall where there is nothing to find."""

    precision: float | None
    recall: float | None

    @property
    def f1(self) -> float:
        """0 where either is missing or 0."""
        if not self.precision or not self.recall:
            return 0.0
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def score(true: str, found: str, size: int) -> Score:
    """Compares what is written on the page with what was found."""
    wanted, got = shingles(true, size), shingles(found, size)
    both = (wanted & got).total()
    return Score(both / got.total() if got else None, both / wanted.total() if wanted else None)


def mean(scores: Sequence[Score]) -> tuple[float, float, float]:
    """Precision, recall and the F1 made of the two, over many pages."""
    found = [one.precision for one in scores if one.precision is not None]
    wanted = [one.recall for one in scores if one.recall is not None]
    precision = sum(found) / len(found) if found else 0.0
    recall = sum(wanted) / len(wanted) if wanted else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0
