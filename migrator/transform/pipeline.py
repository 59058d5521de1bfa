"""Pipelines: a field's steps as one chain of calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from migrator.model.content import Value
from migrator.model.outcome import Note
from migrator.model.record import SourceRow
from migrator.ports import Step
from migrator.transform.document import Place
from migrator.transform.verb import Plain, Verb

Move = Callable[[Any, "Context"], Any]


class Context:
    """What one row's transformation carries along. It is the StepContext that steps see."""

    __slots__ = ("field", "notes", "row", "shared")

    def __init__(self, row: SourceRow) -> None:
        self.row = row
        self.field = ""
        self.notes: list[Note] = []
        self.shared: dict[str, Any] = {}

    def note(self, code: str, detail: str) -> None:
        """Put on record that something was changed or noticed on the field at hand."""
        self.notes.append(Note(code, self.field, detail))

    def at(self, row: SourceRow) -> Context:
        """The same context, for a part of the row: what is noted there is noted here."""
        inner = Context(row)
        inner.field, inner.notes, inner.shared = self.field, self.notes, self.shared
        return inner


@dataclass(frozen=True, slots=True)
class Stage:
    """One move of a pipeline, with the words it is shown by."""

    label: str
    move: Move


@dataclass(frozen=True, slots=True)
class Pipeline:
    """How one field is made: ``fetch``, then ``steps`` (whose result may be ``shared``), then ``ending``."""

    name: str
    place: Place
    fetch: Callable[[Context], Any]
    steps: tuple[Move, ...]
    ending: tuple[Move, ...]
    labels: tuple[str, ...]
    is_shared: bool

    def run(self, context: Context) -> Value:
        """The field's value. SetAside, or whatever a step raises."""
        context.field = self.name
        value = self.fetch(context)
        for move in self.steps:
            value = move(value, context)
        if self.is_shared:
            context.shared[self.name] = value
        for move in self.ending:
            value = move(value, context)
        result: Value = value
        return result

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Every move with its label, for showing them one by one."""
        return tuple(map(Stage, self.labels, (*self.steps, *self.ending)))


def as_move(step: Plain | Step, verb: Verb) -> Move:
    """A verb's step as a move: null passes it by; a list goes through entry by entry, or whole if the verb says so."""
    if not verb.notes:
        return _plain(cast(Plain, step), verb)
    act = cast(Step, step)
    if verb.whole:
        return lambda value, context: None if value is None else act(value, context)

    def move(value: Any, context: Context) -> Any:
        if value is None:
            return None
        if type(value) is list:
            return [None if each is None else act(each, context) for each in value]
        return act(value, context)

    return move


def _plain(act: Plain, verb: Verb) -> Move:
    if verb.whole:
        return lambda value, _context: None if value is None else act(value)

    def move(value: Any, _context: Context) -> Any:
        if value is None:
            return None
        if type(value) is list:
            return [None if each is None else act(each) for each in value]
        return act(value)

    return move
