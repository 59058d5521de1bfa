"""What lies on the auditor's desk: the ports every check may ask, and the batch that is looked at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Protocol, TypeVar

from migrator.model.audit import Audit, AuditedEntity
from migrator.model.content import EntityType
from migrator.model.finding import Check
from migrator.model.outcome import LOADED, STANDING, Bucket
from migrator.ports import Expected, Item, Ledger, Reader, TargetRecord, Witness, WitnessRow
from migrator.verify.history import History
from migrator.verify.lists import Lists
from migrator.verify.spool import Spool

BATCH = 1000
"""Keys looked at together."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a check may ask, and the lists it writes to. ``now`` is an aware instant."""

    audits: Mapping[str, Audit]
    ledger: Ledger
    reader: Reader
    witnesses: Mapping[str, Witness]
    expected: Expected
    lists: Lists
    now: datetime
    history: History = field(default_factory=History)
    stack: ExitStack = field(default_factory=ExitStack)

    def spool(self) -> Spool:
        """A spool that is closed with the examination, if not before."""
        spool = Spool(self.lists.folder)
        self.stack.callback(spool.close)
        return spool


@dataclass(slots=True)
class Standing:
    """A source row that was loaded, and the real record under its key. ``row`` is None where the source has none."""

    key: str
    row: WitnessRow | None
    item: Item
    record: TargetRecord


@dataclass(slots=True)
class Batch:
    """Some keys of an entity: their source rows (none for keys the source does not have), items and target records.

    ``loaded`` are those of the items whose record must stand at the target under its own key; ``late`` the keys of rows
    that were changed, or came, after the cut-off: C6 lists them, and nobody compares them with the target.
    ``audited`` and ``audit`` are None where nobody wrote down what the auditor knows of this entity.
    """

    entity: EntityType
    keys: Sequence[str]
    rows: Sequence[WitnessRow]
    items: Mapping[str, Item]
    loaded: Mapping[str, Item]
    records: Mapping[str, Sequence[TargetRecord]]
    standing: Sequence[Standing]
    audit: Audit | None = None
    audited: AuditedEntity | None = None
    late: frozenset[str] = frozenset()

    @property
    def settled(self) -> Sequence[Standing]:
        """Standing records that were made of the source rows as they are: neither late nor waiting for a run or a person."""
        waiting = STANDING - LOADED
        return [each for each in self.standing if each.key not in self.late and each.item.bucket not in waiting]


class BatchCheck(Protocol):
    """A check that looks at batch after batch and comes to its conclusion at the end."""

    def look(self, batch: Batch) -> None:
        """Compare one batch; differences go to the desk's lists."""

    def conclude(self) -> Sequence[Check]:
        """The result over all batches."""


def lay_out(
    desk: Desk,
    entity: EntityType,
    keys: Sequence[str],
    rows: Sequence[WitnessRow],
    audit: Audit | None = None,
    audited: AuditedEntity | None = None,
) -> Batch:
    """Ask ledger and target for the keys, once for all checks."""
    items = desk.ledger.items(keys)
    records = by_key(desk.reader.read(entity.name, keys))
    by_row = {row.key: row for row in rows}
    loaded = {key: item for key, item in items.items() if is_loaded(item)}
    standing = [
        Standing(key, by_row.get(key), loaded[key], real)
        for key in keys
        if key in loaded
        and (real := next((record for record in records.get(key, ()) if not record.is_stub), None)) is not None
    ]
    return Batch(entity, keys, rows, items, loaded, records, standing, audit, audited)


def is_loaded(item: Item) -> bool:
    """Whether its record must stand at the target: it was loaded, or was left standing or put back for another reason."""
    return item.bucket in LOADED or (item.bucket in STANDING | {Bucket.GONE} and item.content is not None)


def by_key(records: Iterable[TargetRecord]) -> dict[str, list[TargetRecord]]:
    """Target records by the legacy key stored in them."""
    found: dict[str, list[TargetRecord]] = {}
    for record in records:
        if record.key is not None:
            found.setdefault(record.key, []).append(record)
    return found


def in_batches(things: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Lists of at most ``size`` of the things, in order."""
    rest = iter(things)
    while chunk := list(islice(rest, size)):
        yield chunk


class Memo:
    """Answers by key, asked for in one go where they are not known yet. Forgets everything when it gets large."""

    LARGEST = 5_000

    def __init__(self) -> None:
        self._known: dict[str, object] = {}

    def ask(self, keys: Collection[str], answer: Callable[[Collection[str]], Mapping[str, T]]) -> dict[str, T]:
        """The answers for the keys."""
        if len(self._known) > self.LARGEST:
            self._known.clear()
        unknown = [key for key in keys if key not in self._known]
        if unknown:
            self._known.update(answer(unknown))
        return {key: self._known[key] for key in keys}  # type: ignore[misc]
