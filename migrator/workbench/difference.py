"""What another version of a mapping makes of every source row, before anything is loaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from migrator.model.content import ENTITIES, Value
from migrator.model.record import SourceRow
from migrator.ports import Decided, EntityMapping, Extractor, Led, Transformed

PAGE = 500
EXAMPLES = 3
RECORD = "(record)"
"""Stands for a field where a row is loaded by one version and kept out by the other."""

MERGE = "(merge)"
"""Stands for a field where records are told to be one by other values than before."""

Result = Transformed | Decided | Led


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one record that becomes another. ``before`` and ``after`` are values, or what keeps the row out."""

    key: str
    entity: str
    field: str
    before: Value
    after: Value


@dataclass(slots=True)
class Summary:
    """Counts and some examples of changes; the changes themselves are not kept."""

    rows: int = 0
    records: int = 0
    fields: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], list[Change]] = field(default_factory=dict)

    def add(self, changes: Sequence[Change]) -> None:
        """Count what was found in one row."""
        self.rows += 1
        self.records += bool(changes)
        for change in changes:
            place = change.entity, change.field
            self.fields[place] += 1
            examples = self.examples.setdefault(place, [])
            if len(examples) < EXAMPLES:
                examples.append(change)


def compare(
    old: EntityMapping | None, new: EntityMapping | None, extractor: Extractor, sample: int | None
) -> Iterator[list[Change]]:
    """For each source row of an entity what changes in it; an empty list where nothing does. Constant memory.

    A version without a mapping of the entity makes nothing of its rows. With ``sample`` about so many rows are looked at,
    spread evenly over the keys.
    """
    if new is not None:
        for rows in _pages(new, extractor, sample):
            before = _others(old, new, extractor, rows)
            for row in rows:
                yield _changes(_made(old, before.get(row.key)), _made(new, row), row.key, new.entity)
    if old is not None and (new is None or old.selection != new.selection):
        for rows in _pages(old, extractor, sample):
            there = frozenset[str]() if new is None else extractor.existing(new.selection, [row.key for row in rows])
            for row in rows:
                if row.key not in there:
                    yield _changes(_made(old, row), None, row.key, old.entity)


def _others(
    old: EntityMapping | None, new: EntityMapping, extractor: Extractor, rows: Sequence[SourceRow]
) -> Mapping[str, SourceRow]:
    """The same rows as the old version reads them."""
    if old is None:
        return {}
    if old.selection == new.selection:
        return {row.key: row for row in rows}
    return {row.key: row for row in extractor.fetch(old.selection, [row.key for row in rows])}


def _pages(mapping: EntityMapping, extractor: Extractor, sample: int | None) -> Iterator[Sequence[SourceRow]]:
    if sample is None:
        position = None
        while True:
            rows = extractor.read(mapping.selection, position, PAGE)
            yield rows
            if len(rows) < PAGE:
                return
            position = rows[-1].position
    ((_, total, _),) = extractor.marker([mapping.selection]).entities
    pieces = max(1, ceil(sample / 10))
    share = ceil(sample / pieces)
    for piece in extractor.partitions(mapping.selection, max(share, ceil(total / pieces))):
        yield extractor.read(mapping.selection, piece.after, min(share, piece.rows))


def _made(mapping: EntityMapping | None, row: SourceRow | None) -> Result | None:
    return None if mapping is None or row is None else mapping.transform(row)


def _changes(before: Result | None, after: Result | None, key: str, entity: str) -> list[Change]:
    if isinstance(before, Transformed) and isinstance(after, Transformed):
        return list(_fields(before, after, key, entity))
    one, other = _said(before), _said(after)
    return [] if one == other else [Change(key, entity, RECORD, one, other)]


def _fields(before: Transformed, after: Transformed, key: str, entity: str) -> Iterator[Change]:
    one, other = before.record.fields, after.record.fields
    for target in ENTITIES[entity].fields:
        was, now = one.get(target.name), other.get(target.name)
        if was != now or type(was) is not type(now):
            yield Change(key, entity, target.name, was, now)
    if one == other and before.merge_digest != after.merge_digest:
        yield Change(key, entity, MERGE, _digest(before), _digest(after))


def _digest(made: Transformed) -> str:
    return made.merge_digest.hex()[:16] if made.merge_digest else ""


def _said(made: Result | None) -> str:
    """What becomes of a row, in one word or two."""
    match made:
        case None:
            return "not read"
        case Transformed():
            return "a record"
        case Decided():
            return f"{made.bucket}: {made.reason}"
    return f"merged: {made.reason} → {made.into}"


EXCERPT = 120
"""Characters of a value that are shown, around the first place where it differs."""


def excerpts(before: Value, after: Value) -> tuple[str, str]:
    """Both values as short texts that show where they part."""
    one, other = _text(before), _text(after)
    if max(len(one), len(other)) <= EXCERPT:
        return one, other
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(0, same - EXCERPT // 3)
    return _cut(one, start), _cut(other, start)


def _cut(text: str, start: int) -> str:
    begin = "…" if start else ""
    return begin + text[start : start + EXCERPT] + ("…" if len(text) > start + EXCERPT else "")


def _text(value: Any) -> str:
    if value is None:
        return "∅"
    if isinstance(value, tuple):
        return "[" + ", ".join(value) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def personal_fields(entity: str) -> frozenset[str]:
    """Fields whose values are not shown."""
    return frozenset(field.name for field in ENTITIES[entity].fields if field.personal)
