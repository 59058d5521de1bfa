"""The witness of a staged copy. It reads the packs by code of its own, into a database that goes with it, and asks that.

Every pack is compared with its name on the way. Texts are compared as the legacy database did, by the weights it gave.
What was not copied is counted as it was when the copy was begun; to look into it is an error, never an empty table.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import sqlite3
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import event

from migrator.errors import AccessError, EvidenceError
from migrator.model.audit import Against, Audit, AuditedEntity, Belonging, Copies, NumberTotal, Place
from migrator.model.source import Test
from migrator.model.staged import query_name
from migrator.ports import GroupSums, WitnessRow
from migrator.read.sql.source import SqlWitness
from migrator.scratch import Scratch

_AT_ONCE = 500
_NEXT = "'migrator stage --check' names every pack that is not whole; stage the source again where it is still there."


class StagedWitness(SqlWitness):
    """Counts, keys and raw values of a staged copy in a folder. ``indexes``: columns that will be looked up, by relation.

    EvidenceError where a pack is missing or not what its name says.
    """

    def __init__(self, folder: Path, source_name: str, indexes: Mapping[str, Collection[str]]) -> None:
        self._catalogue = _catalogue(folder)
        self._scratch = Scratch(folder)
        try:
            database = self._scratch.path / "witness.sqlite"
            _fill(database, folder / "packs", self._catalogue, indexes)
            super().__init__(f"sqlite:///{database}", source_name)
            event.listen(self._engine, "connect", _compares_as(self._catalogue["traits"]))
            self._engine.dispose()  # the connection that was tried does not compare so
        except BaseException:
            self._scratch.close()
            raise
        self._there = {relation["name"] for relation in self._catalogue["relations"]}

    def tables(self) -> Sequence[str]:
        """Every table the source had when the copy was begun, without views."""
        return tuple(sorted(set(self._catalogue["tables"]) - set(self._catalogue["views"])))

    def count(self, table: str, where: Sequence[Test] = ()) -> int:
        """Rows of a table for which the conditions hold; of one that was not copied, all rows it had."""
        if table not in self._there and not where and table in self._catalogue["counts"]:
            return int(self._catalogue["counts"][table])
        self._demand(table)
        return super().count(table, where)

    def count_entity(self, audited: AuditedEntity) -> int:
        """Rows of an entity's own table or query."""
        return super().count_entity(self._here(audited))

    def rows(self, audited: AuditedEntity, batch: int) -> Iterator[Sequence[WitnessRow]]:
        """All rows of an entity."""
        return super().rows(self._here(audited), batch)

    def existing(self, audited: AuditedEntity, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys that the copy has."""
        return super().existing(self._here(audited), keys)

    def copy_drift(self, audited: AuditedEntity, copies: Copies) -> Iterator[tuple[str, str, str, str, str]]:
        """Differences between the main table and its copies."""
        return super().copy_drift(self._here(audited), copies)

    def sums(self, audited: AuditedEntity, total: NumberTotal) -> Iterator[GroupSums]:
        """Rows and sums per group."""
        return super().sums(self._here(audited), total)

    def kept_sums(self, against: Against) -> Iterator[GroupSums]:
        """The source's own table of sums."""
        self._demand(against.table)
        return super().kept_sums(against)

    def orphans(
        self, table: str, belonging: Belonging, key: Sequence[str] = ()
    ) -> Iterator[tuple[tuple[Any, ...], int]]:
        """Rows of a table that belong to nothing."""
        self._demand(table)
        self._demand(belonging.table)
        return super().orphans(table, belonging, key)

    def values(self, table: str, columns: Sequence[str], where: Sequence[Test] = ()) -> Iterator[tuple[Any, ...]]:
        """Raw values of some columns of a table."""
        self._demand(table)
        return super().values(table, columns, where)

    def close(self) -> None:
        """Remove the database."""
        super().close()
        self._scratch.close()

    def _here(self, audited: AuditedEntity) -> AuditedEntity:
        """The entity with the answers that were staged in place of its queries."""
        at = self._place
        return replace(
            audited, table=self._name(audited.table, audited.sql), sql=None,
            identities=tuple(replace(each, place=at(each.place)) for each in audited.identities),
            pointers=tuple(replace(each, place=at(each.place)) for each in audited.pointers),
            link_body=at(audited.link_body) if audited.link_body else None,
            cell={name: replace(each, place=at(each.place)) for name, each in audited.cell.items()},
            changed=replace(audited.changed, place=at(audited.changed.place)) if audited.changed else None,
            addresses=tuple(replace(each, places=tuple(map(at, each.places))) for each in audited.addresses),
        )  # fmt: skip

    def _place(self, place: Place) -> Place:
        if place.partition is not None or (place.table is None and place.sql is None):
            return place
        return replace(place, table=self._name(place.table, place.sql), sql=None)

    def _name(self, table: str | None, sql: str | None) -> str:
        name = table if table is not None else query_name(str(sql))
        self._demand(name)
        return name

    def _demand(self, relation: str) -> None:
        if relation not in self._there:
            raise AccessError(
                f"{relation} of the source '{self._source}' is not in its staged copy.",
                "Stage it where the source is still there (staging.also), or let the witness read the live source.",
            )


def looked_up(audit: Audit) -> Mapping[str, Collection[str]]:
    """The columns an audit statement leads to other tables and answers by: those an index is needed for."""
    found: dict[str, set[str]] = {}
    for audited in audit.entities.values():
        found.setdefault(audited.table or query_name(str(audited.sql)), set()).add(audited.key[0])
        for _, place in (*audited.single_places(), *audited.list_places()):
            if place.on and (place.table or place.sql):
                found.setdefault(place.table or query_name(str(place.sql)), set()).add(place.on[0][0])
    belonging = [each for audited in audit.entities.values() for each in audited.belongs_to]
    for each in (*belonging, *(each for some in audit.belongings.values() for each in some)):
        found.setdefault(each.table, set()).add(each.on[0][1])
    return found


def _catalogue(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = orjson.loads((folder / "catalogue.json").read_bytes())
    except (OSError, ValueError) as error:
        raise EvidenceError(f"The catalogue in {folder} cannot be read.", _NEXT) from error
    return found


def _fill(database: Path, packs: Path, catalogue: Mapping[str, Any], indexes: Mapping[str, Collection[str]]) -> None:
    os.close(os.open(database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        _compares_as(catalogue["traits"])(connection, None)
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        for relation in catalogue["relations"]:
            name, columns = _quoted(relation["name"]), relation["columns"]
            traits = catalogue["traits"]["tables"].get(relation["name"], {})
            collations = catalogue["traits"]["collations"]
            declared = ", ".join(_declared(column, traits.get(column), collations) for column in columns)
            connection.execute(f"CREATE TABLE {name} ({declared})")
            insert = f"INSERT INTO {name} VALUES ({','.join('?' * len(columns))})"
            for pack in relation["packs"]:
                connection.executemany(insert, _rows(packs, pack))
            wanted = {(column,) for column in _indexed(relation["name"], indexes) if column in columns}
            for number, index in enumerate(sorted({tuple(relation["key"]), *wanted} - {()})):
                listed = ", ".join(map(_quoted, index))
                index_name = _quoted(f"{relation['name']} by {number}")
                connection.execute(f"CREATE INDEX {index_name} ON {name} ({listed})")
        connection.execute("COMMIT")


def _indexed(relation: str, indexes: Mapping[str, Collection[str]]) -> Iterator[str]:
    """The columns of a relation that are looked up; ``{n}`` in a name stands for a number."""
    for name, columns in indexes.items():
        if re.fullmatch(re.escape(name).replace(r"\{n\}", r"\d+"), relation):
            yield from columns


def _rows(packs: Path, pack: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The rows of a pack whose content is what its name says."""
    path = packs / pack["digest"][:2] / f"{pack['digest']}.gz"
    try:
        with gzip.open(path) as file:
            content = file.read(pack["size"] + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise EvidenceError(f"The pack {path} is missing or damaged.", _NEXT) from error
    if hashlib.sha256(content).hexdigest() != pack["digest"]:
        raise EvidenceError(f"The pack {path} is damaged: its content is not what its name says.", _NEXT)
    lines = content.split(b"\n")[1:-1]
    return ([_stored(value) for value in orjson.loads(line)] for line in lines)


def _stored(value: Any) -> Any:
    """A value as SQLite holds it: instants and numbers with places as texts that read like those of any database."""
    if isinstance(value, dict):
        ((kind, said),) = value.items()
        match kind:
            case "text":
                return bytes.fromhex(said).decode("utf-8", "replace")
            case "bytes":
                return bytes.fromhex(said)
            case "decimal":
                return _number(said)
            case "datetime":
                return str(said).replace("T", " ")
            case "microseconds":
                return str(timedelta(microseconds=int(said)))
            case "list" | "tuple" | "object":
                return orjson.dumps(said).decode()
        return str(said)
    return int(value) if isinstance(value, bool) else value


def _number(said: str) -> int | float | str:
    """An exact number SQLite can compare; a text where it has none that is exact."""
    number = Decimal(said)
    if number == number.to_integral_value() and abs(number) < 2**63:
        return int(number)
    return float(number) if Decimal(str(float(number))) == number else said


def _declared(column: str, trait: Mapping[str, str] | None, collations: Mapping[str, Any]) -> str:
    named = trait["collation"] if trait else ""
    if named == "NOCASE":
        return f"{_quoted(column)} COLLATE NOCASE"
    return f"{_quoted(column)} COLLATE {_quoted(named)}" if named in collations else _quoted(column)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _compares_as(traits: Mapping[str, Any]) -> Callable[[Any, object], None]:
    """What makes a connection compare texts as the legacy database did, and add up numbers exactly."""

    def prepare(connection: Any, _record: object) -> None:
        for name, collation in traits["collations"].items():
            connection.create_collation(name, _collation(collation))
        connection.create_aggregate("sum", 1, _ExactSum)
        if traits["engine"] == "postgresql":
            connection.execute("PRAGMA case_sensitive_like = ON")

    return prepare


def _collation(collation: Mapping[str, Any]) -> Callable[[str, str], int]:
    weights, pads = collation["weights"], collation["pads"]

    def weigh(text: str) -> bytes:
        text = text.rstrip(" ") if pads else text
        return b"".join(bytes.fromhex(weights[c]) if c in weights else c.encode("utf-8", "surrogatepass") for c in text)

    def compare(left: str, right: str) -> int:
        if left == right:
            return 0
        ours, theirs = weigh(left), weigh(right)
        return (ours > theirs) - (ours < theirs)

    return compare


class _ExactSum:
    """``sum`` of numbers with places, without the rounding of binary fractions; NULL for no numbers."""

    def __init__(self) -> None:
        self._sum: Decimal | None = None

    def step(self, value: Any) -> None:
        """Add a number; NULL adds nothing."""
        if value is not None:
            self._sum = (self._sum or Decimal(0)) + Decimal(str(value))

    def finalize(self) -> str | None:
        """The sum, in digits."""
        return None if self._sum is None else str(self._sum)
