"""Rows of what was found: pages with their pictures and originals, and files. Every one is written whole."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import Insert, insert

from migrator.errors import EvidenceError
from migrator.extract.site import tables
from migrator.extract.site.pages import ReadPage
from migrator.extract.site.store import EvidenceStore

_CHUNK = 100


def put_page(connection: sa.Connection, url: str, read: ReadPage, facts: Mapping[str, Any]) -> None:
    """Put a page and its pictures. ``facts`` are the columns that say how it was fetched."""
    put(connection, tables.page, {"url": url, "kind": read.kind, **read.values, **facts})
    _put_images(connection, url, read)


def change_page(connection: sa.Connection, url: str, read: ReadPage) -> None:
    """Put down anew what a page says; how and when it was fetched stays."""
    page = tables.page
    connection.execute(sa.update(page).where(page.c.url == url).values(kind=read.kind, **read.values))
    _put_images(connection, url, read)


def _put_images(connection: sa.Connection, url: str, read: ReadPage) -> None:
    connection.execute(sa.delete(tables.page_image).where(tables.page_image.c.url == url))
    if read.images:
        connection.execute(sa.insert(tables.page_image), read.images)


def put_raw(connection: sa.Connection, url: str, content_type: str, data: bytes) -> None:
    """Keep a page as it came."""
    put(connection, tables.raw, {"url": url, "content_type": content_type, "body": zlib.compress(data, 6)})


def mark_page(connection: sa.Connection, url: str, status: int) -> None:
    """A page that is known answers something else now; what it said stays as evidence."""
    connection.execute(sa.update(tables.page).where(tables.page.c.url == url).values(status=status))


def put(connection: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> None:
    """Put a row under its key; columns not named keep what they have."""
    connection.execute(_upsert(table, tuple(values)), dict(values))


@cache
def _upsert(table: sa.Table, names: tuple[str, ...]) -> Insert:
    """The statement for these columns, made once."""
    statement = insert(table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


@dataclass(frozen=True, slots=True)
class Original:
    """A page as it came."""

    url: str
    content_type: str
    fetched_at: datetime
    data: bytes


def count_originals(store: EvidenceStore) -> int:
    """How many pages are kept."""
    with store.reading() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(tables.raw)).scalar_one())


def originals(store: EvidenceStore) -> Iterator[Original]:
    """Every page kept, in the order of addresses, streamed. EvidenceError for a damaged one."""
    raw, page, after = tables.raw, tables.page, ""
    while True:
        with store.reading() as connection:
            rows = connection.execute(
                sa.select(raw, page.c.fetched_at).join(page, page.c.url == raw.c.url)
                .where(raw.c.url > after).order_by(raw.c.url).limit(_CHUNK)
            ).all()  # fmt: skip
        for row in rows:
            try:
                data = zlib.decompress(row.body)
            except zlib.error as error:
                raise EvidenceError(f"{row.url}: the page kept is damaged.", "Harvest with --refresh.") from error
            yield Original(row.url, row.content_type, datetime.fromisoformat(row.fetched_at), data)
        if len(rows) < _CHUNK:
            return
        after = rows[-1].url


def seconds(moment: datetime | None) -> str | None:
    """An instant as the tables have it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None
