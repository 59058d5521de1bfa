"""Places of an audit statement: where in the source a value stands."""

from __future__ import annotations

from migrator.model.audit import Place
from migrator.model.source import Partition
from migrator.verify.document import Document, Node
from migrator.verify.form import Form


def place(form: Form, *, many: bool) -> Place:
    """A place; asks the form for all its members."""
    column = form.text("column", required=True) or ""
    table, sql = form.text("table"), form.text("sql")
    on = tuple((side, str(main.value)) for side, main in form.forms("on"))
    where, order, partition = form.conditions("where"), form.texts("order"), form.node("partition")
    aside = table is not None or sql is not None
    if table is not None and sql is not None:
        form.fault(f"{form.name} has both 'table' and 'sql'")
    if aside and not on:
        form.fault(f"{form.name} lacks 'on'", "on: {side column: main column}")
    if not aside and (on or where or order or partition is not None):
        form.fault(f"{form.name} lacks 'table'", "a column of the entity's own table needs nothing else")
    cut = _partition(form.document, partition) if partition is not None else None
    if (cut is not None) != ("{n}" in (table or "")):
        form.fault(f"{form.name}: 'partition' and '{{n}}' in the table's name go together")
    return Place(column, table, sql, on, where, order, many and aside, cut, form.text("default"))


def _partition(document: Document, node: Node) -> Partition:
    form = Form(document, node, "partition")
    column, size = form.text("column", required=True) or "", form.text("size", required=True) or ""
    if not size.isdecimal() or not int(size):
        form.fault("'size' must be a number above 0", at="size")
        size = "1"
    form.end()
    return Partition(column, int(size))
