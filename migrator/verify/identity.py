"""I1 and D1: fields that must go straight from source to target, without any transforming code.

I1 proves that the audited column's value stands in the audited field of the record with the same legacy key; it finds a
mapping that swaps columns, which no fingerprint can. D1 does the same for instants, and counts how far they are apart.
I1 also holds each merged row against its survivor's record – of whichever source –, in the fields the statement names for
its reason: a row that says something else was not a duplicate, and is lost. Neither says anything of fields that
``audit.yaml`` does not name, of rows changed after the cut-off, nor of rows that were not loaded for another reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from migrator.model.content import EntityType, Kind, Value
from migrator.model.finding import Check, DifferenceKind, State
from migrator.model.outcome import Bucket
from migrator.ports import TargetRecord, WitnessRow
from migrator.verify.desk import Batch, Desk, by_key
from migrator.verify.kinds import Named, classify
from migrator.verify.questions import Question, merged_questions, questions, same
from migrator.verify.readings import ReadValue, Unreadable
from migrator.verify.shown import shown
from migrator.verify.twins import Twins

PUBLIC = frozenset({"published", "archived"})
_HOUR = timedelta(hours=1)


class IdentityCheck:
    """One of I1 and D1 for one entity."""

    def __init__(self, desk: Desk, entity: EntityType, *, instants: bool) -> None:
        self._desk, self._entity, self._instants = desk, entity, instants
        self.id = "D1" if instants else "I1"
        self._asked: dict[str, list[Question]] = {}
        self._merged_asked: dict[tuple[str, str], list[Question] | None] = {}
        self._compared = self._not_compared = self._differences = self._values = self._merged = self._led = 0
        self._unreadable = ""
        self._emptied: set[str] = set()
        self._twins = Twins(desk, entity)
        self.offsets: Counter[str] = Counter()

    def look(self, batch: Batch) -> None:
        """Compare every standing record with its source row. One whose row is gone is C1's, or C6's."""
        asked, empty = self._questions(batch), self._must_be_empty(batch)
        for standing in batch.settled:
            for field in empty:
                self._empty(standing.key, field, standing.record.fields.get(field))
            if asked and standing.row is not None:
                self._record(standing.key, standing.row, standing.record, asked)
            elif not asked:
                self._compared += bool(empty)
                self._not_compared += not empty
        self._look_at_merged(batch)

    def _must_be_empty(self, batch: Batch) -> list[str]:
        """Fields the source has nothing for."""
        fields = self._entity.by_name
        declared = batch.audited.empty if batch.audited is not None else ()
        found = [name for name in declared if (fields[name].kind is Kind.INSTANT) is self._instants]
        self._emptied |= set(found)
        return found

    def _empty(self, key: str, field: str, found: Value) -> None:
        if found:
            named = (DifferenceKind.EXTRA, "the auditor declared that the source has nothing for this field")
            self._differ(key, field, named, None, found)

    def _look_at_merged(self, batch: Batch) -> None:
        """Compare every merged row with its survivor's record, and remember what the survivor may have taken from it."""
        merged = {key: item for key, item in batch.items.items() if item.bucket is Bucket.MERGED and item.merged_into}
        if not merged:
            return
        rows = {row.key: row for row in batch.rows if row.key not in batch.late}
        for key, item in merged.items():
            if key in rows:
                self._offer(batch, rows[key], str(item.merged_into))
        if self._instants:
            return
        survivors = list(dict.fromkeys(str(item.merged_into) for item in merged.values()))
        records = by_key(self._desk.reader.read(self._entity.name, survivors))
        for key, item in merged.items():
            real = [record for record in records.get(str(item.merged_into), ()) if not record.is_stub]
            asked = self._questions_of_merged(batch, item.reason)
            if asked == []:
                self._led += 1
            elif key in rows and real and asked:
                self._merged += 1
                self._record(key, rows[key], real[0], asked, f"merged into {item.merged_into}")
            else:
                self._not_compared += key not in batch.late

    def _offer(self, batch: Batch, row: WitnessRow, survivor: str) -> None:
        """What the survivor may have taken from the row, by the row's own statement."""
        wanted = self._twins.fields(survivor)
        for ask in self._questions(batch) if wanted else ():
            if ask.field in wanted:
                for optional in (False, True):
                    with suppress(Unreadable):
                        self._twins.offer(survivor, ask.field, ask.expected(row, optional=optional).value, row.key)

    def _questions_of_merged(self, batch: Batch, reason: str) -> list[Question] | None:
        """None where nobody wrote a statement; no question where nothing but the alias is to be compared."""
        if batch.audit is None or batch.audited is None:
            return None
        if (batch.audit.source, reason) not in self._merged_asked:
            asked = merged_questions(batch.audit, batch.audited, self._entity, reason)
            self._merged_asked[batch.audit.source, reason] = asked
        return self._merged_asked[batch.audit.source, reason]

    def _questions(self, batch: Batch) -> list[Question]:
        if batch.audit is None or batch.audited is None:
            return []
        source = batch.audit.source
        if source not in self._asked:
            self._asked[source] = questions(batch.audit, batch.audited, self._entity, instants=self._instants)
        return self._asked[source]

    def _record(
        self, key: str, row: WitnessRow, record: TargetRecord, asked: Sequence[Question], detail: str = ""
    ) -> None:
        """Compare a source row with a record: its own, or its survivor's, which ``detail`` then names."""
        readable = True
        for ask in asked:
            found = record.fields.get(ask.field)
            try:
                answer = ask.asked(row, found)
            except Unreadable as error:
                readable = False
                self._unreadable = self._unreadable or f"{key} {ask.field}: {error}"
                continue
            if self._instants:
                self._instant(key, record, ask, answer.value, found)
            if not answer.value and found and ask.is_in_body(row, found):
                named = (DifferenceKind.BODY, "words of the source's body, as announced")
                self._declared(key, ask, row, named, found)
            elif not same(answer.value, found):
                kind, how = classify(answer.value, found)
                named = (kind, "; ".join(filter(None, (detail, how))))
                if ask.field in self._twins.fields(key) and not detail:
                    self._twins.wait(key, ask.field, named, answer.value, found)
                else:
                    self._differ(key, ask.field, named, answer.value, found)
            elif answer.announced:
                self._declare(key, ask, row, answer, found)
        self._values += len(asked)
        self._compared += readable
        self._not_compared += not readable

    def _differ(self, key: str, field: str, named: Named, expected: Value, found: Value) -> None:
        self._differences += 1
        self._desk.lists.difference(self.id, self._entity.name, key, field, named, expected, found)

    def _settle(self) -> None:
        """What waited for a twin."""
        for each in self._twins.settle():
            if not each.taken_from:
                self._differ(each.key, each.field, each.named, each.expected, each.found)
                continue
            named = (DifferenceKind.TWIN, f"taken from {each.taken_from}, which was merged into it")
            self._desk.lists.difference(
                self.id, self._entity.name, each.key, each.field, named, each.expected, each.found, State.DECLARED
            )

    def _declare(self, key: str, ask: Question, row: WitnessRow, answer: ReadValue, found: Value) -> None:
        for kind in dict.fromkeys(answer.announced):
            named = (kind, "as announced: " + ", ".join(step.name for step in ask.readings))
            self._declared(key, ask, row, named, found)

    def _declared(self, key: str, ask: Question, row: WitnessRow, named: Named, found: Value) -> None:
        raw = _plain(row.values[ask.name])
        self._desk.lists.difference(self.id, self._entity.name, key, ask.field, named, raw, found, State.DECLARED)

    def _instant(self, key: str, record: TargetRecord, ask: Question, expected: Value, found: Value) -> None:
        if isinstance(expected, datetime) and isinstance(found, datetime) and found.tzinfo:
            delta = found - expected
            self.offsets[f"{delta // _HOUR}" if not delta % _HOUR else "other"] += 1
        if ask.field != "published_at" or record.fields.get("status") not in PUBLIC:
            return
        moment = expected if isinstance(expected, datetime) else None
        if moment is None or moment.astimezone(UTC).year <= 1970:
            self._desk.lists.finding("zero-date", self._entity.name, key, f"{ask.field}: {shown(moment)}")
        elif moment > self._desk.now:
            self._desk.lists.finding("future-date", self._entity.name, key, f"{ask.field}: {shown(moment)}")

    def conclude(self) -> Sequence[Check]:
        """The result. An entity with records but without a single question was not compared at all."""
        self._settle()
        if self._instants and not any(field.kind is Kind.INSTANT for field in self._entity.fields):
            return ()
        what = "instants" if self._instants else "fields"
        names = sorted({ask.field for asked in self._asked.values() for ask in asked})
        names += [f"{name} (must be empty)" for name in sorted(self._emptied)]
        statement = (
            f"{self._values} values of the {what} {', '.join(names) or '(none)'}, read from the source by the "
            "auditor's own statement, against the records with the same legacy key"
        )
        if self._merged:
            statement += f", among them {self._merged} merged rows against their survivors' records"
        if self._led:
            statement += f"; of {self._led} merged rows only the alias is compared (C5), as the statement has it"
        if self._unreadable:
            statement += f"; could not be read, for example: {self._unreadable}"
        holds = not self._differences if self._compared else None
        counts = (self._compared, self._not_compared, self._differences)
        return (Check(self.id, self._entity.name, holds, *counts, True, statement),)


def _plain(raw: Any) -> Value:
    return raw if raw is None or isinstance(raw, (str, int, datetime)) else str(raw)
