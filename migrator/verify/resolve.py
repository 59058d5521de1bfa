"""Where a reference to a legacy object must lead: to its record, to the survivor it was merged into, or nowhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from migrator.model.outcome import Bucket
from migrator.model.record import split_key
from migrator.ports import Item
from migrator.verify.desk import Desk, Memo, is_loaded

_LONGEST_CHAIN = 8


@dataclass(frozen=True, slots=True)
class Resolved:
    """``stands``: lead to ``target``. ``unloaded``: the object exists at the source but does not stand at the target;
    ``why`` says so in the ledger's words, ``bucket`` is where it ended. ``dangling``: the source itself has no such object.
    ``unknown``: nobody can tell.
    """

    state: Literal["stands", "unloaded", "dangling", "unknown"]
    target: str = ""
    why: str = ""
    bucket: str = ""


class Resolver:
    """Resolves keys in batches; remembers a bounded number of answers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._memo = Memo()

    def resolve(self, keys: Collection[str]) -> Mapping[str, Resolved]:
        """Where each key leads."""
        return self._memo.ask(keys, self._ask)

    def _ask(self, keys: Collection[str]) -> Mapping[str, Resolved]:
        answers: dict[str, Resolved] = {}
        follow: dict[str, str] = {key: key for key in keys}
        for _ in range(_LONGEST_CHAIN):
            items = self._desk.ledger.items(list(follow.values()))
            further: dict[str, str] = {}
            for key, at in follow.items():
                item = items.get(at)
                if item is not None and item.merged_into and item.bucket in {Bucket.MERGED, Bucket.GONE}:
                    further[key] = item.merged_into
                elif item is not None:
                    answers[key] = _of_item(item)
            lost = [key for key, at in follow.items() if at not in items]
            answers.update(self._without_item(lost))
            follow = further
            if not follow:
                return answers
        answers.update({key: Resolved("unknown", why="merged in a circle") for key in follow})
        return answers

    def _without_item(self, keys: Collection[str]) -> Mapping[str, Resolved]:
        """Keys the ledger does not know: does the source have them?"""
        groups: dict[tuple[str, str], list[str]] = {}
        for key in keys:
            source, entity, _ = split_key(key)
            groups.setdefault((source, entity), []).append(key)
        answers: dict[str, Resolved] = {}
        for (source, entity), group in groups.items():
            audit = self._desk.audits.get(source)
            audited = audit.entities.get(entity) if audit else None
            witness = self._desk.witnesses.get(source)
            if audited is None or witness is None:
                answers.update({key: Resolved("unknown", why=f"nobody audited {entity} of {source}") for key in group})
                continue
            there = witness.existing(audited, group)
            done = self._desk.ledger.is_complete(entity)
            unread = Resolved("unloaded", why="no outcome") if done else Resolved("unknown", why="not read yet")
            answers.update({key: unread if key in there else Resolved("dangling") for key in group})
        return answers


def _of_item(item: Item) -> Resolved:
    if is_loaded(item):
        return Resolved("stands", item.key)
    if item.bucket is Bucket.PENDING:
        return Resolved("unknown", why="pending")
    why = " ".join(filter(None, (item.bucket.value, item.reason)))
    return Resolved("unloaded", why=why, bucket=item.bucket.value)
