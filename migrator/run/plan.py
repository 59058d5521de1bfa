"""What a run would do, without writing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from migrator.model.content import ENTITIES, in_load_order
from migrator.model.outcome import LOADED, Bucket
from migrator.model.record import SourceRow, content_fingerprint, source_fingerprint
from migrator.ports import Decided, EntityMapping, Extractor, Item, Led, Ledger, Position, Progress
from migrator.run.draft import stands
from migrator.run.parts import DeletionPolicy

BATCH = 500
PARTITION_ROWS = 5_000


@dataclass(slots=True)
class PlannedStep:
    """One entity of one source, in load order. ``reasons`` counts rows that rules or bad data keep out.

    ``merged`` counts rows a rule makes one with another record, and duplicates known from earlier runs.
    ``gone`` counts rows known from earlier runs that the source no longer has (not counted under a limit), and
    ``taken_back`` those of them whose records the project's policy removes from the target.
    """

    source: str
    entity: str
    rows: int
    partitions: int
    looked_at: int = 0
    create: int = 0
    update: int = 0
    unchanged: int = 0
    merged: int = 0
    not_loaded: int = 0
    gone: int = 0
    taken_back: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)


def plan(
    extractors: Mapping[str, Extractor], mappings: Mapping[tuple[str, str], EntityMapping], ledger: Ledger | None,
    entities: Sequence[str], limit: int | None, progress: Progress, deletions: DeletionPolicy,
) -> list[PlannedStep]:  # fmt: skip
    """Every wanted entity in load order. ``ledger`` None means that nothing was run yet; ``limit`` counts rows each."""
    steps = []
    for name in in_load_order(entity for _, entity in mappings if not entities or entity in entities):
        for (source, entity), mapping in mappings.items():
            if entity == name:
                step = _step(extractors[source], mapping, ledger, limit, progress)
                if ledger and limit is None:
                    _foresee_deletions(step, extractors[source], mapping, ledger, deletions)
                steps.append(step)
    return steps


def _step(
    extractor: Extractor, mapping: EntityMapping, ledger: Ledger | None, limit: int | None, progress: Progress
) -> PlannedStep:
    ranges = extractor.partitions(mapping.selection, PARTITION_ROWS)
    step = PlannedStep(mapping.selection.source, mapping.entity, sum(r.rows for r in ranges), len(ranges))
    progress.start(mapping.entity, step.rows)
    position: Position | None = None
    while limit is None or step.looked_at < limit:
        size = BATCH if limit is None else min(BATCH, limit - step.looked_at)
        rows = extractor.read(mapping.selection, position, size)
        known = ledger.items([row.key for row in rows]) if ledger and rows else {}
        for row in rows:
            _foresee(step, mapping, row, known.get(row.key))
        progress.advance(len(rows))
        if len(rows) < size:
            break
        position = rows[-1].position
    progress.finish()
    return step


def _foresee(step: PlannedStep, mapping: EntityMapping, row: SourceRow, item: Item | None) -> None:
    step.looked_at += 1
    is_loaded = stands(item)
    as_before = (source_fingerprint(row), mapping.fingerprint)
    was_read = item is not None and item.bucket is not Bucket.PENDING
    if item and was_read and (item.source_fingerprint, item.mapping_fingerprint) == as_before:
        _as_last_time(step, item)
        return
    result = mapping.transform(row)
    if isinstance(result, Led):
        step.merged += 1
    elif isinstance(result, Decided):
        step.not_loaded += 1
        step.reasons[result.reason] += 1
    elif not is_loaded:
        step.create += 1
    elif item and item.content == content_fingerprint(ENTITIES[mapping.entity], result.record.fields):
        step.unchanged += 1
    else:
        step.update += 1


def _as_last_time(step: PlannedStep, item: Item) -> None:
    """Same row, same mapping: what became of it becomes of it again, unless what it points to has changed."""
    if item.bucket in LOADED:
        step.unchanged += 1
    elif item.bucket is Bucket.MERGED:
        step.merged += 1
    else:
        step.not_loaded += 1
        step.reasons[item.reason] += 1


def _foresee_deletions(
    step: PlannedStep, extractor: Extractor, mapping: EntityMapping, ledger: Ledger, deletions: DeletionPolicy
) -> None:
    """Ask the source for every key that is known; those it does not find are gone."""
    known, standing = 0, 0
    mine = (key for key in ledger.keys(mapping.entity) if key.startswith(f"{step.source}:"))
    while page := list(islice(mine, BATCH)):
        known += len(page)
        gone = set(page) - extractor.existing(mapping.selection, page)
        items = ledger.items(gone) if gone else {}
        step.gone += sum(1 for item in items.values() if item.bucket is not Bucket.GONE)
        standing += sum(1 for item in items.values() if item.content is not None or item.merged_into)
    if deletions.policy == "withdraw" and standing <= deletions.cap(known):
        step.taken_back = standing
