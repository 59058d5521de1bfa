"""The Restorer port for the newsroom schema: before-images become rows again, with the ids they had."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError

from migrator.db import open_engine, running
from migrator.errors import EvidenceError
from migrator.load.sql.schema import Instant, NewsroomSchema, Texts, column_name
from migrator.model.content import ENTITIES, Kind
from migrator.ports import WriteResult

_FILE = "sha256"


class SqlRestorer:
    """Writes rows as they were, by id; in one transaction a call, or one by one where the database refuses some."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = open_engine(url, read_only=False)
        self._schema = NewsroomSchema()
        self._plain = {name: _plain(table) for name, table in self._schema.tables.items()}

    def restore(self, entity: str, images: Mapping[str, str]) -> Sequence[WriteResult]:
        """Make the records stand there again. A record under the same key keeps the id it has now."""
        with running(self._url):
            try:
                with self._engine.begin() as connection:
                    return [self._restore(connection, entity, key, image) for key, image in images.items()]
            except (IntegrityError, DataError) as error:
                if len(images) == 1:
                    return [
                        WriteResult(key, None, f"{type(error).__name__}: {str(error.orig)[:200]}") for key in images
                    ]
        return [result for key, image in images.items() for result in self.restore(entity, {key: image})]

    def _restore(self, connection: sa.Connection, entity: str, key: str, image: str) -> WriteResult:
        table = self._plain[entity]
        columns, links = _read(key, image)
        values = {name: _instant(value) if _is_instant(table, name) else value for name, value in columns.items()}
        there = connection.execute(sa.select(table.c.id).where(table.c.legacy_key == key)).scalar()
        if there is None:
            target_id = values["id"]
            connection.execute(sa.insert(table).values(values))
        else:
            target_id = there
            row = {name: value for name, value in values.items() if name != "id"}
            connection.execute(sa.update(table).where(table.c.id == target_id).values(row))
        for name, link in self._links(entity):
            owner, position, target = link.columns
            connection.execute(sa.delete(link).where(owner == target_id))
            if rows := links.get(name):
                connection.execute(
                    sa.insert(link),
                    [{owner.name: target_id, position.name: at, target.name: to} for at, to in rows],
                )
        return WriteResult(key, str(target_id))

    def loosen(self, entity: str, keys: Collection[str]) -> None:
        """Let these records point to none of their own entity, so that they can be removed in any order."""
        table = self._schema.tables[entity]
        mine = sa.select(table.c.id).where(table.c.legacy_key.in_(keys))
        own = [field for field in ENTITIES[entity].references if field.to == entity]
        with running(self._url), self._engine.begin() as connection:
            ids = connection.execute(mine).scalars().all()
            if cleared := {column_name(field): None for field in own if field.kind is Kind.REF}:
                connection.execute(sa.update(table).where(table.c.id.in_(ids)).values(cleared))
            for field in own:
                if field.kind is Kind.REFS:
                    link = self._schema.links[entity, field.name]
                    connection.execute(sa.delete(link).where(link.c[f"{entity}_id"].in_(ids)))

    def files_in_use(self, files: Collection[str]) -> frozenset[str]:
        """Those of the files that some record names, whoever wrote it."""
        found: set[str] = set()
        with running(self._url), self._engine.connect() as connection:
            for table in self._schema.tables.values():
                if _FILE in table.c:
                    named = sa.select(table.c[_FILE]).where(table.c[_FILE].in_(files)).distinct()
                    found.update(connection.execute(named).scalars())
        return frozenset(found)

    def _links(self, entity: str) -> Iterable[tuple[str, sa.Table]]:
        return ((name, link) for (owner, name), link in self._schema.links.items() if owner == entity)

    def close(self) -> None:
        """Give connections back."""
        self._engine.dispose()


def _plain(table: sa.Table) -> sa.TableClause:
    """The table for values as they lie in the database: a list of texts is the text that stands there."""
    kinds = {c.name: sa.Text() if isinstance(c.type, Texts) else c.type for c in table.columns}
    return sa.table(table.name, *(sa.column(name, kind) for name, kind in kinds.items()))


def _is_instant(table: sa.TableClause, name: str) -> bool:
    return isinstance(table.c[name].type, Instant)


def _instant(value: str | None) -> datetime | None:
    """As it was read: with its zone, or in UTC."""
    if value is None:
        return None
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _read(key: str, image: str) -> tuple[dict[str, Any], dict[str, list[list[int]]]]:
    try:
        said = orjson.loads(image)
        return dict(said["columns"]), dict(said["links"])
    except (ValueError, KeyError, TypeError) as error:
        raise EvidenceError(
            f"The before-image of {key} cannot be read.", "Restore the ledger from a backup."
        ) from error
