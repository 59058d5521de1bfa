"""C4 and C5: everything at the target is accounted for, and every legacy key leads to one record.

C4 goes both ways. From the ledger: every record said to be loaded is found, or lost. From the target, by enumerating
all of it: every record was there before the first run, or was found, or is foreign, or a double. It proves the
population, not the content. C5 proves that the legacy key stored in the record leads to the id the ledger remembers,
and that a merged key leads to its survivor. Records nobody brought count as from before by their target id; should there
be more of them than there were, the surplus is a difference, though nobody can say which of them it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from migrator.model.content import EntityType
from migrator.model.finding import Check, DifferenceKind
from migrator.model.outcome import Bucket
from migrator.model.record import content_fingerprint
from migrator.ports import Baseline, Item
from migrator.verify.desk import Batch, Desk, in_batches, is_loaded

Entry = tuple[str, str | None, bool]


class Population:
    """C4 and C5 for one entity."""

    def __init__(self, desk: Desk, entity: EntityType) -> None:
        self._desk, self._entity = desk, entity
        self._baseline = next((each for each in desk.ledger.baseline() if each.entity == entity.name), None)
        self.found = self._lost = self._doubled = 0
        self._total = self._before = self._adopted = self._foreign = self._stubs = self._seen = self._unclear = 0
        self._waiting = 0
        self._is_complete = desk.ledger.is_complete(entity.name)
        self._differences = {"C4": 0, "C5": 0}
        self._keys = 0

    def look(self, batch: Batch) -> None:
        """Found or lost, each key once, merged keys at their survivors."""
        merged: dict[str, str | None] = {}
        for key, item in batch.items.items():
            records = [record for record in batch.records.get(key, ()) if not record.is_stub]
            self._keys += 1
            if item.bucket is Bucket.MERGED or (item.bucket is Bucket.GONE and item.merged_into):
                merged[key] = item.merged_into
            elif key in batch.loaded and not records:
                self._lost += 1
                detail = "only a placeholder stands there" if batch.records.get(key) else "no record has this key"
                self._difference("C4", key, DifferenceKind.MISSING, detail)
            elif key in batch.loaded:
                self.found += 1
                self._one_to_one(key, item, [record.target_id for record in records])
        self._survivors(merged)

    def _one_to_one(self, key: str, item: Item, ids: list[str]) -> None:
        if len(ids) > 1:
            self._doubled += len(ids) - 1
            self._difference("C5", key, DifferenceKind.DUPLICATE_OF, f"{len(ids)} records: {', '.join(ids)}")
        elif item.target_id is not None and ids[0] != item.target_id:
            named = (DifferenceKind.CHANGED, "the key stands in another record than the ledger says")
            self._differences["C5"] += 1
            self._desk.lists.difference("C5", self._entity.name, key, "", named, item.target_id, ids[0])

    def _survivors(self, merged: dict[str, str | None]) -> None:
        aliases = self._desk.reader.aliases(list(merged)) if merged else {}
        for key, survivor in merged.items():
            if aliases.get(key) != survivor:
                kind = DifferenceKind.CHANGED if key in aliases else DifferenceKind.MISSING
                self._differences["C5"] += 1
                named = (kind, "a merged key must lead to its survivor")
                self._desk.lists.difference("C5", self._entity.name, key, "", named, survivor, aliases.get(key))

    def _difference(self, check: str, key: str, kind: DifferenceKind, detail: str) -> None:
        self._differences[check] += 1
        self._desk.lists.difference(check, self._entity.name, key, "", (kind, detail))

    def enumerate(self) -> None:
        """Go through all of the target's records of this entity."""
        for chunk in in_batches(self._desk.reader.enumerate(self._entity.name)):
            items = self._desk.ledger.items([key for _, key, _ in chunk if key is not None])
            strangers = [entry for entry in chunk if not self._accounted(entry, items)]
            if strangers:
                self._strangers(strangers, items)
        if self._baseline is not None:
            self._hold_against(self._baseline)

    def _hold_against(self, baseline: Baseline) -> None:
        """As many records from before as there were before."""
        surplus = self._before + self._adopted - baseline.rows
        if surplus < 0:
            self._difference("C4", "", DifferenceKind.MISSING, f"{-surplus} records from before the first run are gone")
        elif surplus > 0:
            detail = f"{surplus} more records with ids from before the first run than the {baseline.rows} there were"
            self._difference("C4", "", DifferenceKind.EXTRA, detail)

    def _accounted(self, entry: Entry, items: Mapping[str, Item]) -> bool:
        """Whether the record is one of ours, or was there before; anything else is a stranger."""
        target_id, key, is_stub = entry
        self._total += 1
        item = items.get(key) if key is not None else None
        if item is not None and is_loaded(item):
            self._seen += not is_stub
            self._stubs += is_stub
            self._adopted += _was_there(target_id, self._baseline) is True
            return True
        is_waiting = item.bucket is Bucket.PENDING if item is not None else not self._is_complete
        if is_stub and key is not None and is_waiting:
            self._waiting += 1
            return True
        was_there = _was_there(target_id, self._baseline)
        if was_there is None:
            self._unclear += 1
        elif was_there:
            self._before += 1
        return was_there is not False

    def _strangers(self, entries: Sequence[Entry], items: Mapping[str, Item]) -> None:
        """Records nobody accounts for. One with the content of a loaded record is its double."""
        contents = {
            record.target_id: content_fingerprint(self._entity, record.fields)
            for record in self._desk.reader.fetch(self._entity.name, [target_id for target_id, _, _ in entries])
        }
        for target_id, key, is_stub in entries:
            item = items.get(key) if key is not None else None
            name = key or f"target:{self._entity.name}:{target_id}"
            content = contents.get(target_id)
            original = self._desk.ledger.by_content(self._entity.name, content) if content and not is_stub else None
            if original is not None:
                self._doubled += 1
                detail = f"target id {target_id}: the same content as {original}"
                self._difference("C4", name, DifferenceKind.DUPLICATE_OF, detail)
                continue
            self._foreign += 1
            self._difference("C4", name, DifferenceKind.EXTRA, f"target id {target_id}: {_why(key, item, is_stub)}")

    def conclude(self) -> Sequence[Check]:
        """C4 and C5."""
        name = self._entity.name
        if self._seen != self.found and not any(self._differences.values()):
            detail = f"{self.found} records found by key, but {self._seen} by enumeration; did the target change?"
            self._difference("C4", "", DifferenceKind.CHANGED, detail)
        statement = (
            f"{self.found + self._lost} loaded = {self.found} found + {self._lost} lost; {self._total} records at the "
            f"target = {self._before} from before + {self.found} found + {self._foreign} foreign + {self._doubled} "
            f"doubled + {self._stubs} placeholders of lost ones + {self._waiting} placeholders of rows not read yet + "
            f"{self._unclear} nobody can place"
        )
        compared = self._total - self._unclear + self._lost
        holds = not self._differences["C4"] if compared or not self._unclear else None
        return (
            Check("C4", name, holds, compared, self._unclear, self._differences["C4"], True, statement),
            Check(
                "C5", name, not self._differences["C5"], self._keys, 0, self._differences["C5"], True,
                "every loaded key in one record, the one the ledger remembers; every merged key leads to its survivor",
            ),
        )  # fmt: skip


def _was_there(target_id: str, baseline: Baseline | None) -> bool | None:
    """Whether the record is older than the first run; None where that cannot be told."""
    if baseline is None:
        return None
    if not baseline.rows or baseline.largest_id is None:
        return False
    if target_id.isdecimal() and baseline.largest_id.isdecimal():
        return int(target_id) <= int(baseline.largest_id)
    return None


def _why(key: str | None, item: Item | None, is_stub: bool) -> str:
    if is_stub:
        return "a placeholder that was never filled" + (f" ({item.bucket})" if item else "")
    if key is None:
        return "no legacy key, and not there before the first run"
    if item is None:
        return "the ledger does not know this key"
    return f"the ledger says {item.bucket}" + (f" into {item.merged_into}" if item.merged_into else "")
