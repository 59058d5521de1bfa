"""From a resolved tree to a declaration: the grammar of the language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from migrator.model.content import ENTITIES
from migrator.model.source import Operator, Partition, Side, Test
from migrator.transform import vocabulary as words
from migrator.transform.conditions import parse_operators, parse_when
from migrator.transform.declaration import (
    EntityDeclaration,
    FieldDeclaration,
    MergeDeclaration,
    Pivot,
    PlacedTest,
    RuleDeclaration,
    SideDeclaration,
    When,
)
from migrator.transform.document import Node, Place
from migrator.transform.parse_values import ValueGrammar
from migrator.transform.paths import Pivots
from migrator.transform.shape import Shapes


def parse_entity(tree: Node, entity: str, source: str, shapes: Shapes) -> EntityDeclaration:
    """The declaration in a tree. What is wrong becomes a fault in ``shapes``; what could be read is there."""
    members = shapes.members(tree, "the mapping", words.ENTITY_KEYS)
    shapes.require(tree, members, "entity", "no entity is named", f"add `entity: {entity}`")
    if "entity" in members and shapes.choice(members["entity"], "entity", ENTITIES) not in ("", entity):
        shapes.fault(
            members["entity"], f"the file is named {entity}.yaml", f"write `entity: {entity}` or rename the file"
        )
    table, sql, table_place = _table_or_query(members, tree, "the mapping", shapes)
    shapes.require(tree, members, "key", "no key is named", "add `key:` with the column that identifies a row")
    shapes.require(tree, members, "fields", "there are no fields", "add `fields:`")
    named = _named(members.get("sides"), "sides", shapes)
    sides = {name: _side(name, node, source, shapes) for name, node in named.items()}
    pivots = {name: side.pivot for name, side in sides.items() if side.pivot}
    values = ValueGrammar(shapes, pivots)
    fields = _named(members.get("fields"), "fields", shapes)
    declaration = EntityDeclaration(
        entity=entity,
        source=source,
        place=tree.place,
        table=table,
        sql=sql,
        table_place=table_place,
        key=shapes.texts(members["key"], "key") if "key" in members else (),
        key_place=members.get("key", tree).place,
        where=_where(members.get("where"), shapes),
        sides=sides,
        rules=_rules(members.get("rules"), values, pivots, shapes),
        merge=_merge(members.get("merge"), shapes),
        fields={name: values.field(name, node) for name, node in fields.items()},
        resolved=tree.plain(),
    )
    return replace(declaration, sides={name: _narrowed(side, declaration) for name, side in sides.items()})


def _narrowed(declared: SideDeclaration, declaration: EntityDeclaration) -> SideDeclaration:
    """A side of pairs reads only the pairs whose names the mapping uses: the others may be large, and are no content."""
    if declared.pivot is None:
        return declared
    rules = (path for rule in declaration.rules for path in rule.when.paths)
    made = (path for each in declaration.made for path in (*each.paths, *each.conditions))
    name = declared.side.name
    used = tuple(sorted({path.column for path in (*rules, *made) if path.side == name}))
    return replace(
        declared, side=replace(declared.side, where=(*declared.side.where, Test(declared.pivot.key, "in", used)))
    )


def _named(node: Node | None, what: str, shapes: Shapes) -> dict[str, Node]:
    return shapes.mapping(node, what, "write `name: {…}` lines below it") if node else {}


def _table_or_query(
    members: Mapping[str, Node], owner: Node, what: str, shapes: Shapes
) -> tuple[str | None, str | None, Place]:
    named = [key for key in ("table", "sql") if key in members]
    if not named:
        shapes.require(owner, members, "table", f"{what} names no table", "add `table:` or `sql:`")
        return None, None, owner.place
    if len(named) == 2:
        shapes.fault(members["sql"], f"{what} has both table and sql", "keep one")
    node = members[named[0]]
    text = shapes.text(node, named[0])
    return (text or None, None, node.place) if named[0] == "table" else (None, text or None, node.place)


def _where(node: Node | None, shapes: Shapes) -> tuple[PlacedTest, ...]:
    tests = []
    for column, condition in shapes.mapping(node, "where").items() if node else ():
        for operator, operand in parse_operators(condition, words.WHERE_OPERATORS, "a condition in `where`", shapes):
            tests.append(PlacedTest(_test(column, operator, operand), condition.place))
    return tuple(tests)


def _test(column: str, operator: str, operand: Any) -> Test:
    names: dict[str, Operator] = {name: name for name in ("in", "not_in", "like", "not_like", "lt", "le", "gt", "ge")}
    return Test(column, names.get(operator, "empty"), operand)


def _side(name: str, node: Node, own: str, shapes: Shapes) -> SideDeclaration:
    what = f"side {name!r}"
    members = shapes.members(node, what, words.SIDE_KEYS)
    table, sql, table_place = _table_or_query(members, node, what, shapes)
    shapes.require(node, members, "on", f"{what} does not say how it is joined", "add `on: {side column: main column}`")
    on = shapes.mapping(members["on"], "on", "write {side column: main column}") if "on" in members else {}
    where = _where(members.get("where"), shapes)
    partition = _partition(members["partition"], shapes) if "partition" in members else None
    if table and ("{n}" in table) != ("partition" in members):
        hint = "the table's name needs {n}" if partition else "add `partition: {column: …, size: …}`"
        shapes.fault(members.get("table", node), f"{what}: {{n}} and partition belong together", hint)
    source = shapes.text(members["source"], "source") if "source" in members else own
    if partition and source != own:
        shapes.fault(members["partition"], f"{what}: a table of another source cannot be partitioned", "use `sql:`")
    pivot = _pivot(members["pivot"], what, members, shapes) if "pivot" in members else None
    side = Side(
        name=name,
        on=tuple((column, shapes.text(main, f"on: {column}")) for column, main in on.items()),
        table=table,
        sql=sql,
        many=pivot is not None or (shapes.boolean(members["many"], "many") if "many" in members else False),
        where=tuple(placed.test for placed in where),
        order=shapes.texts(members["order"], "order") if "order" in members else (),
        partition=partition,
        source=None if source == own else source,
    )
    return SideDeclaration(
        side=side,
        place=node.place,
        source=source or own,
        source_place=members.get("source", node).place,
        table_place=table_place,
        on_places=tuple(main.place for main in on.values()),
        order_place=members.get("order", node).place,
        where=where,
        partition_place=members.get("partition", node).place,
        pivot=pivot,
        pivot_place=members.get("pivot", node).place,
    )


def _pivot(node: Node, what: str, side: Mapping[str, Node], shapes: Shapes) -> Pivot | None:
    members = shapes.members(node, "pivot", words.PIVOT_KEYS)
    for key in words.PIVOT_KEYS:
        shapes.require(node, members, key, f"pivot has no {key!r}", "write {key: meta_key, value: meta_value}")
    if "many" in side:
        shapes.fault(side["many"], f"{what}: a pivot always has many rows", "remove `many:`")
    if len(members) < len(words.PIVOT_KEYS):
        return None
    return Pivot(shapes.text(members["key"], "key"), shapes.text(members["value"], "value"))


def _partition(node: Node, shapes: Shapes) -> Partition | None:
    members = shapes.members(node, "partition", words.PARTITION_KEYS)
    for key in words.PARTITION_KEYS:
        shapes.require(node, members, key, f"partition has no {key!r}", "write {column: id, size: 2000}")
    if len(members) < len(words.PARTITION_KEYS):
        return None
    size = shapes.integer(members["size"], "size")
    if size < 1:
        shapes.fault(members["size"], "size must be at least 1")
    return Partition(shapes.text(members["column"], "column"), max(size, 1))


def _rules(node: Node | None, values: ValueGrammar, pivots: Pivots, shapes: Shapes) -> tuple[RuleDeclaration, ...]:
    if node is None:
        return ()
    rules: dict[str, RuleDeclaration] = {}
    for child in shapes.sequence(node, "rules", "begin each rule with `- `"):
        rule = _rule(child, values, pivots, shapes)
        if rule.name in rules:
            shapes.fault(child, f"rule {rule.name!r} stands twice", f"first in line {rules[rule.name].place.line}")
        rules.setdefault(rule.name or str(child.place), rule)
    return tuple(rules.values())


def _rule(node: Node, values: ValueGrammar, pivots: Pivots, shapes: Shapes) -> RuleDeclaration:
    members = shapes.members(node, "a rule", words.RULE_KEYS)
    for key in ("name", "when", "then"):
        hint = "write {name: …, when: {…}, then: drop, reason: …}"
        shapes.require(node, members, key, f"the rule has no {key!r}", hint)
    name = shapes.text(members["name"], "name") if "name" in members else ""
    then = shapes.choice(members["then"], "then", words.VERDICTS) if "then" in members else ""
    return RuleDeclaration(
        name=name,
        when=parse_when(members["when"], shapes, pivots) if "when" in members else When(()),
        then=then,
        reason=shapes.text(members["reason"], "reason") if "reason" in members else name,
        place=node.place,
        into=_into(name, node, then, members, values, shapes),
    )


def _into(
    name: str, node: Node, then: str, members: Mapping[str, Node], values: ValueGrammar, shapes: Shapes
) -> FieldDeclaration | None:
    """Where a rule leads. A verdict that is wrong has its fault already."""
    into = members.get("into")
    if then == words.MERGE_VERDICT:
        hint = "add `into: {from: column, to: entity}`"
        shapes.require(node, members, "into", f"rule {name!r} does not say into which record", hint)
    elif into is not None and then:
        shapes.fault(into, f"rule {name!r}: 'into' is for `then: merge`", "remove it, or write `then: merge`")
    if into is None:
        return None
    found = values.field(f"rule {name}", into, words.INTO_KEYS, f"into of rule {name!r}")
    if not found.to and isinstance(into.value, dict) and "to" not in into.value:
        shapes.fault(into, f"into of rule {name!r} does not say to which entity", "add `to:`")
    return found


def _merge(node: Node | None, shapes: Shapes) -> MergeDeclaration | None:
    if node is None:
        return None
    members = shapes.members(node, "merge", words.MERGE_KEYS)
    shapes.require(node, members, "on", "merge does not say on what", "add `on: [field, …]`")
    on = shapes.texts(members["on"], "on") if "on" in members else ()
    name = shapes.text(members["name"], "name") if "name" in members else "duplicate"
    return MergeDeclaration(on, name, members.get("on", node).place)
