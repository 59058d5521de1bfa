"""What a run works with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from migrator.ports import EntityMapping, Extractor, Fence, Ledger, Loader, MediaTransfer, Reader, Vault


@dataclass(frozen=True, slots=True)
class DeletionPolicy:
    """What becomes of records whose rows the source no longer has.

    ``report``: they stay at the target and are put on record as gone. ``withdraw``: they are taken back, unless they
    are more than the cap: a number of records, or a share (0 to 1) of those known of the entity of a source.
    """

    policy: Literal["report", "withdraw"] = "report"
    most: int | None = None
    share: float = 0.01

    def cap(self, known: int) -> int:
        """How many records of an entity of a source may be taken back in one run."""
        return self.most if self.most is not None else int(known * self.share)


ConflictPolicy = Literal["keep", "overwrite", "merge-fields"]
"""What becomes of a record that the legacy system and an editor at the target both changed: it is left to the editor and
set aside, overwritten, or updated in those fields alone that the editor did not touch."""


@dataclass(frozen=True, slots=True)
class ChangePolicy:
    """How the changes of an entity are found. ``column`` has the change mark; None: every row is read (a scan).

    ``overlap_s`` is how far below the high-water mark a run looks again; after ``scan_days`` a run scans all the same.
    """

    column: str | None = None
    overlap_s: int = 3600
    scan_days: int = 7


@dataclass(frozen=True, slots=True)
class Parts:
    """``mappings`` and ``extractors`` are found by (source, entity) and by source.

    Without a vault what is withheld stays in the legacy system; without media no bytes are brought over; without a reader nobody
    asks whether an editor changed what is about to be updated. An entity without a policy
    for its changes is read and put on record row by row. ``fences`` stand before what is written, as far as it can have any.
    """

    extractors: Mapping[str, Extractor]
    mappings: Mapping[tuple[str, str], EntityMapping]
    loader: Loader
    ledger: Ledger
    vault: Vault | None = None
    media: MediaTransfer | None = None
    deletions: DeletionPolicy = DeletionPolicy()
    reader: Reader | None = None
    conflicts: ConflictPolicy = "keep"
    changes: Mapping[tuple[str, str], ChangePolicy] = field(default_factory=dict)
    fences: Sequence[Fence] = ()
