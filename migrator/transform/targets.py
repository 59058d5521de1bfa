"""Checking what a mapping makes against the fields the target entity has."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from migrator.errors import Fault, SetAside
from migrator.model.content import ENTITIES, PLURAL, REFERENCES, Field, Kind
from migrator.transform.arguments import make_step
from migrator.transform.declaration import EntityDeclaration, FieldDeclaration, ValueDeclaration
from migrator.transform.estate import Estate
from migrator.transform.fields import compile_finish
from migrator.transform.results import Follower, Result
from migrator.transform.shape import closest, nearest
from migrator.transform.verb import Gives

_NUMBERS = frozenset({Kind.INTEGER, Kind.TEXT, Kind.TEXTS, *REFERENCES})
_SUITS: Mapping[Gives, frozenset[Kind]] = {
    "text": frozenset({Kind.TEXT, Kind.HTML, Kind.TEXTS, *REFERENCES}),
    "integer": _NUMBERS,
    "number": _NUMBERS,
    "boolean": frozenset({Kind.BOOLEAN}),
    "instant": frozenset({Kind.INSTANT}),
    "list": PLURAL,
    "parts": frozenset(),
    "object": frozenset({Kind.TEXT, Kind.TEXTS}),
    "any": frozenset(Kind),
}
"""Kinds of field that a step's result fits."""

_ADVICE = {
    Kind.INTEGER: "add the step integer",
    Kind.BOOLEAN: "add the step boolean, equals or at_least",
    Kind.INSTANT: "add the step unix_time, local_time or utc_time",
}

_MOMENTS = frozenset({"instant", "integer", "number", "any"})


def check_targets(declaration: EntityDeclaration, estate: Estate, faults: list[Fault]) -> None:
    """Add what is wrong with the fields, with where rules lead, and with the merge rule."""
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
        _check_constants(declared.value, declared, target, faults)
        _check_reference(declared, target, declaration, estate, faults)
        if steps_are_right:
            _check_result(declared, target, declaration, faults)
    for rule in declaration.rules:
        if rule.into:
            _check_into(rule.into, declaration, estate, faults)
    _check_same(declaration, filled, faults)
    _check_merge(declaration, filled, faults)


def _check_steps(field: FieldDeclaration, declaration: EntityDeclaration, faults: list[Fault]) -> bool:
    before = len(faults)
    for use in field.steps:
        faults.extend(make_step(use, declaration)[1])
    return len(faults) == before


def _check_constants(value: ValueDeclaration, declared: FieldDeclaration, target: Field, faults: list[Fault]) -> None:
    """Constants and defaults that nothing changes any more must fit the field."""
    if declared.to:
        return
    _fits("default", value.default, value, target, faults)
    if value.steps:
        return
    _fits("constant", value.constant, value, target, faults)
    for inner in value.alternatives:
        _check_constants(inner, declared, target, faults)


def _fits(word: str, said: object, value: ValueDeclaration, target: Field, faults: list[Fault]) -> None:
    if said is None:
        return
    try:
        compile_finish(target)(said)
    except SetAside as error:
        faults.append(value.place.fault(f"{word} does not fit {target.name!r}: {error.detail}"))


