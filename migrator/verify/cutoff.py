"""C6: what became of the source after the cut-off of the run.

A row is *late* where the column declared under ``changed:`` says so, or – without an outcome – came after the cut-off. Late
rows are findings and are compared with nothing: the next run takes them in. Rows the source no longer has are findings as
well, once. That nothing hides among them is proved by numbers: the rows at the marker, and those that came, less those
that went, must be the rows there are now. And a row changed between two runs must have been transformed by the later one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from migrator.model.accounts import CutOffAccount
from migrator.model.audit import CHANGED_VALUE, Audit, AuditedEntity
from migrator.model.content import EntityType, Kind
from migrator.model.finding import Check, DifferenceKind
from migrator.model.outcome import Bucket
from migrator.ports import Item, WitnessRow
from migrator.verify.desk import Batch, Desk
from migrator.verify.history import CutOff
from migrator.verify.questions import Question, question
from migrator.verify.readings import Unreadable

_SKEW = timedelta(hours=1)
"""How far the source's clock may be ahead."""


class Clock:
    """When the rows of an entity were last changed, as the statement declares it."""

    def __init__(self, entity: str) -> None:
        self._entity = entity
        self._asked: dict[str, Question | None] = {}

    def changed_at(self, audit: Audit, audited: AuditedEntity, row: WitnessRow) -> datetime | None:
        """When the row was changed; None where nobody can tell."""
        if audit.source not in self._asked:
            declared = audited.changed
            self._asked[audit.source] = question(declared, Kind.INSTANT, audit, CHANGED_VALUE) if declared else None
        ask = self._asked[audit.source]
        try:
            moment = ask.expected(row).value if ask else None
        except Unreadable:
            return None
        return moment if isinstance(moment, datetime) and moment.tzinfo else None

    def late(self, batch: Batch, cut_off: CutOff | None, now: datetime) -> frozenset[str]:
        """Keys of the rows that were changed, or came, after the cut-off and before now."""
        if batch.audit is None or batch.audited is None or batch.audited.changed is None or cut_off is None:
            return frozenset()
        found = []
        for row in batch.rows:
            moment = self.changed_at(batch.audit, batch.audited, row)
            if moment is not None and cut_off.at < moment <= now + _SKEW:  # nothing was changed in the future
                found.append(row.key)
        return frozenset(found)


