"""A small newsroom held in memory: source, ledger and target as ports, everything sound until a test breaks it."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from migrator.model.audit import (
    Against,
    Audit,
    AuditedEntity,
    Belonging,
    Copies,
    Identity,
    LinkPattern,
    NumberTotal,
    Place,
    Pointer,
)
from migrator.model.content import ENTITIES, Value
from migrator.model.examination import DIFFERENCES_FILE, FINDINGS_FILE, Examination
from migrator.model.finding import Waiver
from migrator.model.merkle import merkle_root
from migrator.model.outcome import Bucket, Note, Outcome, journal_beginning, leaf_of
from migrator.model.record import Record, content_fingerprint, digest, field_digests, record_key
from migrator.model.source import Test
from migrator.ports import (
    Baseline,
    GroupSums,
    Item,
    JournalEntry,
    KeptRecord,
    RunInfo,
    SiteIndex,
    TargetRecord,
    WitnessRow,
)
from migrator.verify.examine import examine

SOURCE = "web"
NOW = datetime(2024, 3, 25, tzinfo=UTC)
FIRST = datetime(2020, 1, 1, 2, 30, tzinfo=UTC)
LOADED_ENTITIES = ("section", "tag", "person", "article")


def key(entity: str, number: object) -> str:
    return record_key(SOURCE, entity, number)


def identity(name: str, column: str, *read: str, crosswalk: str | None = None) -> Identity:
    return Identity(name, Place(column), read, crosswalk)


def audit() -> Audit:
    named = (identity("name", "title", "html-entities"),)
    article = AuditedEntity(
        entity="article",
        table="rows",
        sql=None,
        key=("id",),
        identities=(
            identity("headline", "title", "html-entities", "nfc", "spaces"),
            identity("standfirst", "hometext", "empty-is-null"),
            identity("status", "status", crosswalk="status"),
            identity("published_at", "publtime", "unix"),
        ),
        pointers=(
            Pointer("section", "section", Place("catid"), none=("0",)),
            Pointer("sections", "section", Place("listcatid"), split=","),
            Pointer("authors", "person", Place("aid", table="authorlist", on=(("id", "id"),), many=True), ordered=True),
            Pointer("tags", "tag", Place("tid", table="tags_id", on=(("id", "id"),), many=True)),
        ),
        links=(LinkPattern(r"-(?P<id>\d+)\.html$", "article"),),
        link_body=Place("bodyhtml", table="detail", on=(("id", "id"),)),
        cell={
            "section": identity("section", "catid"),
            "status": identity("status", "status"),
            "year": identity("year", "publtime", "unix", "year"),
        },
        copies=Copies("copy_[0-9]+", ("title",)),
    )
    entities = {
        name: AuditedEntity(name, f"{name}s", None, ("id",), identities=named, bare=bare)
        for name, bare in (("section", ("parent",)), ("tag", ()), ("person", ("account",)))
    }
    return Audit(
        SOURCE, {**entities, "article": article}, crosswalks={"status": {"1": "published", "4": "draft"}},
        hosts=frozenset({"paper.example"}),
    )  # fmt: skip


@dataclass
class World:
    """The newsroom. ``source`` holds raw rows by entity and number, ``sent`` the records a sound run wrote."""

    source: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    sent: dict[str, Record] = field(default_factory=dict)
    target: dict[str, list[TargetRecord]] = field(default_factory=lambda: {name: [] for name in ENTITIES})
    alias: dict[str, str] = field(default_factory=dict)
    known: dict[str, Item] = field(default_factory=dict)
    notes: list[tuple[str, Note]] = field(default_factory=list)
    entries: list[JournalEntry] = field(default_factory=list)
    said: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    before: list[Baseline] = field(default_factory=list)
    extra_tables: dict[str, int] = field(default_factory=dict)
    drift: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    statement: Audit = field(default_factory=audit)
    complete: bool = True
    ended: bool = True
    intents: int = 0
    marker: str = ""
    earlier_runs: list[RunInfo] = field(default_factory=list)
    last_run: RunInfo | None = None
    media: FakeMedia | None = None
    vault: dict[str, KeptRecord] | None = None
    kept_sums: list[GroupSums] = field(default_factory=list)
    lost_rows: list[tuple[tuple[Any, ...], int]] = field(default_factory=list)
    known_addresses: list[tuple[Any, ...]] = field(default_factory=list)
    more: dict[str, tuple[Audit, dict[str, dict[int, dict[str, Any]]]]] = field(default_factory=dict)
    waivers: list[Waiver] = field(default_factory=list)
    entities: Sequence[str] = LOADED_ENTITIES
    site: SiteIndex | None = None

    # --- breaking things ---
    def record(self, entity: str, number: object) -> TargetRecord:
        return next(each for each in self.target[entity] if each.key == key(entity, number))

    def tamper(self, entity: str, number: object, **fields: Value) -> None:
        """Other values at the target, behind everybody's back."""
        old = self.record(entity, number)
        self.replace(old, dataclasses.replace(old, fields={**old.fields, **fields}))

    def replace(self, old: TargetRecord, new: TargetRecord | None) -> None:
        kept = [each for each in self.target[old_entity(old, self)] if each is not old]
        self.target[old_entity(old, self)] = kept + ([new] if new else [])

    def send(self, entity: str, number: object, **fields: Value) -> None:
        """Another record was sent and stored: what a wrong mapping does."""
        name = key(entity, number)
        record = Record(name, entity, {**self.sent[name].fields, **fields})
        self.sent[name] = record
        self.tamper(entity, number, **fields)
        self.outcome(name, Bucket.CREATED)

    def outcome(self, name: str, bucket: Bucket, reason: str = "", into: str | None = None) -> None:
        """Another outcome for a key, journaled as it should be."""
        old, record = self.known.get(name), self.sent.get(name)
        loaded = bucket is Bucket.CREATED and record is not None
        entity = name.split(":")[1]
        seq = len(self.entries) + 1
        self.known[name] = Item(
            key=name,
            entity=entity,
            bucket=bucket,
            source_fingerprint=b"s" * 32,
            mapping_fingerprint=b"m" * 32,
            content=content_fingerprint(ENTITIES[entity], record.fields) if loaded and record else None,
            digests=field_digests(ENTITIES[entity], record.fields) if loaded and record else None,
            target_id=old.target_id if old and loaded else None,
            merged_into=into,
            merge_digest=None,
            reason=reason,
            rule="",
            detail="",
            run=1,
            seq=seq,
            pos=0,
            attempts=1,
        )
        self.journal_entry([name])

    def stood_before(self, *baseline: Baseline) -> None:
        """What the target held before the first run; the journal is chained to it anew."""
        self.before = list(baseline)
        entries, self.entries = self.entries, []
        for entry in entries:
            self.journal_entry([name for name, _ in self.said[entry.seq]])

    def beginning(self) -> bytes:
        return journal_beginning((each.entity, each.rows, each.largest_id) for each in self.before)

    def journal_entry(self, names: Sequence[str]) -> None:
        seq = len(self.entries) + 1
        leaves = []
        for position, name in enumerate(names):
            item = self.known[name] = dataclasses.replace(self.known[name], seq=seq, pos=position)
            leaves.append((name, said(item)))
        self.said[seq] = leaves
        previous = self.entries[-1].hash if self.entries else self.beginning()
        root, at = merkle_root(leaf_of(each) for _, each in leaves), NOW.isoformat()
        hashed = digest((previous, seq, 1, at, len(leaves), root))
        self.entries.append(JournalEntry(seq, 1, at, len(leaves), root, previous, hashed))

    def set_aside(self, number: int, bucket: Bucket, reason: str = "rule", into: str | None = None) -> None:
        """An article that was not loaded."""
        name = key("article", number)
        self.replace(self.record("article", number), None)
        self.outcome(name, bucket, reason, into)

    def merge(self, entity: str, number: int, into: int, *columns: str) -> None:
        """A row that repeats another in these columns, and leads to its record."""
        rows, name = self.source[entity], key(entity, number)
        rows[number] |= {column: rows[into][column] for column in columns}
        self.replace(self.record(entity, number), None)
        self.outcome(name, Bucket.MERGED, "duplicate", key(entity, into))
        self.alias[name] = key(entity, into)
        self.waivers.append(Waiver("duplicate", entity, 1, False, "repeated", "editor"))

    def examine(self, out: Path) -> Examination:
        self.out = out
        return examine(
            audit=[self.statement, *(audit for audit, _ in self.more.values())],
            entities=self.entities,
            ledger=FakeLedger(self),
            reader=FakeReader(self),
            witnesses={name: FakeWitness(self, name) for name in (SOURCE, *self.more)},
            site=self.site,
            expected=FakeExpected(self),
            waivers=self.waivers,
            out=out,
            now=NOW,
            progress=Quiet(),
            media=self.media,
            vault=FakeVault(self.vault) if self.vault is not None else None,
        )

    def differences(self, state: str = "open") -> list[dict[str, Any]]:
        return [each for each in lines(self.out / DIFFERENCES_FILE) if each["state"] == state]

    def named(self) -> set[tuple[str, str, str, str]]:
        """(check, key, field, kind) of every open difference."""
        return {(each["check"], each["key"], each["field"], each["kind"]) for each in self.differences()}

    def findings(self) -> set[tuple[str, str]]:
        return {(each["kind"], each["key"]) for each in lines(self.out / FINDINGS_FILE)}


