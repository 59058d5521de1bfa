"""C1 to C3: the sums. C1 counts and enumerates the source over the witness's own connection; C2, C3 repeat the ledger.

C1 proves, as sets of keys and not only as numbers, that every row of the audited table has exactly one outcome and that
no outcome was invented. It does not prove that the outcome was the right one. C2 and C3 are claims: they show that the
ledger agrees with itself, and are labelled so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from migrator.model.audit import Audit, AuditedEntity, cell_value
from migrator.model.content import EntityType, Kind, Value
from migrator.model.examination import COUNTED, EntityTotals
from migrator.model.finding import Check, DifferenceKind
from migrator.model.outcome import LOADED, Bucket
from migrator.ports import Item, WitnessRow
from migrator.verify.desk import Batch, Desk
from migrator.verify.questions import Question, question
from migrator.verify.readings import ZONE, Unreadable

_UNDATED = "0000-00"
_CELL = ("section", "status", "year")
_REASONED = frozenset({Bucket.DROPPED, Bucket.REJECTED, Bucket.FAILED, Bucket.CONFLICT, Bucket.WITHHELD})
_TRANSFORMED = LOADED | {Bucket.FAILED, Bucket.PENDING}


class Totals:
    """Control totals of one entity, over all its sources."""

    def __init__(self, desk: Desk, entity: EntityType) -> None:
        self._desk, self._entity = desk, entity
        self._complete = desk.ledger.is_complete(entity.name)
        self.totals = EntityTotals(0, 0, {bucket.value: 0 for bucket in COUNTED})
        self._cells: dict[str, list[Question]] = {}
        self._dates: dict[str, Question | None] = {}
        self._last_key = ""
        self._with_item = self._differences = self._surplus = self._counted = self._contradictions = self._missed = 0
        self._cut_offs = desk.history.cut_offs
        self._unaudited = self._unread = 0
        self._audited = False
        self._streamed: Counter[str] = Counter()
        self._date_field = next(
            (f.name for name in ("published_at", "created_at") for f in entity.fields if f.name == name), ""
        )

    @property
    def pending(self) -> int:
        """Source rows the run has not come to; rows that came after its cut-off are not among them."""
        return self._unread

    def expect_rows(self, rows: int) -> None:
        """The witness's count of a source, to be met by the enumeration."""
        self._audited = True
        self._counted += rows

    def look(self, batch: Batch) -> None:
        """Count the rows of a batch; for keys the source does not have, the outcomes are the surplus."""
        for item in batch.items.values():
            self._streamed[item.bucket] += 1
            self._consistent(item)
        if batch.audited is None or batch.audit is None:
            self._unaudited += len(batch.keys)
            self.totals.target += len(batch.standing)
            return
        if not batch.rows:
            self._gone(batch)
            return
        cells, dated = self._prepare(batch.audit, batch.audited)
        months = self.totals.months
        standing = {each.key: each.record for each in batch.standing}
        for row in batch.rows:
            bucket = self._bucket(row, batch.items.get(row.key), is_late=row.key in batch.late)
            if bucket is None:
                continue
            self.totals.source += 1
            self.totals.buckets[bucket] += 1
            if cells:
                cell = self.totals.cells.setdefault("|".join(_cell(ask, row) for ask in cells), {})
                cell[bucket] = cell.get(bucket, 0) + 1
            if dated is not None:
                months.setdefault(_month(_answer(dated, row)), [0, 0])[0] += 1
            record = standing.get(row.key)
            if record is not None:
                self.totals.target += 1
                if dated is not None:
                    months.setdefault(_month(record.fields.get(self._date_field)), [0, 0])[1] += 1

    def _gone(self, batch: Batch) -> None:
        """Outcomes of keys the source does not have: gone, which C6 lists and counts, or invented."""
        self.totals.target += len(batch.standing)
        is_counted = (
            self._complete and batch.audit is not None and (batch.audit.source, self._entity.name) in self._cut_offs
        )
        for key in batch.keys:
            bucket = batch.items[key].bucket
            self.totals.gone[bucket.value] = self.totals.gone.get(bucket.value, 0) + 1
            if bucket is Bucket.GONE or is_counted:
                self._missed += 1
                continue
            self._surplus += 1
            self._difference(key, DifferenceKind.EXTRA, "the ledger has an outcome, the source has no such row")

    def _bucket(self, row: WitnessRow, item: Item | None, *, is_late: bool) -> str | None:
        if row.key == self._last_key:
            self.totals.source += 1
            self._difference(row.key, DifferenceKind.DUPLICATE_OF, "the source has this key twice")
            return None
        self._last_key = row.key
        if item is not None and item.bucket is not Bucket.GONE:
            self._with_item += 1
            self._unread += item.bucket is Bucket.PENDING
            return item.bucket.value
        if is_late or not self._complete:
            self._unread += not is_late
            return Bucket.PENDING.value
        self.totals.source += 1
        why = "the ledger says that it is gone" if item is not None else "the ledger has no outcome"
        self._difference(row.key, DifferenceKind.MISSING, f"the source has this row, {why}")
        return None

    def _difference(self, key: str, kind: DifferenceKind, detail: str) -> None:
        self._differences += 1
        self._desk.lists.difference("C1", self._entity.name, key, "", (kind, detail))

    def _prepare(self, audit: Audit, audited: AuditedEntity) -> tuple[list[Question], Question | None]:
        source = audit.source
        if source not in self._cells:
            names = [name for name in _CELL if name in audited.cell]
            self._cells[source] = [question(audited.cell[name], Kind.TEXT, audit, cell_value(name)) for name in names]
            dates = [identity for identity in audited.identities if identity.field == self._date_field]
            self._dates[source] = question(dates[0], Kind.INSTANT, audit) if dates else None
        return self._cells[source], self._dates[source]

    def _consistent(self, item: Item) -> None:
        """An outcome that lacks what its bucket demands is a contradiction in the ledger's own claim."""
        wrong = ""
        if item.bucket in LOADED and (item.target_id is None or item.content is None):
            wrong = "loaded, but without target id or fingerprint"
        elif item.bucket is Bucket.MERGED and not item.merged_into:
            wrong = "merged, but into nothing"
        elif item.bucket in _REASONED and not item.reason:
            wrong = f"{item.bucket}, but without a reason"
        if wrong:
            self._contradictions += 1
            self._desk.lists.difference("C2", self._entity.name, item.key, "", (DifferenceKind.MISSING, wrong))

    def conclude(self) -> Sequence[Check]:
        """C1, C2 and C3."""
        return self._source_check(), *self._claims(self._desk.ledger.counts().get(self._entity.name, {}))

    def _source_check(self) -> Check:
        rows, source = self._counted, self.totals.source
        if not self._audited:
            return Check("C1", self._entity.name, None, 0, self._unaudited, 0, True, "no audit statement names this")
        if rows != source:
            kind = DifferenceKind.MISSING if rows > source else DifferenceKind.EXTRA
            self._difference("", kind, f"the source counts {rows} rows, but {source} could be enumerated by key")
        statement = (
            f"{source} rows enumerated and {rows} counted at the source over a connection of its own; "
            f"{self._with_item} have an outcome, {self.totals.buckets[Bucket.PENDING]} are pending, {self._surplus} outcomes "
            f"have no row, {self._missed} more belong to rows that are gone (C6)"
        )
        compared, not_compared = source - self.pending + self._surplus, self.pending + self._unaudited
        holds = not self._differences if compared or not not_compared else None
        return Check("C1", self._entity.name, holds, compared, not_compared, self._differences, True, statement)

    def _claims(self, counts: Mapping[str, int]) -> tuple[Check, Check]:
        gone = counts.get(Bucket.GONE, 0)
        extracted = sum(counts.values()) - gone
        loaded = sum(counts.get(bucket, 0) for bucket in LOADED)
        failed, pending = counts.get(Bucket.FAILED, 0), counts.get(Bucket.PENDING, 0)
        kept_out = extracted - loaded - failed - pending
        claim, seen = {str(k): v for k, v in counts.items() if v}, {str(k): v for k, v in self._streamed.items() if v}
        agrees = claim == seen
        if not agrees:
            detail = f"the ledger counts {claim}, but its items are {seen}"
            self._desk.lists.difference("C2", self._entity.name, "", "", (DifferenceKind.CHANGED, detail))
        wrong = self._contradictions + (not agrees)
        unequal = self._unequal(claim, seen)
        return (
            Check(
                "C2", self._entity.name, not wrong, extracted, 0, wrong, False,
                f"{extracted} extracted = {loaded + failed + pending} transformed + {kept_out} merged, dropped, "
                f"withheld, rejected or left to an editor, besides {gone} rows gone at the source; the ledger's claim, compared "
                "with its own items",
            ),
            Check(
                "C3", self._entity.name, not unequal, loaded + failed + pending, 0, unequal, False,
                f"{loaded + failed + pending} transformed = {loaded} loaded + {failed} failed + {pending} not "
                "attempted; the ledger's claim, compared with its own items",
            ),
        )  # fmt: skip

    def _unequal(self, claim: Mapping[str, int], seen: Mapping[str, int]) -> int:
        """Number of buckets after the transformation that the ledger counts otherwise than its items."""
        wrong = [b for b in Bucket if b in _TRANSFORMED and claim.get(b, 0) != seen.get(b, 0)]
        for bucket in wrong:
            detail = f"{bucket}: the ledger counts {claim.get(bucket, 0)}, its items are {seen.get(bucket, 0)}"
            self._desk.lists.difference("C3", self._entity.name, "", "", (DifferenceKind.CHANGED, detail))
        return len(wrong)


def _cell(ask: Question, row: WitnessRow) -> str:
    value = _answer(ask, row)
    return "" if value is None else str(value)


def _answer(ask: Question, row: WitnessRow) -> Value:
    try:
        value: Value = ask.expected(row).value
    except Unreadable:
        return None
    return value


def _month(moment: Value) -> str:
    if not isinstance(moment, datetime):
        return _UNDATED
    local = moment.astimezone(ZONE)
    return f"{local.year:04d}-{local.month:02d}"
