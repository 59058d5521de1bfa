"""V1: every withheld row lies in the vault, whole, and its record nowhere else; nothing else lies there.

The digest kept beside a record is computed again from its text, and what the text says is held against the source's row
by the auditor's own statement. That nothing of it is public is C4's (no record under its key) and U1's (its address is gone
for good); V1 asks the target once more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from migrator.model.accounts import VaultAccount
from migrator.model.content import EntityType
from migrator.model.finding import Check, DifferenceKind
from migrator.model.outcome import Bucket
from migrator.ports import KeptRecord, VaultReader, WitnessRow
from migrator.verify.desk import Batch, Desk, in_batches
from migrator.verify.kinds import Named, classify
from migrator.verify.questions import Question, questions, same
from migrator.verify.readings import Unreadable
from migrator.verify.shown import shown

_K = DifferenceKind


class VaultCheck:
    """V1 for one entity. Without a vault nothing is checked."""

    def __init__(self, desk: Desk, entity: EntityType, vault: VaultReader) -> None:
        self._desk, self._entity, self._vault = desk, entity, vault
        self._asked: dict[str, list[Question]] = {}
        self._differences = self._not_compared = 0
        self.account = VaultAccount(entity.name)

    def look(self, batch: Batch) -> None:
        """Every withheld row of a batch."""
        withheld = [key for key, item in batch.items.items() if item.bucket is Bucket.WITHHELD]
        if not withheld:
            return
        kept, rows = self._vault.read(withheld), {row.key: row for row in batch.rows}
        for key in withheld:
            self.account.withheld += 1
            if any(not record.is_stub for record in batch.records.get(key, ())):
                self._differ(key, "", (_K.EXTRA, "a withheld record stands at the public target"))
            if key not in kept:
                self._differ(key, "", (_K.MISSING, "withheld, but not in the vault"))
                continue
            self.account.kept += 1
            self._whole(kept[key])
            if key in rows and key not in batch.late:
                self._said(batch, rows[key], kept[key])

    def _whole(self, kept: KeptRecord) -> None:
        digest = hashlib.sha256(kept.said.encode("utf-8", "surrogatepass")).hexdigest()
        if digest != kept.content_sha256:
            self._differ(
                kept.key, "", (_K.CHANGED, "not what was put there: its digest is another"), kept.content_sha256, digest
            )
        if not kept.reason:
            self._differ(kept.key, "", (_K.MISSING, "lies there for no reason"))

    def _said(self, batch: Batch, row: WitnessRow, kept: KeptRecord) -> None:
        """What lies there against what the source says."""
        if batch.audit is None or batch.audited is None:
            self._not_compared += 1
            return
        source = batch.audit.source
        if source not in self._asked:
            asked = (
                questions(batch.audit, batch.audited, self._entity, instants=instants) for instants in (False, True)
            )
            self._asked[source] = [each for group in asked for each in group]
        readable = bool(self._asked[source])
        for ask in self._asked[source]:
            found = kept.fields.get(ask.field)
            try:
                expected = ask.asked(row, found).value
            except Unreadable:
                readable = False
                continue
            if not same(expected, found) and (expected or not ask.is_in_body(row, found)):
                self._differ(
                    kept.key, ask.field, classify(expected, found), shown(expected, found), shown(found, expected)
                )
        self.account.compared += readable
        self._not_compared += not readable

    def _differ(
        self, key: str, field: str, named: Named, expected: str | None = None, found: str | None = None
    ) -> None:
        self._differences += 1
        self._desk.lists.difference("V1", self._entity.name, key, field, named, expected, found)

    def conclude(self) -> Sequence[Check]:
        """The result; the whole vault is enumerated, so that nothing lies there that nobody withheld."""
        total = 0
        for keys in in_batches(self._vault.keys(self._entity.name)):
            items = self._desk.ledger.items(keys)
            total += len(keys)
            for key in keys:
                if key not in items or items[key].bucket is not Bucket.WITHHELD:
                    known = f"the ledger says {items[key].bucket}" if key in items else "the ledger does not know it"
                    self._differ(key, "", (_K.EXTRA, f"lies in the vault, but is not withheld: {known}"))
        account = self.account
        if not (account.withheld or total or self._differences):
            return ()
        statement = (
            f"{account.withheld} withheld rows = {account.kept} in the vault + {account.withheld - account.kept} lacking; "
            f"{total} records enumerated there; all digests computed again, {account.compared} records against the source's rows"
        )
        counts = (account.withheld, self._not_compared, self._differences)
        return (Check("V1", self._entity.name, not self._differences, *counts, True, statement),)
