"""Records that changed on both sides: in the legacy system, and under an editor's hands at the target.

What stands at the target is read back and held against the digests of what was last written. A field whose digest is
another was touched by somebody; what becomes of the record is the project's decision, and is always put on record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import orjson

from migrator.model.content import ENTITIES, Value
from migrator.model.outcome import Bucket, Note
from migrator.model.record import Record, content_fingerprint, field_digests, fingerprints
from migrator.ports import Item, Ledger, Reader, TargetRecord
from migrator.run.draft import Draft
from migrator.run.parts import ConflictPolicy
from migrator.run.shown import excerpts

KEPT, OVERWRITTEN, MERGED = "conflict", "conflict-overwritten", "conflict-merged"
"""Codes of the notes, a field each. Their detail is JSON: ``legacy``, ``last`` (what was last written; null where it is
not known any more) and ``editor``, each cut around the first letter that differs."""


class Conflicts:
    """Judges the updates of one entity before they are written."""

    def __init__(self, entity: str, reader: Reader, ledger: Ledger, policy: ConflictPolicy) -> None:
        self._entity = ENTITIES[entity]
        self._reader = reader
        self._ledger = ledger
        self._policy = policy

    def heed(self, drafts: Sequence[Draft]) -> None:
        """Decide every draft that is about to change a record somebody else changed; the others are left as they are."""
        known = {d.key: d for d in drafts if d.is_loaded and d.writes and d.item is not None and d.item.digests}
        if not known:
            return
        standing = {
            record.key: record
            for record in self._reader.read(self._entity.name, list(known))
            if record.key is not None and not record.is_stub
        }
        doubtful = [draft for key, draft in known.items() if self._is_touched(draft, standing.get(key))]
        begun = self._ledger.open_intents([draft.key for draft in doubtful]) if doubtful else {}
        for draft in doubtful:
            record = standing.get(draft.key)
            content = content_fingerprint(self._entity, record.fields) if record is not None else None
            ours = {draft.content, begun[draft.key].content if draft.key in begun else draft.content}
            if record is None:
                self._deleted(draft)
            elif content not in ours:  # neither what will be written nor what a killed run wrote
                self._decide(draft, record)

    def _is_touched(self, draft: Draft, record: TargetRecord | None) -> bool:
        assert draft.item is not None
        return record is None or field_digests(self._entity, record.fields) != draft.item.digests

    def _deleted(self, draft: Draft) -> None:
        """An editor took the record away; only where the project says so it is put there again."""
        if self._policy == "overwrite":
            _noted(draft, [Note(OVERWRITTEN, "", "deleted at the target")])
        else:
            self._set_aside(draft, "deleted-at-target", [Note(KEPT, "", "deleted at the target")], "")

    def _decide(self, draft: Draft, record: TargetRecord) -> None:
        touched = self._touched(draft, record)
        if self._policy == "overwrite":
            _noted(draft, self._notes(OVERWRITTEN, touched, draft, record))
        elif self._policy == "merge-fields":
            self._merge(draft, record, touched)
        else:
            fields = self._differing(draft, record)
            self._set_aside(
                draft, "edited-at-target", self._notes(KEPT, fields, draft, record), ", ".join(sorted(touched))
            )

    def _set_aside(self, draft: Draft, reason: str, notes: Sequence[Note], detail: str) -> None:
        _noted(draft, notes)
        draft.record, draft.writes = None, ()
        draft.decide(Bucket.CONFLICT, reason, detail=detail)

    def _merge(self, draft: Draft, record: TargetRecord, touched: Mapping[str, bool]) -> None:
        """Write the fields the editor left alone.

        The digests of the others stay those of what was last written, so that they count as touched the next time as well.
        """
        assert draft.record is not None
        assert draft.item is not None
        assert draft.digests is not None
        last = draft.item.digests or {}
        there = field_digests(self._entity, record.fields)
        changed = {name for name, value in draft.digests.items() if name not in touched and value != there[name]}
        kept = {name: last[name] for name in touched if name in last}
        fields = {name: (draft.record if name in changed else record).fields.get(name) for name in there}
        content, digests = fingerprints(self._entity, fields)
        if draft.notes is not None or changed:
            _noted(draft, self._notes(MERGED, touched, draft, record))
        draft.content, draft.digests = content, digests | kept
        if not changed:
            draft.record, draft.writes = None, ()
            draft.decide(Bucket.UNCHANGED)
            return
        merged = Record(draft.key, self._entity.name, fields)
        draft.record = merged
        draft.writes = tuple(
            replace(write, record=merged, fields=frozenset(changed)) if write.op == "put" else write
            for write in draft.writes
        )

    def _touched(self, draft: Draft, record: TargetRecord) -> Mapping[str, bool]:
        """Fields that stand there otherwise than they were last written; whether the legacy system changed them as well."""
        assert draft.item is not None
        assert draft.digests is not None
        last = draft.item.digests or {}
        there = field_digests(self._entity, record.fields)
        return {name: draft.digests[name] != last.get(name) for name in there if there[name] != last.get(name)}

    def _differing(self, draft: Draft, record: TargetRecord) -> Mapping[str, bool]:
        """Fields a person has to look at: touched by the editor, or changed in the legacy system."""
        assert draft.item is not None
        assert draft.digests is not None
        last = draft.item.digests or {}
        there = field_digests(self._entity, record.fields)
        changed = {name: value != last.get(name) for name, value in draft.digests.items()}
        return {name: changed[name] for name in there if changed[name] or there[name] != last.get(name)}

    def _notes(self, code: str, fields: Mapping[str, bool], draft: Draft, record: TargetRecord) -> list[Note]:
        assert draft.record is not None
        assert draft.item is not None
        last, there = draft.item.digests or {}, field_digests(self._entity, record.fields)
        return [
            Note(
                code, name,
                _said(
                    draft.record.fields.get(name), record.fields.get(name),
                    is_legacy_last=not legacy_changed, is_editor_last=there[name] == last.get(name),
                ),
            )
            for name, legacy_changed in fields.items()
        ]  # fmt: skip


def is_edited(item: Item, record: TargetRecord) -> bool:
    """Whether a record stands at the target otherwise than it was last written."""
    return item.digests is not None and field_digests(ENTITIES[item.entity], record.fields) != item.digests


def _noted(draft: Draft, notes: Sequence[Note]) -> None:
    draft.notes = (*(draft.notes or ()), *notes)


def _said(legacy: Value, editor: Value, *, is_legacy_last: bool, is_editor_last: bool) -> str:
    """The three values as JSON. What was last written is known by its digest alone, unless one side still says it."""
    shown_legacy, shown_editor = excerpts(legacy, editor)
    last = shown_legacy if is_legacy_last else shown_editor if is_editor_last else None
    return orjson.dumps({"legacy": shown_legacy, "last": last, "editor": shown_editor}).decode()
