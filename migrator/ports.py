"""The protocols between the parts. Read this file first.

    extractor.read → mapping.transform → loader.write, each step told to the ledger; reader.read → verify

A batch goes through in this order: *intent → act → confirm*. The ledger knows before the target is touched what will be
done; it hears afterwards what was done; what a crash leaves open is done again, by legacy key, without a double.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Literal, Protocol

from migrator.model.audit import Against, AuditedEntity, Belonging, Copies, NumberTotal
from migrator.model.content import Value
from migrator.model.outcome import Bucket, Note, Outcome
from migrator.model.rate import Rate
from migrator.model.record import Record, SourceRow
from migrator.model.source import KeyRange, Marker, Selection, TableInfo, Test

Position = tuple[Any, ...]


# --- reading the source ---
class Extractor(Protocol):
    """Reads a legacy source. Never writes to it."""

    def tables(self) -> Mapping[str, TableInfo]:
        """Every table of the source by name."""

    def columns(self, sql: str) -> tuple[str, ...]:
        """Column names a declared query gives. AccessError where the database refuses the query."""

    def marker(self, selections: Sequence[Selection]) -> Marker:
        """What the source holds now; the cut-off of a run."""

    def read(
        self, selection: Selection, after: Position | None, limit: int, upto: Position | None = None
    ) -> Sequence[SourceRow]:
        """The next rows in key order after a position, with their side rows. Fewer than ``limit`` means the end.

        With ``upto`` the end is that position, the row there included.
        """

    def fetch(self, selection: Selection, keys: Collection[str]) -> Sequence[SourceRow]:
        """The rows with these keys, in key order; keys that do not exist are left out."""

    def existing(self, selection: Selection, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys that the selection has."""

    def keys(self, selection: Selection, after: Position | None, limit: int) -> Sequence[tuple[str, Position]]:
        """The next keys in key order after a position, each with its own. Fewer than ``limit`` means the end."""

    def largest(self, selection: Selection, column: str, most: object = None) -> Any:
        """The largest raw value of a column that is not above ``most`` (None: of all); None where there is none."""

    def partitions(self, selection: Selection, size: int) -> Sequence[KeyRange]:
        """Key ranges of about ``size`` rows that cover the selection."""

    def ranges(self, selection: Selection, after: Position | None, size: int) -> Iterator[KeyRange]:
        """Key ranges of ``size`` rows behind a position (the last one of fewer), found one after the other."""

    def keep(self, selection: Selection) -> Path | None:
        """Answer a declared query once, and keep the answer in a file for as long as this is open; None for a table."""

    def use(self, selection: Selection, path: Path) -> None:
        """Take a declared query's rows from the file that another process's extractor keeps."""

    def close(self) -> None:
        """Give connections back."""


class Survey(Protocol):
    """Counts what stands in a source, for people who write its mapping. Never writes to it.

    A selection's table or query and its conditions count; its key and its sides do not.
    """

    def rows(self, selection: Selection) -> int:
        """Rows of the selection."""

    def filled(self, selection: Selection, columns: Sequence[str]) -> Mapping[str, int]:
        """For each column the rows in which it is neither null nor empty text."""

    def tally(self, selection: Selection, columns: Sequence[str], limit: int) -> Sequence[tuple[tuple[Any, ...], int]]:
        """Each combination of raw values with its rows, the most frequent first, at most ``limit`` of them."""

    def samples(self, selection: Selection, column: str, limit: int) -> Sequence[tuple[str, int]]:
        """The most frequent values that are not empty, as text cut to 200 characters, each with its rows."""

    def close(self) -> None:
        """Give connections back."""


# --- transforming ---
class Step(Protocol):
    """One verb of the mapping language, compiled. Raises SetAside for a value that cannot be carried over."""

    def __call__(self, value: Any, context: StepContext) -> Any:
        """The value after the step."""


class StepContext(Protocol):
    """What a step may know besides its value."""

    @property
    def row(self) -> SourceRow:
        """The row being transformed."""

    def note(self, code: str, detail: str) -> None:
        """Put on record that something was changed or noticed."""


MissingPolicy = Literal["reject", "drop", "follow"]
"""What to do where a referenced record will not stand at the target: set the record aside, leave the reference out, or
go with it – withheld where that is withheld, dropped where it was kept out otherwise, rejected where nobody knows it."""


@dataclass(frozen=True, slots=True)
class Transformed:
    """A record whose references are legacy keys, not yet looked up. ``missing`` has a policy for each reference field.

    Records with the same ``merge_digest`` are one; ``merge_reason`` is what is put on record of those that are led away.
    """

    record: Record
    missing: Mapping[str, MissingPolicy]
    merge_digest: bytes | None
    notes: tuple[Note, ...]
    merge_reason: str = "duplicate"


