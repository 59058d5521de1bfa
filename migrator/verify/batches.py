"""The batches every check looks at: all rows of all sources, then the outcomes that have no source row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from migrator.model.content import EntityType
from migrator.model.record import split_key
from migrator.ports import Progress
from migrator.verify.cutoff import Clock
from migrator.verify.desk import BATCH, Batch, Desk, in_batches, lay_out
from migrator.verify.spool import Spool


def batches(desk: Desk, entity: EntityType, expect_rows: Callable[[int], None], progress: Progress) -> Iterator[Batch]:
    """Source rows with what ledger and target know of them, then keys only the ledger has.

    ``expect_rows`` is told each source's own count before its rows come.
    """
    clock = Clock(entity.name)
    with Spool(desk.lists.folder) as seen, Spool(desk.lists.folder) as known:
        for source, audit in desk.audits.items():
            audited, witness = audit.entities.get(entity.name), desk.witnesses[source]
            if audited is None:
                continue
            rows = witness.count_entity(audited)
            expect_rows(rows)
            progress.start(f"{entity.name} ({source})", rows)
            cut_off = desk.history.cut_offs.get((source, entity.name))
            for batch in witness.rows(audited, BATCH):
                for row in batch:
                    seen.add(row.key, "")
                laid_out = lay_out(desk, entity, [row.key for row in batch], batch, audit, audited)
                laid_out.late = clock.late(laid_out, cut_off, desk.now)
                yield laid_out
                progress.advance(len(batch))
            progress.finish()
        for key in desk.ledger.keys(entity.name):
            known.add(key, "")
        yield from _without_rows(desk, entity, seen, known)


def _without_rows(desk: Desk, entity: EntityType, seen: Spool, known: Spool) -> Iterator[Batch]:
    for rows, keys in zip(seen.parts(), known.parts(), strict=True):
        there = {key for key, _ in rows}
        alone = sorted({key for key, _ in keys} - there)
        for source, group in groupby(alone, key=lambda key: split_key(key)[0]):
            audit = desk.audits.get(source)
            audited = audit.entities.get(entity.name) if audit else None
            chunk: Sequence[str]
            for chunk in in_batches(group):
                yield lay_out(desk, entity, chunk, (), audit if audited else None, audited)
