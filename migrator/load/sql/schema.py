"""The newsroom schema, made from the content model: a table an entity, a link table a list of references.

Every entity table has ``id``, ``legacy_key`` (unique; null for records the migration did not bring) and ``is_stub``.
A REF is a column ``<field>_id``; REFS are rows of ``<entity>_<field>`` (``<entity>_id``, ``position`` from 0,
``<to>_id``, or ``to_<to>_id`` within one entity). Instants are UTC. ``legacy_alias`` leads the key of a merged record
to its survivor.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from migrator.model.content import ENTITIES, EntityType, Field, Kind

KEY_LENGTH = 400


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware datetime, kept as UTC: with its zone where the database has one, without elsewhere."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Microseconds everywhere."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.DateTime(timezone=True))
        if dialect.name in {"mysql", "mariadb"}:
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(sa.DateTime())

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Aware in, UTC out."""
        if value is None or dialect.name == "postgresql":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)


class Texts(sa.types.TypeDecorator[tuple[str, ...]]):
    """A list of texts as a JSON array."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: sa.Dialect) -> str:
        """Tuple in, JSON text out."""
        return orjson.dumps(value or ()).decode()


_LONG_TEXT = sa.Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")


def _column_type(field: Field) -> sa.types.TypeEngine[Any]:
    match field.kind:
        case Kind.INTEGER:
            return sa.BigInteger()
        case Kind.BOOLEAN:
            return sa.Boolean()
        case Kind.INSTANT:
            return Instant()
        case Kind.TEXTS:
            return Texts()
    return sa.String(field.max_length) if field.max_length else _LONG_TEXT


_OPTIONS: dict[str, Any] = {"mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin", "mysql_engine": "InnoDB"}


def _id() -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", kind, primary_key=True, autoincrement=True)


def _pointer(name: str, to: str, **options: Any) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, sa.ForeignKey(f"{to}.id"), **options)


def column_name(field: Field) -> str:
    """The column of a field that is not a list of references."""
    return f"{field.name}_id" if field.kind is Kind.REF else field.name


def pointer_name(entity: str, field: Field) -> str:
    """The column of a link table that points to the other record."""
    return f"to_{field.to}_id" if field.to == entity else f"{field.to}_id"


class NewsroomSchema:
    """The tables by entity, the link tables by entity and field, and the aliases."""

    def __init__(self) -> None:
        self.metadata = sa.MetaData()
        self.tables = {name: self._table(entity) for name, entity in ENTITIES.items()}
        self.links = {
            (entity.name, field.name): self._link(entity, field)
            for entity in ENTITIES.values()
            for field in entity.references
            if field.kind is Kind.REFS
        }
        self.alias = sa.Table(
            "legacy_alias",
            self.metadata,
            sa.Column("legacy_key", sa.String(KEY_LENGTH), primary_key=True),
            sa.Column("entity", sa.String(40), nullable=False),
            sa.Column("target_id", sa.BigInteger, nullable=False),
            **_OPTIONS,
        )

    def _table(self, entity: EntityType) -> sa.Table:
        columns = [
            _pointer(column_name(f), str(f.to), index=True)
            if f.kind is Kind.REF
            else sa.Column(f.name, _column_type(f), nullable=not f.required)
            for f in entity.fields
            if f.kind is not Kind.REFS
        ]
        return sa.Table(
            entity.name,
            self.metadata,
            _id(),
            sa.Column("legacy_key", sa.String(KEY_LENGTH), unique=True),
            sa.Column("is_stub", sa.Boolean, nullable=False),
            *columns,
            **_OPTIONS,
        )

    def _link(self, entity: EntityType, field: Field) -> sa.Table:
        owner, target = f"{entity.name}_id", pointer_name(entity.name, field)
        return sa.Table(
            f"{entity.name}_{field.name}",
            self.metadata,
            _pointer(owner, entity.name, primary_key=True, autoincrement=False),
            sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
            _pointer(target, str(field.to), nullable=False, index=True),
            **_OPTIONS,
        )
