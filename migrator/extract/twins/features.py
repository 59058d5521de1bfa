"""What is compared of an article: its day, the words of its headline, a sketch of its body, and the address it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from heapq import nsmallest
from unicodedata import normalize

from migrator.model.record import Record
from migrator.text.match_keys import match_key

SKETCH = 128
"""Hashes kept of a body. The estimate of a likeness of 0.5 then errs by 0.044 (one standard deviation)."""

_SHINGLE = 3
_LOCAL = timedelta(hours=7)  # Asia/Ho_Chi_Minh has had no other offset since 1975
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Features:
    """``day`` counts from 1 January of year 1, in Vietnamese time; None without a date. ``link`` is an id found in an address.

    ``sketch`` holds the smallest hashes of the body's word triples (bottom-k sketch, Broder 1997), sorted.
    """

    key: str
    day: int | None
    headline: str
    words: frozenset[str]
    sketch: tuple[int, ...]
    length: int
    link: str


def features_of(record: Record, links: tuple[re.Pattern[str], ...]) -> Features:
    """The features of an article. ``links`` have a group ``id`` and are searched in its ``legacy_url``."""
    fields = record.fields
    headline, body = str(fields.get("headline") or ""), str(fields.get("body_text") or "")
    published = fields.get("published_at")
    words = words_of(body)
    return Features(
        record.key,
        (published + _LOCAL).toordinal() if isinstance(published, datetime) else None,
        headline,
        frozenset(words_of(headline)),
        _sketch(words),
        len(words),
        _link(str(fields.get("legacy_url") or ""), links),
    )


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: one Unicode form, one case, one place of the tone."""
    return _WORD.findall(match_key(normalize("NFC", text)))


def _sketch(words: list[str]) -> tuple[int, ...]:
    triples = {" ".join(words[at : at + _SHINGLE]) for at in range(max(len(words) - _SHINGLE + 1, 0))}
    return tuple(nsmallest(SKETCH, (_hash(triple) for triple in triples)))


def _hash(text: str) -> int:
    """63 bits, so that every database holds it."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


def _link(url: str, links: tuple[re.Pattern[str], ...]) -> str:
    for pattern in links:
        if url and (found := pattern.search(url)):
            return found["id"]
    return ""
