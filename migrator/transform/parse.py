"""From a resolved tree to a declaration: the grammar of the language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from migrator.model.content import ENTITIES
from migrator.model.source import Operator, Partition, Side, Test
from migrator.transform import vocabulary as words
from migrator.transform.conditions import parse_operators, parse_when
from migrator.transform.declaration import (
    ColumnPath,
    EntityDeclaration,
    FieldDeclaration,
    MergeDeclaration,
    PlacedTest,
    RuleDeclaration,
    SideDeclaration,
    StepUse,
)
from migrator.transform.document import Node, Place, Scalar
from migrator.transform.paths import parse_path
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
    sides = _named(members.get("sides"), "sides", shapes)
    return EntityDeclaration(
        entity=entity,
        source=source,
        place=tree.place,
        table=table,
        sql=sql,
        table_place=table_place,
        key=shapes.texts(members["key"], "key") if "key" in members else (),
        key_place=members.get("key", tree).place,
        where=_where(members.get("where"), shapes),
        sides={name: _side(name, node, shapes) for name, node in sides.items()},
        rules=_rules(members.get("rules"), shapes),
        merge=_merge(members.get("merge"), shapes),
        fields={
            name: _field(name, node, shapes) for name, node in _named(members.get("fields"), "fields", shapes).items()
        },
        resolved=tree.plain(),
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


def _side(name: str, node: Node, shapes: Shapes) -> SideDeclaration:
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
    side = Side(
        name=name,
        on=tuple((column, shapes.text(main, f"on: {column}")) for column, main in on.items()),
        table=table,
        sql=sql,
        many=shapes.boolean(members["many"], "many") if "many" in members else False,
        where=tuple(placed.test for placed in where),
        order=shapes.texts(members["order"], "order") if "order" in members else (),
        partition=partition,
    )
    return SideDeclaration(
        side=side,
        place=node.place,
        table_place=table_place,
        on_places=tuple(main.place for main in on.values()),
        order_place=members.get("order", node).place,
        where=where,
        partition_place=members.get("partition", node).place,
    )


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


def _rules(node: Node | None, shapes: Shapes) -> tuple[RuleDeclaration, ...]:
    if node is None:
        return ()
    rules: dict[str, RuleDeclaration] = {}
    for child in shapes.sequence(node, "rules", "begin each rule with `- `"):
        rule = _rule(child, shapes)
        if rule.name in rules:
            shapes.fault(child, f"rule {rule.name!r} stands twice", f"first in line {rules[rule.name].place.line}")
        rules.setdefault(rule.name or str(child.place), rule)
    return tuple(rules.values())


def _rule(node: Node, shapes: Shapes) -> RuleDeclaration:
    members = shapes.members(node, "a rule", words.RULE_KEYS)
    for key in ("name", "when", "then"):
        hint = "write {name: …, when: {…}, then: drop, reason: …}"
        shapes.require(node, members, key, f"the rule has no {key!r}", hint)
    name = shapes.text(members["name"], "name") if "name" in members else ""
    return RuleDeclaration(
        name=name,
        when=parse_when(members["when"], shapes) if "when" in members else parse_when(Node({}, node.place), Shapes()),
        then=shapes.choice(members["then"], "then", words.VERDICTS) if "then" in members else "",
        reason=shapes.text(members["reason"], "reason") if "reason" in members else name,
        place=node.place,
    )


def _merge(node: Node | None, shapes: Shapes) -> MergeDeclaration | None:
    if node is None:
        return None
    members = shapes.members(node, "merge", words.MERGE_KEYS)
    shapes.require(node, members, "on", "merge does not say on what", "add `on: [field, …]`")
    on = shapes.texts(members["on"], "on") if "on" in members else ()
    name = shapes.text(members["name"], "name") if "name" in members else "duplicate"
    return MergeDeclaration(on, name, members.get("on", node).place)


def _field(name: str, node: Node, shapes: Shapes) -> FieldDeclaration:
    what = f"field {name!r}"
    if isinstance(node.value, str):
        shapes.fault(node, f"{what} must be a mapping, not the text {node.value!r}", f"write {{from: {node.value}}}")
        return FieldDeclaration(name, node.place)
    members = shapes.members(node, what, words.FIELD_KEYS)
    _check_combination(what, node, members, shapes)
    source = members.get("from")
    paths: tuple[ColumnPath | None, ...] = ()
    if source is not None:
        paths = tuple(parse_path(text, source.place, shapes) for text in shapes.texts(source, "from"))
    same, to = members.get("same"), members.get("to")
    return FieldDeclaration(
        name=name,
        place=node.place,
        paths=tuple(path for path in paths if path),
        is_list=source is not None and isinstance(source.value, list),
        constant=shapes.scalar(members["constant"], "constant") if "constant" in members else None,
        same=shapes.text(same, "same") if same else "",
        same_place=same.place if same else None,
        steps=_steps(members["steps"], shapes) if "steps" in members else (),
        part=shapes.text(members["part"], "part") if "part" in members else "",
        default=shapes.scalar(members["default"], "default") if "default" in members else None,
        to=shapes.choice(to, "to", ENTITIES) if to else "",
        to_place=to.place if to else None,
        missing="drop" if _word(members.get("missing"), shapes) == "drop" else "reject",
        none=_scalars(members.get("none"), shapes),
        compound=shapes.boolean(members["compound"], "compound") if "compound" in members else False,
    )


def _check_combination(what: str, node: Node, members: Mapping[str, Node], shapes: Shapes) -> None:
    if not isinstance(node.value, dict):
        return
    named = [key for key in words.SOURCES if key in members]
    if not named:
        shapes.fault(node, f"{what} does not say where its value comes from", "add `from:`, `constant:` or `same:`")
    if len(named) > 1:
        shapes.fault(members[named[1]], f"{what} has both {named[0]!r} and {named[1]!r}", "keep one")
    for key in ("missing", "none", "compound"):
        if key in members and "to" not in members:
            shapes.fault(members[key], f"{what}: {key!r} is for references", "add `to: <entity>`")
    if "compound" in members and not isinstance(members.get("from", node).value, list):
        shapes.fault(members["compound"], f"{what}: a compound id needs several columns", "write `from: [a, b]`")


def _word(node: Node | None, shapes: Shapes) -> str:
    return shapes.choice(node, "missing", words.POLICIES) if node else ""


def _scalars(node: Node | None, shapes: Shapes) -> tuple[Scalar, ...]:
    if node is None:
        return ()
    children = node.value if isinstance(node.value, list) else [node]
    return tuple("" if child.value == "" else shapes.scalar(child, "each entry of none") for child in children)


_VERB = re.compile(r"[a-z][a-z0-9_]*")


def _steps(node: Node, shapes: Shapes) -> tuple[StepUse, ...]:
    uses = []
    for child in shapes.sequence(node, "steps", f"write [{node.value}]" if isinstance(node.value, str) else ""):
        if isinstance(child.value, str):
            uses.append(StepUse(child.value, None, child.place))
        elif isinstance(child.value, dict) and len(child.value) == 1:
            ((verb, arguments),) = child.value.items()
            uses.append(StepUse(verb, arguments, arguments.place))
        elif isinstance(child.value, dict):
            shapes.fault(
                child, "a step has one verb", "write {verb: {argument: value}}, each step in brackets of its own"
            )
        else:
            shapes.text(child, "a step")
    return tuple(uses)
