"""A run that writes nothing: the loop itself, over a copy of the ledger and a loader that only says what would change."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson

from migrator.model.content import ENTITIES, Value
from migrator.model.outcome import Bucket
from migrator.model.record import Record, canonical_bytes
from migrator.ports import Baseline, Ledger, LoaderCapabilities, Reader, TargetRecord, Write, WriteResult
from migrator.run.parts import Parts
from migrator.run.shown import as_text, excerpts

EXAMPLES = 20
"""Records named of each entity and bucket; all are counted."""


class MediaStock(Protocol):
    """What is asked about files instead of bringing them."""

    def holds(self, sha256: str) -> bool:
        """Whether the bytes stand at the target."""

    def can_bring(self, sha256: str) -> bool:
        """Whether the bytes stand at the target or could be brought there."""


class RehearsedMedia:
    """The MediaTransfer port that brings nothing."""

    def __init__(self, stock: MediaStock) -> None:
        self._stock = stock

    def bring(self, sha256: str) -> str:
        """Why the bytes could not be brought; empty where they could."""
        return "" if self._stock.can_bring(sha256) else f"no source has the bytes of {sha256}"

    def holds(self, sha256: str) -> bool:
        """Whether the bytes stand at the target."""
        return self._stock.holds(sha256)

    def remove(self, sha256: str) -> None:
        """Nothing."""


@dataclass(slots=True)
class Foreseen:
    """What would become of an entity. ``fields`` counts the records in which a field would change.

    ``examples`` has for each bucket at most EXAMPLES records, as plain JSON values.
    """

    buckets: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    taken_back: int = 0
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "buckets": dict(self.buckets), "reasons": dict(self.reasons), "fields": dict(self.fields),
            "taken_back": self.taken_back, "examples": {name: list(found) for name, found in self.examples.items()},
        }  # fmt: skip


class RehearsedLoader:
    """The Loader port over a reader: it knows what stands at the target and changes nothing. ``reader`` None: nothing does.

    ``missing`` are entities whose tables are not there yet.
    """

    def __init__(
        self, reader: Reader | None, missing: Collection[str], capabilities: LoaderCapabilities,
        cannot_hold: Callable[[Record], str] = lambda _: "",
    ) -> None:  # fmt: skip
        self.capabilities = capabilities
        self._cannot_hold = cannot_hold
        self._reader, self._missing = reader, missing
        self.foreseen: dict[str, Foreseen] = defaultdict(Foreseen)
        self._named: Counter[tuple[str, str]] = Counter()

    def prepare(self) -> None:
        """Nothing."""

    def baseline(self, entities: Sequence[str]) -> Sequence[Baseline]:
        """Nothing: no run begins here."""
        return ()

    def holds_source(self, entity: str, source: str) -> bool:
        """Whether records with keys of this source stand there."""
        if self._reader is None or entity in self._missing:
            return False
        return any(group.rows for group in self._reader.sums(entity, source, (), ()))

    def _read(self, entity: str, keys: Collection[str]) -> Mapping[str, TargetRecord]:
        if self._reader is None or entity in self._missing or not keys:
            return {}
        return {record.key: record for record in self._reader.read(entity, list(keys)) if record.key is not None}

    def standing(self, entity: str, keys: Collection[str]) -> Mapping[str, str]:
        """Target ids of real records."""
        return {key: record.target_id for key, record in self._read(entity, keys).items() if not record.is_stub}

    def cannot_hold(self, record: Record) -> str:
        """As the target's own loader says."""
        return self._cannot_hold(record)

    def placeholders(self, entity: str, keys: Collection[str]) -> frozenset[str]:
        """Keys under which a stub stands."""
        return frozenset(key for key, record in self._read(entity, keys).items() if record.is_stub)

    def before_images(self, entity: str, keys: Collection[str]) -> Mapping[str, str]:
        """Nothing will be overwritten."""
        return {}

    def write(self, writes: Sequence[Write]) -> Sequence[WriteResult]:
        """Hold what would be written against what stands there."""
        touched: dict[str, list[Write]] = defaultdict(list)
        for write in writes:
            if write.op in {"put", "withdraw"}:
                touched[write.entity].append(write)
        ids: dict[str, str] = {}
        for entity, mine in touched.items():
            standing = self._read(entity, {write.key for write in mine})
            for write in mine:
                record = standing.get(write.key)
                ids[write.key] = record.target_id if record is not None else "new"
                if write.op == "withdraw":
                    self.foreseen[entity].taken_back += record is not None and not record.is_stub
                elif write.record is not None:
                    self._put(write.record, None if record is None or record.is_stub else record)
        return [WriteResult(write.key, ids.get(write.key, "new")) for write in writes]

    def _put(self, record: Record, standing: TargetRecord | None) -> None:
        foreseen = self.foreseen[record.entity]
        before = standing.fields if standing is not None else {}
        named = {each.name for each in ENTITIES[record.entity].fields}
        changed = [name for name in sorted(named) if _differ(before.get(name), record.fields.get(name))]
        bucket = Bucket.UPDATED if standing is not None else Bucket.CREATED
        if standing is not None:
            foreseen.fields.update(changed)
        self._named[record.entity, bucket] += 1
        if self._named[record.entity, bucket] <= EXAMPLES:
            fields = {name: list(excerpts(before.get(name), record.fields.get(name))) for name in changed}
            if standing is None:
                fields = {name: [None, pair[1]] for name, pair in fields.items()}
            foreseen.examples[bucket.value].append({"key": record.key, "fields": fields})

    def close(self) -> None:
        """Nothing."""


def _differ(one: Value, other: Value) -> bool:
    return canonical_bytes(one or None) != canonical_bytes(other or None) if one != other else False


def _first_entry(ledger: Ledger) -> int:
    """The first journal entry of the rehearsal. An entry that was copied has no words."""
    first = next(iter(ledger.journal()), None)
    if first is None:
        return 0
    return first.seq if any(True for _ in ledger.said(first.seq)) else first.seq + 1


def foreseen(parts: Parts) -> dict[str, Foreseen]:
    """What the rehearsed run would have made of each entity, in load order."""
    assert isinstance(parts.loader, RehearsedLoader)
    found = parts.loader.foreseen
    shown_by_loader = {Bucket.CREATED, Bucket.UPDATED, Bucket.UNCHANGED}
    conflicts: dict[str, dict[str, Any]] = {}
    begun = _first_entry(parts.ledger)
    for item in parts.ledger.all_items():
        if item.seq < begun:
            continue
        entity = found[item.entity]
        entity.buckets[item.bucket.value] += 1
        if item.bucket in shown_by_loader:
            continue
        entity.reasons[item.reason] += 1
        examples = entity.examples[item.bucket.value]
        if len(examples) < EXAMPLES:
            said = {"reason": item.reason, "rule": item.rule, "detail": as_text(item.detail)}
            examples.append({"key": item.key, **said, "merged_into": item.merged_into})
            if item.bucket is Bucket.CONFLICT:
                examples[-1]["fields"] = {}
                conflicts[item.key] = examples[-1]["fields"]
    if conflicts:
        for key, note in parts.ledger.notes():
            if key in conflicts and note.code == Bucket.CONFLICT.value and note.field:
                said = orjson.loads(note.detail)
                conflicts[key][note.field] = [said["editor"], said["legacy"]]
    return {name: found[name] for name in ENTITIES if name in found}
