"""Following a value through its steps without running them: what kind of thing comes out?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from migrator.errors import Fault
from migrator.transform.declaration import FieldDeclaration, StepUse, ValueDeclaration
from migrator.transform.registry import verbs
from migrator.transform.shape import nearest
from migrator.transform.verb import Gives

_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Result:
    """What a value may be: one thing or a list, of which type; and the parts it has, as far as they are known."""

    is_list: bool
    gives: Gives
    parts: Mapping[str, Gives] = field(default_factory=dict)


_ANYTHING = Result(False, "any")


class Follower:
    """Follows values of one mapping. Parts that do not exist become faults, if a list for them is given."""

    def __init__(self, fields: Mapping[str, FieldDeclaration], faults: list[Fault] | None = None) -> None:
        self._fields = fields
        self._faults = faults

    def whole(self, value: ValueDeclaration, depth: int = 0) -> list[Result]:
        """What may come out of the value; an entry for each alternative."""
        found = self._stepped(value, depth)
        if value.part and not value.same:
            found = [self._part(result, value) for result in found]
        return found

    def _stepped(self, value: ValueDeclaration, depth: int) -> list[Result]:
        found = self._source(value, depth)
        if value.part and value.same:
            found = [self._part(result, value) for result in found]
        for use in value.steps:
            found = [_after(result, use) for result in found]
        return found

    def _source(self, value: ValueDeclaration, depth: int) -> list[Result]:
        if depth > _DEEPEST:  # a circle, which is a fault already
            return [_ANYTHING]
        if value.same:
            other = self._fields.get(value.same)
            return Follower(self._fields)._stepped(other.value, depth + 1) if other else [_ANYTHING]
        if value.alternatives:
            return [result for inner in value.alternatives for result in self.whole(inner, depth + 1)]
        if value.members:
            return [Result(bool(value.of), "object")]
        return [Result(value.is_list or any(path.many for path in value.paths), "any")]

    def _part(self, result: Result, value: ValueDeclaration) -> Result:
        gives = result.parts.get(value.part)
        if gives is None and result.parts and self._faults is not None:
            place = value.part_place or value.place
            self._faults.append(place.fault(f"there is no part {value.part!r}", nearest(value.part, result.parts)))
        if gives == "list":
            return Result(True, "any")
        return Result(result.is_list, gives or "any")


def _after(result: Result, use: StepUse) -> Result:
    verb = verbs().get(use.verb)
    if verb is None:  # a fault already
        return _ANYTHING
    if verb.gives == "list":
        return Result(True, "any")
    return Result(result.is_list and not verb.whole, verb.gives, verb.parts)
