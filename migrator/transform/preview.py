"""Showing what a mapping does to one row, move by move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from migrator.model.outcome import Note
from migrator.model.record import SourceRow
from migrator.ports import Decided, Led, Transformed
from migrator.transform.compile import CompiledMapping, refused
from migrator.transform.pipeline import Context, Pipeline


@dataclass(frozen=True, slots=True)
class Change:
    """One move of a field: the step's name and the value before and after it."""

    step: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Trace:
    """What happened at one rule, in one field, or to the record as a whole.

    ``rule``: ``value`` is True where it matched, and ``decision`` what it decided. ``field``: ``changes`` are its
    steps, in order, up to the one that failed; ``decision`` is set where the field kept the record out. ``record``:
    the last trace; ``decision`` is what ``transform`` gives.
    """

    kind: Literal["rule", "field", "record"]
    name: str
    place: str
    value: Any
    changes: tuple[Change, ...] = ()
    decision: Transformed | Decided | Led | None = None
    notes: tuple[Note, ...] = ()


def preview(mapping: CompiledMapping, row: SourceRow) -> list[Trace]:
    """Every rule up to the one that decides, every field with each of its steps, and the outcome at the end.

    All fields are shown, also those behind one that kept the record out, and those of a row that a rule decided.
    """
    traces = _rules(mapping, row)
    context = Context(row)
    traces += [_field(pipeline, context) for pipeline in mapping.pipelines]
    outcome = mapping.transform(row)
    return [*traces, Trace("record", row.key, "", None, decision=outcome, notes=outcome.notes)]


def _rules(mapping: CompiledMapping, row: SourceRow) -> list[Trace]:
    decision = mapping.judge(row)
    traces = []
    for rule, _, _ in mapping.rules:
        decided = decision if decision is not None and decision.rule == str(rule.place) else None
        traces.append(Trace("rule", rule.name, str(rule.place), decided is not None, decision=decided))
        if decided:
            break
    return traces


def _field(pipeline: Pipeline, context: Context) -> Trace:
    context.field = pipeline.name
    context.notes = []
    changes: list[Change] = []
    value: Any = None
    decision: Decided | None = None
    try:
        value = pipeline.fetch(context)
        for number, stage in enumerate(pipeline.stages):
            before, value = value, stage.move(value, context)
            changes.append(Change(stage.label, before, value))
            if number + 1 == len(pipeline.steps):
                context.shared[pipeline.name] = value
        if not pipeline.steps:
            context.shared[pipeline.name] = pipeline.fetch(context)
    except Exception as error:  # as in transform: whatever a step stumbles over is shown, not raised
        decision = refused(error, pipeline, context)
    return Trace("field", pipeline.name, str(pipeline.place), value, tuple(changes), decision, tuple(context.notes))
