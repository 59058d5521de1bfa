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
      merged: [headline, published_at]           # identities in which a merged row must equal its survivor; or by reason
      body: {table: "{prefix}_detail", on: {id: id}, column: bodyhtml}     # see declared_rules for text, sums, addresses
      links: [{pattern: '-(?P<id>[0-9]+)\\.html$', to: article}]
      copies: {tables: '{prefix}_[0-9]+', columns: [title, status]}
      cell: {section: catid, status: status, year: {column: publtime, read: [unix, year]}}
    consumed:
      "{prefix}_detail": bodies of articles
      "{prefix}_tags_id": {why: tags of articles, belongs_to: {table: "{prefix}_rows", on: {id: id}}}
    out_of_scope: [{table: nv4_users, reason: accounts are not taken over}]
    hosts: [www.paper.example]
    addresses: [{table: page, column: path, to: article, id: legacy_id, source: web}]
    new_addresses: {article: {path: "/{0}-{1}.html", from: [slug, target_id]}}
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

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from migrator.errors import ConfigurationError
from migrator.model.audit import (
    Audit,
    AuditedEntity,
    Belonging,
    KnownAddresses,
    NewAddress,
    OutOfScope,
    SiteWitness,
)
from migrator.model.content import ENTITIES
from migrator.verify.crosswalks import Crosswalks
from migrator.verify.declared_entity import EntityReader, pattern
from migrator.verify.declared_rules import PART, belongings
from migrator.verify.document import Document, Node
from migrator.verify.form import Form, texts
from migrator.verify.inherit import with_base

_ABOUT_SOURCE = frozenset({"consumed", "out_of_scope", "site", "hosts", "addresses", "new_addresses"})
TARGET_ID = "target_id"


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
        self._entities = EntityReader(document, crosswalks)

    def audit(self, members: dict[str, Node]) -> Audit:
        """The whole statement."""
        for name, node in members.items():
            if name not in ENTITIES and name not in _ABOUT_SOURCE:
                known = ", ".join([*ENTITIES, *sorted(_ABOUT_SOURCE)])
                self._document.fault(node.line, f"there is no entity '{name}'", f"known: {known}")
        top = Form(self._document, Node(members, 1), "the statement")
        entities = {
            name: self._entities.read(ENTITIES[name], Form(self._document, node, name))
            for name, node in members.items()
            if name in ENTITIES
        }
        if members and not entities:
            self._document.fault(0, "no entity is audited")
        consumed = [(table, *self._consumed(node)) for table, node in top.forms("consumed")]
        return Audit(
            source=self._source,
            entities=entities,
            consumed={table: why for table, why, _ in consumed},
            out_of_scope=tuple(self._left_out(top)),
            crosswalks=self._crosswalks.used,
            site=self._site(members["site"], entities) if "site" in members else None,
            hosts=self._hosts(top),
            belongings={table: found for table, _, found in consumed if found},
            known_addresses=tuple(self._known(top)),
            new_addresses=dict(self._new(top)),
        )

    def _hosts(self, top: Form) -> frozenset[str]:
        """The site's own hosts; where none are declared, the variable ``domain`` with and without ``www``."""
        domain = self._document.variables.get("domain", "").removeprefix("www.")
        hosts = top.texts("hosts") or ((domain, f"www.{domain}") if domain else ())
        return frozenset(host.lower() for host in hosts)

    def _consumed(self, node: Node) -> tuple[str, tuple[Belonging, ...]]:
        """Why a table is read, and what its rows belong to."""
        if not isinstance(node.value, dict):
            return str(node.value), ()
        form = Form(self._document, node, "consumed")
        why, belonging = form.text("why", required=True) or "", form.node("belongs_to")
        form.end()
        return why, belongings(self._document, belonging) if belonging is not None else ()

    def _left_out(self, top: Form) -> Iterator[OutOfScope]:
        for node in top.items("out_of_scope"):
            form = Form(self._document, node, "out_of_scope")
            table, reason = form.text("table", required=True), form.text("reason", required=True)
            yield OutOfScope(table or "", reason or "", form.conditions("where"))
            form.end()

    def _known(self, top: Form) -> Iterator[KnownAddresses]:
        for node in top.items("addresses"):
            form = Form(self._document, node, "addresses")
            to, number = form.text("to"), form.text("id")
            if to is not None and to not in ENTITIES:
                form.fault(f"there is no entity '{to}'", f"known: {', '.join(ENTITIES)}", at="to")
            if (to is None) != (number is None):
                form.fault("'to' and 'id' go together: the entity, and the column with its legacy id")
            yield KnownAddresses(
                table=form.text("table", required=True) or "",
                column=form.text("column", required=True) or "",
                where=form.conditions("where"),
                to=to,
                id=number,
                of=form.text("source") or self._source,
            )
            form.end()

    def _new(self, top: Form) -> Iterator[tuple[str, NewAddress]]:
        for entity, node in top.forms("new_addresses"):
            form = Form(self._document, node, "new_addresses")
            path, fields = form.text("path", required=True) or "", form.texts("from")
            if entity not in ENTITIES:
                self._document.fault(node.line, f"there is no entity '{entity}'", f"known: {', '.join(ENTITIES)}")
            else:
                for name in fields:
                    if name not in ENTITIES[entity].by_name and name != TARGET_ID:
                        form.fault(f"{entity} has no field '{name}'", f"known: {TARGET_ID}, fields", at="from")
            if {int(number) for number in PART.findall(path)} != set(range(len(fields))):
                form.fault(f"{path!r} and 'from' do not fit", at="path")
            yield entity, NewAddress(path, fields)
            form.end()

    def _site(self, node: Node, entities: Mapping[str, AuditedEntity]) -> SiteWitness:
        form = Form(self._document, node, "site")
        entity = form.text("entity") or "article"
        patterns = tuple(pattern(form, "patterns", spelled) for spelled in form.texts("patterns"))
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