@dataclass(frozen=True, slots=True)
class Decided:
    """A rule decided that the row is not loaded. The bucket is DROPPED, WITHHELD or REJECTED.

    ``record`` is what goes to the vault where the row is withheld; its references are legacy keys, not looked up.
    """

    bucket: Bucket
    reason: str
    rule: str
    detail: str = ""
    notes: tuple[Note, ...] = ()
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Led:
    """A rule decided that the row is one with the record ``into`` (a legacy key): its own key is to lead there."""

    into: str
    reason: str
    rule: str
    detail: str = ""
    notes: tuple[Note, ...] = ()


class EntityMapping(Protocol):
    """The compiled mapping of one entity."""

    @property
    def entity(self) -> str:
        """Name of the target entity."""

    @property
    def selection(self) -> Selection:
        """What to read."""

    @property
    def fingerprint(self) -> bytes:
        """Digest (32 bytes) of everything that decides the result: mapping, crosswalks, version of the transformation."""

    def transform(self, row: SourceRow) -> Transformed | Decided | Led:
        """The record for a row, or what a rule makes of it. Does not raise for bad data."""


# --- writing the target ---
@dataclass(frozen=True, slots=True)
class LoaderCapabilities:
    """What a target can do. ``stubs``: placeholder records for references that come later. ``batch``: best batch size.

    ``unstubbed``: entities of which it takes no placeholders all the same.
    """

    stubs: bool
    batch: int
    unstubbed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Write:
    """One thing to do at the target.

    ``put``: make the record stand there under its key, whatever was there. ``stub``: a placeholder under the key, if
    nothing stands there. ``withdraw``: nothing stands there any more; refused while others point to it. ``alias``: the
    key leads to ``survivor``. ``unalias``: it no longer does. ``fields``: put these alone, and leave the others as they
    stand there; None for all of them.
    """

    op: Literal["put", "stub", "withdraw", "alias", "unalias"]
    key: str
    entity: str
    record: Record | None = None
    survivor: str | None = None
    fields: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What the target answered. ``error`` is empty when it was done."""

    key: str
    target_id: str | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The target before the first run: rows of an entity that were there, and the largest target id among them."""

    entity: str
    rows: int
    largest_id: str | None


