"""Where the references of a batch lead: to a record that stands at the target, to one that will, or nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from migrator.model.content import ENTITIES, Kind, Value
from migrator.model.outcome import REFERENCE_DROPPED, Bucket, Note
from migrator.model.record import Record, split_key
from migrator.ports import EntityMapping, Extractor, Item, Led, Ledger, MissingPolicy, Transformed


@dataclass(frozen=True, slots=True)
class Dangling:
    """A reference that leads nowhere and whose policy is not to leave it out."""

    field: str
    key: str
    policy: MissingPolicy


@dataclass(frozen=True, slots=True)
class Resolved:
    """A record whose references all lead somewhere."""

    record: Record
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Leads:
    """``to``: where each key leads, None for nowhere. ``stubs``: keys that need a placeholder. ``buckets``: of known keys."""

    to: Mapping[str, str | None]
    stubs: Sequence[str]
    buckets: Mapping[str, Bucket]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What was asked ahead of the batches before, and does not change while they are put on record.

    ``settled`` are keys of entities that are not being loaded now, and ``items`` what the ledger knows of them. ``asked``
    are keys the ledger did not know, and ``coming`` where those of them lead whose source row would be loaded.
    """

    settled: frozenset[str] = frozenset()
    items: Mapping[str, Item] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    coming: Mapping[str, str] = field(default_factory=dict)


NOTHING_FORESEEN = Foreseen()


class References:
    """Looks references up, a batch at a time. ``stubs`` False: the target takes no placeholders, or none of ``unstubbed``.

    A key the ledger knows as loaded leads to itself, a merged one to its survivor. A key the ledger does not know,
    but whose source row exists and would be loaded, becomes a *stub*: it leads to itself, and a placeholder is put
    there first.
    """

    def __init__(
        self,
        mappings: Mapping[tuple[str, str], EntityMapping],
        extractors: Mapping[str, Extractor],
        ledger: Ledger,
        *,
        stubs: bool,
        unstubbed: Collection[str] = (),
    ) -> None:
        self._unstubbed = frozenset(unstubbed)
        self._stubs = stubs
        self._mappings = mappings
        self._extractors = extractors
        self._ledger = ledger

    def foresee(self, transformed: Sequence[Transformed], entity: str) -> Foreseen:
        """Look up ahead, while other batches of the entity are on their way, what they cannot change."""
        wanted = {key for t in transformed for key in _pointed_to(t.record)}
        if not wanted:
            return NOTHING_FORESEEN
        items = self._known(wanted)
        unknown = wanted - items.keys() if self._stubs else set()
        settled = frozenset(key for key in wanted if key.split(":", 2)[1] != entity)
        known = {key: item for key, item in items.items() if key in settled}
        return Foreseen(settled, known, frozenset(unknown), self._coming(unknown))

    def look_up(self, transformed: Sequence[Transformed], foreseen: Foreseen = NOTHING_FORESEEN) -> Leads:
        """Where every key that is pointed to leads."""
        wanted = {key for t in transformed for key in _pointed_to(t.record)}
        leads: dict[str, str | None] = dict.fromkeys(wanted)
        open_keys = wanted - foreseen.settled
        items = {**foreseen.items, **self._known(open_keys)} if open_keys else foreseen.items
        leads.update((key, _lead(item)) for key, item in items.items())
        unknown = {key for key in wanted - items.keys() if split_key(key)[1] not in self._unstubbed}
        coming = dict(self._coming(unknown - foreseen.asked)) if self._stubs else {}
        coming.update((key, into) for key, into in foreseen.coming.items() if key in unknown)
        merging = {key: into for key, into in coming.items() if into != key}
        survivors = self._ledger.items(set(merging.values())) if merging else {}
        leads.update((key, _lead(survivors.get(into))) for key, into in merging.items())
        stubs = sorted(coming.keys() - merging.keys())
        leads.update((key, key) for key in stubs)
        return Leads(leads, stubs, {key: item.bucket for key, item in items.items()})

    def _known(self, keys: Collection[str]) -> dict[str, Item]:
        """What the ledger knows of keys; one that waits to be done again and leads nowhere is as good as unknown."""
        known = self._ledger.items(keys) if keys else {}
        return {key: item for key, item in known.items() if item.bucket is not Bucket.PENDING or _lead(item)}

    def _coming(self, keys: Collection[str]) -> Mapping[str, str]:
        """Those of the unknown keys whose source row would be loaded, or made one with another record: where they lead."""
        grouped: dict[tuple[str, str], list[str]] = defaultdict(list)
        for key in keys:
            source, entity, _ = split_key(key)
            grouped[source, entity].append(key)
        coming: dict[str, str] = {}
        for pair, members in grouped.items():
            mapping = self._mappings.get(pair)
            if mapping is not None:
                for row in self._extractors[pair[0]].fetch(mapping.selection, members):
                    result = mapping.transform(row)
                    if isinstance(result, Transformed):
                        coming[row.key] = row.key
                    elif isinstance(result, Led):
                        coming[row.key] = result.into
        return coming


def _lead(item: Item | None) -> str | None:
    """Where a known key leads: to its record, to the one it was merged into, or nowhere."""
    if item is None:
        return None
    return item.key if item.content is not None else item.merged_into


def resolve(transformed: Transformed, leads: Mapping[str, str | None]) -> Resolved | Dangling:
    """The record with its references replaced by where they lead; what its policy drops is noted."""
    record = transformed.record
    changed: dict[str, Value] = {}
    notes = list(transformed.notes)
    for reference in ENTITIES[record.entity].references:
        value = record.fields.get(reference.name)
        if not value:
            continue
        keys = value if isinstance(value, tuple) else (str(value),)
        for key in keys:
            if leads[key] is None:
                if (policy := transformed.missing.get(reference.name, "reject")) != "drop":
                    return Dangling(reference.name, key, policy)
                notes.append(Note(REFERENCE_DROPPED, reference.name, key))
        found = tuple(dict.fromkeys(lead for key in keys if (lead := leads[key]) is not None))
        if found != keys or len(found) != len(keys):
            changed[reference.name] = found if reference.kind is Kind.REFS else next(iter(found), None)
    if changed:
        record = Record(record.key, record.entity, {**record.fields, **changed})
    return Resolved(record, tuple(notes))


def _pointed_to(record: Record) -> list[str]:
    found: list[str] = []
    for reference in ENTITIES[record.entity].references:
        value = record.fields.get(reference.name)
        if isinstance(value, tuple):
            found += value
        elif value:
            found.append(str(value))
    return found
