"""From declared values to functions of a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

from migrator.errors import Fault
from migrator.transform.arguments import make_step
from migrator.transform.conditions import compile_when
from migrator.transform.declaration import EntityDeclaration, ValueDeclaration
from migrator.transform.objects import JsonObject
from migrator.transform.paths import compile_path
from migrator.transform.picks import Candidate, Make, by_age, choose, first, longest
from migrator.transform.pipeline import Context, Move, as_move
from migrator.transform.registry import verbs

Labelled = tuple[str, Move]
"""A move and the words it is shown by."""


class ValueCompiler:
    """Compiles values of one mapping. What cannot be compiled becomes a fault."""

    def __init__(self, declaration: EntityDeclaration, faults: list[Fault]) -> None:
        self._declaration = declaration
        self._faults = faults

    def whole(self, value: ValueDeclaration) -> Make:
        """A function that makes the value, its steps, part and default included."""
        fetch = self.fetch(value)
        moves = [move for _, move in (*self.steps(value), *self.ending(value))]
        if not moves:
            return fetch

        def make(context: Context) -> Any:
            made = fetch(context)
            for move in moves:
                made = move(made, context)
            return made

        return make

    def steps(self, value: ValueDeclaration) -> list[Labelled]:
        """The steps in order. Of a value that is taken over a part is meant before they begin."""
        moves: list[Labelled] = [_part(value)] if value.same and value.part else []
        for use in value.steps:
            step, wrong = make_step(use, self._declaration)
            if step is None:
                self._faults.extend(wrong or [use.place.fault(f"the step {use.verb!r} cannot be used")])
            else:
                moves.append((use.verb, as_move(step, verbs()[use.verb])))
        return moves

    def ending(self, value: ValueDeclaration) -> list[Labelled]:
        """What comes behind the steps: part and default."""
        moves = [_part(value)] if value.part and not value.same else []
        if value.default is not None:
            default = value.default
            moves.append(("default", lambda made, _context: default if made is None else made))
        return moves

    def fetch(self, value: ValueDeclaration) -> Make:
        """A function that says where the value comes from; null where its conditions do not hold."""
        make = self._source(value)
        if value.when is None:
            return make
        holds = compile_when(value.when)
        return lambda context: make(context) if holds(context.row) else None

    def _source(self, value: ValueDeclaration) -> Make:
        if value.same:
            same = value.same
            return lambda context: context.shared[same]
        if value.paths:
            return _from(value)
        if value.pick:
            return self._pick(value)
        if value.members:
            return self._object(value)
        constant = value.constant
        return lambda _context: constant

    def _pick(self, value: ValueDeclaration) -> Make:
        inner = value.alternatives
        if value.pick == "choose":
            # An alternative's own condition decides here already; it need not be asked twice.
            free = [self.whole(replace(each, when=None)) for each in inner]
            return choose([(compile_when(e.when) if e.when else None, m) for e, m in zip(inner, free, strict=True)])
        makes = [self.whole(each) for each in inner]
        if value.pick == "first":
            return first(makes)
        candidates = [
            Candidate(name_of(each, number), make, self.whole(each.at) if each.at else None)
            for number, (each, make) in enumerate(zip(inner, makes, strict=True), 1)
        ]
        return longest(candidates) if value.pick == "longest" else by_age(candidates, newest=value.pick == "newest")

    def _object(self, value: ValueDeclaration) -> Make:
        members = [(name, self.whole(member)) for name, member in value.members.items()]
        make = _object_of(members)
        if not value.of:
            return make
        side = value.of

        def many(context: Context) -> list[JsonObject]:
            rows = context.row.sides.get(side, ())
            made = (make(context.at(replace(context.row, sides={**context.row.sides, side: [row]}))) for row in rows)
            return [each for each in made if each is not None]

        return many


def name_of(value: ValueDeclaration, number: int) -> str:
    """How an alternative is called in notes."""
    return ", ".join(map(str, value.paths)) or value.same or f"value {number}"


def _object_of(members: Sequence[tuple[str, Make]]) -> Callable[[Context], JsonObject | None]:
    def make(context: Context) -> JsonObject | None:
        made = JsonObject((name, value) for name, member in members if (value := member(context)) is not None)
        return made or None

    return make


def _from(value: ValueDeclaration) -> Make:
    fetches = [compile_path(path) for path in value.paths]
    if value.is_list:
        return lambda context: [fetch(context.row) for fetch in fetches]
    fetch = fetches[0]
    return lambda context: fetch(context.row)


def _part(value: ValueDeclaration) -> Labelled:
    get = attrgetter(value.part)
    return f"part {value.part}", lambda made, _context: None if made is None else get(made)
