"""What a run would do, without writing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from migrator.model.content import ENTITIES, in_load_order
from migrator.model.outcome import LOADED
from migrator.model.record import SourceRow, content_fingerprint, source_fingerprint
from migrator.ports import Decided, EntityMapping, Extractor, Item, Ledger, Position, Progress

BATCH = 500
PARTITION_ROWS = 5_000


@dataclass(slots=True)
class PlannedStep:
    """One entity of one source, in load order. ``reasons`` counts rows that rules or bad data keep out."""

    source: str
    entity: str
    rows: int
    partitions: int
    looked_at: int = 0
    create: int = 0
    update: int = 0
    unchanged: int = 0
    not_loaded: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)


def plan(
    extractors: Mapping[str, Extractor], mappings: Mapping[tuple[str, str], EntityMapping], ledger: Ledger | None,
    entities: Sequence[str], limit: int | None, progress: Progress,
) -> list[PlannedStep]:  # fmt: skip
    """Every wanted entity in load order. ``ledger`` None means that nothing was run yet; ``limit`` counts rows each."""
    steps = []
    for name in in_load_order(entity for _, entity in mappings if not entities or entity in entities):
        for (source, entity), mapping in mappings.items():
            if entity == name:
                steps.append(_step(extractors[source], mapping, ledger, limit, progress))
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
    is_loaded = item is not None and item.bucket in LOADED
    as_before = (source_fingerprint(row), mapping.fingerprint)
    if item and is_loaded and (item.source_fingerprint, item.mapping_fingerprint) == as_before:
        step.unchanged += 1
        return
    result = mapping.transform(row)
    if isinstance(result, Decided):
        step.not_loaded += 1
        step.reasons[result.reason] += 1
    elif not is_loaded:
        step.create += 1
    elif item and item.content == content_fingerprint(ENTITIES[mapping.entity], result.record.fields):
        step.unchanged += 1
    else:
        step.update += 1
