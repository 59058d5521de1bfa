"""The evidence database: opened, written in whole transactions, and the log of harvests in it."""

from __future__ import annotations

import getpass
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import orjson
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from migrator import __version__
from migrator.db import WRITES_AFTER_READING, access_error, open_engine
from migrator.errors import EvidenceError, StopRun
from migrator.extract.site import tables

T = TypeVar("T")


class EvidenceStore:
    """Writes one evidence database. SQLite in WAL mode with ``synchronous=FULL`` while a harvest is going on."""

    def __init__(self, path: Path) -> None:
        self.url = f"sqlite:///{path}"
        self._engine = open_engine(self.url, read_only=False)
        event.listen(self._engine, "connect", _durable)
        self._engine.dispose()
        self.harvest = 0
        self._prepare()

    def _prepare(self) -> None:
        with self.writing() as connection:
            tables.metadata.create_all(connection)
            version = connection.execute(
                sa.select(tables.meta.c.value).where(tables.meta.c.name == "schema_version")
            ).scalar_one_or_none()
            if version is None:
                values = {"name": "schema_version", "value": str(tables.SCHEMA_VERSION)}
                connection.execute(sa.insert(tables.meta).values(values))
            elif version != str(tables.SCHEMA_VERSION):
                raise EvidenceError(
                    f"{self.url} was written by another version of migrator.", "Install that version, or harvest anew."
                )

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction. StopRun where the database does not take it."""
        with self._told(), self._engine.execution_options(**{WRITES_AFTER_READING: True}).begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection to look things up with."""
        with self._told(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            found = access_error(error, self.url)
            raise StopRun(
                found.message, f"{found.next_step} Then start 'migrator harvest' again: it goes on."
            ) from error

    def close(self) -> None:
        """Leave one file behind that any account may read: without a log beside it, unless somebody is reading."""
        self._engine.dispose()  # the mode can be changed only over the last connection
        with suppress(SQLAlchemyError), self._engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")  # the engine has begun; a journal mode is set outside
            connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
            connection.exec_driver_sql("BEGIN")
        self._engine.dispose()

    # --- the log ---
    def begin(self, command: str, site: str, profiles: Sequence[str]) -> bool:
        """Go on with the open harvest, or open a new one. Whether it is a new one."""
        log = tables.harvest
        with self.writing() as connection:
            open_one = connection.execute(sa.select(sa.func.max(log.c.id)).where(log.c.result == "")).scalar()
            if open_one is not None:
                self.harvest = open_one
                connection.execute(sa.update(log).where(log.c.id == open_one).values(sessions=log.c.sessions + 1))
                return False
            self.harvest = (connection.execute(sa.select(sa.func.max(log.c.id))).scalar() or 0) + 1
            connection.execute(
                sa.insert(log).values(
                    id=self.harvest, started_at=now(), command=command, site=site, profiles=" ".join(profiles),
                    who=f"{getpass.getuser()}@{socket.gethostname()}", tool_version=__version__, sessions=1,
                )
            )  # fmt: skip
            return True

    def end(self, counts: Mapping[str, Any]) -> None:
        """Close the harvest with its counts."""
        log, said = tables.harvest, orjson.dumps(counts).decode()
        with self.writing() as connection:
            connection.execute(
                sa.update(log).where(log.c.id == self.harvest).values(ended_at=now(), result="done", counts=said)
            )

    def count(self, *groups: sa.Column[Any]) -> Mapping[tuple[Any, ...], int]:
        """Rows by the values of some columns of a table, sorted."""
        with self.reading() as connection:
            rows = connection.execute(sa.select(*groups, sa.func.count()).group_by(*groups).order_by(*groups))
            return {tuple(row[:-1]): row[-1] for row in rows}


def now() -> str:
    """This instant, as the tables have it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of at most ``size``."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def _durable(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
