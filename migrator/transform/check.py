"""Checking mappings against the source and the content model, before anything runs: all mistakes at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from migrator.errors import Fault
from migrator.model.source import TableInfo
from migrator.transform.columns import ColumnCheck, partition_tables
from migrator.transform.declaration import EntityDeclaration
from migrator.transform.syntax import in_reading_order
from migrator.transform.targets import check_targets


def check(
    declarations: Mapping[str, EntityDeclaration],
    tables: Mapping[str, TableInfo],
    columns_of: Callable[[str], tuple[str, ...]],
) -> list[Fault]:
    """All faults by file and line, each with what would be right where that can be guessed.

    ``columns_of`` gives the columns of a declared query, or raises AccessError. What :func:`read_mappings` found is not
    repeated here; a mapping may run only where both found nothing.
    """
    faults: list[Fault] = []
    for declaration in declarations.values():
        ColumnCheck(declaration, tables, columns_of, faults).run()
        check_targets(declaration, declarations.keys(), faults)
    return in_reading_order(faults)


def read_tables(declarations: Mapping[str, EntityDeclaration], tables: Iterable[str]) -> dict[str, str]:
    """Every source table the mappings read -> who reads it: ``article``, or ``article.detail`` for a side.

    Several readers of a table are joined by ``, ``. Tables inside a declared query are not known, and not in it.
    """
    names = list(tables)
    readers: dict[str, list[str]] = {}
    for entity, declaration in declarations.items():
        for table, reader in _reads(entity, declaration, names):
            if reader not in readers.setdefault(table, []):
                readers[table].append(reader)
    return {table: ", ".join(who) for table, who in readers.items()}


def _reads(entity: str, declaration: EntityDeclaration, tables: list[str]) -> Iterator[tuple[str, str]]:
    if declaration.table:
        yield declaration.table, entity
    for name, declared in declaration.sides.items():
        side = declared.side
        if side.table and side.partition:
            yield from ((table, f"{entity}.{name}") for table in partition_tables(side.table, tables))
        elif side.table:
            yield side.table, f"{entity}.{name}"