class CutOffCheck:
    """C6 for one entity, over all its sources."""

    def __init__(self, desk: Desk, entity: EntityType) -> None:
        self._desk, self._entity = desk, entity
        self._complete = desk.ledger.is_complete(entity.name)
        self._clock = Clock(entity.name)
        self._differences = 0
        self.accounts: dict[str, CutOffAccount] = {}

    def look(self, batch: Batch) -> None:
        """Sort the rows of a batch by what happened to them since the cut-off."""
        if batch.audit is None or batch.audited is None or not self._complete:
            return
        cut_off = self._desk.history.cut_offs.get((batch.audit.source, self._entity.name))
        account = self._account(batch.audit, batch.audited, cut_off) if cut_off is not None else None
        if not batch.rows:
            for key in batch.keys:
                self._gone(key, batch.items[key], account)
        if cut_off is None or account is None or not batch.rows:
            return
        account.rows_now += len(batch.rows)
        for row in batch.rows:
            item = batch.items.get(row.key)
            if row.key in batch.late:
                self._came_or_changed(row.key, item, account)
            elif batch.audited.changed is not None and item is not None:
                self._taken_in(batch.audit, batch.audited, row, item, cut_off)

    def _account(self, audit: Audit, audited: AuditedEntity, cut_off: CutOff) -> CutOffAccount:
        if audit.source not in self.accounts:
            self.accounts[audit.source] = CutOffAccount(
                self._entity.name, audit.source, cut_off.run, cut_off.at.isoformat(timespec="seconds"), cut_off.rows, 0,
                0 if audited.changed is not None else None,
            )  # fmt: skip
        return self.accounts[audit.source]

    def _came_or_changed(self, key: str, item: Item | None, account: CutOffAccount) -> None:
        lists, name = self._desk.lists, self._entity.name
        if item is None or item.bucket is Bucket.GONE:
            account.new += 1
            lists.finding("new-since-cutoff", name, key, "came to the source after the cut-off: not loaded yet")
        else:
            account.changed = (account.changed or 0) + 1
            lists.finding(
                "changed-since-cutoff", name, key, "changed at the source after the cut-off: not loaded again"
            )

    def _gone(self, key: str, item: Item, account: CutOffAccount | None) -> None:
        """A key the source no longer has. One the ledger does not call gone needs a cut-off it can have gone after."""
        lists, name = self._desk.lists, self._entity.name
        if item.bucket is not Bucket.GONE:
            if account is not None:
                account.gone_since += 1
                detail = f"deleted at the source after the cut-off; it was {item.bucket}"
                lists.finding("gone-since-cutoff", name, key, detail)
            return
        stands = item.content is not None or item.merged_into is not None
        if account is not None:
            account.gone += 1
            account.kept += stands
        where = "it still stands at the target" if stands else "nothing of it stands at the target"
        lists.finding("gone", name, key, "; ".join(filter(None, (f"deleted at the source; {where}", item.detail))))

    def _taken_in(self, audit: Audit, audited: AuditedEntity, row: WitnessRow, item: Item, cut_off: CutOff) -> None:
        """A row changed between the first and the newest cut-off must have been transformed since."""
        moment = self._clock.changed_at(audit, audited, row)
        if moment is None or not cut_off.first_at < moment <= cut_off.at or not item.transformed_seq:
            return
        self.accounts[audit.source].loaded_again += 1
        run = self._desk.history.run_of(item.transformed_seq)
        if run is not None and run.ended_at is not None and moment > run.ended_at:
            detail = f"changed after run {run.id} had ended, and not transformed since"
            self._difference(row.key, DifferenceKind.CHANGED, detail, moment, run.ended_at)

    def _difference(
        self, key: str, kind: DifferenceKind, detail: str,
        expected: datetime | None = None, found: datetime | None = None,
    ) -> None:  # fmt: skip
        self._differences += 1
        self._desk.lists.difference("C6", self._entity.name, key, "", (kind, detail), expected, found)

    def conclude(self) -> Sequence[Check]:
        """The result. Entities without a cut-off anybody knows are left out."""
        if not self.accounts:
            return ()
        for source, account in self.accounts.items():
            self._balance(account, self._desk.history.cut_offs[source, self._entity.name])
        holds = not self._differences
        rows = sum(account.rows_now for account in self.accounts.values())
        statement = "; ".join(map(_said, self.accounts.values()))
        return (Check("C6", self._entity.name, holds, rows, 0, self._differences, True, statement),)

    def _balance(self, account: CutOffAccount, cut_off: CutOff) -> None:
        """The rows at the marker, and what came, less what went, are the rows there are."""
        surplus = account.rows_now - (account.rows_then + account.new - account.gone_since)
        allowed = 0 if cut_off.is_exact else (account.changed or 0)
        if 0 <= surplus <= allowed or (surplus < 0 and not cut_off.is_exact):
            return
        detail = (
            f"{account.source}: {account.rows_then} rows at the cut-off + {account.new} new - {account.gone_since} gone "
            f"are not the {account.rows_now} there are now"
        )
        self._difference("", DifferenceKind.EXTRA if surplus > 0 else DifferenceKind.MISSING, detail)


def _said(account: CutOffAccount) -> str:
    changed = (
        "rows changed since are not looked for: no column says when"
        if account.changed is None
        else f"{account.changed} rows changed since by their own date, listed as pending and not compared; "
        f"{account.loaded_again} changed between the first cut-off and this one, each transformed since"
    )
    return (
        f"{account.source}: {account.rows_then} rows at the cut-off of run {account.run} ({account.cut_off_at}) + "
        f"{account.new} new - {account.gone_since} gone since = {account.rows_now} now; {changed}; {account.gone} gone rows "
        f"put on record, {account.kept} of them still standing at the target"
    )
