"""What an audit statement holds an entity to, besides its fields: text, sums, addresses, change times, belongings.

::

    article:
      body: {table: "{prefix}_detail", on: {id: id}, column: bodyhtml, read: [legacy-fonts, nfc]}
      text: {recall: 0.99, precision: 0.97, left_out: [form, ".related"], moved_to: [byline]}      # or none
      changed: {column: edittime, read: [unix]}
      addresses: [{path: "/{0}-{1}.html", from: [alias, id]}, {column: old_url}]
      belongs_to: {table: sections, on: {catid: id}, none: [0]}
      totals:
        - by: {status: {column: status, crosswalk: status}}
        - sum: {amount_vnd: so_tien, coefficient_thousandths: {column: he_so, times: 1000}}
          by: {account: {column: ma_ns}, period: ky}
          against: {table: sums, on: {ma_ns: ma_ns, ky: ky}, sum: {tong_tien: so_tien}, count: so_bai}
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.model.audit import (
    AddressRule,
    Against,
    Belonging,
    Grouped,
    NumberTotal,
    Place,
    Summed,
    TextRule,
)
from migrator.model.content import EntityType, Field, Kind
from migrator.verify.body_words import TEXT_READINGS
from migrator.verify.crosswalks import Crosswalks
from migrator.verify.declared_fields import as_column, pointer, read_value
from migrator.verify.document import Document, Node
from migrator.verify.elements import selector
from migrator.verify.form import Form
from migrator.verify.places import place

PART = re.compile(r"\{(\d+)\}")
"""A place in a path."""

_COUNTS = ("paragraphs", "images", "links", "tables")
_GROUPED = frozenset({Kind.TEXT, Kind.INTEGER, Kind.BOOLEAN, Kind.REF})


def text_rule(document: Document, entity: EntityType, node: Node | None, read: tuple[str, ...]) -> TextRule | None:
    """How the text of bodies is compared; None where the statement says ``none``."""
    if node is not None and node.value == "none":
        return None
    form = Form(document, node or Node({}, 0), "text")
    named = form.texts("counts") or _COUNTS
    if unknown := set(named) - set(_COUNTS):
        form.fault(f"nobody counts {', '.join(sorted(unknown))}", f"known: {', '.join(_COUNTS)}", at="counts")
    for spelled in form.texts("left_out"):
        try:
            selector(spelled)
        except ValueError as error:
            form.fault(str(error), "write tag, .class, #id, [attribute], hidden or shortcodes")
    for name in form.texts("moved_to"):
        if name not in entity.by_name:
            form.fault(f"{entity.name} has no field '{name}'", f"known: {', '.join(entity.by_name)}", at="moved_to")
    default = TextRule()
    rule = TextRule(
        recall=form.share("recall", default.recall),
        precision=form.share("precision", default.precision),
        limit=form.number("limit", default.limit),
        read=read,
        left_out=form.texts("left_out"),
        moved_to=form.texts("moved_to"),
        counts=named,
    )
    form.end()
    return rule


def body(document: Document, node: Node) -> tuple[Place, tuple[str, ...]]:
    """Where bodies stand, and how their text is read."""
    form = Form(document, as_column(node), "body")
    spot, read = place(form, many=False), form.texts("read")
    for spelled in read:
        if spelled not in TEXT_READINGS:
            known = ", ".join(TEXT_READINGS)
            form.fault(f"there is no reading '{spelled}' of a body's text", f"known: {known}", at="read")
    form.end()
    return spot, read


class Totals:
    """Reads the control totals of numbers of one entity."""

    def __init__(self, document: Document, entity: EntityType, crosswalks: Crosswalks) -> None:
        self._document, self._entity, self._crosswalks = document, entity, crosswalks

    def read(self, node: Node) -> NumberTotal:
        """One control total."""
        form = Form(self._document, node, "totals")
        by, sums = tuple(self._by(form)), tuple(self._sums(form))
        total = NumberTotal(by, sums, self._against(form, by, sums))
        form.end()
        return total

    def _field(self, name: str, node: Node, kinds: frozenset[Kind], what: str) -> Field | None:
        field = self._entity.by_name.get(name)
        if field is None or field.kind not in kinds:
            known = ", ".join(each.name for each in self._entity.fields if each.kind in kinds)
            self._document.fault(node.line, f"{self._entity.name} cannot be {what} '{name}'", f"known: {known}")
            return None
        return field

    def _sums(self, form: Form) -> Iterator[Summed]:
        for name, node in form.forms("sum"):
            if self._field(name, node, frozenset({Kind.INTEGER}), "summed by") is None:
                continue
            summed = Form(self._document, as_column(node), name)
            yield Summed(name, summed.text("column", required=True) or "", summed.number("times", 1))
            summed.end()

    def _by(self, form: Form) -> Iterator[Grouped]:
        if not form.forms("by"):
            form.fault("totals lack 'by': what they are grouped by")
        for name, node in form.forms("by"):
            field = self._field(name, node, _GROUPED, "grouped by")
            if field is None:
                continue
            grouped = Form(self._document, as_column(node), name)
            if field.to is not None:
                yield Grouped(name, pointer=pointer(grouped, name, field.to, many=False))
            else:
                yield Grouped(name, identity=read_value(grouped, name, place(grouped, many=False), self._crosswalks))
            for aside in ("table", "sql"):
                if grouped.has(aside):
                    grouped.fault("totals group by columns of the entity's own table", "take a query for it: sql:")
            grouped.end()

    def _against(self, form: Form, by: tuple[Grouped, ...], sums: tuple[Summed, ...]) -> Against | None:
        node = form.node("against")
        if node is None:
            return None
        against = Form(self._document, node, "against")
        on, kept = pairs(against, "on"), pairs(against, "sum")
        if {ours for _, ours in on} != {each.column for each in by}:
            against.fault("'on' must name every column of 'by', as {their column: our column}", at="on")
        if {ours for _, ours in kept} - {each.column for each in sums}:
            against.fault("'sum' names a column that is not summed; write {their column: our column}", at="sum")
        count = against.text("count")
        if not kept and count is None:
            against.fault("against lacks 'sum' or 'count'")
        table = against.text("table", required=True) or ""
        until = pairs(against, "until")
        if {column for column, _ in until} - {theirs for theirs, _ in on}:
            against.fault("'until' names a column that 'on' does not", "write {their column: last value}", at="until")
        found = Against(
            against.text("name") or table, table, on, kept, count, against.conditions("where"), against.flag("partial"),
            until,
        )  # fmt: skip
        against.end()
        return found


def address(document: Document, node: Node) -> AddressRule:
    """An old address: a path with its places, or one place that holds the whole address."""
    form = Form(document, node, "addresses")
    if not form.has("path"):
        rule = AddressRule("{0}", (place(form, many=True),))
        form.end()
        return rule
    path, places = form.text("path") or "", []
    for each in form.items("from"):
        part = Form(document, as_column(each), "from")
        places.append(place(part, many=True))
        part.end()
    numbers = {int(number) for number in PART.findall(path)}
    if numbers != set(range(len(places))):
        form.fault(f"{path!r} and 'from' do not fit: {len(places)} places, {sorted(numbers)} in the path", at="path")
    form.end()
    return AddressRule(path, tuple(places))


def belongings(document: Document, node: Node) -> tuple[Belonging, ...]:
    """What rows belong to: one table, or several."""
    found = []
    for each in node.value if isinstance(node.value, list) else [node]:
        form = Form(document, each, "belongs_to")
        on = pairs(form, "on")
        if not on:
            form.fault("belongs_to lacks 'on'", "on: {column: column of the other table}")
        found.append(Belonging(form.text("table", required=True) or "", on, form.texts("none")))
        form.end()
    return tuple(found)


def pairs(form: Form, name: str) -> tuple[tuple[str, str], ...]:
    """A mapping of columns to columns."""
    return tuple((ours, str(theirs.value)) for ours, theirs in form.forms(name))
