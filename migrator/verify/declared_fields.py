"""Fields of an audit statement: identities and pointers, and how their values are read."""

from __future__ import annotations

from dataclasses import replace

from migrator.model.audit import Identity, Place, Pointer
from migrator.model.content import Kind
from migrator.verify.crosswalks import Crosswalks
from migrator.verify.document import Node
from migrator.verify.form import Form
from migrator.verify.places import place
from migrator.verify.readings import NAMES, reading

_INSTANTS = frozenset({"unix", "local-time", "utc-time"})


def identity(form: Form, name: str, crosswalks: Crosswalks, kind: Kind | None = None) -> Identity:
    """An identity; asks the form for all its members."""
    found = read_value(form, name, place(form, many=False), crosswalks, kind, twin=form.flag("twin"))
    return replace(found, from_body=form.flag("from_body"))


def read_value(
    form: Form, name: str, spot: Place, crosswalks: Crosswalks, kind: Kind | None = None, *, twin: bool = False
) -> Identity:
    """How the value of a place is read: ``read``, ``crosswalk`` and ``prefix`` of the form."""
    read = form.texts("read")
    for spelled in read:
        try:
            reading(spelled)
        except KeyError:
            form.fault(f"there is no reading '{spelled}'", f"known: {', '.join(sorted(NAMES))}", at="read")
        except ValueError as error:
            form.fault(str(error), at="read")
    if kind is Kind.INSTANT and not _INSTANTS & {word.removesuffix("?") for word in read}:
        form.fault(f"'{name}' is an instant", f"say how it is read: {', '.join(sorted(_INSTANTS))}")
    crosswalk = form.text("crosswalk")
    if crosswalk is not None:
        crosswalks.use(crosswalk, form)
    return Identity(name, spot, read, crosswalk, form.text("prefix") or "", twin)


def pointer(form: Form, name: str, to: str, *, many: bool) -> Pointer:
    """A pointer to an entity; asks the form for all its members."""
    named = form.text("to") or to
    if named != to:
        form.fault(f"'{name}' points to {to}, not to {named}", at="to")
    return Pointer(
        field=name,
        to=named,
        place=place(form, many=many),
        split=form.text("split") if many else None,
        prefix=form.text("prefix") or "",
        ordered=form.flag("ordered") if many else False,
        none=form.texts("none"),
        parts=form.text("parts"),
        optional=form.flag("optional") if many else False,
        whole=form.flag("whole"),
    )


def as_column(node: Node) -> Node:
    """A bare column name as the mapping it is short for."""
    return node if isinstance(node.value, dict) else Node({"column": node}, node.line)
