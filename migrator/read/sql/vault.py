"""The vault read back: withheld records, over a read-only connection. Values in the canonical form of their kind."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import orjson
import sqlalchemy as sa

from migrator.db import open_engine, reading
from migrator.model.content import ENTITIES, PLURAL, Kind, Value
from migrator.ports import KeptRecord
from migrator.read.sql.target import instant

_PAGE = 1000
_COLUMNS = ("key", "entity", "record", "content_sha256", "reason")


class SqlVaultReader:
    """The VaultReader port over the table ``withheld``."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = open_engine(url, read_only=True)
        self._table = sa.table("withheld", *map(sa.column, _COLUMNS))

    def read(self, keys: Collection[str]) -> Mapping[str, KeptRecord]:
        """What lies there under these keys."""
        query = sa.select(self._table).where(self._table.c.key.in_(list(keys)))
        with reading(self._url), self._engine.connect() as connection:
            return {row.key: _kept(row) for row in connection.execute(query)}

    def keys(self, entity: str) -> Iterator[str]:
        """Every key of the entity, page by page."""
        key = self._table.c.key
        page = sa.select(key).where(self._table.c.entity == entity).order_by(key).limit(_PAGE)
        last: str | None = None
        while True:
            with reading(self._url), self._engine.connect() as connection:
                found = connection.execute(page if last is None else page.where(key > last)).scalars().all()
            yield from found
            if len(found) < _PAGE:
                return
            last = found[-1]

    def close(self) -> None:
        """Give connections back."""
        self._engine.dispose()


def _kept(row: Any) -> KeptRecord:
    return KeptRecord(row.key, row.entity, row.record, row.content_sha256, row.reason, _fields(row.entity, row.record))


def _fields(entity: str, said: str) -> Mapping[str, Value]:
    """The fields of a record's text; none of them where it cannot be read."""
    try:
        found = orjson.loads(said)
    except orjson.JSONDecodeError:
        return {}
    if entity not in ENTITIES or not isinstance(found, dict):
        return {}
    return {field.name: _value(found.get(field.name), field.kind) for field in ENTITIES[entity].fields}


def _value(value: Any, kind: Kind) -> Value:
    if kind in PLURAL:
        return tuple(value) if isinstance(value, list) else value
    found: Value = instant(value) if kind is Kind.INSTANT and value is not None else value
    return found
