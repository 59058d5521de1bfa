"""The Survey port: counts by SQL, for people who write a mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from migrator.db import open_engine, reading
from migrator.extract.sql import statements
from migrator.model.source import Selection

SAMPLE_CHARACTERS = 200


class SqlSurvey:
    """Counts rows and values of one database over a read-only connection of its own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = open_engine(url, read_only=True)

    def rows(self, selection: Selection) -> int:
        """Rows of the selection."""
        return int(self._all(statements.count(selection))[0][0])

    def filled(self, selection: Selection, columns: Sequence[str]) -> Mapping[str, int]:
        """For each column the rows in which it is neither null nor empty text, all in one reading of the table."""
        if not columns:
            return {}
        counts = [sa.func.sum(sa.case((sa.cast(sa.column(name), sa.Text) != "", 1), else_=0)) for name in columns]
        found = self._all(_where(sa.select(*counts), selection))[0]
        return {name: int(count or 0) for name, count in zip(columns, found, strict=True)}

    def tally(self, selection: Selection, columns: Sequence[str], limit: int) -> Sequence[tuple[tuple[Any, ...], int]]:
        """Each combination of raw values with its rows, the most frequent first, at most ``limit`` of them.

        Values are told apart byte by byte. MySQL and SQLite would take "A" and "a" for one where a column's collation
        says so, and hide one of them.
        """
        named: list[sa.ColumnClause[Any]] = [sa.column(name) for name in columns]
        shown, groups = self._exactly(named)
        number = sa.func.count()
        statement = _where(sa.select(*shown, number), selection).group_by(*groups).order_by(number.desc(), *shown)
        return [(tuple(row)[:-1], int(row[-1])) for row in self._all(statement.limit(limit))]

    def _exactly(self, columns: Sequence[sa.ColumnClause[Any]]) -> tuple[list[Any], list[Any]]:
        """What to select and what to group by."""
        match self._engine.dialect.name:
            case "mysql" | "mariadb":
                return [sa.func.min(column) for column in columns], [sa.cast(c, mysql.BINARY) for c in columns]
            case "sqlite":
                return list(columns), [column.collate("BINARY") for column in columns]
        return list(columns), list(columns)

    def samples(self, selection: Selection, column: str, limit: int) -> Sequence[tuple[str, int]]:
        """The most frequent values that are not empty, as text cut to 200 characters, each with its rows."""
        text = sa.func.substr(sa.cast(sa.column(column), sa.Text), 1, SAMPLE_CHARACTERS)
        number = sa.func.count()
        statement = _where(sa.select(text, number), selection).where(text != "").group_by(text)
        found = self._all(statement.order_by(number.desc(), text).limit(limit))
        return [(str(value), int(rows)) for value, rows in map(tuple, found)]

    def close(self) -> None:
        """Give connections back."""
        self._engine.dispose()

    def _all(self, statement: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        with reading(self._url), self._engine.connect() as connection:
            return connection.execute(statement).all()


def _where(statement: sa.Select[Any], selection: Selection) -> sa.Select[Any]:
    statement = statement.select_from(statements.origin(selection.table, selection.sql))
    return statement.where(*map(statements.condition, selection.where))
