"""Taking runs back: what they overwrote is restored, what they created is removed, what somebody changed since is left.

The newest run goes first. Within a run, records are restored in load order, so that what is pointed to comes first; then
what was created is removed in the opposite order, so that what points goes first. What the target refuses is tried again
as long as that helps, and so is what is not read back as it should stand. Each page is journaled like a batch of a run:
*intent → act → confirm*; a key that is crossed off is not looked at again, so a rollback that was killed goes on where it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import Any, Literal

from migrator.model.content import ENTITIES
from migrator.model.outcome import STANDING, Bucket, Outcome
from migrator.model.record import content_fingerprint, field_digests
from migrator.ports import (
    Fence,
    Item,
    Loader,
    MediaTransfer,
    NamedFiles,
    Progress,
    Reader,
    Restorer,
    TargetRecord,
    Undo,
    UndoLedger,
    Vault,
    Write,
)
from migrator.run.fencing import shut_out_others

REASON = "rolled-back"
PAGE = 500
LEFT_KEPT = 10_000
"""So many of the records that were left alone are named; all of them are counted."""

Act = Literal["restore", "remove", "record"]
"""Put back what stood there, remove what did not stand there, or only put on record that the row waits again."""


@dataclass(frozen=True, slots=True)
class Left:
    """A record that was left alone. ``why``: ``edited``, ``deleted``, ``later-run`` or ``refused``."""

    key: str
    entity: str
    run: int
    why: str
    detail: str = ""


@dataclass(slots=True)
class Account:
    """What was done, or would be: ``done`` counts by (run, entity, act), ``left_count`` by why."""

    runs: Sequence[int]
    done: Counter[tuple[int, str, Act]] = field(default_factory=Counter)
    left: list[Left] = field(default_factory=list)
    left_count: Counter[str] = field(default_factory=Counter)
    files: int = 0
    is_stopped: bool = False

    def leave(self, left: Left) -> None:
        """Count a record that is left alone, and name it while there is room."""
        self.left_count[left.why] += 1
        if len(self.left) < LEFT_KEPT:
            self.left.append(left)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        rows = [{"run": run, "entity": e, "act": act, "count": n} for (run, e, act), n in sorted(self.done.items())]
        return {
            "runs": list(self.runs),
            "done": rows,
            "files": self.files,
            "left": [asdict(left) for left in self.left],
            "left_count": dict(self.left_count),
        }


@dataclass(frozen=True, slots=True)
class Store:
    """Files beside the target's records, and what its records say of them."""

    media: MediaTransfer
    named: NamedFiles


@dataclass(frozen=True, slots=True)
class Tools:
    """What a rollback works with. The legacy system is not among it: it need not be there any more.

    ``store`` is None where files go with their records, or there are none.
    """

    ledger: UndoLedger
    loader: Loader
    restorer: Restorer
    reader: Reader
    vault: Vault | None = None
    store: Store | None = None
    fences: Sequence[Fence] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which runs, newest first; which entities (empty for all); whether records that were edited since are taken as well."""

    runs: Sequence[int]
    entities: Collection[str] = ()
    even_edited: bool = False


def preview(tools: Tools, wanted: Wanted) -> Account:
    """What :func:`carry_out` would do. Nothing is written anywhere.

    Of a key that several of the runs changed, only the newest change is held against what stands there now.
    """
    account = Account(wanted.runs)
    stays: set[str] = set()
    for run in wanted.runs:
        for entity in _entities(wanted):
            for page in _pages(_chained(tools.ledger, run, entity)):
                later = tools.ledger.changed_later(run, [undo.key for undo in page])
                newest = [undo for undo in page if undo.key not in later]
                left = {} if wanted.even_edited else dict(_left_alone(tools, entity, newest))
                for key, by in later.items():
                    if by not in wanted.runs or key in stays:
                        left[key] = Left(key, entity, run, "later-run", str(by))
                stays.update(left)
                for undo in page:
                    if undo.key in left:
                        account.leave(left[undo.key])
                    else:
                        account.done[run, entity, _act(undo)] += 1
    if tools.store is not None and not wanted.entities:
        account.files = len(tools.ledger.brought(wanted.runs))
    return account


def _chained(ledger: UndoLedger, run: int, entity: str) -> Iterator[Undo]:
    yield from ledger.undos(run, entity)
    yield from ledger.unconfirmed_undos(run, entity)


def carry_out(tools: Tools, wanted: Wanted, progress: Progress, stopping: Callable[[], bool]) -> Account:
    """Take the runs back. The ledger has begun a run for this; ending it is the caller's."""
    account = Account(wanted.runs)
    shut_out_others(tools.ledger, tools.fences)
    tools.ledger.give_up(wanted.runs)
    for run in wanted.runs:
        _Rollback(tools, wanted, run, account, progress, stopping).carry_out()
        if account.is_stopped:
            return account
    if not wanted.entities:
        _take_files_back(tools, wanted.runs, account)
    return account


