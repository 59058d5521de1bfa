"""Selections as SQL: keyset pages, conditions, declared queries used as tables."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from migrator.db import AnyValue
from migrator.model.source import Selection, Side, Test

Clause = sa.ColumnElement[bool]


def origin(table: str | None, sql: str | None) -> sa.FromClause:
    """The table, or the declared query in brackets."""
    if table is not None:
        return sa.table(table)
    literal = (sql or "").strip().rstrip(";").replace(":", r"\:")
    return sa.text(f"({literal}) AS selection")  # type: ignore[return-value]  # select_from takes text as it is


def condition(test: Test) -> Clause:
    """One condition. ValueError for an operator that SQL does not have (``matches``)."""
    column: sa.ColumnClause[Any] = sa.column(test.column, AnyValue())
    operand = test.operand
    match test.operator:
        case "in":
            return _among(column, operand, negate=False)
        case "not_in":
            return _among(column, operand, negate=True)
        case "like":
            return column.like(operand)
        case "not_like":
            return sa.or_(column.not_like(operand), column.is_(None))
        case "empty":
            nothing = sa.or_(column.is_(None), column == "")
            return nothing if operand else sa.not_(nothing)
        case "lt":
            return column < operand
        case "le":
            return column <= operand
        case "gt":
            return column > operand
        case "ge":
            return column >= operand
    raise ValueError(f"{test.operator} cannot be done in SQL")


def _among(column: sa.ColumnClause[Any], operand: object, *, negate: bool) -> Clause:
    values = operand if isinstance(operand, tuple) else (operand,)
    present = [value for value in values if value is not None]
    clause: Clause = column.in_(present)
    if None in values:
        clause = sa.or_(clause, column.is_(None))
    if not negate:
        return clause
    return sa.not_(clause) if None in values else sa.or_(column.not_in(present), column.is_(None))


def after(key: Sequence[str], position: Sequence[Any], *, is_descending: bool = False) -> Clause:
    """Rows whose key lies behind the position, for keys of any number of columns and databases without row values."""
    behind = operator.lt if is_descending else operator.gt
    alternatives = []
    for depth in range(len(key)):
        equal = [
            sa.column(name, AnyValue()) == value for name, value in zip(key[:depth], position[:depth], strict=True)
        ]
        alternatives.append(sa.and_(*equal, behind(sa.column(key[depth], AnyValue()), position[depth])))
    return sa.or_(*alternatives)


def page(
    selection: Selection, position: Sequence[Any] | None, limit: int | None, upto: Sequence[Any] | None = None
) -> sa.Select[Any]:
    """The next ``limit`` rows in key order, up to and including a position; all of them without a limit."""
    statement = sa.select(sa.text("*")).select_from(origin(selection.table, selection.sql))
    statement = statement.where(*map(condition, selection.where))
    if position is not None:
        statement = statement.where(after(selection.key, position, is_descending=selection.is_descending))
    if upto is not None:
        statement = statement.where(sa.not_(after(selection.key, upto)))
    columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in selection.key]
    return statement.order_by(*(c.desc() if selection.is_descending else c for c in columns)).limit(limit)


def keys(selection: Selection, position: Sequence[Any] | None, limit: int) -> sa.Select[Any]:
    """The next ``limit`` keys, in order."""
    columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in selection.key]
    statement = sa.select(*columns).select_from(origin(selection.table, selection.sql))
    statement = statement.where(*map(condition, selection.where))
    if position is not None:
        statement = statement.where(after(selection.key, position))
    return statement.order_by(*columns).limit(limit)


def count(selection: Selection) -> sa.Select[Any]:
    """The number of rows."""
    statement = sa.select(sa.func.count()).select_from(origin(selection.table, selection.sql))
    return statement.where(*map(condition, selection.where))


def largest_key(selection: Selection) -> sa.Select[Any]:
    """The first key column of the last row by it. Not max(): PostgreSQL has none for uuid."""
    first: sa.ColumnClause[Any] = sa.column(selection.key[0])
    statement = sa.select(first).select_from(origin(selection.table, selection.sql))
    return statement.where(*map(condition, selection.where)).order_by(first.desc()).limit(1)


def largest(selection: Selection, column: str, most: object) -> sa.Select[Any]:
    """The largest value of a column that is not above another one."""
    value: sa.ColumnClause[Any] = sa.column(column, AnyValue())
    statement: sa.Select[Any] = sa.select(value).select_from(origin(selection.table, selection.sql))
    statement = statement.where(value.is_not(None), *map(condition, selection.where))
    if most is not None:
        statement = statement.where(value <= most)
    return statement.order_by(value.desc()).limit(1)


def by_keys(selection: Selection, ids: Sequence[tuple[Any, ...]], columns: Sequence[str] = ()) -> sa.Select[Any]:
    """The rows with these ids, in key order; only some columns where they are named."""
    wanted: list[Any] = [sa.column(name) for name in columns] or [sa.text("*")]
    statement = sa.select(*wanted).select_from(origin(selection.table, selection.sql))
    if len(selection.key) == 1:
        found: Clause = sa.column(selection.key[0], AnyValue()).in_([parts[0] for parts in ids])
    else:
        found = sa.or_(
            *(
                sa.and_(*(sa.column(n, AnyValue()) == v for n, v in zip(selection.key, parts, strict=True)))
                for parts in ids
            )
        )
    statement = statement.where(found, *map(condition, selection.where))
    return statement.order_by(*map(sa.column, selection.key))


def side_rows(side: Side, table: str | None, values: Sequence[Any], order: Sequence[str]) -> sa.Select[Any]:
    """The rows of a side table that belong to these values of its first ``on`` column."""
    statement = sa.select(sa.text("*")).select_from(origin(table, side.sql))
    statement = statement.where(sa.column(side.on[0][0], AnyValue()).in_(values), *map(condition, side.where))
    return statement.order_by(*map(sa.column, order))
