"""How a database compares texts, asked of the database itself, so that a copy can be read the same way without it.

MySQL and MariaDB say what each character weighs in a collation (WEIGHT_STRING,
mariadb.com/kb/en/weight_string); two texts are equal there when their weights are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import chain, islice
from typing import Any

import sqlalchemy as sa

from migrator.model.staged import Collation, Trait, Traits

_CHARACTERS = tuple(chain(range(0x20, 0x250), range(0x300, 0x370), range(0x1E00, 0x1F00), range(0x2010, 0x2070)))
"""What Vietnamese, and Latin letters in general, are written with. Others are compared as they are."""
_AT_ONCE = 200

_KINDS: tuple[tuple[type[sa.types.TypeEngine[Any]], str], ...] = (
    (sa.Boolean, "number"), (sa.Integer, "number"), (sa.Numeric, "number"), (sa.Enum, "text"), (sa.String, "text"),
    (sa.DateTime, "time"), (sa.Date, "time"), (sa.Time, "time"), (sa.Interval, "time"),
    (sa.LargeBinary, "bytes"), (sa.types._Binary, "bytes"),
)  # fmt: skip


def traits(connection: sa.Connection, tables: Collection[str]) -> Traits:
    """How the columns of some tables are compared."""
    engine = connection.dialect.name
    inspector = sa.inspect(connection)
    named = _named(connection) if engine in {"mysql", "mariadb"} else {}
    found: dict[str, dict[str, Trait]] = {}
    for table in tables:
        columns = inspector.get_columns(table)
        nocase = _without_case(connection, table, columns) if engine == "sqlite" else frozenset()
        for column in columns:
            collation = "NOCASE" if column["name"] in nocase else named.get((table, column["name"]), "")
            kind = _affinity(column["type"]) if engine == "sqlite" else _kind(column["type"])
            found.setdefault(table, {})[column["name"]] = Trait(kind, collation)
    if engine not in {"mysql", "mariadb"}:
        return Traits(engine, found)
    default = str(connection.execute(sa.text("SELECT @@collation_database")).scalar_one())
    names = sorted({default, *(trait.collation for columns in found.values() for trait in columns.values())} - {""})
    return Traits("mysql", found, _collations(connection, names), default)


def _kind(kind: sa.types.TypeEngine[Any]) -> str:
    return next((name for of, name in _KINDS if isinstance(kind, of)), "any")


def _named(connection: sa.Connection) -> Mapping[tuple[str, str], str]:
    """The collation of each column of texts, by table and column: a table's own is not repeated where it is described."""
    listed = sa.text(
        "SELECT table_name, column_name, collation_name FROM information_schema.columns"
        " WHERE table_schema = database() AND collation_name IS NOT NULL"
    )
    return {(str(table), str(column)): str(collation) for table, column, collation in connection.execute(listed)}


def _affinity(kind: sa.types.TypeEngine[Any]) -> str:
    """SQLite converts what is compared with a column by its affinity (sqlite.org/datatype3.html)."""
    if isinstance(kind, sa.types.NullType):
        return "any"
    if isinstance(kind, (sa.String, sa.Enum)):
        return "text"
    return "any" if isinstance(kind, sa.types._Binary) else "number"


def _without_case(connection: sa.Connection, table: str, columns: Iterable[Any]) -> frozenset[str]:
    """The columns of an SQLite table that take "a" for "A": the first part of a union keeps its collation."""
    found = []
    for column in columns:
        named: sa.ColumnClause[str] = sa.column(column["name"])
        of_table = sa.select(named.label("x")).select_from(sa.table(table)).where(sa.false())
        both = sa.union_all(of_table, sa.select(sa.literal("a"))).subquery()
        if connection.execute(sa.select(sa.func.count()).select_from(both).where(both.c.x == "A")).scalar_one():
            found.append(column["name"])
    return frozenset(found)


def _collations(connection: sa.Connection, names: Iterable[str]) -> Mapping[str, Collation]:
    listed = sa.text("SELECT collation_name, character_set_name FROM information_schema.collations")
    charsets = {str(name): str(charset) for name, charset in connection.execute(listed) if charset is not None}
    found = {}
    for name in names:
        pads = not (name.endswith("_nopad_bin") or "_nopad_" in name or "_0900_" in name or name == "binary")
        # MariaDB's newer collations fit several character sets, and are listed with none
        charset = charsets.get(name, "utf8mb4")
        weights = {} if name.endswith("_bin") or name == "binary" else _weights(connection, name, charset)
        found[name] = Collation(pads, weights)
    return found


def _weights(connection: sa.Connection, collation: str, charset: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    characters = map(chr, _CHARACTERS)
    while some := list(islice(characters, _AT_ONCE)):
        texts = [f"CONVERT(_utf8mb4 X'{character.encode().hex()}' USING {charset})" for character in some]
        weights = ", ".join(f"HEX(WEIGHT_STRING({text} COLLATE {collation}))" for text in texts)
        again = ", ".join(f"HEX(CONVERT({text} USING utf8mb4))" for text in texts)
        row = tuple(connection.exec_driver_sql(f"SELECT {weights}, {again}").one())
        for character, weight, kept in zip(some, row[: len(some)], row[len(some) :], strict=True):
            if bytes.fromhex(kept) == character.encode():  # else the character set lacks it
                found[character] = str(weight)
    return found