class Loader(Protocol):
    """Writes to the target platform. Doing the same thing twice leaves the target as doing it once."""

    @property
    def capabilities(self) -> LoaderCapabilities:
        """What this target can do."""

    def prepare(self) -> None:
        """Make sure that the target is there and can be written. AccessError where it cannot."""

    def baseline(self, entities: Sequence[str]) -> Sequence[Baseline]:
        """What the target already holds."""

    def holds_source(self, entity: str, source: str) -> bool:
        """Whether records with keys of this source stand there."""

    def standing(self, entity: str, keys: Collection[str]) -> Mapping[str, str]:
        """Target ids of those keys under which a real record (no stub) stands."""

    def placeholders(self, entity: str, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys under which a stub stands."""

    def cannot_hold(self, record: Record) -> str:
        """Why this target cannot hold the record, whatever is tried; empty where it can."""

    def before_images(self, entity: str, keys: Collection[str]) -> Mapping[str, str]:
        """The records and placeholders that stand there now, each as JSON text from which it can be restored."""

    def write(self, writes: Sequence[Write]) -> Sequence[WriteResult]:
        """Do all of it, or as much as can be done; one answer for each. StopRun where the target is gone."""

    def close(self) -> None:
        """Give connections back."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A record that must be kept and never be public, and why."""

    record: Record
    reason: str
    rule: str


class Vault(Protocol):
    """Keeps what is withheld, away from the target: restricted, for inspection, by legacy key."""

    def prepare(self) -> None:
        """Make sure that it is there and can be written. AccessError where it cannot."""

    def keep(self, withheld: Sequence[Withheld]) -> None:
        """Put records under their keys, whatever was there. Doing it twice leaves it as doing it once."""

    def release(self, keys: Collection[str]) -> None:
        """Remove these keys, as far as they are there: the rows are withheld no longer."""

    def close(self) -> None:
        """Give connections back."""


class FileSource(Protocol):
    """Where the bytes of media can be had, by their SHA-256 in hex."""

    def open(self, sha256: str) -> BinaryIO | None:
        """The bytes, to be closed by the caller; None where they are not there."""


class MediaTransfer(Protocol):
    """Brings the bytes of media from the evidence to the target's store, under their SHA-256."""

    def bring(self, sha256: str) -> str:
        """Make sure that the bytes stand at the target. Why they cannot; empty where they do."""

    def holds(self, sha256: str) -> bool:
        """Whether the bytes stand at the target."""

    def remove(self, sha256: str) -> None:
        """Take the bytes away, if they are there."""


# --- remembering ---
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

    def end(self, result: str, high_water: Sequence[HighWater] = ()) -> None:
        """Close the run with its result and its high-water marks, and give the lease back. An interrupted run stays open."""

    def release(self) -> None:
        """Give the lease back without ending the run."""

    def ticket(self) -> str:
        """What another process needs to put on record under this process's lease, in the run that is open."""

    def join(self, ticket: str) -> None:
        """Take part in a run that another process began."""

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


# --- taking back ---
@dataclass(frozen=True, slots=True)
class Undo:
    """What a run found under a key before it first changed something of it.

    ``op`` is the first it did at the target; empty where it only put an outcome on record. ``before`` is the record that
    stood there (see Loader.before_images), None for nothing; ``known`` what the ledger knew of the key, None for nothing.
    ``content`` is what an unconfirmed write was to leave there; ``begun`` says that the taking back was begun.
    """

    run: int
    key: str
    entity: str
    op: str
    before: str | None
    known: Item | None
    content: bytes | None
    begun: bool


class UndoLedger(Ledger, Protocol):
    """The ledger as a rollback needs it: what each run found, and how that is crossed off."""

    def undoable(self) -> Mapping[int, int]:
        """Run -> number of keys of which something can be taken back."""

    def give_up(self, runs: Collection[int]) -> None:
        """Close these runs as taken back; what they left unconfirmed becomes something to take back."""

    def undos(self, run: int, entity: str) -> Iterator[Undo]:
        """What there is to take back of an entity, in key order, in pages; rows crossed off meanwhile are passed over."""

    def unconfirmed_undos(self, run: int, entity: str) -> Iterator[Undo]:
        """What :meth:`give_up` would add to :meth:`undos`."""

    def changed_later(self, run: int, keys: Collection[str]) -> Mapping[str, int]:
        """Those of the keys that a later run changed, with that run."""

    def begin_undo(self, run: int, keys: Collection[str]) -> None:
        """Remember that these keys are about to be put back."""

    def confirm_undo(self, run: int, entity: str, keys: Collection[str], outcomes: Sequence[Outcome]) -> None:
        """Cross the keys off and put the outcomes on record – all or nothing."""

    def brought(self, runs: Collection[int]) -> Sequence[str]:
        """Files (SHA-256 in hex) these runs brought to the target."""

    def forget_brought(self, files: Collection[str]) -> None:
        """The files do not stand there any more."""


class Restorer(Protocol):
    """Puts a target back to what stood there."""

    def restore(self, entity: str, images: Mapping[str, str]) -> Sequence[WriteResult]:
        """Make the records and placeholders stand there again, with their ids; one answer for each key."""

    def loosen(self, entity: str, keys: Collection[str]) -> None:
        """Let records that will be removed point to no record of their own entity."""

    def files_in_use(self, files: Collection[str]) -> frozenset[str]:
        """Those of the files (SHA-256 in hex) that a record at the target names."""


# --- reading back ---
@dataclass(frozen=True, slots=True)
class TargetRecord:
    """A record as it stands at the target. ``key`` is the legacy key stored in it, or None. ``fields`` as in Record."""

    key: str | None
    target_id: str
    is_stub: bool
    fields: Mapping[str, Value]


class Reader(Protocol):
    """Reads the target back by another route than the Loader's."""

    def read(self, entity: str, keys: Collection[str]) -> Sequence[TargetRecord]:
        """All records with these legacy keys; a doubled key gives two."""

    def fetch(self, entity: str, target_ids: Collection[str]) -> Sequence[TargetRecord]:
        """Records by target id."""

    def enumerate(self, entity: str) -> Iterator[tuple[str, str | None, bool]]:
        """Target id, legacy key and is_stub of every record of the entity, streamed."""

    def aliases(self, keys: Collection[str]) -> Mapping[str, str]:
        """Where merged keys lead: key -> survivor's key."""

    def all_aliases(self) -> Iterator[tuple[str, str]]:
        """Every alias at the target, streamed: key and survivor's key."""

    def sums(self, entity: str, source: str, by: Sequence[str], of: Sequence[str]) -> Iterator[GroupSums]:
        """Rows and sums per group of the real records whose legacy key is of a source; references as legacy keys."""

    def close(self) -> None:
        """Give connections back."""


@dataclass(frozen=True, slots=True)
class GroupSums:
    """Rows of a group, and the sum of each number over them. ``group`` has the raw values it is made by."""

    group: tuple[Any, ...]
    rows: int | None
    sums: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A withheld record as it lies in the vault: its text, the digest (hex) kept beside it, and its fields."""

    key: str
    entity: str
    said: str
    content_sha256: str
    reason: str
    fields: Mapping[str, Value]


class VaultReader(Protocol):
    """Reads the vault by another route than the one it is filled by."""

    def read(self, keys: Collection[str]) -> Mapping[str, KeptRecord]:
        """What lies there under these keys."""

    def keys(self, entity: str) -> Iterator[str]:
        """Every key of the entity, streamed."""

    def close(self) -> None:
        """Give connections back."""


class MediaWitness(Protocol):
    """The bytes of media, at the sources and at the target. Bytes come in pieces; the caller takes their digest."""

    def sources(self) -> Collection[str]:
        """The sources whose files can be read."""

    def has_all(self, source: str) -> bool:
        """Whether a file that is not there is not at the source either; False where only some were kept."""

    def source(self, source: str, path: str) -> Iterator[bytes] | None:
        """The file a path of the source's inventory means; None where none is there."""

    def target(self, sha256: str) -> Iterator[bytes] | None:
        """What the target keeps under this digest (hex); None where nothing is there."""

    def stored(self) -> Iterator[tuple[str, int]]:
        """Every file of the target's store: the digest its name says (or the name, where it says none), and its size."""


# --- witnesses ---
@dataclass(frozen=True, slots=True)
class WitnessRow:
    """A source row as the auditor sees it: raw values by the *name* given in the audit statement.

    ``values`` has a raw value for each of :meth:`AuditedEntity.single_places`, ``pointers`` a list of raw values, in
    order, for each of :meth:`AuditedEntity.list_places`.
    """

    key: str
    values: Mapping[str, Any]
    pointers: Mapping[str, Sequence[Any]]


class Witness(Protocol):
    """Counts and keys straight from the source, over a connection of its own."""

    def count(self, table: str, where: Sequence[Test] = ()) -> int:
        """Rows of a table."""

    def count_entity(self, audited: AuditedEntity) -> int:
        """Rows of an entity's own table or query."""

    def tables(self) -> Sequence[str]:
        """Every table of the source."""

    def rows(self, audited: AuditedEntity, batch: int) -> Iterator[Sequence[WitnessRow]]:
        """All rows of an entity, in batches."""

    def existing(self, audited: AuditedEntity, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys that the source has."""

    def copy_drift(self, audited: AuditedEntity, copies: Copies) -> Iterator[tuple[str, str, str, str, str]]:
        """(key, copy table, column, value in the main table, value in the copy) for each difference.

        A copy row without a main row has the column ``""``.
        """

    def sums(self, audited: AuditedEntity, total: NumberTotal) -> Iterator[GroupSums]:
        """Rows and sums of the entity's own table per group, by the database itself; NULL counts as 0."""

    def kept_sums(self, against: Against) -> Iterator[GroupSums]:
        """The source's own table of sums, a line a group: values in the order of ``on``, rows (None), ``sums``."""

    def orphans(
        self, table: str, belonging: Belonging, key: Sequence[str] = ()
    ) -> Iterator[tuple[tuple[Any, ...], int]]:
        """Rows of a table that belong to nothing, before any condition: their ``key``, each with 1.

        Without a key the values of the ``on`` columns, each combination with the number of its rows.
        """

    def values(self, table: str, columns: Sequence[str], where: Sequence[Test] = ()) -> Iterator[tuple[Any, ...]]:
        """Raw values of some columns of a table, streamed, in no order."""

    def close(self) -> None:
        """Give connections back."""


class SiteIndex(Protocol):
    """What the public site says of itself."""

    def entries(self) -> Iterable[tuple[str, str]]:
        """(URL, lastmod or '') of every page in the sitemaps."""


class Expected(Protocol):
    """The record that should stand at the target, made once more from the source. Used only to name a difference."""

    def record(self, entity: str, key: str) -> Record | None:
        """None where the source row is gone or would not be loaded."""


class Progress(Protocol):
    """Somebody who wants to know how far it is."""

    def start(self, what: str, total: int | None) -> None:
        """A new piece of work begins."""

    def advance(self, done: int) -> None:
        """So many more are done."""

    def finish(self) -> None:
        """The piece is over."""
