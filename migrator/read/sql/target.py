"""The newsroom database read back: SQLite, PostgreSQL, MariaDB.

The schema is derived from the content model anew: a table an entity, ``<field>_id`` for a reference, a link table
``<entity>_<field>`` for a list of references, ``legacy_alias`` for merged keys. Values come back in the canonical form
of their kind; a value that has none (a broken date, a list that is no JSON) comes back as the text that stands there,
so that it differs from whatever was sent instead of stopping the examination.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa

from migrator.db import open_engine, reading
from migrator.model.content import ENTITIES, EntityType, Field, Kind, Value
from migrator.ports import GroupSums, TargetRecord
from migrator.read.sql.numbers import decimal

_PAGE = 5000
_ALIASES = 1000
_ALIAS = sa.table("legacy_alias", *map(sa.column, ("legacy_key", "entity", "target_id")))


class SqlReader:
    """Reads records by legacy key or target id, each batch in one query and one more for each list of references."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = open_engine(url, read_only=True)
        self._shapes = {name: _Shape(entity) for name, entity in ENTITIES.items()}

    def read(self, entity: str, keys: Collection[str]) -> Sequence[TargetRecord]:
        """All records with these legacy keys, in the order of their ids; a doubled key gives two."""
        return self._select(self._shapes[entity], "legacy_key", list(keys))

    def fetch(self, entity: str, target_ids: Collection[str]) -> Sequence[TargetRecord]:
        """Records by target id, in the order of their ids."""
        return self._select(self._shapes[entity], "id", [int(target_id) for target_id in target_ids])

    def missing(self) -> frozenset[str]:
        """Entities whose table is not there (yet)."""
        with reading(self._url):
            there = set(sa.inspect(self._engine).get_table_names())
        return frozenset(self._shapes.keys() - there)

    def _select(self, shape: _Shape, by: str, values: Sequence[Any]) -> Sequence[TargetRecord]:
        if not values:
            return []
        with reading(self._url), self._engine.connect() as connection:
            rows = connection.execute(shape.query[by], {"values": values}).all()
            ids = [row[0] for row in rows]
            lists = [_lists(connection, query, ids) for query in shape.lists]
        return [shape.record(row, lists) for row in rows]

    def enumerate(self, entity: str) -> Iterator[tuple[str, str | None, bool]]:
        """Target id, legacy key and is_stub of every record, in the order of their ids, read page by page."""
        table = sa.table(entity, sa.column("id"), sa.column("legacy_key"), sa.column("is_stub"))
        page = sa.select(table).order_by(table.c.id).limit(_PAGE)
        last: int | None = None
        while True:
            with reading(self._url), self._engine.connect() as connection:
                rows = connection.execute(page if last is None else page.where(table.c.id > last)).all()
            for target_id, key, is_stub in rows:
                yield str(target_id), key, bool(is_stub)
            if len(rows) < _PAGE:
                return
            last = rows[-1][0]

    def aliases(self, keys: Collection[str]) -> Mapping[str, str]:
        """Where merged keys lead: key -> survivor's key, or ``!:<entity>:<id>`` where no record stands there."""
        return self._survivors(sa.select(_ALIAS).where(_ALIAS.c.legacy_key.in_(list(keys))))

    def all_aliases(self) -> Iterator[tuple[str, str]]:
        """Every alias, in the order of the keys, read page by page; survivors as in :meth:`aliases`."""
        page = sa.select(_ALIAS).order_by(_ALIAS.c.legacy_key).limit(_ALIASES)
        found = self._survivors(page)
        while found:
            yield from found.items()
            last = next(reversed(found))
            found = self._survivors(page.where(_ALIAS.c.legacy_key > last))

    def sums(self, entity: str, source: str, by: Sequence[str], of: Sequence[str]) -> Iterator[GroupSums]:
        """Rows and sums per group of the real records of a source; references as legacy keys, as in :meth:`read`."""
        shape = self._shapes[entity]
        with reading(self._url), self._engine.connect() as connection:
            answer = connection.execution_options(yield_per=_PAGE).execute(shape.sums(source, by, of))
            for row in answer:
                group, rest = shape.group(by, row)
                yield GroupSums(group, int(rest[0]), tuple(map(decimal, rest[1:])))

    def _survivors(self, query: sa.Select[Any]) -> dict[str, str]:
        """Key -> survivor's key, in the order of the query's rows."""
        with reading(self._url), self._engine.connect() as connection:
            rows = connection.execute(query).all()
            names = {
                entity: self._names(connection, entity, {to for _, of, to in rows if of == entity})
                for entity in {row[1] for row in rows}
            }
        return {key: names[entity].get(to, f"!:{entity}:{to}") for key, entity, to in rows}

    @staticmethod
    def _names(connection: sa.Connection, entity: str, ids: Collection[Any]) -> Mapping[Any, str]:
        if entity not in ENTITIES:
            return {}
        table = sa.table(entity, sa.column("id"), sa.column("legacy_key"))
        rows = connection.execute(sa.select(table).where(table.c.id.in_(list(ids)))).all()
        return {target_id: _name(entity, target_id, target_id, key) for target_id, key in rows}

    def close(self) -> None:
        """Give connections back."""
        self._engine.dispose()