def old_entity(record: TargetRecord, world: World) -> str:
    return next(name for name, records in world.target.items() if any(each is record for each in records))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def said(item: Item) -> str:
    return Outcome(
        item.key, item.bucket, item.source_fingerprint, item.mapping_fingerprint, item.content, None, item.target_id,
        item.merged_into, None, item.reason, item.rule, item.detail,
    ).said()  # fmt: skip


def sound(articles: int = 40) -> World:
    """A newsroom of three sections, five tags, four people and some articles, moved without a fault."""
    world = World()
    world.before = [Baseline(name, 0, None) for name in ENTITIES]
    for entity, names in (("section", "ABC"), ("tag", "abcde"), ("person", "WXYZ")):
        rows = world.source[entity] = {}
        for number, name in enumerate(names, 1):
            rows[number] = {"id": number, "title": name}
            load(world, entity, number, {"name": name})
    world.source["article"] = {}
    for number in range(1, articles + 1):
        world.source["article"][number] = row = article_row(number, articles)
        load(world, "article", number, article_fields(row))
    names_in_order = list(world.known)
    for start in range(0, len(names_in_order), 16):
        world.journal_entry(names_in_order[start : start + 16])
    return world


def article_row(number: int, articles: int) -> dict[str, Any]:
    other = number % articles + 1
    return {
        "id": number,
        "title": f"Thành phố Cảng ngày {number}",
        "hometext": f"Sapo của bài {number}, đủ dài để cắt",
        "status": 1,
        "publtime": int((FIRST + timedelta(days=number)).timestamp()),
        "catid": number % 3 + 1,
        "listcatid": f"{number % 3 + 1},{(number + 1) % 3 + 1}",
        "bodyhtml": f'<p>Bài {number} <a href="/tin/bai-{other}.html">khác</a></p>',
        "aid": [number % 4 + 1, (number + 1) % 4 + 1],
        "tid": [number % 5 + 1],
    }


