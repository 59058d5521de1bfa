"""Who reads which column of which table, over all mappings of a project."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from migrator.errors import AccessError
from migrator.model.source import Selection
from migrator.transform.columns import partition_tables
from migrator.transform.declaration import ColumnPath, EntityDeclaration, SideDeclaration
from migrator.workbench.arrivals import paths_of
from migrator.workbench.bench import Bench


@dataclass(frozen=True, slots=True)
class Origin:
    """A table, a group of numbered tables, or a declared query that mappings read. ``readers``: column -> who reads it."""

    source: str
    label: str
    tables: tuple[str, ...]
    sql: str | None
    is_main: bool
    readers: dict[str, list[str]] = field(default_factory=dict)

    @property
    def selections(self) -> list[Selection]:
        """What to count in."""
        if self.sql is not None:
            return [Selection(self.source, "", (), None, self.sql)]
        return [Selection(self.source, "", (), table) for table in self.tables]

    def columns(self, bench: Bench) -> tuple[str, ...]:
        """The columns it has; none where the source refuses the query or has no such table."""
        if self.sql is None:
            known = bench.extractor.tables()
            return known[self.tables[0]].columns if self.tables and self.tables[0] in known else ()
        try:
            return bench.extractor.columns(self.sql)
        except AccessError:
            return ()

    def read(self, column: str, reader: str) -> None:
        """Put a reader on record."""
        readers = self.readers.setdefault(column, [])
        if reader not in readers:
            readers.append(reader)


def origins(benches: Sequence[Bench]) -> list[Origin]:
    """Everything the mappings read, main tables first."""
    known = {bench.source: list(bench.extractor.tables()) for bench in benches}
    found: dict[tuple[str, str], Origin] = {}

    def origin(source: str, label: str, table: str | None, sql: str | None, *, is_main: bool, numbered: bool) -> Origin:
        tables = partition_tables(table, known.get(source, [])) if table and numbered else [table] if table else []
        made = Origin(source, table or label, tuple(tables), sql, is_main)
        return found.setdefault((source, table or sql or ""), made)

    declarations = [d for bench in benches for d in bench.declarations.values()]
    mains = {
        (d.source, d.entity): origin(d.source, f"query of {d.entity}", d.table, d.sql, is_main=True, numbered=False)
        for d in declarations
    }
    for declaration in declarations:
        sides = {
            name: origin(
                declared.source, f"query of {declaration.entity}.{name}", declared.side.table, declared.side.sql,
                is_main=False, numbered=declared.side.partition is not None,
            )
            for name, declared in declaration.sides.items()
        }  # fmt: skip
        _read(declaration, mains[declaration.source, declaration.entity], sides)
    return list(found.values())


def _read(declaration: EntityDeclaration, main: Origin, sides: Mapping[str, Origin]) -> None:
    entity = declaration.entity

    def at(path: str) -> tuple[Origin | None, str]:
        side, dot, column = path.partition(".")
        return (sides.get(side), column) if dot else (main, path)

    for column in declaration.key:
        main.read(column, f"{entity}: key")
    for placed in declaration.where:
        main.read(placed.test.column, f"{entity}: where")
    for name, declared in declaration.sides.items():
        for own, column in _side_columns(declared):
            where, column = (sides[name], column) if own else at(column)
            if where is not None:
                where.read(column, f"{entity}: side {name}")
    for rule in declaration.rules:
        _paths(rule.when.paths, at, f"{entity}: rule {rule.name}")
        if rule.into is not None:
            _paths(paths_of(rule.into), at, f"{entity}: rule {rule.name}")
    for made in declaration.fields.values():
        _paths(paths_of(made), at, f"{entity}.{made.name}")


def _side_columns(declared: SideDeclaration) -> Iterator[tuple[bool, str]]:
    """(is it the side's own, column) of everything that joins, cuts and sorts a side."""
    side = declared.side
    for own, main in side.on:
        yield True, own
        yield False, main
    yield from ((True, column) for column in side.order)
    yield from ((True, placed.test.column) for placed in declared.where)
    if side.partition is not None:
        yield False, side.partition.column
    if declared.pivot is not None:
        yield from ((True, declared.pivot.key), (True, declared.pivot.value))


def _paths(
    paths: Iterator[ColumnPath],
    at: Callable[[str], tuple[Origin | None, str]],
    reader: str,
) -> None:
    for path in paths:
        if path.pivot or not path.column:
            continue  # the pair's name is no column, and a whole side is not read
        where, column = at(f"{path.side}.{path.column}" if path.side else path.column)
        if where is not None:
            where.read(column, reader)
