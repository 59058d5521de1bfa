"""What remembers: outcomes, intents, marks, rates."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from migrator.model.outcome import Bucket, Note, Outcome
from migrator.model.rate import Rate
from migrator.ports.fence import Seal
from migrator.ports.source import Position
from migrator.ports.target import Baseline


@dataclass(frozen=True, slots=True)
class Item:
    """What the ledger knows of a source row.

    ``transformed_seq`` is the journal entry of its last transformation; ``is_partial`` says that references were left out.
    """

    key: str
    entity: str
    bucket: Bucket
    source_fingerprint: bytes
    mapping_fingerprint: bytes
    content: bytes | None
    digests: Mapping[str, str] | None
    target_id: str | None
    merged_into: str | None
    merge_digest: bytes | None
    reason: str
    rule: str
    detail: str
    run: int
    seq: int
    pos: int
    attempts: int
    transformed_seq: int = 0
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """Of an Item what tells whether its row has to be looked at."""

    bucket: Bucket
    source_fingerprint: bytes
    mapping_fingerprint: bytes
    is_partial: bool
    transformed_seq: int

    @property
    def is_live(self) -> bool:
        """Whether the source had the row when it was last looked at."""
        return self.bucket is not Bucket.GONE


@dataclass(frozen=True, slots=True)
class HighWater:
    """How far the changes of an entity of a source were taken in by a run that came to its end.

    ``mark`` is the largest raw value of the change column, None where none is known; ``scanned_at`` (aware) is when every
    row was last read.
    """

    source: str
    entity: str
    mark: Any
    run: int
    scanned_at: datetime


@dataclass(frozen=True, slots=True)
class Intent:
    """What is about to be done at the target for one key. ``content`` is the fingerprint that will stand there."""

    key: str
    entity: str
    op: Literal["create", "update", "stub", "withdraw", "alias", "unalias", "withhold"]
    before: str | None = None
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class RunInfo:
    """One logical run; a resumed run is the same one. ``result`` is empty while it has not come to its end."""

    id: int
    command: str
    started_at: datetime
    ended_at: datetime | None
    tool_version: str
    mapping_digest: str
    marker: str
    result: str
    who: str
    sessions: int


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One confirmed batch. ``hash`` chains it to the entry before."""

    seq: int
    run: int
    at: str
    count: int
    root: bytes
    previous: bytes
    hash: bytes


