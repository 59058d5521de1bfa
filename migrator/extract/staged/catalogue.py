"""The catalogue of a staged copy: a JSON file that names every pack. Its SHA-256 names the copy as a whole."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from migrator.errors import EvidenceError
from migrator.extract.staged.packs import PackStore, private_folder, write_whole
from migrator.model.source import TableInfo
from migrator.model.staged import Collation, Pack, Relation, StagedCopy, Trait, Traits

FORMAT = 1
_FILE = "catalogue.json"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A staged copy, and the SHA-256 (hex) of the file that describes it."""

    copy: StagedCopy
    digest: str

    @property
    def packs(self) -> set[str]:
        """The digests of all its packs."""
        return {pack.digest for relation in self.copy.relations for pack in relation.packs}


def packs_in(folder: Path) -> PackStore:
    """The packs of a staging folder."""
    return PackStore(folder / "packs")


def read_catalogue(folder: Path) -> Catalogue | None:
    """The catalogue in a folder; None where nothing was staged whole. EvidenceError where it cannot be read as one."""
    path = folder / _FILE
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        return Catalogue(_copy(orjson.loads(data)), hashlib.sha256(data).hexdigest())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EvidenceError(
            f"The catalogue {path} is damaged, or of another version of this program.",
            "Stage the source again: 'migrator stage' takes the packs that are there.",
        ) from error


def write_catalogue(folder: Path, copy: StagedCopy) -> Catalogue:
    """Put a catalogue in its place, whole."""
    said = {"format": FORMAT, **asdict(copy)}
    data = orjson.dumps(said, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2) + b"\n"
    private_folder(folder)
    write_whole(folder / _FILE, data)
    return Catalogue(copy, hashlib.sha256(data).hexdigest())


def _copy(said: dict[str, Any]) -> StagedCopy:
    if said.pop("format") != FORMAT:
        raise ValueError("another format")
    said["tables"] = {name: _table(**each) for name, each in said["tables"].items()}
    said["traits"] = traits_from(said["traits"])
    said["relations"] = tuple(relation_from(each) for each in said["relations"])
    said["touched"], said["views"] = tuple(said["touched"]), tuple(said["views"])
    said["left_out"] = {name: tuple(columns) for name, columns in said["left_out"].items()}
    return StagedCopy(**said)


def _table(name: str, columns: list[str], primary_key: list[str]) -> TableInfo:
    return TableInfo(name, tuple(columns), tuple(primary_key))


def traits_from(said: dict[str, Any]) -> Traits:
    """Traits as they were written."""
    tables = {
        table: {name: Trait(**each) for name, each in columns.items()} for table, columns in said["tables"].items()
    }
    collations = {name: Collation(**each) for name, each in said["collations"].items()}
    return Traits(said["engine"], tables, collations, said["default"])


def relation_from(said: dict[str, Any]) -> Relation:
    """A relation as it was written."""
    packs = tuple(Pack(**pack) for pack in said["packs"])
    return Relation(said["name"], tuple(said["columns"]), tuple(said["key"]), packs, said["sql"])