def article_fields(row: Mapping[str, Any]) -> dict[str, Value]:
    other = row["bodyhtml"].partition("bai-")[2].partition(".")[0]
    return {
        "headline": row["title"],
        "standfirst": row["hometext"],
        "status": "published",
        "body_html": f'<p>Bài {row["id"]} <a href="/r/web/article/{other}">khác</a></p>',
        "body_text": f"Bài {row['id']} khác",
        "published_at": datetime.fromtimestamp(row["publtime"], UTC),
        "section": key("section", row["catid"]),
        "sections": tuple(key("section", part) for part in row["listcatid"].split(",")),
        "authors": tuple(key("person", number) for number in row["aid"]),
        "tags": tuple(key("tag", number) for number in row["tid"]),
    }


def load(world: World, entity: str, number: int, fields: Mapping[str, Value], source: str = SOURCE) -> None:
    name, plural = record_key(source, entity, number), {"refs", "texts"}
    full = {f.name: fields.get(f.name, () if f.kind.value in plural else None) for f in ENTITIES[entity].fields}
    world.sent[name] = Record(name, entity, full)
    world.target[entity].append(TargetRecord(name, str(number), False, full))
    world.known[name] = Item(
        key=name, entity=entity, bucket=Bucket.CREATED, source_fingerprint=b"s" * 32, mapping_fingerprint=b"m" * 32,
        content=content_fingerprint(ENTITIES[entity], full), digests=field_digests(ENTITIES[entity], full),
        target_id=str(number), merged_into=None,
        merge_digest=None, reason="", rule="", detail="", run=1, seq=1, pos=0, attempts=1,
    )  # fmt: skip


