"""N1: numbers add up. Rows and sums per group at the source are those at the target and those that did not arrive.

The source's sums are its own database's, over raw columns; the target's its own database's, over its fields. What did not
arrive is added up row by row, by what became of it, so that nothing can vanish between the two: source = target + named.
A table of sums that the source itself keeps is held against the source's own rows; where they differ, that is a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson

from migrator.model.accounts import SumAccount, SumLine
from migrator.model.audit import Audit, AuditedEntity, NumberTotal, group_value, sum_value
from migrator.model.content import EntityType, Value
from migrator.model.finding import Check, DifferenceKind
from migrator.model.outcome import LOADED
from migrator.ports import WitnessRow
from migrator.verify.desk import Batch, Desk, in_batches
from migrator.verify.groups import Groups, Spelled
from migrator.verify.kept_sums import KeptSums, spelled
from migrator.verify.resolve import Resolver
from migrator.verify.spool import Spool

_SOURCE, _TARGET = "source", "target"
_ROWS = ""
"""Stands for the number of rows where a field is named."""


@dataclass(slots=True)
class _Total:
    """One control total under way. ``spool`` has, by group, lines of (side or bucket, rows, sums)."""

    audit: Audit
    audited: AuditedEntity
    total: NumberTotal
    number: int
    groups: Groups
    spool: Spool

    def add(self, group: Spelled, line: str, rows: int, sums: Sequence[Decimal]) -> None:
        """Rows of a group, and the sums over them, as they stand at the target (multiplied)."""
        self.spool.add(group, orjson.dumps((line, rows, [str(each) for each in sums])).decode())

    def multiplied(self, sums: Sequence[Decimal]) -> list[Decimal]:
        """Raw sums in the unit of the fields."""
        return [number * each.times for number, each in zip(sums, self.total.sums, strict=True)]

    def at_source(self, row: WitnessRow) -> tuple[list[Any], list[Decimal]]:
        """The raw group a row is in, and its numbers."""
        group = [row.values[group_value(self.number, each.field)] for each in self.total.by]
        numbers = [_number(row.values[sum_value(self.number, each.field)]) for each in self.total.sums]
        return group, self.multiplied(numbers)

    def at_target(self, fields: Mapping[str, Value]) -> list[Decimal]:
        """The numbers of a target record."""
        return [_number(fields.get(each.field)) for each in self.total.sums]


class SumCheck:
    """N1 for one entity, over all its sources."""

    def __init__(self, desk: Desk, entity: EntityType, resolver: Resolver) -> None:
        self._desk, self._entity, self._resolver = desk, entity, resolver
        self._totals: dict[str, list[_Total]] = {}
        self._differences = self._compared = 0
        self.accounts: list[SumAccount] = []

    def look(self, batch: Batch) -> None:
        """Add up what did not arrive, and what changed since the cut-off."""
        if batch.audit is None or batch.audited is None or not batch.audited.totals:
            return
        standing = {each.key: each.record.fields for each in batch.standing}
        for total in self._prepared(batch.audit, batch.audited):
            if batch.rows:
                self._rows(total, batch, standing)
            for fields in standing.values() if not batch.rows else ():
                total.add(total.groups.of_record(fields), "gone", -1, [-number for number in total.at_target(fields)])

    def _rows(self, total: _Total, batch: Batch, standing: Mapping[str, Mapping[str, Value]]) -> None:
        """Rows that do not stand at the target as they stand at the source, by what became of them."""
        missed: list[tuple[str, list[Any], list[Decimal]]] = []
        for row in batch.rows:
            item, is_late = batch.items.get(row.key), row.key in batch.late
            if item is not None and item.bucket in LOADED and not is_late:
                continue
            line = "changed" if item is not None and is_late else "new" if item is None else item.bucket.value
            missed.append((line, *total.at_source(row)))
            if is_late and row.key in standing:
                fields = standing[row.key]
                total.add(total.groups.of_record(fields), line, -1, [-number for number in total.at_target(fields)])
        groups = total.groups.of_source([group for _, group, _ in missed])
        for group, (line, _, numbers) in zip(groups, missed, strict=True):
            total.add(group, line, 1, numbers)

    def _prepared(self, audit: Audit, audited: AuditedEntity) -> list[_Total]:
        if audit.source not in self._totals:
            self._totals[audit.source] = [
                _Total(
                    audit,
                    audited,
                    total,
                    number,
                    Groups(audit, self._entity, total, self._resolver),
                    self._desk.spool(),
                )
                for number, total in enumerate(audited.totals)
            ]
        return self._totals[audit.source]

    def conclude(self) -> Sequence[Check]:
        """Both sides group by group. Entities without a declared total are left out."""
        for audit in self._desk.audits.values():  # a source without a row has totals too
            audited = audit.entities.get(self._entity.name)
            if audited is not None and audited.totals:
                self._prepared(audit, audited)
        if not self._totals:
            return ()
        for total in (each for totals in self._totals.values() for each in totals):
            self._fill(total)
            accounts = [self._account(total, name) for name in (_ROWS, *(each.field for each in total.total.sums))]
            for part in total.spool.parts():
                self._compare(total, part, accounts)
            total.spool.close()
            self.accounts += accounts
            if total.total.against is not None:
                kept = KeptSums(self._desk, total.audit.source, total.audited, total.total, total.total.against)
                accounts[0].kept_differing = kept.compare()
        statement = "; ".join(map(_said, self.accounts))
        holds = not self._differences
        return (Check("N1", self._entity.name, holds, self._compared, 0, self._differences, True, statement),)

    def _account(self, total: _Total, of: str) -> SumAccount:
        against = total.total.against
        return SumAccount(
            self._entity.name, total.audit.source, of, list(total.groups.names), kept=against.table if against else ""
        )

    def _fill(self, total: _Total) -> None:
        """Both databases' own sums."""
        witness, name = self._desk.witnesses[total.audit.source], self._entity.name
        for chunk in in_batches(witness.sums(total.audited, total.total)):
            for group, each in zip(total.groups.of_source([each.group for each in chunk]), chunk, strict=True):
                total.add(group, _SOURCE, each.rows or 0, total.multiplied(each.sums))
        of = [each.field for each in total.total.sums]
        for each in self._desk.reader.sums(name, total.audit.source, total.groups.names, of):
            total.add(total.groups.of_target(each.group), _TARGET, each.rows or 0, each.sums)

    def _compare(self, total: _Total, part: Iterator[tuple[str, str]], accounts: Sequence[SumAccount]) -> None:
        """Some of the groups: for rows and for each number, source = target + what did not arrive."""
        groups: dict[Spelled, dict[str, list[Decimal]]] = {}
        for group, payload in part:
            line, rows, sums = orjson.loads(payload)
            numbers = groups.setdefault(group, {}).setdefault(line, [Decimal(0)] * len(accounts))
            for place, number in enumerate((rows, *sums)):
                numbers[place] += Decimal(number)
        for group, lines in sorted(groups.items()):
            self._compared += 1
            for place, account in enumerate(accounts):
                self._group(total, group, {line: numbers[place] for line, numbers in lines.items()}, account)

    def _group(self, total: _Total, group: Spelled, lines: dict[str, Decimal], account: SumAccount) -> None:
        expected, found = lines.pop(_SOURCE, Decimal(0)), lines.pop(_TARGET, Decimal(0))
        missed = {line: number for line, number in lines.items() if number}
        agrees = expected == found + sum(missed.values())
        _add(account, expected, found, missed)
        account.differing += not agrees
        shown = total.groups.shown(group)
        self._desk.lists.sums(
            SumLine(
                account.entity, account.source, account.of, shown, spelled(expected),
                {line: spelled(number) for line, number in missed.items()}, spelled(found), agrees,
            )
        )  # fmt: skip
        if agrees:
            return
        self._differences += 1
        wanted = expected - sum(missed.values())
        kind = DifferenceKind.MISSING if found < wanted else DifferenceKind.EXTRA
        parts = [f"{spelled(expected)} at the source"]
        parts += [f"{spelled(number)} {line}" for line, number in missed.items()]
        named = (kind, f"{account.of or 'rows'}: {' - '.join(parts)} leave {spelled(wanted)}, not {spelled(found)}")
        self._desk.lists.difference(
            "N1", account.entity, _key(account, shown), account.of, named, spelled(wanted), spelled(found)
        )


def _number(value: Any) -> Decimal:
    return Decimal(0) if value is None else Decimal(str(value))


def _add(account: SumAccount, expected: Decimal, found: Decimal, missed: Mapping[str, Decimal]) -> None:
    account.groups += 1
    account.source_sum = spelled(Decimal(account.source_sum) + expected)
    account.target_sum = spelled(Decimal(account.target_sum) + found)
    for line, number in missed.items():
        account.lines[line] = spelled(Decimal(account.lines.get(line, "0")) + number)


def _key(account: SumAccount, group: Mapping[str, str]) -> str:
    """A key no record has."""
    return f"{account.source}:{account.entity}:∑ " + ", ".join(f"{name}={value}" for name, value in group.items())


def _said(account: SumAccount) -> str:
    lines = "".join(f" + {number} {line}" for line, number in account.lines.items())
    kept = f"; {account.kept}, kept by the source, differs from its rows in {account.kept_differing} groups"
    return (
        f"{account.source}: {account.of or 'rows'} by {', '.join(account.by)} in {account.groups} groups: {account.source_sum} "
        f"at the source = {account.target_sum} at the target{lines}, {account.differing} groups differ"
        + (kept if account.kept and not account.of else "")
    )
