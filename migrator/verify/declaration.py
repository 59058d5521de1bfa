"""``audit.yaml``: the auditor's own statement of what must arrive, checked as a whole before anything is examined.

A member named like an entity says what the auditor knows of it; the others are about the source::

    article:
      table: "{prefix}_{lang}_{module}_rows"     # or sql: a query
      key: id                                    # a column, or a list for a compound key
      where: {status: {lt: 20}}                  # column: value | [values] | {operator: operand}
      identity:                                  # field: column, or field: {…}
        headline: {column: title, read: [html-entities, nfc, spaces]}
        status: {column: status, crosswalk: status}
        published_at: {column: publtime, read: [zero-is-null, unix]}
        lead_image: {column: homeimgfile, prefix: "uploads/news/"}
      pointers:
        section: {column: catid, to: section, none: [0]}
        sections: {column: listcatid, split: ",", to: section}
        tags: {table: "{prefix}_tags_id", on: {id: id}, column: tid, to: tag}
        topic: none                              # this source has no such reference: it must be empty at the target
      merged: [headline, published_at]           # identities in which a merged row must equal its survivor
      body: {table: "{prefix}_detail", on: {id: id}, column: bodyhtml}
      links: [{pattern: '-(?P<id>[0-9]+)\\.html$', to: article}]
      copies: {tables: '{prefix}_[0-9]+', columns: [title, status]}
      cell: {section: catid, status: status, year: {column: publtime, read: [unix, year]}}
    consumed: {"{prefix}_detail": bodies of articles}
    out_of_scope: [{table: nv4_users, reason: accounts are not taken over}]
    hosts: [www.paper.example]
    site:
      sitemaps: [/sitemap.xml]
      patterns: ['-(?P<id>[0-9]+)\\.html$']
      public: [published, archived]              # short for {status: […]}; cell.status is the raw value
      lastmod: published_at                      # the default; null where the site's date is another one

``extends: nukeviet`` at the top takes over the statement of that preset: mappings merge, other values are replaced, null
removes.

A place is a column of the entity's own table, or with ``table`` (or ``sql``) and ``on: {side column: main column}`` one
of a side table, with ``where``, ``order``, ``partition: {column, size}`` and ``default`` (a main column used where it
is empty). Pointers take all side rows, everything else the first one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from migrator.errors import ConfigurationError
from migrator.model.audit import (
    Audit,
    AuditedEntity,
    Copies,
    Identity,
    LinkPattern,
    OutOfScope,
    Pointer,
    SiteWitness,
)
from migrator.model.content import ENTITIES, REFERENCES, EntityType, Kind
from migrator.verify.crosswalks import Crosswalks
from migrator.verify.document import Document, Node
from migrator.verify.form import Form, texts
from migrator.verify.inherit import with_base
from migrator.verify.places import bare_place, place
from migrator.verify.readings import NAMES, reading

_ABOUT_SOURCE = frozenset({"consumed", "out_of_scope", "site", "hosts"})
_CELLS = ("section", "status", "year")
_NONE = "none"


def read_audit(path: Path, source: str, variables: Mapping[str, str], crosswalk_folders: Sequence[Path]) -> Audit:
    """The statement for one source. ConfigurationError with all faults of the file at once.

    Crosswalks are looked for as ``crosswalks/NAME.csv`` or ``NAME.csv`` in the folders; the first folder that has it
    wins. ``extends: NAME`` lays the statement over the one of the same file name in the folder NAME among them.
    """
    document = Document(path, variables)
    members = with_base(document, crosswalk_folders)
    audit = _Reader(document, source, Crosswalks(crosswalk_folders, document)).audit(members)
    if document.faults:
        raise ConfigurationError(
            f"{path} cannot be used: {len(document.faults)} faults.", "Correct them and try again.", document.faults
        )
    return audit


class _Reader:
    """Turns the document into values, noting every fault on the way."""

    def __init__(self, document: Document, source: str, crosswalks: Crosswalks) -> None:
        self._document, self._source, self._crosswalks = document, source, crosswalks

    def audit(self, members: dict[str, Node]) -> Audit:
        """The whole statement."""
        for name, node in members.items():
            if name not in ENTITIES and name not in _ABOUT_SOURCE:
                known = ", ".join([*ENTITIES, *sorted(_ABOUT_SOURCE)])
                self._document.fault(node.line, f"there is no entity '{name}'", f"known: {known}")
        top = Form(self._document, Node(members, 1), "the statement")
        entities = {
            name: self._entity(ENTITIES[name], Form(self._document, node, name))
            for name, node in members.items()
            if name in ENTITIES
        }
        if members and not entities:
            self._document.fault(0, "no entity is audited")
        return Audit(
            source=self._source,
            entities=entities,
            consumed={table: str(node.value) for table, node in top.forms("consumed")},
            out_of_scope=tuple(self._left_out(top)),
            crosswalks=self._crosswalks.used,
            site=self._site(members["site"], entities) if "site" in members else None,
            hosts=self._hosts(top),
        )

    def _hosts(self, top: Form) -> frozenset[str]:
        """The site's own hosts; where none are declared, the variable ``domain`` with and without ``www``."""
        domain = self._document.variables.get("domain", "").removeprefix("www.")
        hosts = top.texts("hosts") or ((domain, f"www.{domain}") if domain else ())
        return frozenset(host.lower() for host in hosts)

    def _entity(self, entity: EntityType, form: Form) -> AuditedEntity:
        table, sql = form.text("table"), form.text("sql")
        if (table is None) == (sql is None):
            form.fault(f"{entity.name} needs either 'table' or 'sql'")
        key = form.texts("key")
        if not key:
            form.fault(f"{entity.name} lacks 'key'")
        body, copies = form.node("body"), form.node("copies")
        links = tuple(self._link(node) for node in form.items("links"))
        if links and body is None:
            form.fault("'links' need 'body': where the links stand", at="links")
        if copies is not None and table is None:
            form.fault("'copies' are copies of a table", at="copies")
        identities, bare = tuple(self._identities(entity, form)), self._bare(form)
        audited = AuditedEntity(
            entity=entity.name,
            table=table,
            sql=sql,
            key=key,
            where=form.conditions("where"),
            identities=identities,
            pointers=tuple(self._pointers(entity, form, bare)),
            links=links,
            link_body=bare_place(self._document, body) if body is not None else None,
            copies=self._copies(copies) if copies is not None else None,
            cell=dict(self._cells(form)),
            merged=self._merged(identities, form),
            bare=bare,
        )
        form.end()
        return audited

    def _identities(self, entity: EntityType, form: Form) -> Iterator[Identity]:
        fields = entity.by_name
        for name, node in form.forms("identity"):
            if name not in fields:
                self._document.fault(node.line, f"{entity.name} has no field '{name}'", f"known: {', '.join(fields)}")
            elif fields[name].kind in REFERENCES:
                self._document.fault(node.line, f"'{name}' is a reference", "declare it under 'pointers'")
            else:
                yield self._identity(name, node, fields[name].kind)

    def _merged(self, identities: Sequence[Identity], form: Form) -> tuple[str, ...]:
        names, known = form.texts("merged"), [identity.field for identity in identities]
        for name in names:
            if name not in known:
                form.fault(f"'merged' names '{name}', which is no identity", f"known: {', '.join(known)}", at="merged")
        return names

    def _identity(self, name: str, node: Node, kind: Kind | None = None) -> Identity:
        if not isinstance(node.value, dict):
            node = Node({"column": node}, node.line)
        form = Form(self._document, node, name)
        spot, read = place(form, many=False), form.texts("read")
        for spelled in read:
            try:
                reading(spelled)
            except KeyError:
                form.fault(f"there is no reading '{spelled}'", f"known: {', '.join(sorted(NAMES))}", at="read")
            except ValueError as error:
                form.fault(str(error), at="read")
        instants = {"unix", "local-time", "utc-time"}
        if kind is Kind.INSTANT and not instants & {word.removesuffix("?") for word in read}:
            form.fault(f"'{name}' is an instant", f"say how it is read: {', '.join(sorted(instants))}")
        crosswalk = form.text("crosswalk")
        if crosswalk is not None:
            self._crosswalks.use(crosswalk, form)
        identity = Identity(name, spot, read, crosswalk, form.text("prefix") or "")
        form.end()
        return identity

    def _cells(self, form: Form) -> Iterator[tuple[str, Identity]]:
        for name, node in form.forms("cell"):
            if name not in _CELLS:
                self._document.fault(node.line, f"a cell has no '{name}'", f"known: {', '.join(_CELLS)}")
            else:
                yield name, self._identity(name, node)

    def _bare(self, form: Form) -> tuple[str, ...]:
        """Pointers of which the statement says ``none``."""
        node = form.node("pointers")
        members = node.value if node is not None and isinstance(node.value, dict) else {}
        return tuple(name for name, member in members.items() if member.value == _NONE)

    def _pointers(self, entity: EntityType, form: Form, bare: Sequence[str]) -> Iterator[Pointer]:
        fields = entity.by_name
        for name, node in form.forms("pointers"):
            if name not in fields or fields[name].kind not in REFERENCES:
                known = ", ".join(field.name for field in entity.references) or "none"
                self._document.fault(node.line, f"{entity.name} has no reference '{name}'", f"known: {known}")
                continue
            if name in bare:
                continue
            pointer = Form(self._document, node, name)
            to = pointer.text("to") or str(fields[name].to)
            if to != fields[name].to:
                pointer.fault(f"'{name}' points to {fields[name].to}, not to {to}", at="to")
            yield Pointer(
                field=name,
                to=to,
                place=place(pointer, many=True),
                split=pointer.text("split"),
                prefix=pointer.text("prefix") or "",
                ordered=pointer.flag("ordered"),
                none=pointer.texts("none"),
                parts=pointer.text("parts"),
                optional=pointer.flag("optional"),
            )
            pointer.end()

    def _link(self, node: Node) -> LinkPattern:
        form = Form(self._document, node, "links")
        link = LinkPattern(self._pattern(form, "pattern", form.text("pattern", required=True)), form.text("to") or "")
        if link.to not in ENTITIES:
            form.fault(f"there is no entity '{link.to}'", f"known: {', '.join(ENTITIES)}", at="to")
        form.end()
        return link

    def _pattern(self, form: Form, at: str, pattern: str | None, group: str = "id") -> str:
        """A regular expression that can be used, with the group it must have."""
        try:
            compiled = re.compile(pattern or "")
        except re.error as error:
            form.fault(f"{pattern!r} is no regular expression: {error}", at=at)
            return ""
        if group and pattern and group not in compiled.groupindex:
            form.fault(f"{pattern!r} has no group (?P<{group}>…)", at=at)
        return pattern or ""

    def _copies(self, node: Node) -> Copies:
        form = Form(self._document, node, "copies")
        tables = self._pattern(form, "tables", form.text("tables", required=True), group="")
        columns = form.texts("columns")
        if not columns:
            form.fault("copies lack 'columns'")
        form.end()
        return Copies(tables, columns)

    def _left_out(self, top: Form) -> Iterator[OutOfScope]:
        for node in top.items("out_of_scope"):
            form = Form(self._document, node, "out_of_scope")
            table, reason = form.text("table", required=True), form.text("reason", required=True)
            yield OutOfScope(table or "", reason or "", form.conditions("where"))
            form.end()

    def _site(self, node: Node, entities: Mapping[str, AuditedEntity]) -> SiteWitness:
        form = Form(self._document, node, "site")
        entity = form.text("entity") or "article"
        patterns = tuple(self._pattern(form, "patterns", pattern) for pattern in form.texts("patterns"))
        if not patterns:
            form.fault("site lacks 'patterns'")
        public = dict(self._public(form))
        known = {each.field for each in entities[entity].identities} if entity in entities else set()
        lastmod = form.text("lastmod")
        if not form.has("lastmod") and "published_at" in known:
            lastmod = "published_at"
        known |= {f"cell.{name}" for name in entities[entity].cell} if entity in entities else set()
        for name in [*public, *([lastmod] if lastmod else [])]:
            if name not in known:
                form.fault(f"the site speaks of '{name}', which is no identity or cell of {entity}")
        site = SiteWitness(patterns, form.texts("sitemaps") or ("/sitemap.xml",), entity, public, lastmod)
        form.end()
        return site

    def _public(self, form: Form) -> Iterator[tuple[str, tuple[str, ...]]]:
        node = form.node("public")
        if node is None:
            form.fault("site lacks 'public'", "which rows the site shows, as: public: [published]")
        elif isinstance(node.value, dict):
            yield from ((name, texts(self._document, values, name)) for name, values in node.value.items())
        else:
            yield "status", texts(self._document, node, "public")
