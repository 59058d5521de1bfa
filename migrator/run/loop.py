"""The loop: extract → transform → load, batch by batch, each told to the ledger.

What a crash leaves behind is repaired by doing the same batch again: the mark stands behind the last confirmed batch, a
record is put under its legacy key whether it stands there or not, and an open intent tells what the first try was.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import orjson

from migrator.errors import ConfigurationError, MigratorError
from migrator.model.content import ENTITIES, in_load_order
from migrator.model.outcome import SET_ASIDE
from migrator.model.record import SourceRow, split_key
from migrator.model.source import Marker
from migrator.ports import HighWater, Ledger, Loader, Position, Progress, RunInfo
from migrator.run.batch import BatchWork, Prepared
from migrator.run.crew import Crew
from migrator.run.deletions import Deletions
from migrator.run.delta import Delta
from migrator.run.engine import Engine
from migrator.run.fencing import shut_out_others
from migrator.run.parts import Parts
from migrator.run.shares import Shares

KEYS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Options:
    """What to run. ``limit`` counts rows an entity and source; ``only`` names keys; ``stopping`` is asked after each batch.

    ``full``: every row is read and put on record, whatever the project says of its changes.
    ``adopt``: records under the same keys that another ledger wrote are taken over. ``newest_first``: of each entity the
    rows with the largest keys go first; the command must say so, for a run goes on in the order it began in.
    ``engine`` has key ranges carried over by several workers; named rows, and those found to have changed, are few, and
    done in this process.
    """

    command: str
    mapping_digest: str
    entities: Sequence[str] = ()
    limit: int | None = None
    only: Sequence[str] = ()
    retry_failed: bool = False
    batch: int | None = None
    adopt: bool = False
    newest_first: bool = False
    stopping: Callable[[], bool] = field(default=lambda: False)
    full: bool = False
    engine: Engine | None = None

    @property
    def names_rows(self) -> bool:
        """Whether not everything is looked at: rows are named, or limited."""
        return self.retry_failed or bool(self.only) or self.limit is not None


@dataclass(frozen=True, slots=True)
class Result:
    """How a run ended: ``done``, ``limited`` or ``stopped``; ``set_aside`` is the number of rows rejected or failed.

    ``lost_workers`` died and were replaced; what they were at was done again.
    """

    run: RunInfo
    ended: str
    set_aside: int
    lost_workers: int = 0


def run(parts: Parts, options: Options, progress: Progress) -> Result:
    """Carry out a run, or go on with the one that was interrupted."""
    parts.loader.prepare()
    if parts.vault:
        parts.vault.prepare()
    mappings = _wanted(parts, options.entities)
    markers = {source: _marker(parts, source, mappings) for source in dict.fromkeys(s for s, _ in mappings)}
    ledger = parts.ledger
    if not options.adopt and not ledger.baseline():
        _refuse_strangers(parts.loader, mappings)
    info = ledger.begin(options.command, options.mapping_digest, _as_text(markers))
    try:
        is_remote = options.engine is not None and options.engine.is_remote
        if is_remote:
            ledger.open_turns()
        shut_out_others(ledger, parts.fences, make=is_remote)
        if not ledger.baseline():
            ledger.set_baseline(parts.loader.baseline(list(ENTITIES)))
        high_water: list[HighWater] = []
        with ExitStack() as stack:
            crew = _crew(ledger, options)
            team = stack.enter_context(crew) if crew else None
            ended = _work(parts, options, info, mappings, markers, progress, high_water, team)
        set_aside = _set_aside(ledger)
        if ended == "stopped":
            ledger.release()
        else:
            is_done = ended == "done"
            marker = _as_text(_at_end(parts, mappings, markers, info)) if is_done else ""
            ledger.end("set_aside" if set_aside and is_done else ended, high_water if is_done else (), marker)
    except BaseException:
        with contextlib.suppress(MigratorError):
            ledger.release()
        raise
    return Result(info, ended, set_aside, crew.lost if crew else 0)


def _crew(ledger: Ledger, options: Options) -> Crew | None:
    if options.engine is None or options.only or options.retry_failed:
        return None
    return Crew(options.engine.team(ledger.ticket()))


def _wanted(parts: Parts, entities: Sequence[str]) -> list[tuple[str, str]]:
    """(source, entity) pairs in load order."""
    names = in_load_order(entity for _, entity in parts.mappings if not entities or entity in entities)
    return [(source, entity) for name in names for source, entity in parts.mappings if entity == name]


def _refuse_strangers(loader: Loader, mappings: Sequence[tuple[str, str]]) -> None:
    """ConfigurationError where a new ledger meets records that another one wrote under the same source name."""
    for source, entity in mappings:
        if loader.holds_source(entity, source):
            raise ConfigurationError(
                f"The target holds records of a source '{source}' that this ledger did not write.",
                "Another paper? Give this source another name in migration.yaml. A lost ledger? 'migrator run --adopt' "
                "takes the records over by their keys.",
            )


def _marker(parts: Parts, source: str, mappings: Sequence[tuple[str, str]]) -> Marker:
    return parts.extractors[source].marker([parts.mappings[pair].selection for pair in mappings if pair[0] == source])


def _as_text(markers: Mapping[str, Any]) -> str:
    return orjson.dumps(markers, option=orjson.OPT_SORT_KEYS).decode()


def _at_end(
    parts: Parts, mappings: Sequence[tuple[str, str]], markers: Mapping[str, Marker], info: RunInfo
) -> Mapping[str, Any]:
    """The markers the run began with; with what the source holds now, where it was not read as one snapshot in one go."""
    known = orjson.loads(info.marker)
    for source, marker in markers.items():
        extractor = parts.extractors[source]
        if source in known and not (marker.consistent and extractor.is_one_snapshot and info.sessions == 1):
            now = _marker(parts, source, mappings)
            known[source] |= {"consistent": False, "at_end": now.entities, "touched": extractor.touched()}
    return dict(known)


def _set_aside(ledger: Ledger) -> int:
    return sum(number for buckets in ledger.counts().values() for b, number in buckets.items() if b in SET_ASIDE)


def _work(
    parts: Parts, options: Options, run: RunInfo, mappings: Sequence[tuple[str, str]],
    markers: Mapping[str, Marker], progress: Progress, high_water: list[HighWater], crew: Crew | None,
) -> str:  # fmt: skip
    """Every batch of every entity; how it ended."""
    limited, now = False, datetime.now(UTC)
    whole: set[tuple[str, str]] = set()
    shares = Shares(parts, run.id, crew) if crew else None
    for source, entity in mappings:
        total = next((rows for name, rows, _ in markers[source].entities if name == entity), None)
        progress.start(entity, min(total, options.limit) if options.limit and total else total)
        work = BatchWork(parts, run.id, source, entity, rewrite=bool(options.only))
        delta = None if options.names_rows else Delta(parts, work, run.id, now, full=options.full)
        if delta is not None and (mark := delta.high_water(is_resumed=run.sessions > 1)) is not None:
            high_water.append(mark)
        if shares is None or (delta is not None and delta.way != "full"):
            batches = _batches(parts, options, source, entity, delta)
            is_whole = not options.only and not options.retry_failed and (delta is None or delta.way == "full")
            is_ahead = parts.loader.capabilities.remote and is_whole
            steps = _ahead(work, batches) if is_ahead else _alone(work, batches)
        else:
            steps = _together(work, shares, parts, options, source, entity)
        for step in steps:
            progress.advance(step.rows)
            limited = limited or step.cut
            if step.last:
                work.settle()
            if options.stopping() or parts.ledger.stop_requested():
                progress.finish()
                return "stopped"
        for strayed in _named(parts, source, entity, parts.ledger.strayed(source, entity)):
            work.process(strayed.rows, strayed.position, done=False)
        progress.finish()
        if delta is not None and delta.nothing_is_gone:
            whole.add((source, entity))
    if not limited and not options.only and not options.retry_failed:
        for source, entity in reversed(mappings):  # what points to others goes before them
            if (source, entity) not in whole:
                Deletions(parts, source, entity).carry_out()
    return "limited" if limited else "done"


@dataclass(frozen=True, slots=True)
class _Step:
    """Rows that are on record. ``last``: the entity was read to its end; ``cut``: a limit ended the reading."""

    rows: int
    last: bool
    cut: bool


def _alone(work: BatchWork, batches: Iterable[_Batch]) -> Iterator[_Step]:
    """Every batch in this process."""
    for batch in batches:
        work.process(batch.rows, batch.position, done=batch.last)
        yield _Step(len(batch.rows) if batch.seen is None else batch.seen, batch.last, batch.cut)


def _ahead(work: BatchWork, batches: Iterable[_Batch]) -> Iterator[_Step]:
    """The same, each batch prepared while the target works on the one before it."""
    waiting: tuple[_Batch, Future[Prepared]] | None = None
    with ThreadPoolExecutor(1) as preparing:
        for batch in batches:
            next_one = batch, preparing.submit(work.prepare, batch.rows)
            if waiting is not None:
                yield _completed(work, *waiting)
            waiting = next_one
        if waiting is not None:
            yield _completed(work, *waiting)


def _completed(work: BatchWork, batch: _Batch, prepared: Future[Prepared]) -> _Step:
    work.complete(prepared.result(), batch.position, done=batch.last)
    return _Step(len(batch.rows), batch.last, batch.cut)


def _together(
    work: BatchWork, shares: Shares, parts: Parts, options: Options, source: str, entity: str
) -> Iterator[_Step]:
    """Every batch by a worker. The batches are those of one process, and are put on record in the same order."""
    size = options.batch or parts.loader.capabilities.batch
    position, rows_done = parts.ledger.position(source, entity)
    left = None if options.limit is None else max(options.limit - rows_done, 0)
    read = 0
    for task in shares.carry(source, entity, position, size, left, work.lead_change):
        read += task.rows
        yield _Step(task.rows, last=False, cut=False)
    if left is not None and read == left:
        yield _Step(0, last=False, cut=True)
    else:
        work.process((), None, done=True)
        yield _Step(0, last=True, cut=False)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Rows to process. ``position`` is None where the mark must not move; ``cut`` says that a limit ended the reading.

    ``seen`` counts the rows that were looked at, where they are others than those to process.
    """

    rows: Sequence[SourceRow]
    position: Position | None
    last: bool
    cut: bool = False
    seen: int | None = None


