"""F1 and F2: what stands at the target is byte for byte what the ledger says was sent.

F1 reads every loaded record back by another route than the Loader's and takes its fingerprint again. It proves
"stored = sent", not that the mapping is right. F2 names, for each record whose fingerprint differs, the fields by
their digests and how they differ. The value that was expected is made once more through the port ``Expected``; where
that does not give the value the ledger knows, the difference is still listed, only without the expected value.
"""

from __future__ import annotations

from collections.abc import Sequence

from migrator.model.content import REFERENCES, EntityType, Field, Value
from migrator.model.finding import Check, DifferenceKind
from migrator.model.merkle import MerkleTree
from migrator.model.record import content_fingerprint, digest, field_digests
from migrator.verify.desk import Batch, Desk, Standing
from migrator.verify.kinds import Named, classify, classify_references


class FieldCheck:
    """F1 and F2 for one entity."""

    def __init__(self, desk: Desk, entity: EntityType) -> None:
        self._desk, self._entity = desk, entity
        self._compared = self._not_compared = self._records = self._differences = 0
        self._tree = MerkleTree()

    def look(self, batch: Batch) -> None:
        """Take every fingerprint again."""
        for standing in batch.standing:
            content = standing.item.content
            found = content_fingerprint(self._entity, standing.record.fields)
            self._tree.add(digest((standing.key, found)))
            if content is None:
                self._not_compared += 1
                continue
            self._compared += 1
            if found != content:
                self._records += 1
                self._name(standing)
        self._not_compared += len(batch.loaded.keys() - {standing.key for standing in batch.standing})

    def _name(self, standing: Standing) -> None:
        """Put every differing field on the list."""
        item, fields = standing.item, standing.record.fields
        expected = self._desk.expected.record(self._entity.name, standing.key)
        again = field_digests(self._entity, expected.fields) if expected else {}
        before = self._differences
        known = item.digests or {}
        there = field_digests(self._entity, fields)
        for field in self._entity.fields:
            sent = known.get(field.name)
            if sent == there[field.name]:
                continue
            reproduced = expected is not None and again[field.name] == sent
            wanted = expected.fields.get(field.name) if expected is not None and reproduced else None
            self._difference(standing.key, field, wanted, fields.get(field.name), reproduced)
        if self._differences == before:
            named = (DifferenceKind.CHANGED, "the fingerprint differs, but no field's digest does")
            self._desk.lists.difference("F2", self._entity.name, standing.key, "", named)
            self._differences += 1

    def _difference(self, key: str, field: Field, wanted: Value, found: Value, reproduced: bool) -> None:
        if reproduced:
            named = (classify_references if field.kind in REFERENCES else classify)(wanted, found)
        else:
            named = _unreproduced(found)
        self._differences += 1
        self._desk.lists.difference("F2", self._entity.name, key, field.name, named, wanted, found)

    def conclude(self) -> Sequence[Check]:
        """F1 over records, F2 over the fields of those that differ."""
        holds = not self._records if self._compared else None if self._not_compared else True
        root = self._tree.root().hex()
        return (
            Check(
                "F1", self._entity.name, holds, self._compared, self._not_compared, self._records, True,
                "stored = sent: fingerprints of the records read back against those sent; "
                f"Merkle root over (key, fingerprint found), in the order of the source: {root}",
            ),
            Check(
                "F2", self._entity.name, holds, self._compared, self._not_compared, self._differences, True,
                "the fields in which those records differ, by the digests of the fields sent, each with its kind",
            ),
        )  # fmt: skip


def _unreproduced(found: Value) -> Named:
    detail = "what was sent cannot be made again from the source"
    if found is None or found in ("", ()):
        return DifferenceKind.MISSING, detail
    return DifferenceKind.CHANGED, detail
