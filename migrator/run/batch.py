"""One batch: decide for each row what is to be done, say so, do it, put on record what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from migrator.model.content import ENTITIES
from migrator.model.outcome import LOADED, Bucket
from migrator.model.record import SourceRow, source_fingerprint
from migrator.ports import Intent, Led, Position, Transformed, Withheld, Write, WriteResult
from migrator.run.conflicts import Conflicts
from migrator.run.draft import Draft
from migrator.run.parts import Parts
from migrator.run.references import NOTHING_FORESEEN, Dangling, Foreseen, References, resolve

_TAKEN_BACK = frozenset({Bucket.DROPPED, Bucket.WITHHELD})
"""A rule said that it is not to stand at the target. What is only rejected keeps its last good version; verify says so."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A batch as far as it can be done without the batches before it."""

    drafts: Sequence[Draft]
    foreseen: Foreseen


class BatchWork:
    """Processes batches of one entity of one source. With ``rewrite`` every record is written, whatever the ledger knows.

    ``lead_change`` is the ledger's latest one when the entity was begun; it is looked up where it is not given.
    """

    def __init__(
        self, parts: Parts, run: int, source: str, entity: str, *, rewrite: bool = False, lead_change: int | None = None
    ) -> None:
        self._mapping = parts.mappings[source, entity]
        self._loader = loader = parts.loader
        self._ledger = parts.ledger
        self._vault = parts.vault
        self._media = parts.media
        self._run = run
        self.source = source
        self.entity = entity
        self._rewrite = rewrite
        self._conflicts = Conflicts(entity, parts.reader, parts.ledger, parts.conflicts) if parts.reader else None
        able = loader.capabilities
        self._references = References(
            parts.mappings, parts.extractors, parts.ledger, stubs=able.stubs, unstubbed=able.unstubbed
        )
        self.open_keys = frozenset(intent.key for intent in parts.ledger.unconfirmed(source, entity))
        if lead_change is None:
            pointed_to = self._mapping.points_to
            lead_change = parts.ledger.latest_lead_change(pointed_to) if pointed_to else 0
        self.lead_change = lead_change

    def process(self, rows: Sequence[SourceRow], position: Position | None, *, done: bool) -> None:
        """Intent → act → confirm. After it every row of the batch is in exactly one bucket."""
        self.complete(self.prepare(rows), position, done=done)

    def prepare(self, rows: Sequence[SourceRow], *, ahead: bool = False) -> Prepared:
        """What can be done before the batches before this one are on record; with ``ahead`` all of it."""
        drafts = self._drafts(rows)
        made = [draft.transformed for draft in drafts if draft.transformed] if ahead else ()
        for draft in drafts if ahead else ():
            draft.foresee(ENTITIES[self.entity])
        return Prepared(drafts, self._references.foresee(made, self.entity) if made else NOTHING_FORESEEN)

    def complete(self, prepared: Prepared, position: Position | None, *, done: bool) -> None:
        """What depends on the batches before this one: they must be on record."""
        drafts = prepared.drafts
        self._lead([draft for draft in drafts if draft.led])
        stubs = self._resolve([draft for draft in drafts if draft.transformed], prepared.foreseen)
        self._hold([draft for draft in drafts if draft.record])
        self._merge([draft for draft in drafts if draft.record])
        self._compare([draft for draft in drafts if draft.record])
        if self._conflicts is not None and not self._rewrite:
            self._conflicts.heed([draft for draft in drafts if draft.record])
        self._take_back([draft for draft in drafts if draft.record is None])
        self._bring([draft for draft in drafts if draft.record])
        writes = [Write("stub", key, key.split(":", 2)[1]) for key in stubs]
        writes += [write for draft in drafts for write in draft.writes]
        buckets = self._intend(writes, drafts) if writes or any(draft.withheld for draft in drafts) else {}
        self._keep(drafts)
        if writes:
            answers = _by_key(self._loader.write(writes))
            for draft in drafts:
                if draft.writes:
                    _hear(draft, answers[draft.key], buckets)
        outcomes = [draft.outcome for draft in drafts if draft.outcome]
        self._ledger.confirm(self.source, self.entity, outcomes, position, done=done, stubs=stubs)

    def settle(self) -> None:
        """Close what a crash left open and no batch met again: the source no longer has these rows."""
        # what was to be withdrawn stays open: its before-image is kept when the deletion is put on record
        intents = [i for i in self._ledger.unconfirmed(self.source, self.entity) if i.op != "withdraw"]
        if intents:
            made = [Write("withdraw", i.key, i.entity) for i in intents if i.op in {"create", "stub"}]
            self._loader.write(made)
            if self._vault is not None:
                self._vault.release([i.key for i in intents if i.op == "withhold"])
            self._ledger.settle([intent.key for intent in intents])

    # --- deciding ---
    def _drafts(self, rows: Sequence[SourceRow]) -> list[Draft]:
        """Transform what is new or changed; what is neither keeps its content."""
        items = self._ledger.items([row.key for row in rows]) if rows else {}
        drafts = []
        for row in rows:
            draft = Draft(row, source_fingerprint(row), self._mapping.fingerprint, self._run, items.get(row.key))
            if self._is_as_before(draft):
                draft.decide(Bucket.UNCHANGED)
            else:
                result = self._mapping.transform(row)
                if isinstance(result, Transformed):
                    draft.transformed = result
                elif isinstance(result, Led):
                    draft.led, draft.notes = result, result.notes
                else:
                    draft.notes = result.notes
                    draft.withheld = result.record if result.bucket is Bucket.WITHHELD else None
                    draft.decide(result.bucket, result.reason, result.rule, result.detail)
            drafts.append(draft)
        return drafts

    def _is_as_before(self, draft: Draft) -> bool:
        """Same row, same mapping, and every reference leads where it led when the record was made."""
        item = draft.item
        return (
            item is not None
            and not self._rewrite
            and draft.key not in self.open_keys
            and item.bucket in LOADED
            and item.source_fingerprint == draft.source
            and item.mapping_fingerprint == draft.mapping
            and not item.is_partial
            and item.transformed_seq >= self.lead_change
        )

    def _lead(self, drafts: Sequence[Draft]) -> None:
        """Rows that a rule made one with another record lead to it, or to the record that one was merged into."""
        survivors = self._ledger.items({draft.led.into for draft in drafts if draft.led}) if drafts else {}
        for draft in drafts:
            assert draft.led is not None
            led, survivor = draft.led, survivors.get(draft.led.into)
            if survivor is not None and survivor.content is not None:
                self._lead_to(draft, survivor.key)
            elif survivor is not None and survivor.merged_into and survivor.merged_into != draft.key:
                self._lead_to(draft, survivor.merged_into)
            else:
                draft.decide(Bucket.REJECTED, "dangling-survivor", led.rule, f"{led.into} is not loaded")

    def _resolve(self, drafts: Sequence[Draft], foreseen: Foreseen) -> Sequence[str]:
        """Replace references by where they lead; the keys that need a stub at the target."""
        leads = self._references.look_up([draft.transformed for draft in drafts if draft.transformed], foreseen)
        for draft in drafts:
            assert draft.transformed is not None
            resolved = resolve(draft.transformed, leads.to)
            if isinstance(resolved, Dangling):
                self._dangle(draft, resolved, leads.buckets.get(resolved.key))
            else:
                draft.record, draft.notes = resolved.record, resolved.notes
        return leads.stubs

    def _dangle(self, draft: Draft, dangling: Dangling, parent: Bucket | None) -> None:
        """What becomes of a row that points to nothing: set aside, or kept out with what it points to."""
        assert draft.transformed is not None
        rule = f"{self.entity}.{dangling.field}"
        draft.notes = draft.transformed.notes
        if dangling.policy == "follow" and parent is not None:
            if parent is Bucket.WITHHELD:
                draft.withheld = draft.transformed.record
            bucket = Bucket.WITHHELD if parent is Bucket.WITHHELD else Bucket.DROPPED
            draft.decide(bucket, f"with-{dangling.field}", rule, f"{dangling.key} is {parent}")
        else:
            detail = f"{dangling.field} points to {dangling.key}, which is not loaded"
            draft.decide(Bucket.REJECTED, f"dangling-{dangling.field}", rule, detail)

    def _hold(self, drafts: Sequence[Draft]) -> None:
        """What the target cannot hold is kept out, and says so."""
        for draft in drafts:
            assert draft.record is not None
            if why := self._loader.cannot_hold(draft.record):
                draft.record = None
                draft.decide(Bucket.DROPPED, "target-cannot-hold", self.entity, why)

    def _merge(self, drafts: Sequence[Draft]) -> None:
        """Rows that say the same are one record: the first by key order is kept, the others lead to it."""
        digests = {d.transformed.merge_digest for d in drafts if d.transformed and d.transformed.merge_digest}
        if not digests:
            return
        here = {draft.key for draft in drafts}
        known = self._ledger.survivors(self.entity, digests)
        survivors = {digest: key for digest, key in known.items() if key not in here}
        for draft in drafts:
            digest = draft.transformed.merge_digest if draft.transformed else None
            if digest is None:
                continue
            survivor = survivors.setdefault(digest, draft.key)
            if survivor != draft.key and not draft.is_loaded:
                self._lead_to(draft, survivor)

    def _lead_to(self, draft: Draft, survivor: str) -> None:
        draft.record, item = None, draft.item
        reason, rule, detail = draft.merge_reason, "", ""
        if draft.led:
            reason, rule, detail = draft.led.reason, draft.led.rule, draft.led.detail
        is_new = item is None or item.bucket is not Bucket.MERGED or item.merged_into != survivor
        if is_new or self._rewrite:
            draft.writes = (Write("alias", draft.key, self.entity, survivor=survivor),)
        draft.decide(Bucket.MERGED, reason, rule, detail, merged_into=survivor)

    def _compare(self, drafts: Sequence[Draft]) -> None:
        """What stands at the target as it should is left alone."""
        entity = ENTITIES[self.entity]
        for draft in drafts:
            assert draft.record is not None
            draft.content, draft.digests = draft.fingerprints(entity)
            as_sent = draft.is_loaded and draft.item is not None and draft.item.content == draft.content
            # nobody knows what a killed run wrote
            if as_sent and not self._rewrite and draft.key not in self.open_keys:
                draft.decide(Bucket.UNCHANGED)
                continue
            put = Write("put", draft.key, self.entity, record=draft.record)
            was_merged = draft.item is not None and draft.item.merged_into is not None
            draft.writes = (Write("unalias", draft.key, self.entity), put) if was_merged else (put,)

    def _take_back(self, drafts: Sequence[Draft]) -> None:
        """Rows that are not loaded, though a record or a placeholder of theirs stands at the target."""
        kept_out = {d.key: d for d in drafts if d.outcome and d.outcome.bucket not in LOADED}
        if not kept_out:
            return
        there = set(self._loader.placeholders(self.entity, kept_out.keys()))
        taken = [k for k, d in kept_out.items() if d.item and d.outcome and d.outcome.bucket in _TAKEN_BACK]
        there |= self._loader.standing(self.entity, taken).keys() if taken else set()
        for key in there:
            draft = kept_out[key]
            draft.writes = (Write("withdraw", key, self.entity), *draft.writes)

    # --- doing ---
    def _keep(self, drafts: Sequence[Draft]) -> None:
        """Withheld records go to the vault; what is withheld no longer leaves it. Safe to repeat."""
        if self._vault is None:
            return
        released = [
            draft.key
            for draft in drafts
            if draft.item is not None and draft.item.bucket is Bucket.WITHHELD and draft.withheld is None
        ]
        withheld = [
            Withheld(draft.withheld, draft.outcome.reason, draft.outcome.rule)
            for draft in drafts
            if draft.withheld is not None and draft.outcome is not None
        ]
        if withheld:
            self._vault.keep(withheld)
        if released:
            self._vault.release(released)

    def _bring(self, drafts: Sequence[Draft]) -> None:
        """The bytes of media stand at the target before a record says so."""
        if self._media is None:
            return
        wanted = {draft.key: draft.record.fields.get("sha256") for draft in drafts if draft.record and draft.writes}
        self._ledger.bringing({str(sha) for sha in wanted.values() if sha and not self._media.holds(str(sha))})
        for draft in drafts:
            sha256 = wanted.get(draft.key)
            if sha256 and (error := self._media.bring(str(sha256))):
                draft.record, draft.writes = None, ()
                draft.decide(Bucket.FAILED, "media-not-brought", detail=error)

    def _intend(self, writes: Sequence[Write], drafts: Sequence[Draft]) -> Mapping[str, Bucket]:
        """Put on record what will be done. For each key of a put: whether it will have been created or updated."""
        keys = [write.key for write in writes if write.op in {"put", "withdraw"}]
        before = self._ledger.open_intents(keys)
        standing = self._loader.standing(self.entity, keys)
        images = self._loader.before_images(self.entity, [key for key in keys if key not in before])  # stubs as well
        contents = {draft.key: draft.content for draft in drafts}
        buckets: dict[str, Bucket] = {}
        intents = []
        for write in writes:
            if write.op != "put":
                intents.append(Intent(write.key, write.entity, write.op, images.get(write.key)))
                continue
            first = before[write.key].op if write.key in before else "update" if write.key in standing else "create"
            buckets[write.key] = Bucket.UPDATED if first == "update" else Bucket.CREATED
            op: Literal["create", "update"] = "update" if first == "update" else "create"
            intents.append(Intent(write.key, write.entity, op, images.get(write.key), contents[write.key]))
        if self._vault is not None:
            intents += [Intent(draft.key, self.entity, "withhold") for draft in drafts if draft.withheld is not None]
        self._ledger.intend(
            sorted(intents, key=lambda intent: intent.content is None)
        )  # of two of a key the put counts
        return buckets


def _by_key(answers: Sequence[WriteResult]) -> Mapping[str, WriteResult]:
    """One answer a key: the first that says no, else the one that knows the target id."""
    found: dict[str, WriteResult] = {}
    for answer in answers:
        known = found.get(answer.key)
        if known is None or (not known.error and (answer.error or answer.target_id)):
            found[answer.key] = answer
    return found


def _hear(draft: Draft, answer: WriteResult, buckets: Mapping[str, Bucket]) -> None:
    """Set the outcome to what the target answered."""
    if answer.error:
        draft.decide(Bucket.FAILED, "target-refused", detail=answer.error)
    elif draft.record is not None:
        draft.decide(buckets[draft.key], target_id=answer.target_id)
    elif (said := draft.outcome) is not None and said.bucket is Bucket.MERGED:
        draft.decide(
            Bucket.MERGED, said.reason, said.rule, said.detail,
            merged_into=said.merged_into, target_id=answer.target_id,
        )  # fmt: skip
