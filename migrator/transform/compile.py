"""From a checked declaration to the function that runs on every row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from migrator.errors import ConfigurationError, Fault, SetAside
from migrator.model.content import ENTITIES, PLURAL, EntityType, Field, Kind, Value
from migrator.model.outcome import Bucket, Note
from migrator.model.record import Record, SourceRow, digest
from migrator.model.source import Selection
from migrator.ports import Decided, Led, MissingPolicy, Transformed
from migrator.transform.compile_values import Labelled, ValueCompiler
from migrator.transform.conditions import Holds, compile_when
from migrator.transform.declaration import EntityDeclaration, FieldDeclaration, RuleDeclaration
from migrator.transform.fields import compile_finish
from migrator.transform.fingerprint import fingerprint_of
from migrator.transform.pipeline import Context, Pipeline
from migrator.transform.references import compile_reference
from migrator.transform.vocabulary import VERDICTS

Lead = Callable[[Context], str | None]
"""Where a rule leads: a legacy key, or null where the row does not say."""


class CompiledMapping:
    """The mapping of one entity, ready to run. It is a :class:`migrator.ports.EntityMapping`."""

    def __init__(
        self,
        declaration: EntityDeclaration,
        rules: tuple[tuple[RuleDeclaration, Holds, Lead | None], ...],
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
        self._points_to = frozenset(str(entity.by_name[name].to) for name in self._missing)
        self._merge_reason = declaration.merge.name if declaration.merge else "duplicate"
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

    @property
    def points_to(self) -> frozenset[str]:
        """Entities its records may refer to."""
        return self._points_to

    def transform(self, row: SourceRow) -> Transformed | Decided | Led:
        """The record for a row, or what a rule makes of it. Does not raise for bad data."""
        decided = self.judge(row)
        if decided is None:
            return self._made(row)
        if isinstance(decided, Decided) and decided.bucket is Bucket.WITHHELD:
            return self._withheld(row, decided)
        return decided

    def _withheld(self, row: SourceRow, decided: Decided) -> Decided:
        """The decision with the record for the vault. A row that gives none is withheld all the same, with a note."""
        made = self._made(row)
        if isinstance(made, Transformed):
            return replace(decided, record=made.record, notes=made.notes)
        note = Note("vault-incomplete", "", f"{made.reason}: {made.detail}")
        return replace(decided, notes=(*made.notes, note))

    def _made(self, row: SourceRow) -> Transformed | Decided:
        context = Context(row)
        values = dict(self._blank)
        for pipeline in self.pipelines:
            try:
                values[pipeline.name] = pipeline.run(context)
            except Exception as error:  # whatever a step stumbles over, the run goes on with the next row
                return refused(error, pipeline, context)
        return Transformed(
            Record(row.key, self._entity, values), self._missing, self._merge_digest(values), tuple(context.notes),
            self._merge_reason,
        )  # fmt: skip

    def judge(self, row: SourceRow) -> Decided | Led | None:
        """What the first rule that matches says; None where none does."""
        for rule, holds, lead in self.rules:
            try:
                if holds(row):
                    return _led(rule, lead, row) if lead else _decided(rule, VERDICTS[rule.then], rule.name)
            except Exception as error:  # a rule that stumbles must not let the row through
                return _failed(f"rule {rule.name}", str(rule.place), "", error, [])
        return None

    def _merge_digest(self, values: Mapping[str, Value]) -> bytes | None:
        parts = [values[name] for name in self._merge_on]
        if all(part is None or part == "" or part == () for part in parts):
            return None
        return digest(parts)


def _decided(rule: RuleDeclaration, bucket: Bucket, reason: str, detail: str = "") -> Decided:
    return Decided(bucket, reason, str(rule.place), detail or rule.reason)


def _led(rule: RuleDeclaration, lead: Lead, row: SourceRow) -> Decided | Led:
    """Where the rule leads. A row that does not say where, or to itself, is rejected as ``no-survivor``."""
    context = Context(row)
    context.field = f"rule {rule.name}"
    try:
        into = lead(context)
    except SetAside as error:
        return _decided(rule, Bucket.REJECTED, error.code, f"rule {rule.name}: {error.detail}")
    if into is None or into == row.key:
        detail = f"rule {rule.name}: {'leads to itself' if into else 'does not say which record it is one with'}"
        return _decided(rule, Bucket.REJECTED, "no-survivor", detail)
    return Led(into, rule.name, str(rule.place), rule.reason, tuple(context.notes))


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
    entity, faults = ENTITIES[declaration.entity].by_name, list[Fault]()
    values = ValueCompiler(declaration, faults)
    rules = tuple(
        (rule, compile_when(rule.when), _compile_lead(rule.into, declaration, values)) for rule in declaration.rules
    )
    shared = {name for made in declaration.made for name in made.follows}
    pipelines = tuple(
        _compile_field(declaration.fields[name], entity[name], declaration, name in shared, values)
        for name in _in_order(declaration.fields)
    )
    if faults:
        raise ConfigurationError(f"the mapping of {declaration.entity} cannot be used", "Run `mapping check`.", faults)
    return CompiledMapping(declaration, rules, pipelines)


def _in_order(fields: Mapping[str, FieldDeclaration]) -> list[str]:
    """Field names so that a field comes after those it takes values over from."""
    order: dict[str, None] = {}

    def visit(name: str) -> None:
        if name not in order:
            for other in fields[name].follows:
                visit(other)
            order[name] = None

    for name in fields:
        visit(name)
    return list(order)


def _compile_field(
    field: FieldDeclaration, target: Field, declaration: EntityDeclaration, is_shared: bool, values: ValueCompiler
) -> Pipeline:
    steps = values.steps(field.value)
    ending = [*values.ending(field.value), *_finish(field, target, declaration.source)]
    return Pipeline(
        name=field.name,
        place=field.place,
        fetch=values.fetch(field.value),
        steps=tuple(move for _, move in steps),
        ending=tuple(move for _, move in ending),
        labels=tuple(label for label, _ in (*steps, *ending)),
        is_shared=is_shared,
    )


def _finish(field: FieldDeclaration, target: Field, source: str) -> list[Labelled]:
    """References and the field's kind."""
    moves: list[Labelled] = []
    if field.to:
        moves.append((f"to {field.to}", compile_reference(field, target.kind, source)))
    finish = compile_finish(target)
    moves.append((target.kind.value, lambda value, _context: finish(value)))
    return moves


def _compile_lead(into: FieldDeclaration | None, declaration: EntityDeclaration, values: ValueCompiler) -> Lead | None:
    if into is None:
        return None
    make = values.whole(into.value)
    refer = compile_reference(into, Kind.REF, declaration.source)

    def lead(context: Context) -> str | None:
        key: str | None = refer(make(context), context)
        return key

    return lead


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
