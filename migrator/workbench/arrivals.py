"""Which values arrive at a crosswalk: the legacy values after the steps before it, with the number of their rows.

The mapping itself says so: its field is made from the source's values with a crosswalk in it that only listens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from migrator.errors import ConfigurationError
from migrator.model.record import Row, SourceRow
from migrator.model.source import Selection, Side
from migrator.transform.arguments import crosswalks_named
from migrator.transform.compile import CompiledMapping, compile_mapping, selection_of
from migrator.transform.crosswalk import Crosswalk
from migrator.transform.declaration import ColumnPath, EntityDeclaration, FieldDeclaration
from migrator.transform.registry import verbs
from migrator.workbench.bench import Bench

DISTINCT = 10_000
PAGE = 1000


@dataclass(frozen=True, slots=True)
class Use:
    """A field that looks values up in a crosswalk."""

    entity: str
    field: str
    crosswalk: str


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Values (as text, without white space at the ends) -> rows. ``is_complete`` is False past 10,000 values."""

    values: Mapping[str, int]
    is_complete: bool


class _Listener(dict[str, str]):
    """A crosswalk's values. It counts what is asked for, and answers as if everything were known."""

    def __init__(self, known: Mapping[str, str]) -> None:
        super().__init__(known)
        self.rows = 1
        self.asked: Counter[str] = Counter()
        self.is_full = False

    def get(self, key: str, default: object = None) -> str:
        """The target value, or a stand-in."""
        if key in self.asked or len(self.asked) < DISTINCT:
            self.asked[key] += self.rows
        else:
            self.is_full = True
        return super().get(key) or "?"


def uses_of(declaration: EntityDeclaration) -> list[Use]:
    """Every field that uses a crosswalk, also one that does not exist yet."""
    return [
        Use(declaration.entity, field.name, name)
        for field in declaration.fields.values()
        for name in crosswalks_of(declaration, field)
    ]


def crosswalks_of(declaration: EntityDeclaration, field: FieldDeclaration) -> tuple[str, ...]:
    """Names of the crosswalks a field uses, each once."""
    return tuple(dict.fromkeys(crosswalks_named(replace(declaration, fields={field.name: field}, rules=()))))


def arrivals(bench: Bench, use: Use) -> Arrivals | None:
    """What arrives at the crosswalk of a field; None where the field has mistakes.

    Counted by SQL where the field is made of columns of the main table alone, else row by row.
    """
    declaration = bench.declarations[use.entity]
    fields = _closure(declaration, use.field)
    listener = _Listener({})
    mapping = _listening(declaration, fields, use.crosswalk, listener)
    if mapping is None:
        return None
    paths = [path for field in fields for path in paths_of(field)]
    by_sql = not any(path.side for path in paths) and not _has_foreign_code(fields)
    for row, number in _combinations(bench, use.entity, paths) if by_sql else _rows(bench, declaration, paths):
        listener.rows = number
        mapping.transform(row)
    return Arrivals(listener.asked, not listener.is_full)


def paths_of(field: FieldDeclaration) -> Iterator[ColumnPath]:
    """Every column a field looks at, its conditions included."""
    yield from field.paths
    for value in field.value.all():
        if value.when:
            yield from value.when.paths


def _closure(declaration: EntityDeclaration, name: str) -> list[FieldDeclaration]:
    """The field and those it takes over from."""
    found: dict[str, FieldDeclaration] = {}
    waiting = [name]
    while waiting:
        at = waiting.pop()
        if at not in found and at in declaration.fields:
            found[at] = declaration.fields[at]
            waiting += found[at].follows
    return list(found.values())


def _listening(
    declaration: EntityDeclaration, fields: list[FieldDeclaration], crosswalk: str, listener: _Listener
) -> CompiledMapping | None:
    crosswalks = {
        name: Crosswalk(name, "", listener if name == crosswalk else _Listener(_known(declaration, name)))
        for name in crosswalks_named(declaration)
    }
    alone = replace(
        declaration, fields={field.name: field for field in fields}, rules=(), merge=None, crosswalks=crosswalks
    )
    try:
        return compile_mapping(alone)
    except ConfigurationError:
        return None


def _known(declaration: EntityDeclaration, name: str) -> Mapping[str, str]:
    crosswalk = declaration.crosswalks.get(name)
    return crosswalk.values if crosswalk else {}


def _has_foreign_code(fields: list[FieldDeclaration]) -> bool:
    """Whether a step may look at more of a row than its value: a plugin or the project's own Python. Ours do not."""
    used = [verbs().get(use.verb) for field in fields for use in field.steps]
    return any(v is None or v.origin or any(a.type == "python" for a in v.arguments) for v in used)


def _combinations(bench: Bench, entity: str, paths: list[ColumnPath]) -> Iterator[tuple[SourceRow, int]]:
    """Rows that hold nothing but these columns, each combination once."""
    columns = list(dict.fromkeys(path.column for path in paths))
    if not columns:
        yield SourceRow("", (), {}), bench.survey.rows(bench.main(entity))
        return
    for values, number in bench.survey.tally(bench.main(entity), columns, DISTINCT + 1):
        row: Row = dict(zip(columns, values, strict=True))
        yield SourceRow("", (), row), number


def _rows(bench: Bench, declaration: EntityDeclaration, paths: list[ColumnPath]) -> Iterator[tuple[SourceRow, int]]:
    """Every row with the sides that are needed, and no other."""
    selection = selection_of(declaration)
    selection = replace(selection, sides=_needed(selection, {path.side for path in paths}))
    position = None
    while True:
        rows = bench.extractor.read(selection, position, PAGE)
        yield from ((row, 1) for row in rows)
        if len(rows) < PAGE:
            return
        position = rows[-1].position


def _needed(selection: Selection, names: set[str]) -> tuple[Side, ...]:
    """The named sides and those they hang on; a side stands behind what it hangs on."""
    needed = set(names)
    for side in reversed(selection.sides):
        if side.name in needed:
            needed.update(side.follows)
    return tuple(side for side in selection.sides if side.name in needed)
