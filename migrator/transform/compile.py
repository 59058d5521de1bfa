"""From a checked declaration to the function that runs on every row."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from migrator.errors import ConfigurationError, Fault, SetAside
from migrator.model.content import ENTITIES, PLURAL, EntityType, Field, Value
from migrator.model.outcome import Bucket, Note
from migrator.model.record import Record, SourceRow, digest
from migrator.model.source import Selection
from migrator.ports import Decided, MissingPolicy, Transformed
from migrator.transform.arguments import make_step
from migrator.transform.conditions import Holds, compile_when
from migrator.transform.declaration import EntityDeclaration, FieldDeclaration, RuleDeclaration
from migrator.transform.fields import compile_finish
from migrator.transform.paths import compile_path
from migrator.transform.pipeline import Context, Move, Pipeline, as_move
from migrator.transform.references import compile_reference
from migrator.transform.registry import verbs
from migrator.transform.vocabulary import VERDICTS

TRANSFORM_VERSION = 1
"""Raised with every change of code that makes another record of the same row and the same mapping."""


class CompiledMapping:
    """The mapping of one entity, ready to run. It is a :class:`migrator.ports.EntityMapping`."""

    def __init__(
        self,
        declaration: EntityDeclaration,
        rules: tuple[tuple[RuleDeclaration, Holds], ...],
        pipelines: tuple[Pipeline, ...],
    ) -> None:
        entity = ENTITIES[declaration.entity]
        self._entity = entity.name
        self._selection = selection_of(declaration)
        self._fingerprint = fingerprint_of(declaration)
        self.rules = rules
        self.pipelines = pipelines
        self._blank: Mapping[str, Value] = {f.name: () if f.kind in PLURAL else None for f in entity.fields}
        self._missing = _missing_policies(declaration, entity)
        self._merge_on = declaration.merge.on if declaration.merge else ()

    @property
    def entity(self) -> str:
        """Name of the target entity."""
        return self._entity

    @property
    def selection(self) -> Selection:
        """What to read."""
        return self._selection

    @property
    def fingerprint(self) -> bytes:
        """Digest (32 bytes) of everything that decides the result."""
        return self._fingerprint

    def transform(self, row: SourceRow) -> Transformed | Decided:
        """The record for a row, or what keeps it out. Does not raise for bad data."""
        decided = self.judge(row)
        if decided is not None:
            return decided
        context = Context(row)
        values = dict(self._blank)
        for pipeline in self.pipelines:
            try:
                values[pipeline.name] = pipeline.run(context)
            except Exception as error:  # whatever a step stumbles over, the run goes on with the next row
                return refused(error, pipeline, context)
        return Transformed(
            Record(row.key, self._entity, values), self._missing, self._merge_digest(values), tuple(context.notes)
        )

    def judge(self, row: SourceRow) -> Decided | None:
        """What the first rule that matches says; None where none does."""
        for rule, holds in self.rules:
            try:
                if holds(row):
                    return Decided(VERDICTS[rule.then], rule.name, str(rule.place), rule.reason)
            except Exception as error:  # a rule that stumbles must not let the row through
                return _failed(f"rule {rule.name}", str(rule.place), "", error, [])
        return None

    def _merge_digest(self, values: Mapping[str, Value]) -> bytes | None:
        parts = [values[name] for name in self._merge_on]
        if all(part is None or part == "" or part == () for part in parts):
            return None
        return digest(parts)


def refused(error: Exception, pipeline: Pipeline, context: Context) -> Decided:
    """The decision for an error in a field: its reason where it is a SetAside, else ``step-failed``, with a note."""
    if isinstance(error, SetAside):
        detail = f"{pipeline.name}: {error.detail}"
        return Decided(Bucket.REJECTED, error.code, str(pipeline.place), detail, tuple(context.notes))
    return _failed(pipeline.name, str(pipeline.place), pipeline.name, error, context.notes)


def _failed(what: str, rule: str, field: str, error: Exception, notes: list[Note]) -> Decided:
    text = f"{type(error).__name__}: {error}"
    return Decided(Bucket.REJECTED, "step-failed", rule, f"{what}: {text}", (*notes, Note("step-failed", field, text)))


def compile_mapping(declaration: EntityDeclaration) -> CompiledMapping:
    """The mapping, ready to run. ConfigurationError for a declaration that was not checked, or did not pass."""
    rules = tuple((rule, compile_when(rule.when)) for rule in declaration.rules)
    entity, faults = ENTITIES[declaration.entity].by_name, list[Fault]()
    shared = {field.same for field in declaration.fields.values()}
    pipelines = tuple(
        _compile_field(declaration.fields[name], entity[name], declaration, name in shared, faults)
        for name in _in_order(declaration.fields)
    )
    if faults:
        raise ConfigurationError(f"the mapping of {declaration.entity} cannot be used", "Run `mapping check`.", faults)
    return CompiledMapping(declaration, rules, pipelines)


def _in_order(fields: Mapping[str, FieldDeclaration]) -> list[str]:
    """Field names so that a field comes after the one it is the ``same`` as."""
    order: dict[str, None] = {}

    def visit(name: str) -> None:
        if name not in order:
            if fields[name].same:
                visit(fields[name].same)
            order[name] = None

    for name in fields:
        visit(name)
    return list(order)


def _compile_field(
    field: FieldDeclaration, target: Field, declaration: EntityDeclaration, is_shared: bool, faults: list[Fault]
) -> Pipeline:
    steps: list[tuple[str, Move]] = []
    for use in field.steps:
        step, wrong = make_step(use, declaration)
        if step is None:
            faults.extend(wrong or [use.place.fault(f"the step {use.verb!r} cannot be used")])
        else:
            steps.append((use.verb, as_move(step, verbs()[use.verb])))
    part = [(f"part {field.part}", _part(field.part))] if field.part else []
    before, after = (part, []) if field.same else ([], part)
    ending = [*after, *_ending(field, target, declaration.source)]
    return Pipeline(
        name=field.name,
        place=field.place,
        fetch=_fetch(field),
        steps=tuple(move for _, move in (*before, *steps)),
        ending=tuple(move for _, move in ending),
        labels=tuple(label for label, _ in (*before, *steps, *ending)),
        is_shared=is_shared,
    )


def _part(name: str) -> Move:
    get = attrgetter(name)
    return lambda value, _context: None if value is None else get(value)


def _ending(field: FieldDeclaration, target: Field, source: str) -> list[tuple[str, Move]]:
    ending: list[tuple[str, Move]] = []
    if field.default is not None:
        default = field.default
        ending.append(("default", lambda value, _context: default if value is None else value))
    if field.to:
        ending.append((f"to {field.to}", compile_reference(field, target.kind, source)))
    finish = compile_finish(target)
    ending.append((target.kind.value, lambda value, _context: finish(value)))
    return ending


def _fetch(field: FieldDeclaration) -> Any:
    if field.same:
        same = field.same
        return lambda context: context.shared[same]
    if field.paths:
        fetches = [compile_path(path) for path in field.paths]
        if field.is_list:
            return lambda context: [fetch(context.row) for fetch in fetches]
        fetch = fetches[0]
        return lambda context: fetch(context.row)
    constant = field.constant
    return lambda _context: constant


def _missing_policies(declaration: EntityDeclaration, entity: EntityType) -> Mapping[str, MissingPolicy]:
    fields = declaration.fields
    return {f.name: fields[f.name].missing for f in entity.references if f.name in fields}


def selection_of(declaration: EntityDeclaration) -> Selection:
    """What to read for a declaration."""
    return Selection(
        source=declaration.source,
        entity=declaration.entity,
        key=declaration.key,
        table=declaration.table,
        sql=declaration.sql,
        where=tuple(placed.test for placed in declaration.where),
        sides=tuple(side.side for side in declaration.sides.values()),
    )


def fingerprint_of(declaration: EntityDeclaration) -> bytes:
    """Digest of the version, the mapping as resolved, crosswalks and plugins. Comments and lines do not count."""
    crosswalks = {name: crosswalk.values for name, crosswalk in declaration.crosswalks.items()}
    used = {use.verb for field in declaration.fields.values() for use in field.steps}
    plugins = {name: verb.origin for name, verb in verbs().items() if name in used and verb.origin}
    return digest((TRANSFORM_VERSION, declaration.source, declaration.resolved, crosswalks, plugins))
