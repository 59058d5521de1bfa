"""The protocols between the parts. Read this file first.

    extractor.read → mapping.transform → loader.write, each step told to the ledger; reader.read → verify

A batch goes through in this order: *intent → act → confirm*. The ledger knows before the target is touched what will be
done; it hears afterwards what was done; what a crash leaves open is done again, by legacy key, without a double.
"""

from migrator.ports.fence import Fence, Seal, session_name
from migrator.ports.ledger import HighWater, Intent, Item, JournalEntry, Known, Ledger, RateBook, RunInfo
from migrator.ports.mapping import Decided, EntityMapping, Led, MissingPolicy, Step, StepContext, Transformed
from migrator.ports.progress import Progress
from migrator.ports.reading import GroupSums, KeptRecord, MediaWitness, Reader, TargetRecord, VaultReader
from migrator.ports.source import Extractor, Position, Survey
from migrator.ports.target import (
    Baseline,
    FileSource,
    Loader,
    LoaderCapabilities,
    MediaTransfer,
    Vault,
    Withheld,
    Write,
    WriteResult,
)
from migrator.ports.undo import NamedFiles, Restorer, Undo, UndoLedger
from migrator.ports.witness import Expected, SiteIndex, Witness, WitnessRow

__all__ = [
    "Baseline",
    "Decided",
    "EntityMapping",
    "Expected",
    "Extractor",
    "Fence",
    "FileSource",
    "GroupSums",
    "HighWater",
    "Intent",
    "Item",
    "JournalEntry",
    "KeptRecord",
    "Known",
    "Led",
    "Ledger",
    "Loader",
    "LoaderCapabilities",
    "MediaTransfer",
    "MediaWitness",
    "MissingPolicy",
    "NamedFiles",
    "Position",
    "Progress",
    "RateBook",
    "Reader",
    "Restorer",
    "RunInfo",
    "Seal",
    "SiteIndex",
    "Step",
    "StepContext",
    "Survey",
    "TargetRecord",
    "Transformed",
    "Undo",
    "UndoLedger",
    "Vault",
    "VaultReader",
    "Withheld",
    "Witness",
    "WitnessRow",
    "Write",
    "WriteResult",
    "session_name",
]
