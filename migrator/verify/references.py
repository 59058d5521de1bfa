"""R1: every reference leads at the target to the counterpart of the same legacy object.

Legacy ids come straight from the source; where they must lead is worked out from the ledger's outcomes (a merged
object leads to its survivor). A reference to an object that was not loaded is expected to be absent and is listed as
*declared*, with the object's bucket; one to an object the source itself does not have is a finding about the source.
Fields declared bare must be empty. Where a statement declares no reference of an entity that can have some, none of its
records was compared: R1 is essential, so nothing is accepted until the auditor names the pointer, or says ``none``.
Internal links in bodies are compared by :mod:`migrator.verify.links`, and counted here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from migrator.model.audit import Audit, AuditedEntity, Pointer
from migrator.model.content import EntityType, Kind, Value
from migrator.model.finding import Check, DifferenceKind, State
from migrator.model.record import record_key
from migrator.ports import WitnessRow
from migrator.verify.desk import Batch, Desk, Standing
from migrator.verify.kinds import classify_references
from migrator.verify.links import BodyLinks
from migrator.verify.resolve import Resolved, Resolver


@dataclass(frozen=True, slots=True)
class Pointed:
    """A pointer made ready. ``single``: the field holds one reference."""

    pointer: Pointer
    source: str
    single: bool

    def keys(self, row: WitnessRow) -> list[str]:
        """Legacy keys of the objects the row points to, in order, each once."""
        return self.keys_of(row.pointers[self.pointer.field])

    def keys_of(self, raw: Sequence[Any]) -> list[str]:
        """Legacy keys of the objects that raw values mean, in order, each once."""
        return list(dict.fromkeys(self._key(value) for value in self._ids(raw)))

    def _ids(self, raw: Sequence[Any]) -> list[str]:
        ids = [str(value) for value in raw if value is not None]
        if self.pointer.split:
            ids = [part for value in ids for part in value.split(self.pointer.split)]
        return [value for value in map(str.strip, ids) if value and value not in self.pointer.none]

    def _key(self, value: str) -> str:
        if self.pointer.whole:
            return value
        value = self.pointer.prefix + value
        parts = value.split(self.pointer.parts) if self.pointer.parts else (value,)
        return record_key(self.source, self.pointer.to, parts)


class ReferenceCheck:
    """R1 for one entity."""

    def __init__(self, desk: Desk, entity: EntityType, resolver: Resolver) -> None:
        self._desk, self._entity, self._resolver = desk, entity, resolver
        self._links = BodyLinks(desk, entity, resolver)
        self._asked: dict[str, list[Pointed]] = {}
        self._compared = self._not_compared = self._differences = self._references = self._absent = 0
        self._unknown = ""
        self._bare: dict[str, None] = {}

    def look(self, batch: Batch) -> None:
        """Compare the references of every standing record whose row is there, as the run met it."""
        unclear = self._links.look(batch)
        if batch.audit is None or batch.audited is None or self._is_silent(batch.audited):
            self._not_compared += len(batch.settled)
            return
        asked = self._pointers(batch.audit, batch.audited)
        self._bare |= dict.fromkeys(batch.audited.bare)
        wanted = [
            (standing, [ask.keys(standing.row) for ask in asked])
            for standing in batch.settled
            if standing.row is not None
        ]
        everything = {key: None for _, lists in wanted for keys in lists for key in keys}
        resolved = self._resolver.resolve(everything)
        for standing, lists in wanted:
            clear = standing.key not in unclear
            self._empty(standing, batch.audited.bare)
            for ask, keys in zip(asked, lists, strict=True):
                clear &= self._field(standing, ask, keys, resolved)
            self._compared += clear
            self._not_compared += not clear

    def _is_silent(self, audited: AuditedEntity) -> bool:
        """Whether the statement leaves every reference field of the entity out."""
        return bool(self._entity.references) and not (audited.pointers or audited.bare)

    def _empty(self, standing: Standing, bare: Sequence[str]) -> None:
        """The source has nothing these fields could point to."""
        for field in bare:
            found = standing.record.fields.get(field)
            if found:
                self._differences += 1
                named = (DifferenceKind.EXTRA, "the auditor declared that the source has no such reference")
                self._desk.lists.difference("R1", self._entity.name, standing.key, field, named, None, found)

    def _pointers(self, audit: Audit, audited: AuditedEntity) -> list[Pointed]:
        if audit.source not in self._asked:
            fields = self._entity.by_name
            self._asked[audit.source] = [
                Pointed(pointer, audit.source, fields[pointer.field].kind is Kind.REF) for pointer in audited.pointers
            ]
        return self._asked[audit.source]

    def _field(self, standing: Standing, ask: Pointed, keys: list[str], resolved: Mapping[str, Resolved]) -> bool:
        """Compare one field. False where it could not be compared."""
        leads: dict[str, None] = {}
        for key in keys:
            answer = resolved[key]
            if answer.state == "stands":
                leads[answer.target] = None
            elif answer.state == "unknown":
                self._unknown = self._unknown or f"{standing.key} {ask.pointer.field}: {key}: {answer.why}"
                return False
            else:
                self._absent_reference(standing, ask, key, answer)
        if ask.single and len(leads) > 1:
            self._unknown = self._unknown or f"{standing.key} {ask.pointer.field}: several ids for one reference"
            return False
        self._references += len(leads)
        expected: Value = tuple(leads)
        found = standing.record.fields.get(ask.pointer.field)
        if ask.single:
            expected = next(iter(leads), None)
        if not _equal(expected, found, ordered=ask.pointer.ordered):
            self._differences += 1
            self._desk.lists.difference(
                "R1", self._entity.name, standing.key, ask.pointer.field, classify_references(expected, found),
                expected, found,
            )  # fmt: skip
        return True

    def _absent_reference(self, standing: Standing, ask: Pointed, key: str, answer: Resolved) -> None:
        """A reference that must not be there: its object was not loaded, or never existed."""
        self._absent += 1
        name = self._entity.name
        if answer.state == "dangling" and ask.pointer.optional:
            return
        field = ask.pointer.field
        if answer.state == "dangling":
            self._desk.lists.finding("dangling-reference", name, standing.key, f"{field}: {key} is not in the source")
        else:
            named = (DifferenceKind.MISSING, f"{key} was not loaded: {answer.why}")
            self._desk.lists.difference("R1", name, standing.key, field, named, key, None, State.DECLARED)

    def conclude(self) -> Sequence[Check]:
        """The result. Entities without references are left out."""
        if not self._entity.references and not self._links.asked:
            return ()
        names = sorted({ask.pointer.field for asked in self._asked.values() for ask in asked})
        differences = self._differences + self._links.differences
        if self._bare:
            names.append(f"{', '.join(self._bare)} must be empty")
        statement = (
            f"{self._references} references ({', '.join(names) or 'none declared'}) and {self._links.compared} "
            f"internal links in bodies, by legacy id, against the target; {self._absent} more lead to objects that "
            "were not loaded or do not exist"
        )
        if self._unknown:
            statement += f"; could not be compared, for example: {self._unknown}"
        holds = False if differences else True if self._compared or not self._not_compared else None
        counts = (self._compared, self._not_compared, differences)
        return (Check("R1", self._entity.name, holds, *counts, True, statement),)


def _equal(expected: Value, found: Value, *, ordered: bool) -> bool:
    if expected == found:
        return True
    if ordered or not isinstance(expected, tuple) or not isinstance(found, tuple):
        return False
    return sorted(expected) == sorted(found)