class Ledger(Protocol):
    """The tool's memory. Everything a report says about the run is read from here."""

    def begin(self, command: str, mapping_digest: str, marker: str) -> RunInfo:
        """Take the lease and open a run, or go on with the last one if it did not end. ConfigurationError if it is held."""

    def end(self, result: str, high_water: Sequence[HighWater] = (), marker: str = "") -> None:
        """Close the run with its result and its high-water marks, and give the lease back. An interrupted run stays open.

        ``marker`` takes the place of the one it began with, where more is known of the source now.
        """

    def release(self) -> None:
        """Give the lease back without ending the run."""

    def ticket(self) -> str:
        """What another process needs to put on record under this process's lease, in the run that is open."""

    def join(self, ticket: str) -> None:
        """Take part in a run that another process began."""

    def seal(self) -> Seal:
        """The name under which this run writes."""

    def open_turns(self) -> None:
        """Begin to count fencing tokens: from now on workers join from afar."""

    def join_from_afar(self, ticket: str, worker: str, silence_s: float) -> None:
        """Take part in a run from where nobody notices at once that one is lost: nothing can be put on record without a turn.

        ``worker`` is a name nobody else has. A transaction that stops for ``silence_s`` is ended by the server. StopRun where
        this is not the run's ledger.
        """

    def take_turn(self, token: int, of: tuple[str, str], ends: tuple[Position | None, Position]) -> bool:
        """Take the turn of a range of (source, entity) between two positions; False where it is on record already.

        From now on whoever took a turn under a smaller token can put nothing on record. Superseded where a larger one was
        seen, or the range is not the one whose turn it is.
        """

    def latest_run(self) -> RunInfo | None:
        """The newest run, ended or not."""

    def baseline(self) -> Sequence[Baseline]:
        """The target as it was before the first run; empty before that."""

    def set_baseline(self, baseline: Sequence[Baseline]) -> None:
        """Remember it. Only the first call counts."""

    def position(self, source: str, entity: str) -> tuple[Position | None, int]:
        """The last confirmed position of an entity of a source in this run (None at its beginning), and rows up to it."""

    def is_complete(self, entity: str) -> bool:
        """Whether the newest run that read the entity read it to its end, from every source it has."""

    def items(self, keys: Collection[str]) -> Mapping[str, Item]:
        """What is known of these keys."""

    def known(self, keys: Collection[str]) -> Mapping[str, Known]:
        """What tells whether these rows changed, of the keys that are known."""

    def live_keys(self, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys whose rows the source had when they were last looked at."""

    def live(self, source: str, entity: str, *, kept: bool) -> int:
        """How many such rows there are; with ``kept`` also those that are gone and whose record still stands."""

    def unsettled(self, source: str, entity: str, run: int, mapping: bytes, lead_change: int) -> Iterator[str]:
        """Keys the run has not looked at that need it although their rows may not have changed: not loaded, made by another
        mapping, with references left out, or made before something they may point to began to lead elsewhere."""

    def was_read(self, run: int, source: str, entity: str) -> bool:
        """Whether an earlier run read the entity of the source to its end."""

    def high_water(self, source: str, entity: str) -> HighWater | None:
        """How far changes were taken in; None where no run that kept it came to its end."""

    def strayed(self, source: str, entity: str) -> Iterator[str]:
        """Keys of rows that were merged into a record which says something else now, or is not loaded any more."""

    def unseen(self, source: str, entity: str, *, kept: bool) -> Iterator[str]:
        """Keys this run did not meet and that are not gone yet, streamed. With ``kept`` also what is gone but still stands.

        Meaningful only after the run has read the entity of the source to its end.
        """

    def latest_lead_change(self, entities: Collection[str]) -> int:
        """The newest journal entry in which a key of these entities began to lead elsewhere, or nowhere; 0 for none."""

    def survivors(self, entity: str, digests: Collection[bytes]) -> Mapping[bytes, str]:
        """For each merge digest the key of the record that stands for it."""

    def open_intents(self, keys: Collection[str]) -> Mapping[str, Intent]:
        """Intents of these keys that were never confirmed."""

    def unconfirmed(self, source: str, entity: str) -> Sequence[Intent]:
        """Every open intent of an entity of a source."""

    def settle(self, keys: Collection[str]) -> None:
        """Close open intents whose rows the source no longer has, after the target was put right."""

    def intend(self, intents: Sequence[Intent]) -> None:
        """Remember what will be done, with before-images; an open intent of the same key is kept as it is."""

    def bringing(self, files: Collection[str]) -> None:
        """Remember files (SHA-256 in hex) that are about to be brought to the target and were not there."""

    def confirm(
        self,
        source: str,
        entity: str,
        outcomes: Sequence[Outcome],
        position: Position | None,
        *,
        done: bool,
        stubs: Collection[str] = (),
    ) -> None:
        """Put the outcomes of a batch on record, close their intents and move the mark – all or nothing.

        Without ``position`` and ``done`` the mark stays where it is. ``stubs`` are the keys that now have a placeholder.
        """

    def request_stop(self) -> bool:
        """Ask the running process to stop after its batch. False when nothing runs."""

    def is_running(self) -> bool:
        """Whether a process that is alive works on a run."""

    def stop_requested(self) -> bool:
        """Whether somebody asked."""

    # read by status, verify and report
    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """Entity -> bucket -> number of items."""

    def keys(self, entity: str, buckets: Collection[Bucket] = ()) -> Iterator[str]:
        """All keys of an entity, or those in some buckets, in key order, streamed."""

    def set_aside(self, buckets: Collection[Bucket]) -> Iterator[Item]:
        """Items in these buckets, by entity and key, streamed."""

    def by_content(self, entity: str, content: bytes) -> str | None:
        """The key of a loaded record with this content."""

    def notes(self, entity: str = "") -> Iterator[tuple[str, Note]]:
        """Notes of the latest transformation of each key, as (key, note), streamed."""

    def runs(self) -> Sequence[RunInfo]:
        """All runs, oldest first."""

    def journal(self) -> Iterator[JournalEntry]:
        """The journal from its beginning."""

    def said(self, seq: int) -> Iterator[str]:
        """What a journal entry says of each of its outcomes (see Outcome.said), in order."""

    def all_items(self, entity: str = "") -> Iterator[Item]:
        """Every item, streamed."""

    def open_intent_count(self) -> int:
        """Intents nobody confirmed."""

    def close(self) -> None:
        """Give connections back."""


class RateBook(Protocol):
    """The ledger's memory of how fast work went, and of what it came to. No evidence; nothing is verified by it."""

    def keep_rate(self, measured: Rate) -> None:
        """Put a measurement on record."""

    def rates(self) -> Sequence[Rate]:
        """Every measurement, oldest first."""

    def written_by(self, run: int, entity: str) -> int:
        """Rows of the entity whose outcome in a run was another than unchanged."""

    def reasons(self, buckets: Collection[Bucket]) -> Mapping[str, Mapping[str, int]]:
        """Entity -> reason code -> rows, of the rows in these buckets."""

    def rows_done(self) -> Mapping[tuple[str, str], int]:
        """By source and entity, the rows the open run has behind it; empty where no run is open."""

    def latest_run(self) -> RunInfo | None:
        """The newest run, ended or not."""

    def runs(self) -> Sequence[RunInfo]:
        """All runs, oldest first."""

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """Entity -> bucket -> number of items."""

    def open_intent_count(self) -> int:
        """Intents nobody confirmed."""