def _check_reference(
    declared: FieldDeclaration, target: Field, declaration: EntityDeclaration, estate: Estate, faults: list[Fault]
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
    mapped = _mapped(declared, declaration, estate, faults)
    if mapped is not None and target.to not in mapped:
        where = f" in source {declared.source!r}" if declared.source else ""
        hint = f"write {target.to}.yaml, or leave {target.name!r} out"
        faults.append(place.fault(f"nothing is mapped to {target.to}{where}, where {target.name!r} points", hint))
    order = list(ENTITIES)
    if order.index(target.to) > order.index(declaration.entity):
        message = f"{target.to} is loaded after {declaration.entity}, so {target.name!r} cannot point there"
        faults.append(place.fault(message))
    if declared.compound and target.kind in PLURAL:
        faults.append(declared.place.fault(f"{target.name!r} is a list; a compound id makes one reference"))


def _mapped(
    declared: FieldDeclaration, declaration: EntityDeclaration, estate: Estate, faults: list[Fault]
) -> Collection[str] | None:
    """Entities that have a mapping in the source that is pointed to; None, with a fault, where there is no such source."""
    facts = estate.get(declared.source or declaration.source)
    if facts is None:
        place = declared.source_place or declared.place
        faults.append(place.fault(f"there is no source {declared.source!r}", nearest(declared.source, estate)))
        return None
    return facts.entities


def _check_into(into: FieldDeclaration, declaration: EntityDeclaration, estate: Estate, faults: list[Fault]) -> None:
    """A row can only be one with a record of its own entity."""
    steps_are_right = _check_steps(into, declaration, faults)
    place = into.to_place or into.place
    if into.to and into.to != declaration.entity:
        message = f"a row of {declaration.entity} cannot be one with a {into.to}"
        faults.append(place.fault(message, f"write `to: {declaration.entity}`"))
    elif into.to:
        mapped = _mapped(into, declaration, estate, faults)
        if mapped is not None and into.to not in mapped:
            faults.append(place.fault(f"nothing is mapped to {into.to} in source {into.source!r}"))
    if into.follows:
        faults.append(into.place.fault("a rule is asked before any field is made", "use `from:` instead of `same:`"))
    elif steps_are_right and not into.compound:
        results = Follower(declaration.fields, faults).whole(into.value)
        if any(result.is_list for result in results):
            faults.append(into.place.fault("a row can be one with a single record", "add the step first or nth"))


def _check_result(
    declared: FieldDeclaration, target: Field, declaration: EntityDeclaration, faults: list[Fault]
) -> None:
    """Follow the value through the steps: is it a list at the end, and of a type that fits?"""
    results = Follower(declaration.fields, faults).whole(declared.value)
    for fault in dict.fromkeys(_misfit(result, declared, target) for result in results):
        if fault:
            faults.append(fault)
    for value in declared.value.all():
        for result in Follower(declaration.fields).whole(value.at) if value.at else ():
            if result.is_list or result.gives not in _MOMENTS:
                message = f"`at` gives {'a list' if result.is_list else result.gives}, not an instant"
                faults.append(value.place.fault(message, _ADVICE[Kind.INSTANT]))


def _misfit(result: Result, declared: FieldDeclaration, target: Field) -> Fault | None:
    name = target.name
    is_single = target.kind not in PLURAL and not declared.compound
    if result.is_list and is_single and not (result.gives == "object" and target.kind is Kind.TEXT):
        hint = "add the step first, nth, coalesce, join or format"
        return declared.place.fault(f"{name!r} takes one value, and this gives a list", hint)
    if result.gives == "parts":
        parts = list(result.parts) or ["html", "text", "words"]
        hint = f"add {', '.join(f'`part: {part}`' for part in parts[:-1])} or `part: {parts[-1]}`"
        return declared.place.fault(f"the last step of {name!r} gives several parts", hint)
    if target.kind not in _SUITS[result.gives]:
        message = f"{name!r} is of kind {target.kind.value}, and its last step gives {result.gives}"
        return declared.place.fault(message, _ADVICE.get(target.kind, ""))
    return None


def _check_same(declaration: EntityDeclaration, filled: Collection[str], faults: list[Fault]) -> None:
    for field in declaration.fields.values():
        for value in field.value.all():
            if not value.same or value.same_place is None:
                continue
            if value.same not in filled:
                hint = nearest(value.same, declaration.fields)
                faults.append(value.same_place.fault(f"`same` names {value.same!r}, which is not filled", hint))
            elif _comes_back(field.name, value.same, declaration):
                faults.append(value.same_place.fault(f"`same: {value.same}` goes round in a circle", "use `from:`"))


def _comes_back(name: str, to: str, declaration: EntityDeclaration) -> bool:
    """Whether following ``same`` from a field leads to the field ``name``."""
    seen, ahead = set[str](), [to]
    while ahead:
        at = ahead.pop()
        if at == name:
            return True
        if at in declaration.fields and at not in seen:
            seen.add(at)
            ahead += declaration.fields[at].follows
    return False


def _check_merge(declaration: EntityDeclaration, filled: Collection[str], faults: list[Fault]) -> None:
    merge = declaration.merge
    for name in merge.on if merge else ():
        if merge and name not in filled:
            hint = nearest(name, declaration.fields)
            faults.append(merge.place.fault(f"merge names {name!r}, which is not filled", hint))
