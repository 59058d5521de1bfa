"""What writes the target: records, the vault, files."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Literal, Protocol

from migrator.model.record import Record


@dataclass(frozen=True, slots=True)
class LoaderCapabilities:
    """What a target can do. ``stubs``: placeholder records for references that come later. ``batch``: best batch size.

    ``unstubbed``: entities of which it takes no placeholders all the same. ``remote``: most of a write is waiting for
    another machine, and this one can prepare the next batch meanwhile.
    """

    stubs: bool
    batch: int
    unstubbed: frozenset[str] = frozenset()
    remote: bool = False


@dataclass(frozen=True, slots=True)
class Write:
    """One thing to do at the target.

    ``put``: make the record stand there under its key, whatever was there. ``stub``: a placeholder under the key, if
    nothing stands there. ``withdraw``: nothing stands there any more; refused while others point to it. ``alias``: the
    key leads to ``survivor``. ``unalias``: it no longer does. ``fields``: put these alone, and leave the others as they
    stand there; None for all of them.
    """

    op: Literal["put", "stub", "withdraw", "alias", "unalias"]
    key: str
    entity: str
    record: Record | None = None
    survivor: str | None = None
    fields: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What the target answered. ``error`` is empty when it was done."""

    key: str
    target_id: str | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The target before the first run: rows of an entity that were there, and the largest target id among them."""

    entity: str
    rows: int
    largest_id: str | None


class Loader(Protocol):
    """Writes to the target platform. Doing the same thing twice leaves the target as doing it once."""

    @property
    def capabilities(self) -> LoaderCapabilities:
        """What this target can do."""

    def prepare(self) -> None:
        """Make sure that the target is there and can be written. AccessError where it cannot."""

    def baseline(self, entities: Sequence[str]) -> Sequence[Baseline]:
        """What the target already holds."""

    def holds_source(self, entity: str, source: str) -> bool:
        """Whether records with keys of this source stand there."""

    def standing(self, entity: str, keys: Collection[str]) -> Mapping[str, str]:
        """Target ids of those keys under which a real record (no stub) stands."""

    def placeholders(self, entity: str, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys under which a stub stands."""

    def cannot_hold(self, record: Record) -> str:
        """Why this target cannot hold the record, whatever is tried; empty where it can."""

    def before_images(self, entity: str, keys: Collection[str]) -> Mapping[str, str]:
        """The records and placeholders that stand there now, each as JSON text from which it can be restored."""

    def write(self, writes: Sequence[Write]) -> Sequence[WriteResult]:
        """Do all of it, or as much as can be done; one answer for each. StopRun where the target is gone."""

    def close(self) -> None:
        """Give connections back."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A record that must be kept and never be public, and why."""

    record: Record
    reason: str
    rule: str


class Vault(Protocol):
    """Keeps what is withheld, away from the target: restricted, for inspection, by legacy key."""

    def prepare(self) -> None:
        """Make sure that it is there and can be written. AccessError where it cannot."""

    def keep(self, withheld: Sequence[Withheld]) -> None:
        """Put records under their keys, whatever was there. Doing it twice leaves it as doing it once."""

    def release(self, keys: Collection[str]) -> None:
        """Remove these keys, as far as they are there: the rows are withheld no longer."""

    def close(self) -> None:
        """Give connections back."""


class FileSource(Protocol):
    """Where the bytes of media can be had, by their SHA-256 in hex."""

    def open(self, sha256: str) -> BinaryIO | None:
        """The bytes, to be closed by the caller; None where they are not there."""


class MediaTransfer(Protocol):
    """Brings the bytes of media from the evidence to the target's store, under their SHA-256."""

    def bring(self, sha256: str) -> str:
        """Make sure that the bytes stand at the target. Why they cannot; empty where they do."""

    def holds(self, sha256: str) -> bool:
        """Whether the bytes stand at the target."""

    def remove(self, sha256: str) -> None:
        """Take the bytes away, if they are there."""