class FakeLedger:
    """The reading half of the Ledger port."""

    def __init__(self, world: World) -> None:
        self._world = world

    def items(self, keys: Collection[str]) -> Mapping[str, Item]:
        return {name: self._world.known[name] for name in keys if name in self._world.known}

    def is_complete(self, entity: str) -> bool:
        return self._world.complete

    def baseline(self) -> Sequence[Baseline]:
        return self._world.before

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        counts: dict[str, Counter[str]] = {}
        for item in self._world.known.values():
            counts.setdefault(item.entity, Counter())[item.bucket.value] += 1
        return counts

    def keys(self, entity: str, buckets: Collection[Bucket] = ()) -> Iterator[str]:
        yield from sorted(item.key for item in self._world.known.values() if item.entity == entity)

    def set_aside(self, buckets: Collection[Bucket]) -> Iterator[Item]:
        yield from (item for item in self._world.known.values() if item.bucket in buckets)

    def by_content(self, entity: str, content: bytes) -> str | None:
        return next((i.key for i in self._world.known.values() if i.entity == entity and i.content == content), None)

    def notes(self, entity: str = "") -> Iterator[tuple[str, Note]]:
        yield from self._world.notes

    def latest_run(self) -> RunInfo | None:
        return self.runs()[-1]

    def runs(self) -> Sequence[RunInfo]:
        ended = NOW if self._world.ended else None
        last = RunInfo(1, "run", NOW, ended, "0", "", self._world.marker, "done" if ended else "", "tester", 1)
        return [*self._world.earlier_runs, self._world.last_run or last]

    def journal(self) -> Iterator[JournalEntry]:
        yield from self._world.entries

    def said(self, seq: int) -> Iterator[str]:
        yield from (each for _, each in self._world.said.get(seq, ()))

    def all_items(self, entity: str = "") -> Iterator[Item]:
        yield from sorted(self._world.known.values(), key=lambda item: item.key)

    def open_intent_count(self) -> int:
        return self._world.intents

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"the auditor must not call {name}")


class FakeReader:
    """The Reader port over the world's target."""

    def __init__(self, world: World) -> None:
        self._world = world

    def read(self, entity: str, keys: Collection[str]) -> Sequence[TargetRecord]:
        return [record for record in self._world.target[entity] if record.key in set(keys)]

    def fetch(self, entity: str, target_ids: Collection[str]) -> Sequence[TargetRecord]:
        return [record for record in self._world.target[entity] if record.target_id in target_ids]

    def enumerate(self, entity: str) -> Iterator[tuple[str, str | None, bool]]:
        yield from ((record.target_id, record.key, record.is_stub) for record in self._world.target[entity])

    def aliases(self, keys: Collection[str]) -> Mapping[str, str]:
        return {name: self._world.alias[name] for name in keys if name in self._world.alias}

    def all_aliases(self) -> Iterator[tuple[str, str]]:
        yield from self._world.alias.items()

    def sums(self, entity: str, source: str, by: Sequence[str], of: Sequence[str]) -> Iterator[GroupSums]:
        mine = [
            r.fields for r in self._world.target[entity] if r.key and r.key.startswith(f"{source}:") and not r.is_stub
        ]
        yield from _grouped(mine, by, of)

    def close(self) -> None:
        """Nothing is open."""


def _grouped(rows: Iterable[Mapping[str, Any]], by: Sequence[str], of: Sequence[str]) -> Iterator[GroupSums]:
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in by), []).append(row)
    for group, members in groups.items():
        yield GroupSums(
            group, len(members), tuple(sum((Decimal(m[name] or 0) for m in members), Decimal(0)) for name in of)
        )


