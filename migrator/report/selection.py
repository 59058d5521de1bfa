"""Which records a page shows side by side: a bounded choice from streams of any length.

Every group (a reason, a kind of difference, a kind of finding) is counted in full; only its first entries are kept. The
page's room is then dealt out group by group in turns, so that a group of three is not crowded out by one of 5,000.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

RECORDS_SHOWN = 300
GROUPS_KEPT = 120
TEXT_KEPT = 400

Category = Literal["difference", "exception", "finding"]

_URGENCY = ("difference", "conflict", "failed", "rejected", "finding", "pending", "withheld", "merged", "dropped")


@dataclass(frozen=True, slots=True)
class GroupName:
    """What entries have in common. ``bucket`` is empty except for exceptions; ``code`` is a reason or a kind."""

    category: Category
    bucket: str
    code: str

    @property
    def urgency(self) -> int:
        """Smaller is more urgent."""
        return _URGENCY.index(self.bucket or self.category)


@dataclass(frozen=True, slots=True)
class Entry:
    """One reason to look at a record. The meaning of ``field``, ``expected`` and ``found`` is a Difference's."""

    entity: str
    key: str
    detail: str
    field: str = ""
    expected: str = ""
    found: str = ""
    rule: str = ""
    check: str = ""


@dataclass(slots=True)
class Group:
    """Entries of one name: all counted, some kept."""

    name: GroupName
    total: int = 0
    kept: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class ChosenRecord:
    """A record on the page, with every kept entry that concerns it."""

    number: int
    entity: str
    key: str
    entries: list[tuple[GroupName, Entry]] = field(default_factory=list)


@dataclass(slots=True)
class Choice:
    """What the page shows. ``total`` counts all entries there are, ``shown`` those on the page."""

    groups: list[Group]
    records: dict[tuple[str, str], ChosenRecord]
    total: int
    shown: int


class Picker:
    """Takes entries one by one; holds a bounded number of them."""

    def __init__(self, records: int = RECORDS_SHOWN) -> None:
        self._records = records
        self._groups: dict[GroupName, Group] = {}

    def offer(self, name: GroupName, entry: Entry) -> None:
        """Count an entry, and keep it while its group has room."""
        if name not in self._groups and len(self._groups) >= GROUPS_KEPT:
            name = GroupName(name.category, name.bucket, "…")
        group = self._groups.setdefault(name, Group(name))
        group.total += 1
        if len(group.kept) < self._records:
            group.kept.append(_shortened(entry))

    def choose(self) -> Choice:
        """Deal the page's room out and number the records in the order the groups are shown."""
        groups = sorted(self._groups.values(), key=lambda g: (g.name.urgency, -g.total, g.name.code))
        wanted: set[tuple[str, str]] = set()
        for entry in _dealt(groups):
            if len(wanted) == self._records:
                break
            wanted.add((entry.entity, entry.key))
        records: dict[tuple[str, str], ChosenRecord] = {}
        for group in groups:
            group.kept = [entry for entry in group.kept if (entry.entity, entry.key) in wanted]
            for entry in group.kept:
                place = (entry.entity, entry.key)
                if place not in records:
                    records[place] = ChosenRecord(len(records) + 1, *place)
                records[place].entries.append((group.name, entry))
        shown = sum(len(group.kept) for group in groups)
        return Choice(groups, records, sum(group.total for group in groups), shown)


def _dealt(groups: list[Group]) -> Iterator[Entry]:
    """One entry of each group, then a second of each, and so on."""
    for turn in range(max((len(group.kept) for group in groups), default=0)):
        for group in groups:
            if turn < len(group.kept):
                yield group.kept[turn]


def _shortened(entry: Entry) -> Entry:
    return Entry(
        entry.entity, entry.key, _cut(entry.detail), entry.field, _cut(entry.expected), _cut(entry.found),
        _cut(entry.rule), entry.check,
    )  # fmt: skip


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_KEPT else text[:TEXT_KEPT] + "…"
