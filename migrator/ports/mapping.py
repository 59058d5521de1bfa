"""What makes records of rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from migrator.model.outcome import Bucket, Note
from migrator.model.record import Record, SourceRow
from migrator.model.source import Selection


class Step(Protocol):
    """One verb of the mapping language, compiled. Raises SetAside for a value that cannot be carried over."""

    def __call__(self, value: Any, context: StepContext) -> Any:
        """The value after the step."""


class StepContext(Protocol):
    """What a step may know besides its value."""

    @property
    def row(self) -> SourceRow:
        """The row being transformed."""

    def note(self, code: str, detail: str) -> None:
        """Put on record that something was changed or noticed."""


MissingPolicy = Literal["reject", "drop", "follow"]
"""What to do where a referenced record will not stand at the target: set the record aside, leave the reference out, or
go with it – withheld where that is withheld, dropped where it was kept out otherwise, rejected where nobody knows it."""


@dataclass(frozen=True, slots=True)
class Transformed:
    """A record whose references are legacy keys, not yet looked up. ``missing`` has a policy for each reference field.

    Records with the same ``merge_digest`` are one; ``merge_reason`` is what is put on record of those that are led away.
    """

    record: Record
    missing: Mapping[str, MissingPolicy]
    merge_digest: bytes | None
    notes: tuple[Note, ...]
    merge_reason: str = "duplicate"


@dataclass(frozen=True, slots=True)
class Decided:
    """A rule decided that the row is not loaded. The bucket is DROPPED, WITHHELD or REJECTED.

    ``record`` is what goes to the vault where the row is withheld; its references are legacy keys, not looked up.
    """

    bucket: Bucket
    reason: str
    rule: str
    detail: str = ""
    notes: tuple[Note, ...] = ()
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Led:
    """A rule decided that the row is one with the record ``into`` (a legacy key): its own key is to lead there."""

    into: str
    reason: str
    rule: str
    detail: str = ""
    notes: tuple[Note, ...] = ()


class EntityMapping(Protocol):
    """The compiled mapping of one entity."""

    @property
    def entity(self) -> str:
        """Name of the target entity."""

    @property
    def selection(self) -> Selection:
        """What to read."""

    @property
    def fingerprint(self) -> bytes:
        """Digest (32 bytes) of everything that decides the result: mapping, crosswalks, version of the transformation."""

    @property
    def points_to(self) -> frozenset[str]:
        """Entities its records may refer to."""

    def transform(self, row: SourceRow) -> Transformed | Decided | Led:
        """The record for a row, or what a rule makes of it. Does not raise for bad data."""
