"""I1 and D1: fields that must go straight from source to target, without any transforming code.

I1 proves that the audited column's value stands in the audited field of the record with the same legacy key; it finds a
mapping that swaps columns, which no fingerprint can. D1 does the same for instants, and counts how far they are apart.
I1 also holds each merged row against its survivor's record, in the fields the statement names for that: a row that says
something else was not a duplicate, and is lost. Neither says anything of fields that ``audit.yaml`` does not name, nor of
rows that were not loaded for another reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from migrator.model.audit import Audit, AuditedEntity, Identity
from migrator.model.content import EntityType, Kind, Value
from migrator.model.finding import Check, State
from migrator.model.outcome import Bucket
from migrator.ports import TargetRecord, WitnessRow
from migrator.verify.desk import Batch, Desk, by_key
from migrator.verify.kinds import classify
from migrator.verify.readings import Reading, ReadValue, Unreadable, read, reading
from migrator.verify.shown import shown

PUBLIC = frozenset({"published", "archived"})
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Question:
    """An identity made ready to be asked of row after row. ``name`` is the value's name in a witness row."""

    field: str
    name: str
    kind: Kind
    readings: tuple[Reading, ...]
    crosswalk: Mapping[str, str] | None
    prefix: str
    has_optional: bool

    def asked(self, row: WitnessRow, found: Value) -> ReadValue:
        """What must stand at the target, where a value is found there: optional readings only where it differs."""
        answer = self.expected(row)
        if same(answer.value, found) or not self.has_optional:
            return answer
        tried = self.expected(row, optional=True)
        return tried if same(tried.value, found) else answer

    def expected(self, row: WitnessRow, *, optional: bool = False) -> ReadValue:
        """What must stand at the target. Unreadable where the raw value cannot be read or translated."""
        answer = read(row.values[self.name], self.readings, optional=optional)
        value = answer.value
        if self.crosswalk is not None and value is not None:
            translated = self.crosswalk.get(str(value))
            if not translated:
                raise Unreadable(f"the crosswalk has no translation of {value!r}")
            value = translated
        if self.prefix and value is not None:
            value = f"{self.prefix}{value}"
        answer.value = _as_kind(value, self.kind)
        return answer


def question(identity: Identity, kind: Kind, audit: Audit, name: str = "") -> Question:
    """The question for an identity."""
    readings = tuple(reading(spelled) for spelled in identity.read)
    crosswalk = audit.crosswalks[identity.crosswalk] if identity.crosswalk else None
    optional = any(step.optional for step in readings)
    return Question(identity.field, name or identity.field, kind, readings, crosswalk, identity.prefix, optional)


def questions(audit: Audit, audited: AuditedEntity, entity: EntityType, *, instants: bool) -> list[Question]:
    """The questions about instants, or those about everything else. References are R1's."""
    fields = entity.by_name
    return [
        question(identity, fields[identity.field].kind, audit)
        for identity in audited.identities
        if (fields[identity.field].kind is Kind.INSTANT) is instants
    ]


def merged_questions(audit: Audit, audited: AuditedEntity, entity: EntityType) -> list[Question]:
    """The questions a merged row must answer as its survivor does: those the statement names, or the first."""
    fields = entity.by_name
    named = [identity for identity in audited.identities if identity.field in audited.merged]
    return [question(each, fields[each.field].kind, audit) for each in named or audited.identities[:1]]


def _as_kind(value: Any, kind: Kind) -> Any:
    """The same value in the representation of the kind, where that is beyond doubt."""
    if value is None or (type(value) is str and kind is Kind.TEXT) or kind is Kind.INSTANT:
        return value
    if kind is Kind.BOOLEAN and str(value) in {"0", "1", "true", "false"}:
        return str(value) in {"1", "true"}
    if kind is Kind.INTEGER and not isinstance(value, bool):
        if isinstance(value, (float, Decimal)) and value == int(value):
            return int(value)
        return int(value) if isinstance(value, str) and value.isdecimal() else value
    if kind in {Kind.TEXT, Kind.HTML} and isinstance(value, int):
        return str(value)
    return value


def same(expected: Value, found: Value) -> bool:
    """Equal and of one type: true is not 1."""
    return expected == found and type(expected) is type(found)


class IdentityCheck:
    """One of I1 and D1 for one entity."""

    def __init__(self, desk: Desk, entity: EntityType, *, instants: bool) -> None:
        self._desk, self._entity, self._instants = desk, entity, instants
        self.id = "D1" if instants else "I1"
        self._asked: dict[str, list[Question]] = {}
        self._compared = self._not_compared = self._differences = self._values = self._merged = 0
        self._unreadable = ""
        self.offsets: Counter[str] = Counter()

    def look(self, batch: Batch) -> None:
        """Compare every standing record with its source row."""
        asked = self._questions(batch)
        for standing in batch.standing:
            if standing.row is None or not asked:
                self._not_compared += 1
            else:
                self._record(standing.key, standing.row, standing.record, asked)
        if not self._instants:
            self._look_at_merged(batch)

    def _look_at_merged(self, batch: Batch) -> None:
        """Compare every merged row with its survivor's record."""
        merged = {key: item.merged_into or "" for key, item in batch.items.items() if item.bucket is Bucket.MERGED}
        if not merged:
            return
        rows = {row.key: row for row in batch.rows}
        asked = merged_questions(batch.audit, batch.audited, self._entity) if batch.audit and batch.audited else []
        records = by_key(self._desk.reader.read(self._entity.name, list(dict.fromkeys(merged.values()))))
        for key, survivor in merged.items():
            real = [record for record in records.get(survivor, ()) if not record.is_stub]
            if key in rows and real and asked:
                self._merged += 1
                self._record(key, rows[key], real[0], asked, f"merged into {survivor}")
            else:
                self._not_compared += 1

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
            if not same(answer.value, found):
                self._differences += 1
                kind, how = classify(answer.value, found)
                named = (kind, "; ".join(filter(None, (detail, how))))
                self._desk.lists.difference(self.id, self._entity.name, key, ask.field, named, answer.value, found)
            elif answer.announced:
                self._declare(key, ask, row, answer, found)
        self._values += len(asked)
        self._compared += readable
        self._not_compared += not readable

    def _declare(self, key: str, ask: Question, row: WitnessRow, answer: ReadValue, found: Value) -> None:
        raw = row.values[ask.name]
        for kind in dict.fromkeys(answer.announced):
            named = (kind, "as announced: " + ", ".join(step.name for step in ask.readings))
            self._desk.lists.difference(
                self.id, self._entity.name, key, ask.field, named, _plain(raw), found, State.DECLARED
            )

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
        if self._instants and not any(field.kind is Kind.INSTANT for field in self._entity.fields):
            return ()
        what = "instants" if self._instants else "fields"
        names = sorted({ask.field for asked in self._asked.values() for ask in asked})
        statement = (
            f"{self._values} values of the {what} {', '.join(names) or '(none)'}, read from the source by the "
            "auditor's own statement, against the records with the same legacy key"
        )
        if self._merged:
            statement += f", among them {self._merged} merged rows against their survivors' records"
        if self._unreadable:
            statement += f"; could not be read, for example: {self._unreadable}"
        holds = not self._differences if self._compared else None
        counts = (self._compared, self._not_compared, self._differences)
        return (Check(self.id, self._entity.name, holds, *counts, True, statement),)


def _plain(raw: Any) -> Value:
    return raw if raw is None or isinstance(raw, (str, int, datetime)) else str(raw)
