"""The Loader port for the newsroom schema. One transaction a call; whatever is written twice stands there once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from migrator.db import Among, Many, access_error, open_engine, persistent, running
from migrator.errors import AccessError
from migrator.load.sql.fence import SqlFence
from migrator.load.sql.packet import TooLarge, limit_of, refuse_too_large
from migrator.load.sql.schema import NewsroomSchema, column_name, pointer_name
from migrator.model.content import ENTITIES, REFERENCES, Field, Kind
from migrator.model.record import Record
from migrator.ports import Baseline, LoaderCapabilities, Write, WriteResult

BATCH = 500


class _Gone(Exception):
    """What a record points to does not stand at the target (any more)."""


_REFUSED = (IntegrityError, DataError, _Gone, TooLarge, OverflowError, UnicodeError)
"""What concerns one record alone. OverflowError and UnicodeError come from drivers, before the database is asked."""


class SqlLoader:
    """Writes records by their legacy key."""

    capabilities = LoaderCapabilities(stubs=True, batch=BATCH)

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = open_engine(url, read_only=False)
        self.fence = SqlFence(url, self._engine)
        self._schema = NewsroomSchema()
        self._inserts: dict[str, Many] = {}
        self._keyed: dict[str, Among] = {}
        with running(url), self._engine.connect() as connection:
            self._packet = limit_of(connection)

    # --- before the run ---
    def prepare(self) -> None:
        """Make the tables that are missing. AccessError where a table of that name is another one, or nothing can be written."""
        try:
            with self._engine.connect() as connection:
                present = self._refuse_strangers(sa.inspect(connection))
            if missing := [t for t in self._schema.metadata.sorted_tables if t.name not in present]:
                self._schema.metadata.create_all(self._engine, tables=missing)
            self._try_to_write()
        except SQLAlchemyError as error:
            raise access_error(error, self._url) from error

    def _refuse_strangers(self, inspector: sa.Inspector) -> Collection[str]:
        """Names of the tables that are there; AccessError when one of ours lacks columns."""
        present = {name: columns for (_, name), columns in inspector.get_multi_columns().items()}
        for table in self._schema.metadata.sorted_tables:
            if table.name not in present:
                continue
            missing = {c.name for c in table.columns} - {c["name"] for c in present[table.name]}
            if missing:
                raise AccessError(
                    f"The target has a table '{table.name}' that is not ours: it lacks {', '.join(sorted(missing))}.",
                    "Name an empty database as the target in migration.yaml.",
                )
        return present.keys()

    def _try_to_write(self) -> None:
        """Take the right to write and give it back; nothing is changed. A server is asked for every right on every table."""
        with self._engine.connect() as connection:
            if self._engine.dialect.name == "sqlite":
                connection.exec_driver_sql("ROLLBACK")
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                connection.rollback()
                return
            never = sa.false()
            for table in self._schema.metadata.sorted_tables:
                columns = list(table.columns)
                connection.execute(sa.insert(table).from_select(columns, sa.select(*columns).where(never)))
                connection.execute(sa.update(table).where(never).values({columns[0].name: columns[0]}))
                connection.execute(sa.delete(table).where(never))
            connection.rollback()
            if self._engine.dialect.name == "postgresql":
                self._try_to_number(connection)

    def _try_to_number(self, connection: sa.Connection) -> None:
        """AccessError where the account may insert, and yet not take the next id."""
        for table in self._schema.tables.values():
            may = sa.func.has_sequence_privilege(sa.func.pg_get_serial_sequence(f'"{table.name}"', "id"), "USAGE")
            if connection.execute(sa.select(may)).scalar() is False:
                raise AccessError(
                    f"The target's account may not take numbers for '{table.name}'.",
                    "Give it the right: GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO … (docs/servers.md).",
                )

    @persistent
    def baseline(self, entities: Sequence[str]) -> Sequence[Baseline]:
        """Rows and largest id of each entity's table."""
        found = []
        with running(self._url), self._engine.connect() as connection:
            for entity in entities:
                table = self._schema.tables[entity]
                rows, largest = connection.execute(sa.select(sa.func.count(), sa.func.max(table.c.id))).one()
                found.append(Baseline(entity, rows, None if largest is None else str(largest)))
        return found

    @persistent
    def holds_source(self, entity: str, source: str) -> bool:
        """Whether a record with a key of this source stands there."""
        key = self._schema.tables[entity].c.legacy_key
        with running(self._url), self._engine.connect() as connection:
            statement = sa.select(key).where(key.startswith(f"{source}:", autoescape=True)).limit(1)
            return connection.execute(statement).scalar() is not None

    # --- what stands there ---
    @persistent
    def standing(self, entity: str, keys: Collection[str]) -> Mapping[str, str]:
        """Target ids of real records by key."""
        table = self._schema.tables[entity]
        with running(self._url), self._engine.connect() as connection:
            statement = sa.select(table.c.legacy_key, table.c.id).where(
                table.c.legacy_key.in_(keys), table.c.is_stub.is_(sa.false())
            )
            wanted = frozenset(keys)  # MariaDB takes keys for the same that differ in spaces at their end
            return {row[0]: str(row[1]) for row in connection.execute(statement) if row[0] in wanted}

    @persistent
    def placeholders(self, entity: str, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys under which a stub stands."""
        table = self._schema.tables[entity]
        with running(self._url), self._engine.connect() as connection:
            statement = sa.select(table.c.legacy_key).where(
                table.c.legacy_key.in_(keys), table.c.is_stub.is_(sa.true())
            )
            return frozenset(connection.execute(statement).scalars()) & frozenset(keys)

    def cannot_hold(self, record: Record) -> str:
        """Never: its schema is made from the content model."""
        return ""

    @persistent
    def before_images(self, entity: str, keys: Collection[str]) -> Mapping[str, str]:
        """Each record or placeholder there as JSON: its columns, and of its link tables (position, id)."""
        table = self._schema.tables[entity]
        with running(self._url), self._engine.connect() as connection:
            rows = connection.execute(sa.select(table).where(table.c.legacy_key.in_(keys))).mappings().all()
            links = self._linked(connection, entity, [row["id"] for row in rows])
            return {
                row["legacy_key"]: orjson.dumps(
                    {"columns": dict(row), "links": links[row["id"]]},
                    option=orjson.OPT_NON_STR_KEYS,  # SQLAlchemy's column names are a kind of str
                ).decode()
                for row in rows
            }

    def _linked(self, connection: sa.Connection, entity: str, ids: list[int]) -> dict[int, dict[str, list[Any]]]:
        found: dict[int, dict[str, list[Any]]] = {target_id: {} for target_id in ids}
        if not ids:
            return found
        for _, field, link in self._links_of(entity):
            owner, position, target = link.columns
            statement = sa.select(owner, position, target).where(owner.in_(ids)).order_by(owner, position)
            for owner_id, place, target_id in connection.execute(statement):
                found[owner_id].setdefault(field.name, []).append([place, target_id])
        return found

    # --- writing -------------------------------------------------------------------------------------------------------
    @persistent
    def write(self, writes: Sequence[Write]) -> Sequence[WriteResult]:
        """All writes in one transaction. Where the database refuses a record, the others are written without it."""
        with running(self._url):
            return self._write_or_part(writes)

    def _write_or_part(self, writes: Sequence[Write], *, again: bool = False) -> Sequence[WriteResult]:
        try:
            with self._engine.begin() as connection:
                self.fence.check(connection)
                return self._write(connection, writes)
        except _REFUSED as error:
            if len(writes) == 1:
                if (
                    isinstance(error, IntegrityError) and not again
                ):  # a first try whose answer was lost may stand by now
                    return self._write_or_part(writes, again=True)
                return [WriteResult(writes[0].key, None, _said(error))]
        return [result for write in writes for result in self._write_or_part([write])]

    def _write(self, connection: sa.Connection, writes: Sequence[Write]) -> list[WriteResult]:
        by_entity: dict[str, dict[str, list[Write]]] = defaultdict(lambda: defaultdict(list))
        for write in writes:
            by_entity[write.entity][write.op].append(write)
        ids: dict[str, str | None] = {}
        for entity, ops in by_entity.items():
            if ops["stub"]:
                self._stub(connection, entity, [write.key for write in ops["stub"]])
            if whole := [write.record for write in ops["put"] if write.record and write.fields is None]:
                ids |= self._put(connection, entity, whole)
            for write in ops["put"]:
                if write.record and write.fields is not None:
                    ids |= self._put_fields(connection, entity, write.record, write.fields)
            if ops["withdraw"]:
                self._withdraw(connection, entity, [write.key for write in ops["withdraw"]])
            if ops["unalias"]:
                keys = [write.key for write in ops["unalias"]]
                connection.execute(sa.delete(self._schema.alias).where(self._schema.alias.c.legacy_key.in_(keys)))
            if ops["alias"]:
                ids |= self._alias(connection, entity, ops["alias"])
        return [WriteResult(write.key, ids.get(write.key)) for write in writes]

    def _stub(self, connection: sa.Connection, entity: str, keys: Sequence[str]) -> None:
        present = self._ids(connection, entity, keys)
        rows = [
            {"legacy_key": key, "is_stub": True, **_placeholders(entity, key)}
            for key in dict.fromkeys(keys)
            if key not in present
        ]
        if rows:
            connection.execute(sa.insert(self._schema.tables[entity]), rows)

    def _put(self, connection: sa.Connection, entity: str, records: Sequence[Record]) -> dict[str, str | None]:
        table = self._schema.tables[entity]
        targets = self._targets(connection, entity, records)
        present = self._ids(connection, entity, [record.key for record in records])
        rows = {record.key: self._row(entity, record, targets) for record in records}
        for row in rows.values():
            refuse_too_large(row, self._packet)
        if new := [row for key, row in rows.items() if key not in present]:
            self._insert(table).execute(connection, new)
        if old := [{"b_id": present[key], **row} for key, row in rows.items() if key in present]:
            connection.execute(sa.update(table).where(table.c.id == sa.bindparam("b_id")), old)
        ids = self._ids(connection, entity, list(rows))
        self._relink(connection, entity, records, ids, targets, cleared=list(present.values()))
        return {key: str(target_id) for key, target_id in ids.items()}

    def _put_fields(
        self, connection: sa.Connection, entity: str, record: Record, fields: Collection[str]
    ) -> dict[str, str | None]:
        """Write some fields of a record that stands there."""
        table = self._schema.tables[entity]
        named = {field.name: field for field in ENTITIES[entity].fields if field.name in fields}
        part = Record(record.key, entity, {name: record.fields.get(name) for name in named})
        targets = self._targets(connection, entity, [part])
        ids = self._ids(connection, entity, [record.key])
        target_id = _target(ids, record.key)
        row = self._row(entity, part, targets)
        columns = {column_name(field) for field in named.values() if field.kind is not Kind.REFS}
        if columns:
            values = {name: value for name, value in row.items() if name in columns}
            connection.execute(sa.update(table).where(table.c.id == target_id).values(values))
        self._relink(connection, entity, [part], ids, targets, cleared=[target_id], only=fields)
        return {record.key: str(target_id)}

    def _insert(self, table: sa.Table) -> Many:
        """The INSERT of a whole row but its id, which the database gives."""
        if table.name not in self._inserts:
            names = [column.name for column in table.columns if column.name != "id"]
            self._inserts[table.name] = Many(self._engine, sa.insert(table), names)
        return self._inserts[table.name]

    def _withdraw(self, connection: sa.Connection, entity: str, keys: Sequence[str]) -> None:
        """Remove records with their links. The database refuses it for a record that others point to."""
        ids = list(self._ids(connection, entity, keys).values())
        for owner, _, link in self._links_of(entity):
            connection.execute(sa.delete(link).where(link.c[owner].in_(ids)))
        table = self._schema.tables[entity]
        connection.execute(sa.delete(table).where(table.c.id.in_(ids)))

    def _row(self, entity: str, record: Record, targets: Mapping[str, int]) -> dict[str, Any]:
        row: dict[str, Any] = {"legacy_key": record.key, "is_stub": False}
        for field in ENTITIES[entity].fields:
            value = record.fields.get(field.name)
            if field.kind is Kind.REF:
                row[column_name(field)] = None if value is None else _target(targets, str(value))
            elif field.kind is not Kind.REFS:
                row[field.name] = value
        return row

    def _relink(
        self, connection: sa.Connection, entity: str, records: Sequence[Record],
        ids: Mapping[str, int], targets: Mapping[str, int], cleared: list[int], only: Collection[str] | None = None,
    ) -> None:  # fmt: skip
        for owner, field, link in self._links_of(entity):
            if only is not None and field.name not in only:
                continue
            if cleared:
                connection.execute(sa.delete(link).where(link.c[owner].in_(cleared)))
            rows = [
                {owner: ids[record.key], "position": position, pointer_name(entity, field): _target(targets, key)}
                for record in records
                for position, key in enumerate(_keys(record, field))
            ]
            self._insert(link).execute(connection, rows)

    def _alias(self, connection: sa.Connection, entity: str, writes: Sequence[Write]) -> dict[str, str | None]:
        alias = self._schema.alias
        survivors = self._ids(connection, entity, [str(write.survivor) for write in writes])
        connection.execute(sa.delete(alias).where(alias.c.legacy_key.in_([write.key for write in writes])))
        targets = {write.key: _target(survivors, str(write.survivor)) for write in writes}
        rows = [{"legacy_key": key, "entity": entity, "target_id": target} for key, target in targets.items()]
        connection.execute(sa.insert(alias), rows)
        return {key: str(target) for key, target in targets.items()}

    def _links_of(self, entity: str) -> Iterable[tuple[str, Field, sa.Table]]:
        for field in ENTITIES[entity].references:
            if field.kind is Kind.REFS:
                yield f"{entity}_id", field, self._schema.links[entity, field.name]

    def _ids(self, connection: sa.Connection, entity: str, keys: Collection[str]) -> dict[str, int]:
        if entity not in self._keyed:
            table = self._schema.tables[entity]
            self._keyed[entity] = Among(self._engine, sa.select(table.c.legacy_key, table.c.id), table.c.legacy_key)
        wanted = frozenset(keys)
        return {row[0]: row[1] for row in self._keyed[entity].rows(connection, keys) if row[0] in wanted}

    def _targets(self, connection: sa.Connection, entity: str, records: Sequence[Record]) -> dict[str, int]:
        """Ids of everything the records point to and that stands at the target."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for field in ENTITIES[entity].references:
            for record in records:
                wanted[str(field.to)].update(_keys(record, field))
        found: dict[str, int] = {}
        for to, keys in wanted.items():
            if keys:
                found |= self._ids(connection, to, keys)
        return found

    def forget(self) -> None:
        """Start from new connections."""
        self._engine.dispose()

    def close(self) -> None:
        """Give connections back."""
        self._engine.dispose()


def _said(error: Exception) -> str:
    """Why a record was refused, without the values it holds: what a database adds in further lines may quote them."""
    said = str(error.orig if isinstance(error, (IntegrityError, DataError)) else error)
    return f"{type(error).__name__.lstrip('_')}: {said.splitlines()[0] if said else ''}"[:300]


def _target(targets: Mapping[str, int], key: str) -> int:
    try:
        return targets[key]
    except KeyError:
        raise _Gone(f"{key} does not stand at the target") from None


def _keys(record: Record, field: Field) -> Sequence[str]:
    """The legacy keys a reference field holds."""
    value = record.fields.get(field.name)
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (str(value),)


def _placeholders(entity: str, key: str) -> dict[str, Any]:
    """Values for the required fields of a stub: its key, a state no reader sees, or 0. References stay open."""
    fields = (field for field in ENTITIES[entity].fields if field.required and field.kind not in REFERENCES)
    return {field.name: _placeholder(field, key) for field in fields}


def _placeholder(field: Field, key: str) -> str | int:
    if field.kind is Kind.INTEGER:
        return 0
    return "draft" if field.choices else key[: field.max_length]
