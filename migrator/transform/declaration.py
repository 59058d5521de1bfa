"""What a mapping file says, as values with places. Nothing here is checked against a source yet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from migrator.model.source import Side, Test
from migrator.ports import MissingPolicy
from migrator.transform.crosswalk import Crosswalk
from migrator.transform.document import Node, Place, Scalar

Operand = tuple[Scalar, ...] | Scalar | re.Pattern[str]


@dataclass(frozen=True, slots=True)
class ColumnPath:
    """``column``, ``side.column`` (first row) or ``side[].column`` (all rows); no column: the whole side."""

    column: str
    side: str
    many: bool
    place: Place

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
    """All conditions hold, and where there are alternatives one of them as well."""

    conditions: tuple[Condition, ...]
    alternatives: tuple[When, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleDeclaration:
    """Rows for which ``when`` holds end in the bucket named by ``then``."""

    name: str
    when: When
    then: str
    reason: str
    place: Place


@dataclass(frozen=True, slots=True)
class MergeDeclaration:
    """Records with equal values in these fields are one."""

    on: tuple[str, ...]
    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class SideDeclaration:
    """A joined side table with the places of what it names."""

    side: Side
    place: Place
    table_place: Place
    on_places: tuple[Place, ...]
    order_place: Place
    where: tuple[PlacedTest, ...]
    partition_place: Place


@dataclass(frozen=True, slots=True)
class StepUse:
    """One step as written: its verb and its arguments, not yet bound. ``arguments`` is None for a bare verb."""

    verb: str
    arguments: Node | None
    place: Place


@dataclass(frozen=True, slots=True)
class FieldDeclaration:
    """How one field is made. At most one of ``paths``, ``constant`` and ``same`` says where its value comes from."""

    name: str
    place: Place
    paths: tuple[ColumnPath, ...] = ()
    is_list: bool = False
    constant: Scalar = None
    same: str = ""
    same_place: Place | None = None
    steps: tuple[StepUse, ...] = ()
    part: str = ""
    default: Scalar = None
    to: str = ""
    to_place: Place | None = None
    missing: MissingPolicy = "reject"
    none: tuple[Scalar, ...] = ()
    compound: bool = False


@dataclass(frozen=True, slots=True)
class EntityDeclaration:
    """The mapping of one entity, with ``extends`` resolved and variables filled in.

    Exactly one of ``table`` and ``sql`` is set once no fault is left. ``crosswalks`` has those that its steps name
    and that could be read; ``crosswalk_names`` all that exist. ``resolved`` is the whole mapping as plain values, for
    fingerprints.
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
