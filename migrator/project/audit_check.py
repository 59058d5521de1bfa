"""An audit statement checked against the source: tables, columns and queries it names must be there."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from migrator.errors import AccessError, Fault
from migrator.model.audit import Audit, AuditedEntity, Place
from migrator.model.source import TableInfo
from migrator.transform.shape import nearest

Columns = Collection[str]
_Problem = tuple[str, str, str]
"""The word the statement is to be searched for, what is wrong, and a hint."""


def audit_faults(
    audit: Audit, files: Sequence[Path], tables: Mapping[str, TableInfo], columns_of: Callable[[str], tuple[str, ...]]
) -> list[Fault]:
    """A fault for everything the source does not have. ``files`` are the statement's own, in the order they overlay."""
    check = _Check(tables, columns_of)
    problems = dict.fromkeys(problem for entity in audit.entities.values() for problem in check.entity(entity))
    problems |= dict.fromkeys(check.beside(audit))
    return [_placed(problem, files) for problem in problems]


def _placed(problem: _Problem, files: Sequence[Path]) -> Fault:
    """The fault at the first line that has the word; at the file as a whole where none has it (a variable stands there)."""
    word, message, hint = problem
    pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    for path in files:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line.partition(" #")[0]):
                return Fault(str(path), number, message, hint)
    return Fault(str(files[0]), 0, message, hint)


class _Check:
    def __init__(self, tables: Mapping[str, TableInfo], columns_of: Callable[[str], tuple[str, ...]]) -> None:
        self._tables, self._columns_of = tables, columns_of

    def entity(self, audited: AuditedEntity) -> Iterator[_Problem]:
        """Everything the statement of one entity names."""
        main, problem = self._columns(audited.table, audited.sql)
        if problem:
            yield problem
            return
        names = [*audited.key, *(test.column for test in audited.where)]
        yield from _unknown(names, main, audited.table or "the query")
        for place in dict.fromkeys(place for _, place in (*audited.single_places(), *audited.list_places())):
            yield from self._place(place, main, audited.table or "the query")
        if audited.copies:
            yield from _unknown(audited.copies.columns, main, str(audited.table))
        for belonging in audited.belongs_to:
            yield from _unknown([ours for ours, _ in belonging.on], main, audited.table or "the query")
            yield from self._table(belonging.table, [theirs for _, theirs in belonging.on])
        for against in (total.against for total in audited.totals):
            if against is not None:
                names = [theirs for theirs, _ in (*against.on, *against.sums)]
                names += [against.count] if against.count else []
                yield from self._table(against.table, [*names, *(test.column for test in against.where)])

    def beside(self, audit: Audit) -> Iterator[_Problem]:
        """Everything the statement names besides its entities: what consumed tables belong to, and addresses."""
        for pattern, belongings in audit.belongings.items():
            tables = [name for name in self._tables if fnmatchcase(name, pattern)]
            if not tables:
                yield pattern, f"there is no table {pattern!r}", nearest(pattern, self._tables)
            for belonging in belongings:
                for name in tables:
                    yield from _unknown([ours for ours, _ in belonging.on], self._tables[name].columns, name)
                yield from self._table(belonging.table, [theirs for _, theirs in belonging.on])
        for known in audit.known_addresses:
            names = [known.column, *([known.id] if known.id else []), *(test.column for test in known.where)]
            yield from self._table(known.table, names)

    def _table(self, table: str, names: Sequence[str]) -> Iterator[_Problem]:
        """A table by its whole name, and columns of it."""
        if table not in self._tables:
            yield table, f"there is no table {table!r}", nearest(table, self._tables)
        else:
            yield from _unknown(names, self._tables[table].columns, table)

    def _place(self, place: Place, main: Columns, where: str) -> Iterator[_Problem]:
        aside = place.table is not None or place.sql is not None
        above = [name for _, name in place.on] + ([place.partition.column] if place.partition else [])
        yield from _unknown([*above, *([place.default] if place.default else [])], main, where)
        if not aside:
            yield from _unknown([place.column], main, where)
            return
        side, problem = self._columns(place.table, place.sql)
        if problem:
            yield problem
            return
        order = [name.removeprefix("-").partition(" ")[0] for name in place.order]
        names = [place.column, *(name for name, _ in place.on), *order, *(test.column for test in place.where)]
        yield from _unknown(names, side, place.table or "the query")

    def _columns(self, table: str | None, sql: str | None) -> tuple[Columns, _Problem | None]:
        """The columns of a table, of all its partitions, or of a query; or why there are none."""
        if sql is not None:
            try:
                return self._columns_of(sql), None
            except AccessError as error:
                return (), (sql.split()[0], f"the source refuses the query: {error.message}", error.next_step)
        pattern = re.escape(str(table)).replace(r"\{n\}", r"\d+")
        found = [info.columns for name, info in self._tables.items() if re.fullmatch(pattern, name)]
        if not found:
            return (), (str(table), f"there is no table {table!r}", nearest(str(table), self._tables))
        return {column for columns in found for column in columns}, None


def _unknown(names: Sequence[str], known: Columns, where: str) -> Iterator[_Problem]:
    folded = {name.lower() for name in known}  # databases fold the case of unquoted names, each its own way
    for name in names:
        if name.lower() not in folded:
            yield name, f"{where} has no column {name!r}", nearest(name, known)
