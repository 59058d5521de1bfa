"""Binding: from arguments as written to the values a verb's ``make`` is given."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from migrator.errors import ConfigurationError, Fault
from migrator.model.content import ENTITIES
from migrator.ports import Step
from migrator.transform.conditions import parse_pattern
from migrator.transform.crosswalk import Crosswalk
from migrator.transform.declaration import EntityDeclaration, StepUse
from migrator.transform.document import Node
from migrator.transform.inherit import has_unfilled
from migrator.transform.outside import SHORTEST_SECRET
from migrator.transform.project_code import CodeError, ProjectFunction, load_function
from migrator.transform.registry import verbs
from migrator.transform.shape import Shapes, nearest
from migrator.transform.verb import Plain, Verb
from migrator.transform.vocabulary import FIELD_KEYS

SOURCE = "source"
"""The type of an argument that is not written, but filled in with the name of the source."""

Read = Callable[[Node, str, Shapes], Any]


def _map(node: Node, what: str, shapes: Shapes) -> dict[str, Any]:
    """Legacy value -> new value; a new value may be null."""
    members = shapes.mapping(node, what, "write {legacy value: new value}")
    return {
        key: None if child.value is None else shapes.scalar(child, f"{what}: {key}") for key, child in members.items()
    }


def _scalars(node: Node, what: str, shapes: Shapes) -> tuple[Any, ...]:
    children = node.value if isinstance(node.value, list) else [node]
    return tuple(shapes.scalar(child, what) for child in children)


def _links(node: Node, what: str, shapes: Shapes) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Pairs (pattern with a group ``id``, entity)."""
    pairs: list[tuple[re.Pattern[str], str]] = []
    for entity, child in shapes.mapping(node, what, "write {article: ['pattern']}").items():
        if entity not in ENTITIES:
            shapes.fault(child, f"there is no entity {entity!r}", nearest(entity, ENTITIES))
        for each in child.value if isinstance(child.value, list) else [child]:
            pattern = parse_pattern(each, f"a pattern of {what}", shapes)
            if pattern and "id" not in pattern.groupindex:
                shapes.fault(each, f"the pattern {pattern.pattern!r} has no group `id`", r"write (?P<id>\d+)")
            elif pattern:
                pairs.append((pattern, entity))
    return tuple(pairs)


def _zone(node: Node, what: str, shapes: Shapes) -> ZoneInfo | None:
    name = shapes.text(node, what)
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        shapes.fault(node, f"there is no time zone {name!r}", "write a name like Asia/Ho_Chi_Minh")
        return None


def _number(node: Node, what: str, shapes: Shapes) -> Decimal | None:
    value = shapes.scalar(node, what)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    if value is not None:
        shapes.fault(node, f"{what} must be a number", "remove the quotes" if isinstance(value, str) else "")
    return None


def _reference(node: Node, what: str, shapes: Shapes) -> str:
    """A reference to a secret; a secret itself in the file is a fault, and is not repeated."""
    text = shapes.text(node, what)
    if not text or has_unfilled(text) or re.match(r"(?:env|file):.", text):
        return text
    shapes.fault(node, f"{what} must name a secret, not be one", "write env:NAME or file:PATH")
    return ""


TYPES: Mapping[str, Read] = {
    "text": lambda node, what, shapes: "" if node.value == "" else shapes.text(node, what),
    "texts": lambda node, what, shapes: shapes.texts(node, what),
    "integer": lambda node, what, shapes: shapes.integer(node, what),
    "boolean": lambda node, what, shapes: shapes.boolean(node, what),
    "scalar": lambda node, what, shapes: shapes.scalar(node, what),
    "scalars": _scalars,
    "map": _map,
    "pattern": parse_pattern,
    "links": _links,
    "zone": _zone,
    "number": _number,
    "crosswalk": lambda node, what, shapes: shapes.text(node, what),
    "secret": _reference,
    "python": lambda node, what, shapes: shapes.text(node, what),
}
"""How an argument of each type is read. What lies outside the mapping is read as its name here, and looked up then."""


def _written(verb: Verb, use: StepUse, shapes: Shapes) -> dict[str, Node]:
    """The arguments by name, as written."""
    if use.arguments is None:
        return {}
    names = {argument.name: argument for argument in verb.arguments if argument.type != SOURCE}
    if isinstance(use.arguments.value, dict):
        return shapes.members(use.arguments, f"step {verb.name!r}", names)
    if not names:
        shapes.fault(use.arguments, f"step {verb.name!r} takes no argument", f"write just {verb.name}")
        return {}
    return {verb.arguments[0].name: use.arguments}


