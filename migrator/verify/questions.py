"""Identities made ready to be asked of row after row: what the source says must stand in a field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from migrator.model.audit import BODY_VALUE, Audit, AuditedEntity, Identity
from migrator.model.content import EntityType, Kind, Value
from migrator.ports import WitnessRow
from migrator.verify.body_words import has_words
from migrator.verify.readings import Reading, ReadValue, Unreadable, read, reading


@dataclass(frozen=True, slots=True)
class Question:
    """An identity made ready to be asked of row after row. ``name`` is the value's name in a witness row.

    ``from_body`` has the readings of the body's text where the value may be words of it; None where it may not.
    """

    field: str
    name: str
    kind: Kind
    readings: tuple[Reading, ...]
    crosswalk: Mapping[str, str] | None
    prefix: str
    has_optional: bool
    from_body: tuple[str, ...] | None = None

    def asked(self, row: WitnessRow, found: Value) -> ReadValue:
        """What must stand at the target, where a value is found there: optional readings only where it differs."""
        answer = self.expected(row)
        if same(answer.value, found) or not self.has_optional:
            return answer
        tried = self.expected(row, optional=True)
        return tried if same(tried.value, found) else answer

    def is_in_body(self, row: WitnessRow, found: Value) -> bool:
        """Whether the field may hold words of the source's body, and does."""
        if self.from_body is None or not isinstance(found, str):
            return False
        return has_words(str(row.values.get(BODY_VALUE) or ""), found, self.from_body)

    def expected(self, row: WitnessRow, *, optional: bool = False) -> ReadValue:
        """What must stand at the target. Unreadable where the raw value cannot be read or translated."""
        return self.meant(row.values[self.name], optional=optional)

    def meant(self, raw: Any, *, optional: bool = False) -> ReadValue:
        """What a raw value means. Unreadable where it cannot be read or translated."""
        answer = read(raw, self.readings, optional=optional)
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
    fields, body = entity.by_name, audited.text.read if audited.text else ()
    return [
        replace(question(identity, fields[identity.field].kind, audit), from_body=body if identity.from_body else None)
        for identity in audited.identities
        if (fields[identity.field].kind is Kind.INSTANT) is instants
    ]


def merged_questions(audit: Audit, audited: AuditedEntity, entity: EntityType, reason: str) -> list[Question] | None:
    """The questions a row merged for a reason must answer as its survivor does: those the statement names, or the first.

    None where there is nothing to ask; no question where the statement says that none is to be asked.
    """
    fields, named = entity.by_name, audited.merged.get(reason, audited.merged.get(""))
    if named is None and not audited.identities:
        return None
    identities = audited.identities[:1]
    if named is not None:
        identities = tuple(identity for identity in audited.identities if identity.field in named)
    return [question(each, fields[each.field].kind, audit) for each in identities]


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
