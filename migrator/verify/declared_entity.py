"""What an audit statement says of one entity, as values. Every fault is noted; nothing stops at the first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from migrator.model.audit import AuditedEntity, Copies, Identity, LinkPattern, Place, Pointer, TextRule
from migrator.model.content import ENTITIES, REFERENCES, EntityType, Kind
from migrator.verify import declared_rules as rules
from migrator.verify.crosswalks import Crosswalks
from migrator.verify.declared_fields import as_column, identity, pointer
from migrator.verify.document import Document, Node
from migrator.verify.form import Form, texts

_CELLS = ("section", "status", "year")
_NONE = "none"


class EntityReader:
    """Reads the members of entities."""

    def __init__(self, document: Document, crosswalks: Crosswalks) -> None:
        self._document, self._crosswalks = document, crosswalks

    def read(self, entity: EntityType, form: Form) -> AuditedEntity:
        """One entity."""
        table, sql = form.text("table"), form.text("sql")
        if (table is None) == (sql is None):
            form.fault(f"{entity.name} needs either 'table' or 'sql'")
        key = form.texts("key")
        if not key:
            form.fault(f"{entity.name} lacks 'key'")
        copies, changed = form.node("copies"), form.node("changed")
        if copies is not None and table is None:
            form.fault("'copies' are copies of a table", at="copies")
        links = tuple(self._link(node) for node in form.items("links"))
        spot, text = self._body(entity, form, has_links=bool(links))
        bare, empty = self._none(form, "pointers"), self._none(form, "identity")
        identities = tuple(self._identities(entity, form, empty))
        for each in identities:
            if each.from_body and spot is None:
                form.fault(f"'{each.field}' may come from the body: say where that stands", "add 'body'")
        totals = rules.Totals(self._document, entity, self._crosswalks)
        belonging = form.node("belongs_to")
        audited = AuditedEntity(
            entity=entity.name,
            table=table,
            sql=sql,
            key=key,
            where=form.conditions("where"),
            identities=identities,
            pointers=tuple(self._pointers(entity, form, bare)),
            links=links,
            link_body=spot,
            copies=self._copies(copies) if copies is not None else None,
            cell=dict(self._cells(form)),
            merged=self._merged(identities, form),
            bare=bare,
            empty=empty,
            changed=self._identity("changed", changed, Kind.INSTANT) if changed is not None else None,
            text=text,
            totals=tuple(totals.read(node) for node in form.items("totals")),
            addresses=tuple(rules.address(self._document, node) for node in form.items("addresses")),
            belongs_to=rules.belongings(self._document, belonging) if belonging is not None else (),
        )
        form.end()
        return audited

    def _body(self, entity: EntityType, form: Form, *, has_links: bool) -> tuple[Place | None, TextRule | None]:
        """Where bodies stand, and how their text is compared: in every entity that has bodies, unless it says ``none``."""
        node, rule = form.node("body"), form.node("text")
        if node is None:
            if has_links:
                form.fault("'links' need 'body': where the links stand", at="links")
            if rule is not None:
                form.fault("'text' needs 'body': where the text stands", at="text")
            return None, None
        spot, read = rules.body(self._document, node)
        if not any(field.kind is Kind.HTML for field in entity.fields):
            form.fault(f"{entity.name} has no body", at="body")
            return spot, None
        return spot, rules.text_rule(self._document, entity, rule, read)

    def _identities(self, entity: EntityType, form: Form, empty: Sequence[str]) -> Iterator[Identity]:
        fields = entity.by_name
        for name, node in form.forms("identity"):
            if name not in fields:
                self._document.fault(node.line, f"{entity.name} has no field '{name}'", f"known: {', '.join(fields)}")
            elif fields[name].kind in REFERENCES:
                self._document.fault(node.line, f"'{name}' is a reference", "declare it under 'pointers'")
            elif name not in empty:
                yield self._identity(name, node, fields[name].kind)

    def _identity(self, name: str, node: Node, kind: Kind | None = None) -> Identity:
        form = Form(self._document, as_column(node), name)
        found = identity(form, name, self._crosswalks, kind)
        form.end()
        return found

    def _merged(self, identities: Sequence[Identity], form: Form) -> Mapping[str, tuple[str, ...]]:
        """Identities by the reason a row was merged for; a list is for any reason."""
        node = form.node("merged")
        if node is None:
            return {}
        members = node.value if isinstance(node.value, dict) else {"": node}
        found = {reason: texts(self._document, names, "merged") for reason, names in members.items()}
        known = [each.field for each in identities]
        for name in dict.fromkeys(name for names in found.values() for name in names):
            if name not in known:
                form.fault(f"'merged' names '{name}', which is no identity", f"known: {', '.join(known)}", at="merged")
        return found

    def _cells(self, form: Form) -> Iterator[tuple[str, Identity]]:
        for name, node in form.forms("cell"):
            if name not in _CELLS:
                self._document.fault(node.line, f"a cell has no '{name}'", f"known: {', '.join(_CELLS)}")
            else:
                yield name, self._identity(name, node)

    @staticmethod
    def _none(form: Form, name: str) -> tuple[str, ...]:
        """Pointers or identities of which the statement says ``none``."""
        node = form.node(name)
        members = node.value if node is not None and isinstance(node.value, dict) else {}
        return tuple(name for name, member in members.items() if member.value == _NONE)

    def _pointers(self, entity: EntityType, form: Form, bare: Sequence[str]) -> Iterator[Pointer]:
        fields = entity.by_name
        for name, node in form.forms("pointers"):
            if name not in fields or fields[name].kind not in REFERENCES:
                known = ", ".join(field.name for field in entity.references) or "none"
                self._document.fault(node.line, f"{entity.name} has no reference '{name}'", f"known: {known}")
            elif name not in bare:
                pointed = Form(self._document, node, name)
                yield pointer(pointed, name, str(fields[name].to), many=True)
                pointed.end()

    def _link(self, node: Node) -> LinkPattern:
        form = Form(self._document, node, "links")
        link = LinkPattern(pattern(form, "pattern", form.text("pattern", required=True)), form.text("to") or "")
        if link.to not in ENTITIES:
            form.fault(f"there is no entity '{link.to}'", f"known: {', '.join(ENTITIES)}", at="to")
        form.end()
        return link

    def _copies(self, node: Node) -> Copies:
        form = Form(self._document, node, "copies")
        tables = pattern(form, "tables", form.text("tables", required=True), group="")
        columns = form.texts("columns")
        if not columns:
            form.fault("copies lack 'columns'")
        form.end()
        return Copies(tables, columns)


def pattern(form: Form, at: str, spelled: str | None, group: str = "id") -> str:
    """A regular expression that can be used, with the group it must have."""
    try:
        compiled = re.compile(spelled or "")
    except re.error as error:
        form.fault(f"{spelled!r} is no regular expression: {error}", at=at)
        return ""
    if group and spelled and group not in compiled.groupindex:
        form.fault(f"{spelled!r} has no group (?P<{group}>…)", at=at)
    return spelled or ""