def bind(use: StepUse, declaration: EntityDeclaration) -> tuple[dict[str, Any] | None, list[Fault]]:
    """The arguments of a step, ready for ``make``, or None and what is wrong with them.

    None without a fault: the crosswalk is there, but reading it gave faults already.
    """
    verb = verbs().get(use.verb)
    if verb is None:
        beside = f"{use.verb!r} stands beside `steps`, not in it" if use.verb in FIELD_KEYS else ""
        return None, [use.place.fault(f"unknown step {use.verb!r}", beside or nearest(use.verb, verbs()))]
    shapes = Shapes()
    written = _written(verb, use, shapes)
    bound: dict[str, Any] = {}
    for argument in verb.arguments:
        node = written.get(argument.name)
        if argument.type == SOURCE:
            bound[argument.name] = declaration.source
        elif node is not None:
            what = f"step {verb.name!r}: {argument.name}"
            value = TYPES[argument.type](node, what, shapes)
            look_up = _OUTSIDE.get(argument.type)
            bound[argument.name] = look_up(value, node, declaration, shapes) if look_up else value
        elif argument.required:
            hint = f"{argument.name}: {argument.doc}"
            shapes.faults.append(use.place.fault(f"step {verb.name!r} needs {argument.name!r}", hint))
        else:
            bound[argument.name] = _default(argument.type, argument.default)
    usable = not shapes.faults and all(bound[each.name] is not None for each in verb.arguments if each.required)
    return (bound if usable else None), shapes.faults


def _default(kind: str, default: Any) -> Any:
    return ZoneInfo(default) if kind == "zone" else default


def _crosswalk(name: str, node: Node, declaration: EntityDeclaration, shapes: Shapes) -> Crosswalk | None:
    crosswalk = declaration.crosswalks.get(name)
    if name and crosswalk is None and name not in declaration.crosswalk_names:
        hint = nearest(name, declaration.crosswalk_names) or f"write crosswalks/{name}.csv"
        shapes.fault(node, f"there is no crosswalk {name!r}", hint)
    return crosswalk


def _secret(reference: str, node: Node, declaration: EntityDeclaration, shapes: Shapes) -> bytes | None:
    """The secret's bytes. Its value is nowhere else, and in no message."""
    resolve = declaration.outside.secret
    if not reference or has_unfilled(reference):
        return None
    if resolve is None:
        shapes.fault(node, "there are no secrets to be had here")
        return None
    try:
        value = resolve(reference)
    except ConfigurationError as error:
        shapes.fault(node, error.message, error.next_step)
        return None
    if len(value) < SHORTEST_SECRET:
        hint = "make one: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
        shapes.fault(node, f"the secret {reference} is shorter than {SHORTEST_SECRET} characters", hint)
        return None
    return value.encode()


def _function(reference: str, node: Node, declaration: EntityDeclaration, shapes: Shapes) -> ProjectFunction | None:
    folder = declaration.outside.python
    if not reference or has_unfilled(reference):
        return None
    if folder is None:
        hint = "read the file, then add --allow-python to the command"
        shapes.fault(node, "Python files of the project are not run unless you allow it", hint)
        return None
    try:
        return load_function(reference, folder)
    except CodeError as error:
        shapes.fault(node, error.message, error.hint)
        return None


_OUTSIDE: Mapping[str, Callable[[Any, Node, EntityDeclaration, Shapes], Any]] = {
    "crosswalk": _crosswalk,
    "secret": _secret,
    "python": _function,
}


def make_step(use: StepUse, declaration: EntityDeclaration) -> tuple[Plain | Step | None, list[Fault]]:
    """The step as its verb makes it, or None with what is wrong, as far as no other fault says it already."""
    arguments, faults = bind(use, declaration)
    if arguments is None:
        return None, faults
    try:
        return verbs()[use.verb].make(**arguments), faults
    except (ValueError, re.error) as error:
        return None, [use.place.fault(f"step {use.verb!r}: {error}")] if _is_filled(use.arguments) else []


def _is_filled(node: Node | None) -> bool:
    """Whether every variable was known; if not, that is a fault already, and what follows from it is none."""
    children = node.value if node else None
    if isinstance(children, list | dict):
        return all(_is_filled(child) for child in (children.values() if isinstance(children, dict) else children))
    return not (isinstance(children, str) and has_unfilled(children))


def crosswalks_named(declaration: EntityDeclaration) -> Iterator[str]:
    """Names of the crosswalks the steps of a declaration use."""
    return (str(node.value) for node in _written_as("crosswalk", declaration) if isinstance(node.value, str))


def outside_used(declaration: EntityDeclaration) -> dict[str, str]:
    """Reference -> digest (hex) of every secret and every Python file the steps use; those that fail are left out."""
    used = {}
    for node in _written_as("python", declaration):
        function = _function(str(node.value), node, declaration, Shapes())
        if function:
            used[f"python {node.value}"] = function.digest
    for node in _written_as("secret", declaration):
        secret = _secret(str(node.value), node, declaration, Shapes())
        if secret:
            used[f"secret {node.value}"] = hmac.digest(secret, b"fingerprint of a mapping", "sha256").hex()
    return used


def _written_as(kind: str, declaration: EntityDeclaration) -> Iterator[Node]:
    """What the steps of a declaration say for arguments of a type."""
    for use in (use for made in declaration.made for use in made.steps):
        verb = verbs().get(use.verb)
        written = _written(verb, use, Shapes()) if verb else {}
        for argument in verb.arguments if verb else ():
            node = written.get(argument.name)
            if argument.type == kind and node:
                yield node
