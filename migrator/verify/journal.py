"""J1: the ledger holds together.

The chain of hashes is computed again from its beginning (a digest of the target before the first run), each Merkle root
from what the entry says of its outcomes, notes included; the latest thing said of every key must be what the ledger
keeps as its item. An altered, removed or inserted entry, outcome or note is found, and so is an altered or removed item.
Not proved: that the whole ledger was not written anew – for that, the head of the chain must be kept outside (it stands
in the report).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

import orjson

from migrator.model.finding import Check, DifferenceKind
from migrator.model.merkle import MerkleTree
from migrator.model.outcome import journal_beginning, leaf_of, outcome_facts
from migrator.model.record import digest
from migrator.ports import Item, JournalEntry, Ledger
from migrator.verify.lists import Lists
from migrator.verify.spool import Spool


def facts_of(item: Item) -> str:
    """Digest (hex) of what the journal must say of an item, its notes left out."""
    facts = outcome_facts(
        item.key, item.bucket, item.source_fingerprint, item.mapping_fingerprint, item.content,
        item.target_id, item.merged_into, item.reason, item.rule, item.detail,
    )  # fmt: skip
    return _digest(facts)


def facts_in(said: str) -> tuple[str, str]:
    """Key, and digest of all but the notes, of what an entry says; two empty texts where it cannot be read."""
    try:
        facts = orjson.loads(said)
        facts.pop("notes")
        return str(facts["key"]), _digest(facts)
    except (ValueError, TypeError, KeyError, AttributeError):
        return "", ""


def _digest(facts: Mapping[str, object]) -> str:
    """BLAKE2b (hex) of the facts as JSON with sorted keys: it is compared within one examination alone."""
    try:
        return hashlib.blake2b(orjson.dumps(facts, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()
    except TypeError:  # what JSON cannot hold was put there by somebody else
        return digest((facts,)).hex()


def entry_hash(entry: JournalEntry) -> bytes:
    """The hash an entry must have."""
    return digest((entry.previous, entry.seq, entry.run, entry.at, entry.count, entry.root))


class JournalCheck:
    """J1. After :meth:`examine`, ``head`` is the last hash of the chain, or its beginning where there is none."""

    def __init__(self, ledger: Ledger, lists: Lists) -> None:
        self._ledger, self._lists = ledger, lists
        self.head = journal_beginning((each.entity, each.rows, each.largest_id) for each in ledger.baseline())
        self._entries = self._items = self._leaves = self._differences = 0

    def examine(self) -> Check:
        """Compute everything again."""
        with Spool(self._lists.folder) as journaled, Spool(self._lists.folder) as known:
            self._chain(journaled)
            for item in self._ledger.all_items():
                self._items += 1
                known.add(item.key, f"{item.seq} {item.pos} {facts_of(item)}")
            for leaves, items in zip(journaled.parts(), known.parts(), strict=True):
                self._match(leaves, items)
        open_intents = self._ledger.open_intent_count()
        run = self._ledger.latest_run()
        if (
            open_intents and run is not None and run.result
        ):  # a run that was killed leaves some; it is not verified anyway
            self._difference("", DifferenceKind.EXTRA, f"{open_intents} intents were never confirmed")
        statement = (
            f"{self._entries} journal entries with {self._leaves} outcomes and {self._items} items, all hashes "
            f"computed again; open intents: {open_intents}; head of the chain: {self.head.hex()}"
        )
        holds = not self._differences
        return Check("J1", "", holds, self._entries + self._items, 0, self._differences, True, statement)

    def _chain(self, journaled: Spool) -> None:
        """Hashes, numbers and roots, entry by entry."""
        last_seq: int | None = None
        for entry in self._ledger.journal():
            self._entries += 1
            name = f"journal:{entry.seq}"
            if last_seq is not None and entry.seq != last_seq + 1:
                self._difference(name, DifferenceKind.MISSING, f"follows entry {last_seq}: a gap")
            if last_seq is None and entry.seq not in {0, 1}:
                self._difference(name, DifferenceKind.MISSING, "the journal does not begin at its beginning")
            if entry.previous != self.head:
                self._difference(name, DifferenceKind.CHANGED, "does not continue the entry before it")
            if entry_hash(entry) != entry.hash:
                self._difference(name, DifferenceKind.CHANGED, "its hash is not that of its content")
            self._root(entry, name, journaled)
            last_seq, self.head = entry.seq, entry.hash

    def _root(self, entry: JournalEntry, name: str, journaled: Spool) -> None:
        tree, count = MerkleTree(), 0
        for position, said in enumerate(self._ledger.said(entry.seq)):
            tree.add(leaf_of(said))
            key, facts = facts_in(said)
            if key:
                journaled.add(key, f"{entry.seq} {position} {facts}")
            count += 1
        self._leaves += count
        if count != entry.count:
            kind = DifferenceKind.MISSING if count < entry.count else DifferenceKind.EXTRA
            self._difference(name, kind, f"{entry.count} outcomes were confirmed, {count} are there")
        if tree.root() != entry.root:
            self._difference(name, DifferenceKind.CHANGED, "its Merkle root is not that of its outcomes")

    def _match(self, leaves: Iterator[tuple[str, str]], items: Iterator[tuple[str, str]]) -> None:
        """The latest leaf of each key is its item's, and there is an item for every key."""
        latest: dict[str, tuple[int, int, str]] = {}
        for key, payload in leaves:
            outcome = _parse(payload)
            if key not in latest or outcome[:2] > latest[key][:2]:
                latest[key] = outcome
        for key, payload in items:
            if key not in latest:
                self._difference(key, DifferenceKind.EXTRA, "an item that no journal entry confirms")
                continue
            outcome, item = latest.pop(key), _parse(payload)
            if outcome[2] != item[2]:
                self._difference(key, DifferenceKind.CHANGED, "the item is not what the journal confirmed")
            elif outcome[0] != item[0]:
                self._difference(key, DifferenceKind.CHANGED, f"the item names entry {item[0]}, not {outcome[0]}")
        for key in latest:
            self._difference(key, DifferenceKind.MISSING, "confirmed in the journal, but there is no item")

    def _difference(self, key: str, kind: DifferenceKind, detail: str) -> None:
        self._differences += 1
        self._lists.difference("J1", "", key, "", (kind, detail))


def _parse(payload: str) -> tuple[int, int, str]:
    seq, position, leaf = payload.split(" ")
    return int(seq), int(position), leaf
