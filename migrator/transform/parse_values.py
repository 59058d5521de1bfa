"""The grammar of values: where one comes from, and what happens to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from migrator.model.content import ENTITIES
from migrator.ports import MissingPolicy
from migrator.transform import vocabulary as words
from migrator.transform.conditions import parse_when
from migrator.transform.declaration import ColumnPath, FieldDeclaration, StepUse, ValueDeclaration
from migrator.transform.document import Node, Scalar
from migrator.transform.paths import Pivots, parse_path
from migrator.transform.shape import Shapes

_DEEPEST = 5
_NULL_ALWAYS = "the value would never be null"


class ValueGrammar:
    """Reads values of one mapping. ``pivots`` are its sides of pairs."""

    def __init__(self, shapes: Shapes, pivots: Pivots) -> None:
        self._shapes = shapes
        self._pivots = pivots

    def field(self, name: str, node: Node, keys: words.Keys = words.FIELD_KEYS, what: str = "") -> FieldDeclaration:
        """A field, or with other ``keys`` something made like one."""
        shapes, what = self._shapes, what or f"field {name!r}"
        if isinstance(node.value, str):
            hint = f"write {{from: {node.value}}}"
            shapes.fault(node, f"{what} must be a mapping, not the text {node.value!r}", hint)
            return FieldDeclaration(name, node.place, ValueDeclaration(node.place))
        members = shapes.members(node, what, keys)
        self._check_reference(what, node, members)
        to, source = members.get("to"), members.get("source")
        return FieldDeclaration(
            name=name,
            place=node.place,
            value=self._value(what, node, members, 0),
            to=shapes.choice(to, "to", ENTITIES) if to else "",
            to_place=to.place if to else None,
            source=shapes.text(source, "source") if source else "",
            source_place=source.place if source else None,
            missing=self._policy(members.get("missing")) or "reject",
            none=self._scalars(members.get("none")),
            compound=shapes.boolean(members["compound"], "compound") if "compound" in members else False,
            whole=shapes.boolean(members["whole"], "whole") if "whole" in members else False,
        )

    # --- values ---
    def _value(self, what: str, node: Node, members: Mapping[str, Node], depth: int) -> ValueDeclaration:
        """The value in a mapping whose keys are known to be right."""
        shapes = self._shapes
        self._check_sources(what, node, members)
        same, part, at = members.get("same"), members.get("part"), members.get("at")
        source = members.get("from")
        pick = next((pick for pick in words.PICKS if pick in members), "")
        return ValueDeclaration(
            place=node.place,
            paths=tuple(self._paths(source)) if source else (),
            is_list=source is not None and isinstance(source.value, list),
            constant=shapes.scalar(members["constant"], "constant") if "constant" in members else None,
            same=shapes.text(same, "same") if same else "",
            same_place=same.place if same else None,
            pick=pick,
            alternatives=self._alternatives(pick, members[pick], depth) if pick else (),
            members=self._members(members["object"], depth) if "object" in members else {},
            of=shapes.text(members["of"], "of") if "of" in members else "",
            when=parse_when(members["when"], shapes, self._pivots, _NULL_ALWAYS) if "when" in members else None,
            steps=self._steps(members["steps"]) if "steps" in members else (),
            part=shapes.text(part, "part") if part else "",
            part_place=part.place if part else None,
            default=shapes.scalar(members["default"], "default") if "default" in members else None,
            at=self._nested(at, "at", depth, words.VALUE_KEYS) if at else None,
        )

    def _members(self, node: Node, depth: int) -> dict[str, ValueDeclaration]:
        """The values of an object, by name."""
        named = self._shapes.mapping(node, "object", "write {name: column}")
        if isinstance(node.value, dict) and not named:
            self._shapes.fault(node, "the object has no members")
        return {name: self._nested(child, f"member {name!r}", depth, words.VALUE_KEYS) for name, child in named.items()}

    def _alternatives(self, pick: str, node: Node, depth: int) -> tuple[ValueDeclaration, ...]:
        shapes = self._shapes
        children = shapes.sequence(node, pick, f"write {pick}: [column, {{from: …}}]")
        if isinstance(node.value, list) and not children:
            shapes.fault(node, f"{pick} is an empty list")
        what = f"a value of {pick!r}"
        found = tuple(self._nested(child, what, depth, words.ALTERNATIVE_KEYS) for child in children)
        for value in found:
            if value.at and pick not in words.BY_AGE:
                hint = f"remove it, or write {' or '.join(f'`{each}:`' for each in words.BY_AGE)}"
                shapes.faults.append(value.at.place.fault(f"{what}: 'at' is for picks by age", hint))
        if pick == "choose":
            for child, value in zip(children[:-1], found[:-1], strict=True):
                if value.when is None:
                    shapes.fault(child, "a value of 'choose' without `when` ends the choice", "put it last")
        return found

    def _nested(self, node: Node, what: str, depth: int, keys: words.Keys) -> ValueDeclaration:
        """A value inside a value: a text is short for ``{from: text}``."""
        if depth >= _DEEPEST:
            self._shapes.fault(node, f"values are nested more than {_DEEPEST} deep")
            return ValueDeclaration(node.place)
        if isinstance(node.value, str):
            return ValueDeclaration(node.place, paths=tuple(self._paths(node)))
        return self._value(what, node, self._shapes.members(node, what, keys), depth + 1)

    def _paths(self, node: Node) -> Iterator[ColumnPath]:
        for text in self._shapes.texts(node, "from"):
            path = parse_path(text, node.place, self._shapes, self._pivots)
            if path:
                yield path

    def _check_sources(self, what: str, node: Node, members: Mapping[str, Node]) -> None:
        if not isinstance(node.value, dict):
            return
        shapes = self._shapes
        named = [key for key in words.SOURCES if key in members]
        if not named:
            shapes.fault(node, f"{what} does not say where its value comes from", "add `from:`, `constant:` or `same:`")
        if len(named) > 1:
            shapes.fault(members[named[1]], f"{what} has both {named[0]!r} and {named[1]!r}", "keep one")
        if "of" in members and "object" not in members:
            shapes.fault(members["of"], f"{what}: 'of' is for objects", "add `object: {…}`")

    def _check_reference(self, what: str, node: Node, members: Mapping[str, Node]) -> None:
        shapes = self._shapes
        for key in ("source", "missing", "none", "compound", "whole"):
            if key in members and "to" not in members:
                shapes.fault(members[key], f"{what}: {key!r} is for references", "add `to: <entity>`")
        if "compound" in members and not isinstance(members.get("from", node).value, list):
            shapes.fault(members["compound"], f"{what}: a compound id needs several columns", "write `from: [a, b]`")
        for key in ("compound", "source"):
            if "whole" in members and key in members:
                shapes.fault(
                    members[key], f"{what}: a whole key says its source and its id itself", f"leave {key!r} out"
                )

    # --- what stands beside ---
    def _policy(self, node: Node | None) -> MissingPolicy | None:
        word = self._shapes.choice(node, "missing", words.POLICIES) if node else ""
        return next((policy for policy in words.POLICIES if policy == word), None)

    def _scalars(self, node: Node | None) -> tuple[Scalar, ...]:
        if node is None:
            return ()
        children = node.value if isinstance(node.value, list) else [node]
        return tuple(
            "" if child.value == "" else self._shapes.scalar(child, "each entry of none") for child in children
        )

    def _steps(self, node: Node) -> tuple[StepUse, ...]:
        shapes, uses = self._shapes, []
        for child in shapes.sequence(node, "steps", f"write [{node.value}]" if isinstance(node.value, str) else ""):
            if isinstance(child.value, str):
                uses.append(StepUse(child.value, None, child.place))
            elif isinstance(child.value, dict) and len(child.value) == 1:
                ((verb, arguments),) = child.value.items()
                uses.append(StepUse(verb, arguments, arguments.place))
            elif isinstance(child.value, dict):
                hint = "write {verb: {argument: value}}, each step in brackets of its own"
                shapes.fault(child, "a step has one verb", hint)
            else:
                shapes.text(child, "a step")
        return tuple(uses)