def _take_files_back(tools: Tools, runs: Sequence[int], account: Account) -> None:
    """Remove the files the runs brought and nobody names any more."""
    store = tools.store
    if store is None:
        return
    for page in _pages(tools.ledger.brought(runs)):
        in_use = store.named.files_in_use(page)
        free = [sha256 for sha256 in page if sha256 not in in_use]
        for sha256 in free:
            store.media.remove(sha256)
        tools.ledger.forget_brought(free)
        account.files += len(free)


def _entities(wanted: Wanted) -> Sequence[str]:
    return [name for name in ENTITIES if not wanted.entities or name in wanted.entities]


def _pages(things: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(things)
    while page := list(islice(rest, PAGE)):
        yield page


class _Rollback:
    """One run on its way back."""

    def __init__(
        self, tools: Tools, wanted: Wanted, run: int, account: Account, progress: Progress,
        stopping: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._tools, self._wanted, self._run = tools, wanted, run
        self._account, self._progress, self._stopping = account, progress, stopping
        self._refused: list[Left] = []
        self._crossed_off = 0
        self._otherwise: dict[str, str] = {}
        """Images of records that were put back and stand there otherwise than they should; nobody else changed them."""

    def carry_out(self) -> None:
        """Restore and remove, again as long as something that was refused becomes possible."""
        passes = 0
        while not self._account.is_stopped:
            self._refused, self._crossed_off = [], 0
            for entity in _entities(self._wanted):
                self._pass(entity, {"restore", "record"})
            for entity in reversed(_entities(self._wanted)):
                self._loosen(entity)
                self._pass(entity, {"remove"})
            passes += 1
            if not self._refused or not self._crossed_off:
                break
        for left in self._refused:
            self._account.leave(left)
        if not self._account.is_stopped:
            self._name_left()

    def _pass(self, entity: str, acts: Collection[Act]) -> None:
        if self._account.is_stopped:
            return
        self._progress.start(f"{entity} ({self._run})", None)
        for page in _pages(undo for undo in self._tools.ledger.undos(self._run, entity) if _act(undo) in acts):
            self._page(entity, page)
            self._progress.advance(len(page))
            if self._stopping() or self._tools.ledger.stop_requested():
                self._account.is_stopped = True
                break
        self._progress.finish()

    def _free(self, entity: str, page: Sequence[Undo]) -> list[Undo]:
        """Those that no later run and nobody else changed."""
        later = self._tools.ledger.changed_later(self._run, [undo.key for undo in page])
        mine = [undo for undo in page if undo.key not in later]
        left = {} if self._wanted.even_edited else _left_alone(self._tools, entity, mine, self._otherwise)
        return [undo for undo in mine if undo.key not in left]

    def _loosen(self, entity: str) -> None:
        """Records that will be removed may point to each other."""
        if self._account.is_stopped or not any(each.to == entity for each in ENTITIES[entity].references):
            return
        touched = (u for u in self._tools.ledger.undos(self._run, entity) if _act(u) == "remove")
        for page in _pages(touched):
            keys = [undo.key for undo in self._free(entity, page)]
            self._tools.ledger.begin_undo(self._run, keys)
            self._tools.restorer.loosen(entity, keys)

    def _page(self, entity: str, page: Sequence[Undo]) -> None:
        """Intent → act → confirm."""
        free = self._free(entity, page)
        if not free:
            return
        tools = self._tools
        tools.ledger.begin_undo(self._run, [undo.key for undo in free])
        items = tools.ledger.items([undo.key for undo in free])
        errors, ids = self._act(entity, free, items)
        errors |= self._otherwise_than_wanted(entity, [undo for undo in free if not errors.get(undo.key)])
        done = [undo for undo in free if not errors.get(undo.key)]
        self._refused += [
            Left(undo.key, entity, self._run, "refused", errors[undo.key]) for undo in free if errors.get(undo.key)
        ]
        outcomes = [_outcome(items[undo.key], undo, ids.get(undo.key), self._run) for undo in done if undo.key in items]
        tools.ledger.confirm_undo(self._run, entity, [undo.key for undo in done], outcomes)
        self._crossed_off += len(done)
        for undo in done:
            self._account.done[self._run, entity, _act(undo)] += 1

    def _act(
        self, entity: str, free: Sequence[Undo], items: Mapping[str, Item]
    ) -> tuple[dict[str, str], dict[str, str | None]]:
        """Errors and target ids by key."""
        tools = self._tools
        results = []
        images = {undo.key: undo.before for undo in free if undo.before is not None and undo.op}
        if images:
            results += list(tools.restorer.restore(entity, images))
        writes = [Write("withdraw", undo.key, entity) for undo in free if _act(undo) == "remove"]
        writes += _aliases(entity, free, items)
        if writes:
            results += list(tools.loader.write(writes))
        if tools.vault is not None and (keys := _kept_by_the_run(free, items)):
            tools.vault.release(keys)
        errors: dict[str, str] = {}
        for result in results:
            errors.setdefault(result.key, "")
            errors[result.key] = errors[result.key] or result.error
        return errors, {result.key: result.target_id for result in results if result.target_id}

    def _otherwise_than_wanted(self, entity: str, undos: Sequence[Undo]) -> Mapping[str, str]:
        """Read back what was restored and removed; how it differs, by key."""
        touched = {undo.key: undo for undo in undos if _act(undo) != "record"}
        records = {record.key: record for record in self._tools.reader.read(entity, list(touched))} if touched else {}
        doubtful = {key: undo for key, undo in touched.items() if not _is_back(undo, records.get(key), entity)}
        images = self._tools.loader.before_images(entity, list(doubtful)) if doubtful else {}
        errors: dict[str, str] = {}
        for key, undo in doubtful.items():
            if images.get(key) != undo.before:
                errors[key] = (
                    "it still stands there" if undo.before is None else "it was put back, and stands otherwise"
                )
                if key in images:
                    self._otherwise[key] = images[key]
        return errors

    def _name_left(self) -> None:
        """What is still to be taken back and was not refused was left alone; say why."""
        refused = {left.key for left in self._refused}
        for entity in _entities(self._wanted):
            for page in _pages(self._tools.ledger.undos(self._run, entity)):
                later = self._tools.ledger.changed_later(self._run, [undo.key for undo in page])
                mine = [undo for undo in page if undo.key not in later]
                left = _left_alone(self._tools, entity, mine, self._otherwise)
                for undo in page:
                    if undo.key in later:
                        self._account.leave(Left(undo.key, entity, self._run, "later-run", str(later[undo.key])))
                    elif undo.key in left and undo.key not in refused:
                        self._account.leave(left[undo.key])


def _act(undo: Undo) -> Act:
    if undo.op in {"", "withhold"}:
        return "record"
    return "remove" if undo.before is None else "restore"


def _aliases(entity: str, free: Sequence[Undo], items: Mapping[str, Item]) -> list[Write]:
    """Lead keys where they led before."""
    writes: list[Write] = []
    for undo in free:
        item = items.get(undo.key)
        now = item.merged_into if item is not None else None
        before = undo.known.merged_into if undo.known is not None else None
        if before is not None and (undo.op or before != now):
            writes.append(Write("alias", undo.key, entity, survivor=before))
        elif before is None and (now is not None or undo.op in {"alias", "withdraw"}):
            writes.append(Write("unalias", undo.key, entity))
    return writes


def _kept_by_the_run(free: Sequence[Undo], items: Mapping[str, Item]) -> list[str]:
    """Keys the run put into the vault. What lay there before stays, in its newer form."""
    return [
        undo.key
        for undo in free
        if not _was_withheld(undo)
        and (undo.op == "withhold" or (undo.key in items and items[undo.key].bucket is Bucket.WITHHELD))
    ]


def _was_withheld(undo: Undo) -> bool:
    return undo.known is not None and undo.known.bucket is Bucket.WITHHELD


def _outcome(item: Item, undo: Undo, target_id: str | None, run: int) -> Outcome:
    """The row waits again; what stands at the target is what stood there before the run."""
    known = undo.known
    if item.bucket is Bucket.WITHHELD and _was_withheld(undo):
        bucket, reason = Bucket.WITHHELD, item.reason
    else:
        bucket, reason = Bucket.GONE if item.bucket is Bucket.GONE else Bucket.PENDING, REASON
    stands = known is not None and known.content is not None and known.bucket in STANDING | {Bucket.GONE}
    return Outcome(
        key=item.key,
        bucket=bucket,
        source_fingerprint=item.source_fingerprint,
        mapping_fingerprint=item.mapping_fingerprint,
        content=known.content if known is not None and stands else None,
        digests=dict(known.digests) if known is not None and stands and known.digests is not None else None,
        target_id=(target_id or known.target_id) if known is not None and (stands or known.merged_into) else None,
        merged_into=known.merged_into if known is not None else None,
        merge_digest=known.merge_digest if known is not None else None,
        reason=reason,
        rule=item.rule if bucket is Bucket.WITHHELD else "",
        detail=f"run {run}",
        notes=(),
    )


# --- what somebody else changed ---
def _left_alone(
    tools: Tools, entity: str, undos: Sequence[Undo], ours: Mapping[str, str] = MappingProxyType({})
) -> Mapping[str, Left]:
    """Those of the records that do not stand at the target as the run, or this rollback, left them.

    ``ours`` has images of what this rollback is known to have left.
    """
    touched = [undo for undo in undos if _act(undo) != "record"]
    if not touched:
        return {}
    items = tools.ledger.items([undo.key for undo in touched])
    records = {record.key: record for record in tools.reader.read(entity, [undo.key for undo in touched])}
    doubtful = {
        undo.key: undo for undo in touched if not _is_ours(undo, items.get(undo.key), records.get(undo.key), entity)
    }
    if not doubtful:
        return {}
    images = tools.loader.before_images(entity, list(doubtful))
    left = {}
    for key, undo in doubtful.items():
        if key in images and images[key] in (undo.before, ours.get(key)):
            continue
        left[key] = Left(key, entity, undo.run, "edited" if key in records else "deleted")
    return left


def _is_back(undo: Undo, record: TargetRecord | None, entity: str) -> bool:
    """Whether what is read back is known to be what stood there before the run."""
    if undo.before is None or record is None:
        return undo.before is None and record is None
    known = undo.known
    return known is not None and known.content == content_fingerprint(ENTITIES[entity], record.fields)


def _is_ours(undo: Undo, item: Item | None, record: TargetRecord | None, entity: str) -> bool:
    expected = {content for content in (item.content if item else None, undo.content) if content is not None}
    if record is None:
        # nothing stands there: we took it away, or never put it, or it was to be removed anyway
        return undo.before is None or undo.op == "withdraw" or item is None or item.content is None
    if record.is_stub:
        return True
    kind = ENTITIES[entity]
    content = content_fingerprint(kind, record.fields)
    if content in expected:
        return True
    if not undo.begun:
        return False
    if item is None or (undo.known is not None and undo.known.content == content):
        return True  # loosened, or restored, by a rollback that was killed before it could say so
    own = {each.name for each in kind.references if each.to == entity}
    there = field_digests(kind, record.fields)
    last = item.digests or {}
    return bool(last) and all(there[name] == value for name, value in last.items() if name not in own)
