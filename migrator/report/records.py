"""The drill-down: chosen records with both sides of them, ready to be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from migrator.ports import Progress
from migrator.report.selection import Choice, Entry, Group, GroupName
from migrator.report.sides import Sides
from migrator.report.words import Piece, alone, compared

LOOKED_UP_AT_ONCE = 100
FIELDS_SHOWN = 40
ENTRIES_SHOWN = 12
TITLE_FIELDS = ("headline", "title", "name", "path", "file_name")
TITLE_SHOWN = 120


@dataclass(frozen=True, slots=True)
class FieldPair:
    """One field on both sides. None where a side does not have it."""

    name: str
    left: tuple[Piece, ...] | None
    right: tuple[Piece, ...] | None
    differs: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the record is on the page, with what was expected and found in pieces (differences only)."""

    group: GroupName
    entry: Entry
    expected: tuple[Piece, ...]
    found: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class RecordCard:
    """One record of the drill-down. ``more`` reasons did not find room."""

    number: int
    entity: str
    key: str
    title: str
    reasons: tuple[Reason, ...]
    more: int
    fields: tuple[FieldPair, ...]
    at_source: bool
    at_target: bool


@dataclass(frozen=True, slots=True)
class DrillDown:
    """All that the drill-down shows, and of how much."""

    groups: tuple[Group, ...]
    cards: tuple[RecordCard, ...]
    numbers: Mapping[tuple[str, str], int]
    total: int
    shown: int


def side_by_side(choice: Choice, sides: Sides, progress: Progress) -> DrillDown:
    """Look both sides of the chosen records up, and compare them."""
    progress.start("side by side", len(choice.records))
    left: dict[str, Mapping[str, str]] = {}
    right: dict[str, Mapping[str, str]] = {}
    for entity, keys in _lookups(choice):
        left |= sides.source(entity, keys)
        right |= sides.target(entity, keys)
        progress.advance(len(keys))
    progress.finish()
    cards = tuple(
        _card(record.number, record.entity, record.key, record.entries, left.get(record.key), right.get(record.key))
        for record in choice.records.values()
    )
    numbers = {place: record.number for place, record in choice.records.items()}
    return DrillDown(tuple(choice.groups), cards, numbers, choice.total, choice.shown)


def _lookups(choice: Choice) -> Iterator[tuple[str, list[str]]]:
    by_entity: dict[str, list[str]] = {}
    for entity, key in choice.records:
        if entity and key:
            by_entity.setdefault(entity, []).append(key)
    for entity, keys in by_entity.items():
        for start in range(0, len(keys), LOOKED_UP_AT_ONCE):
            yield entity, keys[start : start + LOOKED_UP_AT_ONCE]


def _card(
    number: int, entity: str, key: str, entries: list[tuple[GroupName, Entry]],
    left: Mapping[str, str] | None, right: Mapping[str, str] | None,
) -> RecordCard:  # fmt: skip
    reasons = tuple(_reason(group, entry) for group, entry in entries[:ENTRIES_SHOWN])
    return RecordCard(
        number=number,
        entity=entity,
        key=key,
        title=_title(left) or _title(right),
        reasons=reasons,
        more=len(entries) - len(reasons),
        fields=tuple(_pairs(left, right)),
        at_source=left is not None,
        at_target=right is not None,
    )


def _reason(group: GroupName, entry: Entry) -> Reason:
    expected, found = compared(entry.expected, entry.found) if entry.expected and entry.found else (
        alone(entry.expected), alone(entry.found),
    )  # fmt: skip
    return Reason(group, entry, expected, found)


def _title(side: Mapping[str, str] | None) -> str:
    for name in TITLE_FIELDS:
        if side and (title := side.get(name, "").strip()):
            return title if len(title) <= TITLE_SHOWN else title[:TITLE_SHOWN] + "…"
    return ""


def _pairs(left: Mapping[str, str] | None, right: Mapping[str, str] | None) -> Iterator[FieldPair]:
    left, right = left or {}, right or {}
    names = list(dict.fromkeys([*left, *right]))
    for name in names[:FIELDS_SHOWN]:
        if name in left and name in right:
            yield FieldPair(name, *compared(left[name], right[name]), left[name] != right[name])
        else:
            here = alone(left[name]) if name in left else None
            there = alone(right[name]) if name in right else None
            yield FieldPair(name, here, there, bool(left and right))
