"""What a mapping file says, as values with places. Nothing here is checked against a source yet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from migrator.model.source import Side, Test
from migrator.ports import MissingPolicy
from migrator.transform.crosswalk import Crosswalk
from migrator.transform.document import Node, Place, Scalar
from migrator.transform.outside import Outside

Operand = tuple[Scalar, ...] | Scalar | re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Pivot:
    """A side whose rows are pairs: ``side.name`` is the ``value`` column of the row that has this name in ``key``."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class ColumnPath:
    """``column``, ``side.column`` (first row) or ``side[].column`` (all rows); no column: the whole side.

    With ``pivot`` the column is the name of a pair.
    """

    column: str
    side: str
    many: bool
    place: Place
    pivot: Pivot | None = None

    def __str__(self) -> str:
        if not self.side:
            return self.column
        brackets = "[]" if self.many else ""
        return f"{self.side}{brackets}.{self.column}" if self.column else self.side


@dataclass(frozen=True, slots=True)
class PlacedTest:
    """A condition on a column, done in SQL, and where it was written."""

    test: Test
    place: Place


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a rule: every (operator, operand) holds for the value at the path."""

    path: ColumnPath
    tests: tuple[tuple[str, Operand], ...]


@dataclass(frozen=True, slots=True)
class When:
    """All conditions hold, where there are alternatives one of them as well, and ``excluded`` does not."""

    conditions: tuple[Condition, ...]
    alternatives: tuple[When, ...] = ()
    excluded: When | None = None

    @property
    def paths(self) -> Iterator[ColumnPath]:
        """Everything the conditions look at."""
        yield from (condition.path for condition in self.conditions)
        for when in (*self.alternatives, *((self.excluded,) if self.excluded else ())):
            yield from when.paths


@dataclass(frozen=True, slots=True)
class RuleDeclaration:
    """Rows for which ``when`` holds end in the bucket named by ``then``; with ``into`` they lead to another record."""

    name: str
    when: When
    then: str
    reason: str
    place: Place
    into: FieldDeclaration | None = None


@dataclass(frozen=True, slots=True)
class MergeDeclaration:
    """Records with equal values in these fields are one."""

    on: tuple[str, ...]
    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class SideDeclaration:
    """A joined side table with the places of what it names. ``source`` is where the table is."""

    side: Side
    place: Place
    source: str
    source_place: Place
    table_place: Place
    on_places: tuple[Place, ...]
    order_place: Place
    where: tuple[PlacedTest, ...]
    partition_place: Place
    pivot: Pivot | None
    pivot_place: Place


@dataclass(frozen=True, slots=True)
class StepUse:
    """One step as written: its verb and its arguments, not yet bound. ``arguments`` is None for a bare verb."""

    verb: str
    arguments: Node | None
    place: Place


@dataclass(frozen=True, slots=True)
class ValueDeclaration:
    """How a value is made: where it comes from, then ``steps``, then ``part``, then ``default``.

    It comes from ``paths``, from ``constant``, from what another field made (``same``), from ``alternatives`` of which
    ``pick`` says which one counts, or is an object of ``members``, one a row of the side ``of`` where that is set. It
    is null where ``when`` does not hold. ``at`` is the moment an alternative is from, for picks by age.
    """

    place: Place
    paths: tuple[ColumnPath, ...] = ()
    is_list: bool = False
    constant: Scalar = None
    same: str = ""
    same_place: Place | None = None
    pick: str = ""
    alternatives: tuple[ValueDeclaration, ...] = ()
    members: Mapping[str, ValueDeclaration] = field(default_factory=dict)
    of: str = ""
    when: When | None = None
    steps: tuple[StepUse, ...] = ()
    part: str = ""
    part_place: Place | None = None
    default: Scalar = None
    at: ValueDeclaration | None = None

    def all(self) -> Iterator[ValueDeclaration]:
        """This value and every value inside it."""
        yield self
        for inner in (*self.alternatives, *self.members.values(), *((self.at,) if self.at else ())):
            yield from inner.all()


@dataclass(frozen=True, slots=True)
class FieldDeclaration:
    """How one field is made. ``source`` is that of the records it refers to; empty for the mapping's own."""

    name: str
    place: Place
    value: ValueDeclaration
    to: str = ""
    to_place: Place | None = None
    source: str = ""
    source_place: Place | None = None
    missing: MissingPolicy = "reject"
    none: tuple[Scalar, ...] = ()
    compound: bool = False
    whole: bool = False

    @property
    def paths(self) -> tuple[ColumnPath, ...]:
        """Every column the value is made from. Those that only conditions look at are not among them."""
        return tuple(path for value in self.value.all() for path in value.paths)

    @property
    def conditions(self) -> tuple[ColumnPath, ...]:
        """Every column that conditions inside the value look at."""
        return tuple(path for value in self.value.all() if value.when for path in value.when.paths)

    @property
    def steps(self) -> tuple[StepUse, ...]:
        """Every step used, also inside alternatives and members."""
        return tuple(use for value in self.value.all() for use in value.steps)

    @property
    def follows(self) -> tuple[str, ...]:
        """Names of the fields that have to be made before this one."""
        return tuple(value.same for value in self.value.all() if value.same)


@dataclass(frozen=True, slots=True)
class EntityDeclaration:
    """The mapping of one entity, with ``extends`` resolved and variables filled in.

    Exactly one of ``table`` and ``sql`` is set once no fault is left. ``crosswalks`` has those that its steps name
    and that could be read; ``crosswalk_names`` all that exist. ``resolved`` is the whole mapping as plain values, for
    fingerprints. ``outside`` is what its steps may use besides.
    """

    entity: str
    source: str
    place: Place
    table: str | None
    sql: str | None
    table_place: Place
    key: tuple[str, ...]
    key_place: Place
    where: tuple[PlacedTest, ...]
    sides: Mapping[str, SideDeclaration]
    rules: tuple[RuleDeclaration, ...]
    merge: MergeDeclaration | None
    fields: Mapping[str, FieldDeclaration]
    resolved: object
    crosswalks: Mapping[str, Crosswalk] = field(default_factory=dict)
    crosswalk_names: frozenset[str] = frozenset()
    outside: Outside = field(default_factory=Outside)

    @property
    def made(self) -> tuple[FieldDeclaration, ...]:
        """Everything that is made from values: the fields, and where rules lead."""
        return (*self.fields.values(), *(rule.into for rule in self.rules if rule.into))
