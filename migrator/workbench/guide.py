"""The mapping as a document a newsroom can read and sign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from migrator.i18n import term, text
from migrator.model.audit import OutOfScope
from migrator.model.content import ENTITIES
from migrator.transform.declaration import EntityDeclaration
from migrator.workbench.bench import Bench
from migrator.workbench.crosswalk_file import find_crosswalk
from migrator.workbench.crosswalks import names_of
from migrator.workbench.field_blocks import decisions_in
from migrator.workbench.fields import read_fields
from migrator.workbench.flow import as_cell, in_flow
from migrator.workbench.markup import Block, Code, Grid, Heading, Paragraph, Pieces
from migrator.workbench.prose import Prose


def guide(project: str, benches: Sequence[Bench], language: str) -> list[Block]:
    """The document's blocks: a chapter a source, a section an entity, then crosswalks and what is left out."""
    return list(_Guide(language).document(project, benches))


class _Guide:
    def __init__(self, language: str) -> None:
        self._language = language
        self._prose = Prose(language)

    def _text(self, key: str) -> str:
        return text(f"workbench.guide.{key}", self._language)

    def _head(self, *keys: str) -> tuple[str, ...]:
        return tuple(self._text(f"head.{key}") for key in keys)

    def document(self, project: str, benches: Sequence[Bench]) -> Iterator[Block]:
        yield Heading(1, f"{self._text('title')}: {project}")
        yield Paragraph((self._text("introduction"),))
        for bench in benches:
            yield Heading(2, f"{self._text('source')}: {bench.source}")
            for entity, declaration in bench.declarations.items():
                yield from self._entity(bench, entity, declaration)
            yield from self._crosswalks(bench)
            yield from self._left_out(bench)

    # --- an entity ---
    def _entity(self, bench: Bench, entity: str, declaration: EntityDeclaration) -> Iterator[Block]:
        resolved = declaration.resolved if isinstance(declaration.resolved, Mapping) else {}
        yield Heading(3, f"{term('entity', entity, self._language)} ({entity})")
        origin = Code(declaration.table) if declaration.table else Code(" ".join((declaration.sql or "").split()))
        key = ("; ", self._text("key"), ": ", Code(", ".join(declaration.key)))
        yield Paragraph((self._text("table" if declaration.table else "query"), ": ", origin, *key))
        if where := self._prose.when(resolved.get("where")):
            yield Paragraph((self._text("only_rows"), ": ", *where))
        yield from self._sides(declaration)
        yield from self._rules(declaration, resolved)
        if declaration.merge is not None:
            fields = ", ".join(term("field", name, self._language) for name in declaration.merge.on)
            yield Paragraph((self._text("merge"), ": ", fields))
        yield from self._fields(bench, entity, resolved)

    def _sides(self, declaration: EntityDeclaration) -> Iterator[Block]:
        rows: list[list[Pieces]] = []
        for name, declared in declaration.sides.items():
            side = declared.side
            joined = ", ".join(f"{own} = {main}" for own, main in side.on)
            origin = side.table or " ".join((side.sql or "").split())
            number = self._text("many" if side.many else "one")
            rows.append([(Code(name),), (Code(origin),), (Code(joined),), (number,)])
        if rows:
            yield Grid(self._head("side", "table", "joined", "rows"), rows)

    def _rules(self, declaration: EntityDeclaration, resolved: Mapping[str, object]) -> Iterator[Block]:
        written = resolved.get("rules")
        rules = [rule for rule in written if isinstance(rule, Mapping)] if isinstance(written, list) else []
        rows: list[list[Pieces]] = [
            [
                (Code(str(rule.get("name", ""))),),
                self._prose.when(rule.get("when")),
                (term("workbench.verdict", str(rule.get("then")), self._language),),
                (str(rule.get("reason", "")),),
            ]
            for rule in rules
        ]
        if rows:
            yield Paragraph((self._text("rules"),))
            yield Grid(self._head("rule", "when", "then", "reason"), rows)

    def _fields(self, bench: Bench, entity: str, resolved: Mapping[str, object]) -> Iterator[Block]:
        written = resolved.get("fields")
        fields = written if isinstance(written, Mapping) else {}
        own = read_fields(bench, entity)
        decisions = decisions_in(own.text) if own is not None else {}
        rows: list[list[Pieces]] = []
        empty: list[str] = []
        for target in ENTITIES[entity].fields:
            how, decided = fields.get(target.name), decisions.get(target.name)
            label = term("field", target.name, self._language)
            said = (f"{decided.note} ({decided.who}, {decided.when[:10]})".strip(),) if decided is not None else ()
            if isinstance(how, Mapping):
                pieces = (*self._prose.value(how), *self._reference(how))
                rows.append([(f"{label} (", Code(target.name), ")"), pieces, said])
            elif decided is not None:
                rows.append([(f"{label} (", Code(target.name), ")"), (self._text("not_filled"),), said])
            else:
                empty.append(label)
        yield Grid(self._head("field", "how", "decided"), rows)
        if empty:
            yield Paragraph((self._text("empty"), ": ", ", ".join(empty)))

    def _reference(self, how: Mapping[str, object]) -> Pieces:
        if "to" not in how:
            return ()
        entity = term("entity", str(how["to"]), self._language)
        pieces: Pieces = ("; ", self._text("reference"), f" {entity}")
        if "source" in how:
            pieces = (*pieces, " (", Code(as_cell(how["source"])), ")")
        if "none" in how:
            nothing = how["none"] if isinstance(how["none"], list) else [how["none"]]
            pieces = (*pieces, "; ", *self._prose.say("none", ", ".join(map(in_flow, nothing))))
        return (*pieces, "; ", self._text("missing_drop" if how.get("missing") == "drop" else "missing_reject"))

    # --- around them ---
    def _crosswalks(self, bench: Bench) -> Iterator[Block]:
        for name in names_of(bench):
            file = find_crosswalk(name, bench.folders)
            yield Heading(3, f"{self._text('crosswalk')}: {name}")
            rows: list[list[Pieces]] = [
                [
                    (Code(decision.legacy),),
                    (Code(decision.target),) if decision.target else (self._text("undecided"),),
                    ("; ".join(filter(None, (*decision.others.values(), decision.note))),),
                    (", ".join(filter(None, (decision.who, decision.when[:10]))),),
                ]
                for decision in file.decisions.values()
            ]
            yield Grid(self._head("legacy", "target", "note", "decided"), rows)

    def _left_out(self, bench: Bench) -> Iterator[Block]:
        yield Heading(3, self._text("out_of_scope"))
        if bench.audit is None:
            yield Paragraph((self._text("no_statement"),))
            return
        rows: list[list[Pieces]] = [[(Code(_part(entry)),), (entry.reason,)] for entry in bench.audit.out_of_scope]
        yield Grid(self._head("table", "reason"), rows)
        missing = [term("entity", entity, self._language) for entity in ENTITIES if entity not in bench.declarations]
        if missing:
            yield Paragraph((self._text("no_mapping"), ": ", ", ".join(missing)))


def _part(entry: OutOfScope) -> str:
    """The table, with the conditions where only some of its rows are meant."""
    tests = (f"{test.column} {test.operator} {as_cell(test.operand)}" for test in entry.where)
    return " ".join([entry.table, *(["where", ", ".join(tests)] if entry.where else [])])
