"""What reads the target back, with code of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from migrator.model.content import Value


@dataclass(frozen=True, slots=True)
class TargetRecord:
    """A record as it stands at the target. ``key`` is the legacy key stored in it, or None. ``fields`` as in Record."""

    key: str | None
    target_id: str
    is_stub: bool
    fields: Mapping[str, Value]


class Reader(Protocol):
    """Reads the target back by another route than the Loader's."""

    def read(self, entity: str, keys: Collection[str]) -> Sequence[TargetRecord]:
        """All records with these legacy keys; a doubled key gives two."""

    def fetch(self, entity: str, target_ids: Collection[str]) -> Sequence[TargetRecord]:
        """Records by target id."""

    def enumerate(self, entity: str) -> Iterator[tuple[str, str | None, bool]]:
        """Target id, legacy key and is_stub of every record of the entity, streamed."""

    def aliases(self, keys: Collection[str]) -> Mapping[str, str]:
        """Where merged keys lead: key -> survivor's key."""

    def all_aliases(self) -> Iterator[tuple[str, str]]:
        """Every alias at the target, streamed: key and survivor's key."""

    def sums(self, entity: str, source: str, by: Sequence[str], of: Sequence[str]) -> Iterator[GroupSums]:
        """Rows and sums per group of the real records whose legacy key is of a source; references as legacy keys."""

    def close(self) -> None:
        """Give connections back."""


@dataclass(frozen=True, slots=True)
class GroupSums:
    """Rows of a group, and the sum of each number over them. ``group`` has the raw values it is made by."""

    group: tuple[Any, ...]
    rows: int | None
    sums: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A withheld record as it lies in the vault: its text, the digest (hex) kept beside it, and its fields."""

    key: str
    entity: str
    said: str
    content_sha256: str
    reason: str
    fields: Mapping[str, Value]


class VaultReader(Protocol):
    """Reads the vault by another route than the one it is filled by."""

    def read(self, keys: Collection[str]) -> Mapping[str, KeptRecord]:
        """What lies there under these keys."""

    def keys(self, entity: str) -> Iterator[str]:
        """Every key of the entity, streamed."""

    def close(self) -> None:
        """Give connections back."""


class MediaWitness(Protocol):
    """The bytes of media, at the sources and at the target. Bytes come in pieces; the caller takes their digest."""

    def sources(self) -> Collection[str]:
        """The sources whose files can be read."""

    def has_all(self, source: str) -> bool:
        """Whether a file that is not there is not at the source either; False where only some were kept."""

    def source(self, source: str, path: str) -> Iterator[bytes] | None:
        """The file a path of the source's inventory means; None where none is there."""

    def target(self, sha256: str) -> Iterator[bytes] | None:
        """What the target keeps under this digest (hex); None where nothing is there."""

    def stored(self) -> Iterator[tuple[str, int]]:
        """Every file of the target's store: the digest its name says (or the name, where it says none), and its size."""
