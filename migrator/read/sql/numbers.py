"""Sums and belongings as the database itself gives them: the numbers of control totals, and rows that belong to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from migrator.model.audit import Against, AuditedEntity, Belonging, NumberTotal
from migrator.ports import GroupSums
from migrator.read.sql.conditions import fits, in_python, in_sql
from migrator.read.sql.sides import source

_PAGE = 1000


def group_sums(connection: sa.Connection, audited: AuditedEntity, total: NumberTotal) -> Iterator[GroupSums]:
    """Rows and sums per group. Conditions only Python can decide make it add up row by row."""
    by, of = [each.column for each in total.by], [each.column for each in total.sums]
    patterns = in_python(audited.where)
    names = dict.fromkeys([*by, *of, *(name for name, _ in patterns)])
    shape = source(audited.table, audited.sql, names, audited.where, (), "summed")
    clauses = in_sql(audited.where, shape.c.__getitem__)
    if patterns:
        yield from _added(connection, sa.select(*(shape.c[name] for name in names)).where(*clauses), by, of, patterns)
        return
    groups = [shape.c[name] for name in by]
    numbers = [sa.func.count(), *(sa.func.sum(shape.c[name]) for name in of)]
    query = sa.select(*groups, *numbers).select_from(shape).where(*clauses).group_by(*groups)
    for row in connection.execution_options(yield_per=_PAGE).execute(query):
        yield GroupSums(tuple(row[: len(by)]), row[len(by)], tuple(map(decimal, row[len(by) + 1 :])))


def _added(
    connection: sa.Connection, query: sa.Select[Any], by: Sequence[str], of: Sequence[str], patterns: Any
) -> Iterator[GroupSums]:
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for row in connection.execution_options(yield_per=_PAGE).execute(query).mappings():
        if fits(row, patterns):
            sums = groups.setdefault(tuple(row[name] for name in by), [0, *(Decimal(0) for _ in of)])
            sums[0] += 1
            for place, name in enumerate(of, 1):
                sums[place] += decimal(row[name])
    for group, (rows, *sums) in groups.items():
        yield GroupSums(group, rows, tuple(sums))


def kept_sums(connection: sa.Connection, against: Against) -> Iterator[GroupSums]:
    """The source's own table of sums."""
    on, of = [theirs for theirs, _ in against.on], [theirs for theirs, _ in against.sums]
    rows = values(connection, against.table, [*on, *of, *([against.count] if against.count else [])], against.where)
    for row in rows:
        sums = tuple(map(decimal, row[len(on) : len(on) + len(of)]))
        yield GroupSums(row[: len(on)], int(row[-1] or 0) if against.count else None, sums)


def values(
    connection: sa.Connection, table: str, columns: Sequence[str], where: Sequence[Any]
) -> Iterator[tuple[Any, ...]]:
    """Raw values of some columns."""
    patterns = in_python(where)
    names = dict.fromkeys([*columns, *(name for name, _ in patterns)])
    shape = source(table, None, names, where, (), "listed")
    query = sa.select(*(shape.c[name] for name in names)).where(*in_sql(where, shape.c.__getitem__))
    for row in connection.execution_options(yield_per=_PAGE).execute(query).mappings():
        if fits(row, patterns):
            yield tuple(row[name] for name in columns)


def orphans(
    connection: sa.Connection, table: str, belonging: Belonging, key: Sequence[str]
) -> Iterator[tuple[tuple[Any, ...], int]]:
    """Rows without their counterpart: by their key, or by what leads to nothing, with the number of rows."""
    on = [ours for ours, _ in belonging.on]
    side = source(table, None, dict.fromkeys([*on, *key]), (), (), "side").alias("side")
    main = source(belonging.table, None, dict.fromkeys(theirs for _, theirs in belonging.on), (), (), "main").alias(
        "main"
    )
    there = sa.exists().where(*(main.c[theirs] == side.c[ours] for ours, theirs in belonging.on)).select_from(main)
    columns = [side.c[name] for name in on]
    lost = sa.and_(*(column.is_not(None) for column in columns), sa.not_(there))
    if key:
        query = sa.select(*(side.c[name] for name in key), sa.literal(1), *columns).where(lost)
    else:
        query = sa.select(*columns, sa.func.count(), *columns).where(lost).group_by(*columns)
    width = len(key) or len(on)
    for row in connection.execution_options(yield_per=_PAGE).execute(query):
        if not any(str(value) in belonging.none for value in row[width + 1 :]):
            yield tuple(row[:width]), int(row[width])


def decimal(value: Any) -> Decimal:
    """A number exactly; NULL is 0."""
    return Decimal(0) if value is None else Decimal(str(value))