class _Shape:
    """How an entity is read: its queries, and how a row becomes a record."""

    def __init__(self, entity: EntityType) -> None:
        self._name = entity.name
        self._plain = [field for field in entity.fields if field.kind not in {Kind.REF, Kind.REFS}]
        self._single = [field for field in entity.fields if field.kind is Kind.REF]
        self._many = [field for field in entity.fields if field.kind is Kind.REFS]
        self._order = [field.name for field in entity.fields]
        self._convert = [_CONVERTERS.get(field.kind) for field in self._plain]
        self.query = {by: self._records_by(by) for by in ("legacy_key", "id")}
        self.lists = [_list_query(entity.name, field) for field in self._many]

    def _records_by(self, by: str) -> sa.Select[Any]:
        names = ["id", "legacy_key", "is_stub", *(field.name for field in self._plain)]
        pointers = [f"{field.name}_id" for field in self._single]
        table = sa.table(self._name, *map(sa.column, (*names, *pointers)))
        columns: list[sa.ColumnElement[Any]] = [table.c[name] for name in names]
        joined: sa.FromClause = table
        for field in self._single:
            other = sa.table(str(field.to), sa.column("id"), sa.column("legacy_key")).alias(f"to_{field.name}")
            joined = joined.outerjoin(other, other.c.id == table.c[f"{field.name}_id"])
            columns += [table.c[f"{field.name}_id"], other.c.id.label(None), other.c.legacy_key.label(None)]
        values: sa.BindParameter[Any] = sa.bindparam("values", expanding=True)
        return sa.select(*columns).select_from(joined).where(table.c[by].in_(values)).order_by(table.c.id)

    def sums(self, source: str, by: Sequence[str], of: Sequence[str]) -> sa.Select[Any]:
        """Three columns for each reference it is grouped by, one for any other field, then the count and the sums."""
        single = [field for field in self._single if field.name in by]
        names = [*(name for name in by if name not in {field.name for field in single}), *of]
        pointers = [f"{field.name}_id" for field in single]
        table = sa.table(
            self._name, sa.column("legacy_key", sa.String()), sa.column("is_stub", sa.Boolean()),
            *map(sa.column, dict.fromkeys([*names, *pointers])),
        )  # fmt: skip
        joined: sa.FromClause = table
        groups: list[sa.ColumnElement[Any]] = []
        for name in by:
            field = next((field for field in single if field.name == name), None)
            if field is None:
                groups.append(table.c[name])
                continue
            other = sa.table(str(field.to), sa.column("id"), sa.column("legacy_key")).alias(f"to_{name}")
            joined = joined.outerjoin(other, other.c.id == table.c[f"{name}_id"])
            groups += [table.c[f"{name}_id"], other.c.id.label(None), other.c.legacy_key.label(None)]
        numbers = [sa.func.count(), *(sa.func.sum(table.c[name]) for name in of)]
        mine = table.c.legacy_key.startswith(f"{source}:", autoescape=True)
        where = (mine, table.c.is_stub.is_(sa.false()))
        return sa.select(*groups, *numbers).select_from(joined).where(*where).group_by(*groups)

    def group(self, by: Sequence[str], row: Sequence[Any]) -> tuple[tuple[Value, ...], Sequence[Any]]:
        """The group of a row of sums, in canonical form, and what follows it."""
        to = {field.name: str(field.to) for field in self._single}
        kinds = {field.name: field.kind for field in self._plain}
        group: list[Value] = []
        place = 0
        for name in by:
            value = row[place]
            if name in to:
                group.append(None if value is None else _name(to[name], value, row[place + 1], row[place + 2]))
                place += 3
            else:
                convert = _CONVERTERS.get(kinds[name])
                group.append(convert(value) if convert is not None and value is not None else value)
                place += 1
        return tuple(group), row[place:]

    def record(self, row: Sequence[Any], lists: Sequence[Mapping[Any, Sequence[str]]]) -> TargetRecord:
        """The canonical record of a row."""
        fields: dict[str, Value] = dict.fromkeys(self._order)
        place = 3
        for field, convert in zip(self._plain, self._convert, strict=True):
            value = row[place]
            fields[field.name] = convert(value) if convert is not None and value is not None else value
            place += 1
        for field in self._single:
            pointer = row[place]
            fields[field.name] = (
                None if pointer is None else _name(str(field.to), pointer, row[place + 1], row[place + 2])
            )
            place += 3
        for field, found in zip(self._many, lists, strict=True):
            fields[field.name] = tuple(found.get(row[0], ()))
        return TargetRecord(row[1], str(row[0]), bool(row[2]), fields)


