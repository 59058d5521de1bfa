"""Sums that the source itself keeps, against the sums of its own rows. What differs is a finding about the source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import orjson

from migrator.model.audit import Against, AuditedEntity, NumberTotal
from migrator.model.record import record_key
from migrator.ports import GroupSums
from migrator.verify.desk import Desk

_ROWS, _KEPT = "rows", "kept"


class KeptSums:
    """One table of sums of one source. Groups are matched by the raw values of their columns, as text."""

    def __init__(self, desk: Desk, source: str, audited: AuditedEntity, total: NumberTotal, against: Against) -> None:
        self._desk, self._source, self._audited, self._total, self._against = desk, source, audited, total, against

    def compare(self) -> int:
        """Put a finding on the list for each group that differs; how many they are."""
        columns, of = [each.column for each in self._total.by], [each.column for each in self._total.sums]
        order = [columns.index(ours) for _, ours in self._against.on]
        places = [of.index(ours) for _, ours in self._against.sums]
        witness, lines = self._desk.witnesses[self._source], self._desk.spool()
        for each in witness.sums(self._audited, self._total):
            lines.add(_joined(each.group[place] for place in order), _dumped(_ROWS, each, places))
        for each in witness.kept_sums(self._against):
            lines.add(_joined(each.group), _dumped(_KEPT, each, range(len(places))))
        differing = 0
        for part in lines.parts():
            groups: dict[str, dict[str, list[Decimal]]] = {}
            for group, payload in part:
                side, *numbers = orjson.loads(payload)
                sides = groups.setdefault(group, {})
                before = sides.setdefault(side, [Decimal(0)] * len(numbers))
                sides[side] = [number + Decimal(more) for number, more in zip(before, numbers, strict=True)]
            for group, sides in sorted(groups.items()):
                differing += self._differs(orjson.loads(group), sides.get(_ROWS), sides.get(_KEPT))
        lines.close()
        return differing

    def _differs(self, group: Sequence[str], rows: list[Decimal] | None, kept: list[Decimal] | None) -> bool:
        against = self._against
        if kept is None and (against.is_partial or self._is_still_to_come(group)):
            return False
        names = ["", *(theirs for theirs, _ in against.sums)]
        nothing = [Decimal(0)] * len(names)
        told = [
            f"{name or against.count} is {spelled(mine)}, the rows {'add up to' if name else 'are'} {spelled(added)}"
            for name, added, mine in zip(names, rows or nothing, kept or nothing, strict=True)
            if added != mine and (name or against.count)
        ]
        if kept is None:
            told = [f"{against.table} has no line; {spelled((rows or nothing)[0])} rows"]
        if not told:
            return False
        of = ", ".join(f"{theirs} {value}" for (theirs, _), value in zip(against.on, group, strict=True))
        key = record_key(self._source, against.name, list(group))
        self._desk.lists.finding("sum-mismatch", self._audited.entity, key, f"{of}: {'; '.join(told)}")
        return True

    def _is_still_to_come(self, group: Sequence[str]) -> bool:
        """Whether the table has not been summed up so far."""
        columns = [theirs for theirs, _ in self._against.on]
        return any(group[columns.index(column)] > last for column, last in self._against.until)


def spelled(number: Decimal) -> str:
    """A number as text, without an exponent and without zeros at the end."""
    whole = number.to_integral_value()
    return f"{whole:f}" if whole == number else f"{number.normalize():f}"


def _joined(values: Iterable[Any]) -> str:
    return orjson.dumps([str(value) for value in values]).decode()


def _dumped(side: str, each: GroupSums, places: Sequence[int]) -> str:
    return orjson.dumps((side, str(each.rows or 0), *(spelled(each.sums[place]) for place in places))).decode()
