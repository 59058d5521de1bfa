"""``expected/*.yaml``: a mapping's own tests, each a source row and what must come of it.

```yaml
cases:
  - name: a retracted article stays behind
    key: web:article:17                     # a row of the source …
    expect: {bucket: withheld, reason: retracted}
  - entity: article                         # … or one made up here; columns that are not named are null
    row: {id: 1, title: " Tin  nóng ", status: 1}
    sides: {detail: [{id: 1, bodyhtml: "<p>Nội dung</p>"}]}
    expect: {headline: Tin nóng, status: published, published_at: null}
```

Only the fields that are named are compared. An instant is written with its offset: ``2024-05-01T08:00:00+07:00``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from migrator.errors import ConfigurationError, Fault
from migrator.model.content import ENTITIES, PLURAL, EntityType, Field, Kind, Value
from migrator.model.outcome import Bucket
from migrator.model.record import split_key
from migrator.transform.document import Node, Place, Scalar, read_document
from migrator.transform.shape import Shapes, nearest

FOLDER = "expected"

_CASE = dict.fromkeys(("name", "source", "entity", "key", "row", "sides", "expect"))
_DECISION = ("bucket", "reason", "rule", "into")
_BUCKETS = (Bucket.DROPPED, Bucket.WITHHELD, Bucket.REJECTED, Bucket.MERGED)

Columns = Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class Expectation:
    """A field, or a word of a decision, with the value it must have."""

    name: str
    value: Value
    place: Place


@dataclass(frozen=True, slots=True)
class Case:
    """One test. ``key`` names a row of the source; where it is empty, ``row`` and ``sides`` are the row itself."""

    name: str
    place: Place
    source: str
    entity: str
    key: str
    row: Columns
    sides: Mapping[str, tuple[Columns, ...]]
    expected: tuple[Expectation, ...]
    row_places: Mapping[str, Place] = field(default_factory=dict)

    @property
    def is_decision(self) -> bool:
        """Whether the row must be kept out."""
        return any(each.name in _DECISION for each in self.expected)


def read_cases(folder: Path, sources: Mapping[str, object]) -> list[Case]:
    """Every case of a project, by file and line. ConfigurationError with all mistakes."""
    faults: list[Fault] = []
    cases: list[Case] = []
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        tree = read_document(path, f"{FOLDER}/{path.name}", faults)
        if tree is None:
            continue
        shapes = Shapes()
        top = shapes.members(tree, "the file", {"cases": None})
        shapes.require(tree, top, "cases", "there are no cases", "begin with the line `cases:`")
        if "cases" in top:
            nodes = shapes.sequence(top["cases"], "cases", "begin each case with `- `")
            cases += [case for node in nodes if (case := _case(node, list(sources), shapes))]
        faults += shapes.faults
    if faults:
        raise ConfigurationError(f"The cases have {len(faults)} mistake(s).", "Correct them.", faults)
    return cases


def _case(node: Node, sources: list[str], shapes: Shapes) -> Case | None:
    members = shapes.members(node, "a case", _CASE)
    shapes.require(node, members, "expect", "the case has no 'expect'", "write {key: web:article:1, expect: {…}}")
    key = shapes.text(members["key"], "key") if "key" in members else ""
    if bool(key) == ("row" in members):
        shapes.fault(node, "a case needs either a key or a row", "write `key: web:article:1`")
        return None
    source, entity = _whose(key, members, sources, shapes, node)
    if entity not in ENTITIES or source not in sources or "expect" not in members:
        return None
    places = shapes.mapping(members["row"], "row") if "row" in members else {}
    sides = shapes.mapping(members["sides"], "sides") if "sides" in members else {}
    return Case(
        name=shapes.text(members["name"], "name") if "name" in members else key or str(node.place),
        place=node.place,
        source=source,
        entity=entity,
        key=key,
        row=_columns(members["row"], "row", shapes) if "row" in members else {},
        sides={
            name: tuple(_columns(row, f"a row of side {name!r}", shapes) for row in shapes.sequence(rows, name))
            for name, rows in sides.items()
        },
        expected=_expected(members["expect"], ENTITIES[entity], shapes),
        row_places={name: child.place for name, child in {**places, **sides}.items()},
    )


def _whose(key: str, members: Mapping[str, Node], sources: list[str], shapes: Shapes, node: Node) -> tuple[str, str]:
    """Source and entity: those of the key, or as they are named; the project's only source need not be."""
    named = {what: shapes.text(members[what], what) for what in ("source", "entity") if what in members}
    if key:
        try:
            source, entity, _ = split_key(key)
        except ValueError:
            source, entity = "", ""
        if source not in sources or entity not in ENTITIES:
            shapes.fault(members["key"], f"{key!r} is no key", f"write {sources[0]}:article:1")
    else:
        source, entity = named.get("source", sources[0] if len(sources) == 1 else ""), named.get("entity", "")
        if source not in sources:
            shapes.fault(members.get("source", node), f"there is no source {source!r}", nearest(source, sources))
        if entity not in ENTITIES:
            shapes.fault(members.get("entity", node), f"there is no entity {entity!r}", nearest(entity, ENTITIES))
    for what, found in (("source", source), ("entity", entity)):
        if named.get(what, found) != found:
            shapes.fault(members[what], f"the key is of {what} {found!r}", "remove the line")
    return source, entity


def _columns(node: Node, what: str, shapes: Shapes) -> Columns:
    members = shapes.mapping(node, what, "write {column: value}")
    return {
        name: None if child.value is None else "" if child.value == "" else shapes.scalar(child, f"{what}: {name}")
        for name, child in members.items()
    }


def _expected(node: Node, entity: EntityType, shapes: Shapes) -> tuple[Expectation, ...]:
    members = shapes.mapping(node, "expect", "write {field: value}")
    if isinstance(node.value, dict) and not members:
        shapes.fault(node, "expect is empty: nothing would be compared", "name a field")
    decided = [name for name in members if name in _DECISION]
    found = []
    for name, child in members.items():
        target = entity.by_name.get(name)
        if name in decided:
            choices = _BUCKETS if name == "bucket" else ()
            value: Value = shapes.choice(child, name, choices) if choices else shapes.text(child, name)
        elif target is None:
            shapes.fault(child, f"{entity.name} has no field {name!r}", nearest(name, (*entity.by_name, *_DECISION)))
            continue
        elif decided:
            shapes.fault(child, "a row that is kept out has no fields", f"remove {name!r} or {decided[0]!r}")
            continue
        else:
            value = _value(child, target, shapes)
        found.append(Expectation(name, value, child.place))
    return tuple(found)


def _value(node: Node, target: Field, shapes: Shapes) -> Value:
    """The value as the record has it."""
    if target.kind in PLURAL:
        entries = node.value if isinstance(node.value, list) else [] if node.value is None else [node]
        return tuple(str(shapes.scalar(entry, target.name)) for entry in entries)
    if node.value is None:
        return None
    if target.kind is Kind.INTEGER:
        return shapes.integer(node, target.name)
    if target.kind is Kind.BOOLEAN:
        return shapes.boolean(node, target.name)
    if target.kind is Kind.INSTANT:
        return _instant(node, target.name, shapes)
    return "" if node.value == "" else str(shapes.scalar(node, target.name))


def _instant(node: Node, name: str, shapes: Shapes) -> datetime | None:
    text = shapes.text(node, name)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        shapes.fault(node, f"{name} must be an instant with its offset", "write 2024-05-01T08:00:00+07:00")
        return None
    return moment.astimezone(UTC)
