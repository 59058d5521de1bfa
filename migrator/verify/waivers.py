"""Waivers: what a person accepted in advance, up to a limit.

A waiver covers all open records of its kind and entity, or – where they are more than its limit – none of them. An
expired waiver covers nothing. What was announced in the audit statement needs no waiver and does not count against one.
A waiver that names a check or a field covers differences of that check or field only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from migrator.model.finding import Waiver
from migrator.verify.spool import Spool

ANY_ENTITY = frozenset({"", "*"})


@dataclass(slots=True)
class _Counted:
    """A waiver with the number of records that would need it."""

    waiver: Waiver
    limit: int
    expired: bool
    number: str
    records: int = 0


class Waivers:
    """Counts what waivers would cover, then says what they do cover.

    ``sources`` has the number of source rows of each entity, for limits that are a share. A share without an entity is
    of all rows together. ``spool`` holds the keys meanwhile: a waiver may concern most of a large newsroom.
    """

    def __init__(self, waivers: Sequence[Waiver], sources: Mapping[str, int], today: date, spool: Spool) -> None:
        self._counted = [
            _Counted(waiver, _limit(waiver, sources), _is_expired(waiver, today), str(number))
            for number, waiver in enumerate(waivers)
        ]
        self._spool = spool
        self._is_reckoned = False

    def count(self, kind: str, entity: str, key: str, check: str = "", field: str = "") -> None:
        """One open entry. A record with several entries of a kind counts once."""
        for counted in self._matching(kind, entity, check, field):
            if key:
                self._spool.add(key, counted.number)
            else:
                counted.records += 1

    def covers(self, kind: str, entity: str, check: str = "", field: str = "") -> bool:
        """Whether open entries of this kind are waived. To be asked after everything was counted."""
        self._reckon()
        return any(self._holds(counted) for counted in self._matching(kind, entity, check, field))

    def broken(self) -> list[str]:
        """A sentence for each waiver that was needed and did not hold."""
        self._reckon()
        return [_sentence(counted) for counted in self._counted if counted.records and not self._holds(counted)]

    def unused(self) -> list[str]:
        """A sentence for each waiver that nothing needed: decided in vain, or misspelt."""
        self._reckon()
        return [f"{_about(counted.waiver)}: nothing needed it" for counted in self._counted if not counted.records]

    def _reckon(self) -> None:
        """Count the records, each once a waiver."""
        if self._is_reckoned:
            return
        self._is_reckoned = True
        for part in self._spool.parts():
            for _, number in set(part):
                self._counted[int(number)].records += 1

    def _matching(self, kind: str, entity: str, check: str, field: str) -> Iterable[_Counted]:
        return (counted for counted in self._counted if _concerns(counted.waiver, kind, entity, check, field))

    @staticmethod
    def _holds(counted: _Counted) -> bool:
        return not counted.expired and counted.records <= counted.limit


def _concerns(waiver: Waiver, kind: str, entity: str, check: str, field: str) -> bool:
    return (
        waiver.kind == kind
        and waiver.entity in {entity, *ANY_ENTITY}
        and waiver.check in {"", check}
        and waiver.field in {"", field}
    )


def _limit(waiver: Waiver, sources: Mapping[str, int]) -> int:
    if not waiver.share:
        return math.floor(waiver.limit)
    rows = sum(sources.values()) if waiver.entity in ANY_ENTITY else sources.get(waiver.entity, 0)
    return math.floor(waiver.limit * rows + 1e-9)


def _is_expired(waiver: Waiver, today: date) -> bool:
    """The last day counts as valid; a date that is none makes the waiver void."""
    if not waiver.expires:
        return False
    try:
        return date.fromisoformat(waiver.expires) < today
    except ValueError:
        return True


def _about(waiver: Waiver) -> str:
    what = " ".join(filter(None, (waiver.kind, waiver.check, waiver.field)))
    return f"{what} ({waiver.entity or 'all'}), by {waiver.who}"


def _sentence(counted: _Counted) -> str:
    about = _about(counted.waiver)
    if counted.expired:
        return f"{about}: expired on {counted.waiver.expires}; {counted.records} records or more needed it"
    return f"{about}: the limit is {counted.limit}, and more records than that needed it; none is waived"
