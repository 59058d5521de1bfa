"""Which verdict the report may state, and every contradiction between the figures it was given.

The verdict is the verification's or a weaker one, never a better one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from migrator.model.examination import COUNTED, Examination, Tally, Verdict
from migrator.model.outcome import Bucket
from migrator.report.registers import Counted

NO_VERIFICATION = "no_verification"
LEDGER_CHANGED = "ledger_changed"
CONTRADICTION = "contradiction"
INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two figures that should be one. ``subject`` says what they count.

    ``code``: sum, ledger, unverified, differences, findings, open.
    """

    code: str
    entity: str
    subject: str
    expected: int
    found: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the report says. ``reason`` is empty where the verification's own verdict stands."""

    verdict: Verdict
    reason: str
    contradictions: tuple[Contradiction, ...]


def is_fresh(examination: Examination, journal_head: str) -> bool:
    """Whether the ledger still is what was verified."""
    return examination.journal_head == journal_head


def buckets_of(
    examination: Examination | None, journal_head: str, ledger: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, int]]:
    """All counts of every entity: the verification's while it is fresh, otherwise what the ledger says now."""
    fresh = examination is not None and is_fresh(examination, journal_head)
    names = sorted(dict.fromkeys([*(examination.entities if examination else ()), *ledger]), key=_readers_order)
    verified = {e: t.buckets for e, t in examination.entities.items()} if fresh and examination else {}
    return {
        name: {str(bucket): (verified.get(name) or ledger.get(name) or {}).get(bucket, 0) for bucket in COUNTED}
        for name in names
    }


_READERS_ORDER = (
    "article", "version", "transition", "gallery", "asset", "section", "topic", "tag", "person", "account",
    "print_issue", "print_page", "royalty", "comment", "counter", "redirect",
)  # fmt: skip


def _readers_order(entity: str) -> int:
    """Articles first, then what belongs to them, then the rest of the newsroom; what is not known comes last."""
    return _READERS_ORDER.index(entity) if entity in _READERS_ORDER else len(_READERS_ORDER)


def judge(
    examination: Examination | None, buckets: Mapping[str, Mapping[str, int]],
    ledger: Mapping[str, Mapping[str, int]], counted: Counted,
) -> Judgement:  # fmt: skip
    """The verdict to print, with the reason where it is not the verification's."""
    if examination is None:
        return Judgement("not_verified", NO_VERIFICATION, ())
    found = [*_sums(examination, buckets), *_listed(examination, counted)]
    if not is_fresh(examination, counted.head):
        return Judgement("not_verified", LEDGER_CHANGED, tuple(found))
    found += [*_ledger(examination, ledger), *_open(examination)]
    if found and examination.verdict in ("accepted", "accepted_with_waivers"):
        return Judgement("not_verified", CONTRADICTION, tuple(found))
    if examination.verdict == "not_verified":
        return Judgement("not_verified", INCOMPLETE, tuple(found))
    return Judgement(examination.verdict, "", tuple(found))


def _sums(examination: Examination, buckets: Mapping[str, Mapping[str, int]]) -> Iterator[Contradiction]:
    for entity, totals in examination.entities.items():
        total = sum(buckets[entity].values())
        if total != totals.source:
            yield Contradiction("sum", entity, "", totals.source, total)


def _ledger(examination: Examination, ledger: Mapping[str, Mapping[str, int]]) -> Iterator[Contradiction]:
    """Rows never read are pending without being in the ledger; every other bucket must be the ledger's own count.

    Outcomes of rows the source no longer has count as well; those put on record as gone are outside the sum.
    """
    for entity in dict.fromkeys([*examination.entities, *ledger]):
        totals = examination.entities.get(entity)
        if totals is None:
            yield Contradiction("unverified", entity, "", 0, sum(ledger[entity].values()))
            continue
        for bucket in COUNTED:
            verified = totals.buckets.get(bucket, 0) + totals.gone.get(bucket, 0)
            claimed = ledger.get(entity, {}).get(bucket, 0)
            if verified < claimed or (verified != claimed and bucket is not Bucket.PENDING):
                yield Contradiction("ledger", entity, str(bucket), verified, claimed)


def _listed(examination: Examination, counted: Counted) -> Iterator[Contradiction]:
    yield from _tallies("differences", examination.differences, counted.differences)
    yield from _tallies("findings", examination.findings, counted.findings)


def _tallies(code: str, tallies: Mapping[str, Tally], listed: Counter[tuple[str, str]]) -> Iterator[Contradiction]:
    told = {
        (kind, state): number
        for kind, tally in tallies.items()
        for state, number in (("open", tally.open), ("declared", tally.declared), ("waived", tally.waived))
    }
    for kind, state in dict.fromkeys([*told, *listed]):
        if told.get((kind, state), 0) != listed[kind, state]:
            yield Contradiction(code, "", f"{kind}, {state}", told.get((kind, state), 0), listed[kind, state])


def _open(examination: Examination) -> Iterator[Contradiction]:
    left = sum(tally.open for tally in examination.differences.values())
    if left and examination.verdict in ("accepted", "accepted_with_waivers"):
        yield Contradiction("open", "", examination.verdict, 0, left)