class FakeWitness:
    """The Witness port over one of the world's sources."""

    def __init__(self, world: World, source: str = SOURCE) -> None:
        self._world, self._source = world, source

    def _rows(self, audited: AuditedEntity) -> Mapping[int, Mapping[str, Any]]:
        rows = self._world.source if self._source == SOURCE else self._world.more[self._source][1]
        return rows.get(audited.entity, {})

    @property
    def _statement(self) -> Audit:
        return self._world.statement if self._source == SOURCE else self._world.more[self._source][0]

    def count(self, table: str, where: Sequence[Test] = ()) -> int:
        if table in self._world.extra_tables:
            return self._world.extra_tables[table]
        return next(len(self._rows(each)) for each in self._statement.entities.values() if each.table == table)

    def count_entity(self, audited: AuditedEntity) -> int:
        return len(self._rows(audited))

    def tables(self) -> Sequence[str]:
        mine = list(self._world.extra_tables) if self._source == SOURCE else []
        return [str(each.table) for each in self._statement.entities.values()] + mine

    def rows(self, audited: AuditedEntity, batch: int) -> Iterator[Sequence[WitnessRow]]:
        rows = [self._row(audited, row) for _, row in sorted(self._rows(audited).items())]
        for start in range(0, len(rows), 7):
            yield rows[start : start + 7]

    def _row(self, audited: AuditedEntity, row: Mapping[str, Any]) -> WitnessRow:
        values = {name: row[place.column] for name, place in audited.single_places()}
        raw = {name: row[place.column] for name, place in audited.list_places()}
        pointers = {name: value if isinstance(value, list) else [value] for name, value in raw.items()}
        return WitnessRow(record_key(self._source, audited.entity, row["id"]), values, pointers)

    def existing(self, audited: AuditedEntity, keys: Collection[str]) -> frozenset[str]:
        return frozenset(keys) & {record_key(self._source, audited.entity, number) for number in self._rows(audited)}

    def copy_drift(self, audited: AuditedEntity, copies: Copies) -> Iterator[tuple[str, str, str, str, str]]:
        yield from self._world.drift

    def sums(self, audited: AuditedEntity, total: NumberTotal) -> Iterator[GroupSums]:
        rows = list(self._rows(audited).values())
        yield from _grouped(rows, [each.column for each in total.by], [each.column for each in total.sums])

    def kept_sums(self, against: Against) -> Iterator[GroupSums]:
        yield from self._world.kept_sums

    def orphans(
        self, table: str, belonging: Belonging, key: Sequence[str] = ()
    ) -> Iterator[tuple[tuple[Any, ...], int]]:
        yield from self._world.lost_rows

    def values(self, table: str, columns: Sequence[str], where: Sequence[Test] = ()) -> Iterator[tuple[Any, ...]]:
        yield from self._world.known_addresses

    def close(self) -> None:
        """Nothing is open."""


class FakeVault:
    """The VaultReader port over a few records."""

    def __init__(self, kept: Mapping[str, KeptRecord]) -> None:
        self._kept = kept

    def read(self, keys: Collection[str]) -> Mapping[str, KeptRecord]:
        return {name: self._kept[name] for name in keys if name in self._kept}

    def keys(self, entity: str) -> Iterator[str]:
        yield from (name for name, each in self._kept.items() if each.entity == entity)

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class FakeMedia:
    """The MediaWitness port over bytes in memory: ``files`` by path, ``store`` by the name a file has there."""

    files: dict[str, bytes] = field(default_factory=dict)
    store: dict[str, bytes] = field(default_factory=dict)
    readable: tuple[str, ...] = (SOURCE,)
    whole: bool = True

    def sources(self) -> Collection[str]:
        return self.readable

    def has_all(self, source: str) -> bool:
        return self.whole

    def source(self, source: str, path: str) -> Iterator[bytes] | None:
        return iter([self.files[path]]) if path in self.files else None

    def target(self, sha256: str) -> Iterator[bytes] | None:
        return iter([self.store[sha256]]) if sha256 in self.store else None

    def stored(self) -> Iterator[tuple[str, int]]:
        yield from ((name, len(data)) for name, data in self.store.items())


class FakeExpected:
    """Makes the record again: what was sent."""

    def __init__(self, world: World) -> None:
        self._world = world

    def record(self, entity: str, name: str) -> Record | None:
        return self._world.sent.get(name)


class FakeSite:
    """Sitemap entries."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self._entries = list(entries)

    def entries(self) -> Iterable[tuple[str, str]]:
        return iter(self._entries)


class Quiet:
    """Nobody wants to know how far it is."""

    def start(self, what: str, total: int | None) -> None: ...

    def advance(self, done: int) -> None: ...

    def finish(self) -> None: ...
