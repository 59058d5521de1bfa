"""Rows the source no longer has: put on record, and their records taken back where the project's policy says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from migrator.model.outcome import Bucket, Outcome
from migrator.ports import Intent, Item, Write
from migrator.run.conflicts import is_edited
from migrator.run.parts import Parts

KEYS_AT_ONCE = 500
REASON = "gone-at-source"
EDITED = "changed by an editor at the target, not taken back"


class Deletions:
    """The keys of one entity of one source that a run, read to its end, did not meet and the source does not find either."""

    def __init__(self, parts: Parts, source: str, entity: str) -> None:
        self._parts = parts
        self._source = source
        self._entity = entity
        self._withdraws = parts.deletions.policy == "withdraw"

    def carry_out(self) -> None:
        """Intent → act → confirm, a page at a time. More than the cap are only reported: nothing is taken back."""
        if not self._withdraws:
            self._report("")
            return
        gone = sum(1 for page in self._pages() for item in page if item.content is not None or item.merged_into)
        cap = self._parts.deletions.cap(sum(1 for _ in self._known())) if gone else 0
        if gone > cap:
            self._report(f"{gone} records would be taken back, the limit is {cap}")
        else:
            self._withdraw()

    def _known(self) -> Iterator[str]:
        return (key for key in self._parts.ledger.keys(self._entity) if key.startswith(f"{self._source}:"))

    def _pages(self) -> Iterator[Sequence[Item]]:
        """What is known of the keys that are gone."""
        selection = self._parts.mappings[self._source, self._entity].selection
        keys = self._parts.ledger.unseen(self._source, self._entity, kept=self._withdraws)
        while page := list(islice(keys, KEYS_AT_ONCE)):
            there = self._parts.extractors[self._source].existing(selection, page)
            items = self._parts.ledger.items([key for key in page if key not in there])
            yield [items[key] for key in page if key in items]

    def _report(self, detail: str) -> None:
        """Put on record that they are gone; what stands at the target stays."""
        for page in self._pages():
            news = [item for item in page if item.bucket is not Bucket.GONE or item.detail != detail]
            self._confirm([_gone(item, detail, stands=True) for item in news])

    def _withdraw(self) -> None:
        for page in self._pages():
            edited = self._edited(page)
            self._confirm([_gone(item, EDITED, stands=True) for item in edited.values() if item.detail != EDITED])
            page = [item for item in page if item.key not in edited]
            standing = {item.key: item for item in page if item.content is not None}
            aliases = [item.key for item in page if item.merged_into]
            images = self._parts.loader.before_images(self._entity, list(standing))
            writes = [Write("withdraw", key, self._entity) for key in standing]
            writes += [Write("unalias", key, self._entity) for key in aliases]
            self._parts.ledger.intend(
                [
                    Intent(write.key, self._entity, write.op, images.get(write.key))
                    for write in writes
                    if write.op != "put"
                ]
            )
            answers = {answer.key: answer.error for answer in self._parts.loader.write(writes)} if writes else {}
            self._confirm([_gone(item, why := answers.get(item.key, ""), stands=bool(why)) for item in page])

    def _edited(self, page: Sequence[Item]) -> dict[str, Item]:
        """Those whose records an editor changed since they were last written: what he made of them is not taken away."""
        items = {item.key: item for item in page if item.content is not None}
        if self._parts.reader is None or self._parts.conflicts == "overwrite" or not items:
            return {}
        begun = self._parts.ledger.open_intents(list(items))
        return {
            record.key: items[record.key]
            for record in self._parts.reader.read(self._entity, list(items))
            if record.key in items and record.key not in begun and is_edited(items[record.key], record)
        }

    def _confirm(self, outcomes: Sequence[Outcome]) -> None:
        if outcomes:
            self._parts.ledger.confirm(self._source, self._entity, outcomes, None, done=False)


def _gone(item: Item, detail: str, *, stands: bool) -> Outcome:
    """The outcome of a row that is gone. What stands at the target, a record or an alias, stays on record as well."""
    return Outcome(
        key=item.key,
        bucket=Bucket.GONE,
        source_fingerprint=item.source_fingerprint,
        mapping_fingerprint=item.mapping_fingerprint,
        content=item.content if stands else None,
        digests=item.digests if stands else None,
        target_id=item.target_id if stands else None,
        merged_into=item.merged_into if stands else None,
        reason=REASON,
        detail=detail,
    )
