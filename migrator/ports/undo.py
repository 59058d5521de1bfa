"""What takes runs back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from migrator.model.outcome import Outcome
from migrator.ports.ledger import Item, Ledger
from migrator.ports.target import WriteResult


@dataclass(frozen=True, slots=True)
class Undo:
    """What a run found under a key before it first changed something of it.

    ``op`` is the first it did at the target; empty where it only put an outcome on record. ``before`` is the record that
    stood there (see Loader.before_images), None for nothing; ``known`` what the ledger knew of the key, None for nothing.
    ``content`` is what an unconfirmed write was to leave there; ``begun`` says that the taking back was begun.
    """

    run: int
    key: str
    entity: str
    op: str
    before: str | None
    known: Item | None
    content: bytes | None
    begun: bool


class UndoLedger(Ledger, Protocol):
    """The ledger as a rollback needs it: what each run found, and how that is crossed off."""

    def undoable(self) -> Mapping[int, int]:
        """Run -> number of keys of which something can be taken back."""

    def give_up(self, runs: Collection[int]) -> None:
        """Close these runs as taken back; what they left unconfirmed becomes something to take back."""

    def undos(self, run: int, entity: str) -> Iterator[Undo]:
        """What there is to take back of an entity, in key order, in pages; rows crossed off meanwhile are passed over."""

    def unconfirmed_undos(self, run: int, entity: str) -> Iterator[Undo]:
        """What :meth:`give_up` would add to :meth:`undos`."""

    def changed_later(self, run: int, keys: Collection[str]) -> Mapping[str, int]:
        """Those of the keys that a later run changed, with that run."""

    def begin_undo(self, run: int, keys: Collection[str]) -> None:
        """Remember that these keys are about to be put back."""

    def confirm_undo(self, run: int, entity: str, keys: Collection[str], outcomes: Sequence[Outcome]) -> None:
        """Cross the keys off and put the outcomes on record – all or nothing."""

    def brought(self, runs: Collection[int]) -> Sequence[str]:
        """Files (SHA-256 in hex) these runs brought to the target."""

    def forget_brought(self, files: Collection[str]) -> None:
        """The files do not stand there any more."""


class Restorer(Protocol):
    """Puts a target back to what stood there."""

    def restore(self, entity: str, images: Mapping[str, str]) -> Sequence[WriteResult]:
        """Make the records and placeholders stand there again; one answer for each key, with its id.

        What was deleted gets the id it had, where the target lets ids be chosen.
        """

    def loosen(self, entity: str, keys: Collection[str]) -> None:
        """Let records that will be removed point to no record of their own entity."""


class NamedFiles(Protocol):
    """What the records of a target say of files that lie beside it."""

    def files_in_use(self, files: Collection[str]) -> frozenset[str]:
        """Those of the files (SHA-256 in hex) that a record at the target names."""
