"""Values that the survivor of a merge has taken from a row that was merged into it.

A difference in a field declared ``twin: true`` waits until every source has been read. It is a *declared* difference of the
kind ``taken-from-twin`` only where one of the rows merged into the record, read by its own source's statement over its own
witness, says exactly what stands at the target; otherwise it is what it was. Both sides wait on disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from migrator.model.content import EntityType
from migrator.model.finding import DifferenceKind
from migrator.model.record import digest, split_key
from migrator.verify.desk import Desk
from migrator.verify.kinds import Named
from migrator.verify.shown import shown


@dataclass(frozen=True, slots=True)
class Waiting:
    """A difference that waits. ``taken_from`` is the key of the row the value was taken from; empty where nobody has it."""

    key: str
    field: str
    named: Named
    expected: str
    found: str
    taken_from: str = ""


class Twins:
    """The differences that wait, and the values that merged rows offer, for one entity."""

    def __init__(self, desk: Desk, entity: EntityType) -> None:
        self._fields: dict[str, frozenset[str]] = {}
        for source, audit in desk.audits.items():
            audited = audit.entities.get(entity.name)
            if audited is not None:
                self._fields[source] = frozenset(each.field for each in audited.identities if each.twin)
        used = any(self._fields.values())
        self._wanted = desk.spool() if used else None
        self._offered = desk.spool() if used else None

    def fields(self, survivor: str) -> frozenset[str]:
        """Fields the record with this key may have taken from a twin."""
        return self._fields.get(split_key(survivor)[0], frozenset())

    def wait(self, key: str, field: str, named: Named, expected: object, found: object) -> None:
        """Put a difference off."""
        assert self._wanted is not None
        kind, detail = named
        entry = (field, kind, detail, shown(expected, found), shown(found, expected), _token(found))  # type: ignore[arg-type]
        self._wanted.add(key, orjson.dumps(entry).decode())

    def offer(self, survivor: str, field: str, value: object, twin: str) -> None:
        """A row merged into the record has this value."""
        assert self._offered is not None
        self._offered.add(survivor, orjson.dumps((field, _token(value), twin)).decode())

    def settle(self) -> Iterator[Waiting]:
        """Every difference that waited, with the twin its value was taken from."""
        if self._wanted is None or self._offered is None:
            return
        for wanted, offered in zip(self._wanted.parts(), self._offered.parts(), strict=True):
            twins = {}
            for survivor, payload in offered:
                field, token, twin = orjson.loads(payload)
                twins[survivor, field, token] = twin
            for key, payload in wanted:
                field, kind, detail, expected, found, token = orjson.loads(payload)
                named = (DifferenceKind(kind), detail)
                yield Waiting(key, field, named, expected, found, twins.get((key, field, token), ""))
        self._wanted.close()
        self._offered.close()


def _token(value: object) -> str:
    return digest((value,)).hex()