def _list_query(entity: str, field: Field) -> sa.Select[Any]:
    """Owner, pointer, and what stands there, of a list of references."""
    owner, pointer = f"{entity}_id", f"to_{field.to}_id" if field.to == entity else f"{field.to}_id"
    link = sa.table(f"{entity}_{field.name}", *map(sa.column, (owner, "position", pointer)))
    other = sa.table(str(field.to), sa.column("id"), sa.column("legacy_key")).alias("other")
    return (
        sa.select(link.c[owner], sa.literal(field.to), link.c[pointer], other.c.id, other.c.legacy_key)
        .select_from(link.outerjoin(other, other.c.id == link.c[pointer]))
        .where(link.c[owner].in_(sa.bindparam("values", expanding=True)))
        .order_by(link.c[owner], link.c.position)
    )


def _lists(connection: sa.Connection, query: sa.Select[Any], ids: Sequence[Any]) -> Mapping[Any, Sequence[str]]:
    found: dict[Any, list[str]] = {}
    if ids:
        for owner, to, pointer, target_id, key in connection.execute(query, {"values": ids}).all():
            found.setdefault(owner, []).append(_name(to, pointer, target_id, key))
    return found


def _name(entity: str, pointer: object, target_id: object, key: str | None) -> str:
    """The legacy key of a record pointed to; ``?:…`` where it has none, ``!:…`` where there is no such record."""
    if key is not None:
        return key
    return f"{'!' if target_id is None else '?'}:{entity}:{pointer}"


def _boolean(value: Any) -> Value:
    return bool(value) if value in (0, 1) else str(value)


def instant(value: Any) -> Value:
    """An instant in UTC; the text that stands there where it is none."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return str(value)
    if not isinstance(value, datetime):
        return str(value)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _texts(value: Any) -> Value:
    try:
        parsed = orjson.loads(value)
    except (orjson.JSONDecodeError, TypeError):
        return str(value)
    if isinstance(parsed, list) and all(isinstance(part, str) for part in parsed):
        return tuple(parsed)
    return str(value)


_CONVERTERS = {Kind.BOOLEAN: _boolean, Kind.INSTANT: instant, Kind.TEXTS: _texts}