def _batches(parts: Parts, options: Options, source: str, entity: str, delta: Delta | None) -> Iterator[_Batch]:
    if options.only:
        yield from _named(parts, source, entity, options.only)
    elif options.retry_failed:
        yield from _named(parts, source, entity, parts.ledger.keys(entity, SET_ASIDE))
    elif delta is not None and delta.way != "full":
        yield from (_Batch(p.rows, p.position, p.last, seen=p.seen) for p in delta.pieces())
    else:
        yield from _all(parts, options, source, entity)


def _all(parts: Parts, options: Options, source: str, entity: str) -> Iterator[_Batch]:
    """From the mark to the end, or to the limit."""
    size = options.batch or parts.loader.capabilities.batch
    selection = replace(parts.mappings[source, entity].selection, is_descending=options.newest_first)
    position, rows_done = parts.ledger.position(source, entity)
    left = None if options.limit is None else options.limit - rows_done
    if left is not None and left <= 0:  # this run had reached its limit here before it was interrupted
        yield _Batch((), None, last=False, cut=True)
        return
    while True:
        limit = size if left is None else min(size, left)
        rows = parts.extractors[source].read(selection, position, limit)
        position = rows[-1].position if rows else position
        left = None if left is None else left - len(rows)
        last, cut = len(rows) < limit, left == 0
        yield _Batch(rows, position, last, cut and not last)
        if last or cut:
            return


def _named(parts: Parts, source: str, entity: str, keys: Iterable[str]) -> Iterator[_Batch]:
    """The rows with these keys, as far as they are of this source and entity; the mark stays."""
    selection = parts.mappings[source, entity].selection
    mine = (key for key in keys if split_key(key)[:2] == (source, entity))
    while page := list(islice(mine, KEYS_AT_ONCE)):
        yield _Batch(parts.extractors[source].fetch(selection, page), None, last=False)
