"""One batch: decide for each row what is to be done, say so, do it, put on record what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from migrator.model.content import ENTITIES
from migrator.model.outcome import LOADED, Bucket, Note, Outcome
from migrator.model.record import Record, SourceRow, fingerprints, source_fingerprint
from migrator.ports import (
    Decided,
    EntityMapping,
    Extractor,
    Intent,
    Item,
    Ledger,
    Loader,
    Position,
    Transformed,
    Write,
    WriteResult,
)
from migrator.run.references import Dangling, References, resolve


@dataclass(slots=True)
class _Draft:
    """A row on its way: what is known of it, and what shall become of it."""

    row: SourceRow
    source: bytes
    item: Item | None
    transformed: Transformed | None = None
    record: Record | None = None
    content: bytes | None = None
    digests: dict[str, str] | None = None
    outcome: Outcome | None = None
    writes: tuple[Write, ...] = ()
    notes: tuple[Note, ...] | None = None

    @property
    def is_loaded(self) -> bool:
        return self.item is not None and self.item.bucket in LOADED


class BatchWork:
    """Processes batches of one entity of one source."""

    def __init__(
        self, mappings: Mapping[tuple[str, str], EntityMapping], extractors: Mapping[str, Extractor],
        loader: Loader, ledger: Ledger, source: str, entity: str,
    ) -> None:  # fmt: skip
        self._mapping = mappings[source, entity]
        self._loader = loader
        self._ledger = ledger
        self._source = source
        self._entity = entity
        self._references = References(mappings, extractors, ledger)

    def process(self, rows: Sequence[SourceRow], position: Position | None, *, done: bool) -> None:
        """Intent → act → confirm. After it every row of the batch is in exactly one bucket."""
        drafts = self._drafts(rows)
        stubs = self._resolve([draft for draft in drafts if draft.transformed])
        self._merge([draft for draft in drafts if draft.record])
        self._compare([draft for draft in drafts if draft.record])
        writes = [Write("stub", key, self._entity_of(key)) for key in stubs]
        writes += [write for draft in drafts for write in draft.writes]
        if writes:
            first = self._intend(writes, drafts)
            answers = {answer.key: answer for answer in self._loader.write(writes)}
            for draft in drafts:
                if draft.writes:
                    draft.outcome = self._answered(draft, answers[draft.row.key], first)
        outcomes = [draft.outcome for draft in drafts if draft.outcome]
        self._ledger.confirm(self._source, self._entity, outcomes, position, done=done, stubs=stubs)

    @staticmethod
    def _entity_of(key: str) -> str:
        return key.split(":", 2)[1]

    # --- deciding ---
    def _drafts(self, rows: Sequence[SourceRow]) -> list[_Draft]:
        """Transform what is new or changed; what is neither keeps its content."""
        items = self._ledger.items([row.key for row in rows]) if rows else {}
        drafts = []
        for row in rows:
            draft = _Draft(row, source_fingerprint(row), items.get(row.key))
            if self._is_as_before(draft):
                draft.outcome = self._outcome(draft, Bucket.UNCHANGED)
            else:
                result = self._mapping.transform(row)
                if isinstance(result, Decided):
                    draft.notes = result.notes
                    draft.outcome = self._outcome(draft, result.bucket, result.reason, result.rule, result.detail)
                else:
                    draft.transformed = result
            drafts.append(draft)
        return drafts

    def _is_as_before(self, draft: _Draft) -> bool:
        item = draft.item
        return (
            item is not None
            and item.bucket in LOADED
            and item.source_fingerprint == draft.source
            and item.mapping_fingerprint == self._mapping.fingerprint
        )

    def _resolve(self, drafts: Sequence[_Draft]) -> Sequence[str]:
        """Replace references by where they lead; the keys that need a stub at the target."""
        leads, stubs = self._references.look_up([draft.transformed for draft in drafts if draft.transformed])
        for draft in drafts:
            assert draft.transformed is not None
            resolved = resolve(draft.transformed, leads)
            if isinstance(resolved, Dangling):
                detail = f"{resolved.field} points to {resolved.key}, which is not loaded"
                draft.notes = draft.transformed.notes
                draft.outcome = self._outcome(
                    draft, Bucket.REJECTED, f"dangling-{resolved.field}", f"{self._entity}.{resolved.field}", detail
                )
            else:
                draft.record, draft.notes = resolved.record, resolved.notes
        return stubs

    def _merge(self, drafts: Sequence[_Draft]) -> None:
        """Rows that say the same are one record: the first by key order is kept, the others lead to it."""
        digests = {d.transformed.merge_digest for d in drafts if d.transformed and d.transformed.merge_digest}
        if not digests:
            return
        here = {draft.row.key for draft in drafts}
        known = self._ledger.survivors(self._entity, digests)
        survivors = {digest: key for digest, key in known.items() if key not in here}
        for draft in drafts:
            digest = draft.transformed.merge_digest if draft.transformed else None
            if digest is None:
                continue
            survivor = survivors.setdefault(digest, draft.row.key)
            if survivor != draft.row.key and not draft.is_loaded:
                self._lead_to(draft, survivor)

    def _lead_to(self, draft: _Draft, survivor: str) -> None:
        draft.record = None
        item = draft.item
        if item is not None and item.bucket is Bucket.MERGED and item.merged_into == survivor:
            draft.outcome = self._outcome(draft, Bucket.MERGED, "duplicate", merged_into=survivor)
        else:
            draft.writes = (Write("alias", draft.row.key, self._entity, survivor=survivor),)

    def _compare(self, drafts: Sequence[_Draft]) -> None:
        """What stands at the target as it should is left alone."""
        entity = ENTITIES[self._entity]
        for draft in drafts:
            assert draft.record is not None
            draft.content, draft.digests = fingerprints(entity, draft.record.fields)
            if draft.is_loaded and draft.item and draft.item.content == draft.content:
                draft.outcome = self._outcome(draft, Bucket.UNCHANGED)
                continue
            put = Write("put", draft.row.key, self._entity, record=draft.record)
            was_merged = draft.item is not None and draft.item.bucket is Bucket.MERGED
            draft.writes = (Write("unalias", draft.row.key, self._entity), put) if was_merged else (put,)

    # --- doing ---
    def _intend(self, writes: Sequence[Write], drafts: Sequence[_Draft]) -> Mapping[str, Bucket]:
        """Put on record what will be done. For each key of a put: whether it will have been created or updated."""
        keys = [write.key for write in writes if write.op == "put"]
        before = self._ledger.open_intents(keys)
        standing = self._loader.standing(self._entity, keys)
        images = self._loader.before_images(
            self._entity, [key for key in keys if key in standing and key not in before]
        )
        contents = {draft.row.key: draft.content for draft in drafts}
        bucket: dict[str, Bucket] = {}
        intents = []
        for write in writes:
            if write.op != "put":
                intents.append(Intent(write.key, write.entity, write.op))
                continue
            first = before[write.key].op if write.key in before else "update" if write.key in standing else "create"
            bucket[write.key] = Bucket.UPDATED if first == "update" else Bucket.CREATED
            op: Literal["create", "update"] = "update" if first == "update" else "create"
            intents.append(Intent(write.key, write.entity, op, images.get(write.key), contents[write.key]))
        self._ledger.intend(intents)
        return bucket

    def _answered(self, draft: _Draft, answer: WriteResult, first: Mapping[str, Bucket]) -> Outcome:
        if answer.error:
            return self._outcome(draft, Bucket.FAILED, "target-refused", detail=answer.error)
        if draft.record is None:
            return self._outcome(
                draft, Bucket.MERGED, "duplicate", merged_into=draft.writes[-1].survivor, target_id=answer.target_id
            )
        return self._outcome(draft, first[draft.row.key], target_id=answer.target_id)

    @staticmethod
    def _merge_digest(draft: _Draft) -> bytes | None:
        if draft.transformed is not None:
            return draft.transformed.merge_digest
        return draft.item.merge_digest if draft.item is not None else None

    def _outcome(
        self, draft: _Draft, bucket: Bucket, reason: str = "", rule: str = "", detail: str = "",
        merged_into: str | None = None, target_id: str | None = None,
    ) -> Outcome:  # fmt: skip
        """The outcome of a draft. An unchanged row takes content, digests and target id from what is known of it."""
        item, content, digests = draft.item, draft.content, draft.digests
        if bucket in LOADED and content is None and item is not None:
            content, digests = item.content, dict(item.digests or {})
        if target_id is None and item is not None and bucket in (*LOADED, Bucket.MERGED):
            target_id = item.target_id
        return Outcome(
            key=draft.row.key,
            bucket=bucket,
            source_fingerprint=draft.source,
            mapping_fingerprint=self._mapping.fingerprint,
            content=content if bucket in LOADED else None,
            digests=digests if bucket in LOADED else None,
            target_id=target_id,
            merged_into=merged_into,
            merge_digest=self._merge_digest(draft),
            reason=reason,
            rule=rule,
            detail=detail,
            notes=draft.notes,
        )
