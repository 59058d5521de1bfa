"""Checking what a mapping makes against the fields the target entity has."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from migrator.errors import Fault, SetAside
from migrator.model.content import ENTITIES, PLURAL, REFERENCES, Field, Kind
from migrator.transform.arguments import make_step
from migrator.transform.declaration import EntityDeclaration, FieldDeclaration
from migrator.transform.fields import compile_finish
from migrator.transform.registry import verbs
from migrator.transform.shape import closest, nearest
from migrator.transform.verb import Gives

_SUITS: Mapping[Gives, frozenset[Kind]] = {
    "text": frozenset({Kind.TEXT, Kind.HTML, Kind.TEXTS, *REFERENCES}),
    "integer": frozenset({Kind.INTEGER, Kind.TEXT, Kind.TEXTS, *REFERENCES}),
    "boolean": frozenset({Kind.BOOLEAN}),
    "instant": frozenset({Kind.INSTANT}),
    "list": PLURAL,
    "parts": frozenset(),
    "any": frozenset(Kind),
}
"""Kinds of field that a step's result fits."""

_ADVICE = {
    Kind.INTEGER: "add the step integer",
    Kind.BOOLEAN: "add the step boolean, equals or at_least",
    Kind.INSTANT: "add the step unix_time, local_time or utc_time",
}


def check_targets(declaration: EntityDeclaration, mapped: Collection[str], faults: list[Fault]) -> None:
    """Add what is wrong with the fields and the merge rule. ``mapped`` are the entities that have a mapping."""
    known = ENTITIES[declaration.entity].by_name
    filled = declaration.fields.keys() | {closest(name, known) for name in declaration.fields.keys() - known.keys()}
    for name, field in known.items():
        if field.required and name not in filled:
            message = f"the required field {name!r} of {declaration.entity} is not filled"
            faults.append(declaration.place.fault(message, f"add `{name}:` under fields ({field.doc})"))
    for name, declared in declaration.fields.items():
        target = known.get(name)
        if target is None:
            hint = nearest(name, known)
            faults.append(declared.place.fault(f"{declaration.entity} has no field {name!r}", hint))
            continue
        steps_are_right = _check_steps(declared, declaration, faults)
        _check_constants(declared, target, faults)
        _check_reference(declared, target, declaration.entity, mapped, faults)
        if steps_are_right:
            _check_result(declared, target, faults)
    _check_same(declaration, filled, faults)
    _check_merge(declaration, filled, faults)


def _check_steps(field: FieldDeclaration, declaration: EntityDeclaration, faults: list[Fault]) -> bool:
    before = len(faults)
    for use in field.steps:
        faults.extend(make_step(use, declaration)[1])
    return len(faults) == before


def _check_constants(declared: FieldDeclaration, target: Field, faults: list[Fault]) -> None:
    if declared.steps and not declared.paths and not declared.same:
        return
    for word, value in (("constant", declared.constant), ("default", declared.default)):
        if value is None or declared.to or (word == "constant" and declared.steps):
            continue
        try:
            compile_finish(target)(value)
        except SetAside as error:
            faults.append(declared.place.fault(f"{word} does not fit {target.name!r}: {error.detail}"))


def _check_reference(
    declared: FieldDeclaration, target: Field, entity: str, mapped: Collection[str], faults: list[Fault]
) -> None:
    place = declared.to_place or declared.place
    if declared.to_place and not declared.to:
        return
    if target.to is None:
        if declared.to:
            faults.append(place.fault(f"{target.name!r} is no reference", "remove `to:`"))
        return
    if declared.to != target.to:
        message = f"{target.name!r} points to a {target.to}" + (f", not to {declared.to!r}" if declared.to else "")
        faults.append(place.fault(message, f"write `to: {target.to}`"))
        return
    if target.to not in mapped:
        hint = f"write {target.to}.yaml, or leave {target.name!r} out"
        faults.append(place.fault(f"nothing is mapped to {target.to}, where {target.name!r} points", hint))
    order = list(ENTITIES)
    if order.index(target.to) > order.index(entity):
        faults.append(place.fault(f"{target.to} is loaded after {entity}, so {target.name!r} cannot point there"))
    if declared.compound and target.kind in PLURAL:
        faults.append(declared.place.fault(f"{target.name!r} is a list; a compound id makes one reference"))


def _check_result(declared: FieldDeclaration, target: Field, faults: list[Fault]) -> None:
    """Follow the value through the steps: is it a list at the end, and of a type that fits?"""
    is_list = declared.is_list or any(path.many for path in declared.paths)
    gives: Gives = "any"
    for use in declared.steps:
        verb = verbs()[use.verb]
        is_list = verb.gives == "list" or (is_list and not verb.whole)
        gives = "any" if verb.gives == "list" else verb.gives
    if declared.part and not declared.same:
        gives = "any"
    if is_list and target.kind not in PLURAL and not declared.compound:
        hint = "add the step first, nth, coalesce or format"
        faults.append(declared.place.fault(f"{target.name!r} takes one value, and this gives a list", hint))
    elif gives == "parts":
        hint = "add `part: html`, `part: text` or `part: words`"
        faults.append(declared.place.fault(f"the last step of {target.name!r} gives several parts", hint))
    elif target.kind not in _SUITS[gives]:
        hint = _ADVICE.get(target.kind, "")
        message = f"{target.name!r} is of kind {target.kind.value}, and its last step gives {gives}"
        faults.append(declared.place.fault(message, hint))


def _check_same(declaration: EntityDeclaration, filled: Collection[str], faults: list[Fault]) -> None:
    for field in declaration.fields.values():
        if not field.same or field.same_place is None:
            continue
        if field.same not in filled:
            hint = nearest(field.same, declaration.fields)
            faults.append(field.same_place.fault(f"`same` names {field.same!r}, which is not filled", hint))
        elif _comes_back(field, declaration):
            faults.append(field.same_place.fault(f"`same: {field.same}` goes round in a circle", "use `from:`"))


def _comes_back(field: FieldDeclaration, declaration: EntityDeclaration) -> bool:
    """Whether following ``same`` from a field leads to that field again."""
    seen = set[str]()
    at = field.same
    while at in declaration.fields and at not in seen:
        if at == field.name:
            return True
        seen.add(at)
        at = declaration.fields[at].same
    return False


def _check_merge(declaration: EntityDeclaration, filled: Collection[str], faults: list[Fault]) -> None:
    merge = declaration.merge
    for name in merge.on if merge else ():
        if merge and name not in filled:
            hint = nearest(name, declaration.fields)
            faults.append(merge.place.fault(f"merge names {name!r}, which is not filled", hint))
