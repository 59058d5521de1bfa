"""Conditions of an audit statement as SQL, and those that only Python can decide.

``not_in`` and ``not_like`` are what ``in`` and ``like`` are not: rows with NULL belong to them, so that a condition and
its opposite always make up the whole table.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from migrator.model.source import Test

Clause = sa.ColumnElement[bool]

_COMPARE: dict[str, Callable[[Any, Any], Clause]] = {
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}


def in_sql(tests: Sequence[Test], column: Callable[[str], sa.ColumnElement[Any]]) -> list[Clause]:
    """The conditions the database decides."""
    return [_clause(test, column(test.column)) for test in tests if test.operator != "matches"]


def in_python(tests: Sequence[Test]) -> list[tuple[str, re.Pattern[str]]]:
    """The conditions it cannot decide: column and pattern (searched, not anchored; NULL never fits)."""
    return [(test.column, re.compile(str(test.operand))) for test in tests if test.operator == "matches"]


def fits(row: sa.RowMapping, patterns: Sequence[tuple[str, re.Pattern[str]]]) -> bool:
    """Whether a row meets the conditions left to Python."""
    return all(row[name] is not None and pattern.search(str(row[name])) for name, pattern in patterns)


def _clause(test: Test, column: sa.ColumnElement[Any]) -> Clause:
    operand: Any = test.operand
    match test.operator:
        case "in":
            return _one_of(column, operand)
        case "not_in":
            return ~sa.func.coalesce(_one_of(column, operand), sa.false())
        case "like":
            return column.like(operand)
        case "not_like":
            return sa.or_(column.is_(None), column.not_like(operand))
        case "lt" | "le" | "gt" | "ge":
            return _COMPARE[test.operator](column, operand)
        case "empty":
            nothing = sa.or_(column.is_(None), sa.cast(column, sa.String) == "")
            return nothing if operand else sa.not_(nothing)
    raise ValueError(f"no such operator: {test.operator}")


def _one_of(column: sa.ColumnElement[Any], operand: Any) -> Clause:
    values = list(operand) if isinstance(operand, tuple) else [operand]
    given = [value for value in values if value is not None]
    clause: Clause = column.in_(given)
    return sa.or_(clause, column.is_(None)) if len(given) < len(values) else clause
