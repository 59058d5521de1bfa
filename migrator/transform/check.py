"""Checking mappings against the sources and the content model, before anything runs: all mistakes at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from migrator.errors import Fault
from migrator.model.source import TableInfo
from migrator.transform.columns import ColumnCheck, partition_tables
from migrator.transform.declaration import EntityDeclaration
from migrator.transform.estate import Estate, SourceFacts
from migrator.transform.syntax import in_reading_order
from migrator.transform.targets import check_targets


def check(
    declarations: Mapping[str, EntityDeclaration],
    tables: Mapping[str, TableInfo],
    columns_of: Callable[[str], tuple[str, ...]],
    others: Estate | None = None,
) -> list[Fault]:
    """All faults of one source's mappings by file and line, each with what would be right where that can be guessed.

    ``columns_of`` gives the columns of a declared query, or raises AccessError. ``others`` are the project's sources by
    name; this one may be among them. What :func:`read_mappings` found is not repeated here; a mapping may run only where
    both found nothing.
    """
    faults: list[Fault] = []
    own = SourceFacts(tables, columns_of, declarations.keys())
    for declaration in declarations.values():
        estate = {**(others or {}), declaration.source: own}
        ColumnCheck(declaration, estate, faults).run()
        check_targets(declaration, estate, faults)
    return in_reading_order(faults)


def read_tables(declarations: Mapping[str, EntityDeclaration], tables: Iterable[str]) -> dict[str, str]:
    """Every table the mappings read in their own source -> who reads it: ``article``, or ``article.detail`` for a side.

    Several readers of a table are joined by ``, ``. Tables inside a declared query are not known, and not in it.
    """
    return _readers(_reads(declarations.values(), None, list(tables)))


def tables_read_from_elsewhere(
    declarations: Iterable[EntityDeclaration], source: str, tables: Iterable[str]
) -> dict[str, str]:
    """Every table of a source that mappings of other sources read -> who reads it: ``print:article.twin``."""
    others = [declaration for declaration in declarations if declaration.source != source]
    return _readers(_reads(others, source, list(tables)))


def _readers(reads: Iterator[tuple[str, str]]) -> dict[str, str]:
    readers: dict[str, dict[str, None]] = {}
    for table, reader in reads:
        readers.setdefault(table, {})[reader] = None
    return {table: ", ".join(who) for table, who in readers.items()}


def _reads(
    declarations: Iterable[EntityDeclaration], elsewhere: str | None, tables: list[str]
) -> Iterator[tuple[str, str]]:
    """(table, reader) in the mappings' own source, or in the one source ``elsewhere``."""
    for declaration in declarations:
        name = f"{declaration.source}:{declaration.entity}" if elsewhere else declaration.entity
        if declaration.table and elsewhere is None:
            yield declaration.table, name
        for side_name, declared in declaration.sides.items():
            side = declared.side
            if side.source != elsewhere or not side.table:
                continue
            numbered = partition_tables(side.table, tables) if side.partition else [side.table]
            yield from ((table, f"{name}.{side_name}") for table in numbered)
