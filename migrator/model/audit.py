"""The auditor's own statement of what must arrive: ``audit.yaml`` as values.

It names source columns directly and shares nothing with the mapping, so a mapping that swaps two columns is found out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from migrator.model.audit_places import Identity, Place, Pointer
from migrator.model.audit_rules import (
    AddressRule,
    Against,
    Belonging,
    Copies,
    Grouped,
    KnownAddresses,
    LinkPattern,
    NewAddress,
    NumberTotal,
    Summed,
    TextRule,
)
from migrator.model.source import Test

__all__ = [
    "BODY_VALUE",
    "CHANGED_VALUE",
    "AddressRule",
    "Against",
    "Audit",
    "AuditedEntity",
    "Belonging",
    "Copies",
    "Grouped",
    "Identity",
    "KnownAddresses",
    "LinkPattern",
    "NewAddress",
    "NumberTotal",
    "OutOfScope",
    "Place",
    "Pointer",
    "SiteWitness",
    "Summed",
    "TextRule",
    "address_value",
    "cell_value",
    "group_value",
    "sum_value",
]


@dataclass(frozen=True, slots=True)
class AuditedEntity:
    """What the auditor knows of one entity. ``cell`` names the columns of a control total: section, status and year.

    ``merged`` names, by the reason a row was merged for (``""``: any other), the identities in which it must equal its
    survivor; where a reason is not named, the first identity. No identities: nothing but the alias is compared.
    ``bare`` names reference fields this source has nothing for, ``empty`` other fields of that kind: they must be empty at
    the target. ``changed`` is when a row was last changed. ``text`` is None where the text of bodies is not compared.
    """

    entity: str
    table: str | None
    sql: str | None
    key: tuple[str, ...]
    where: tuple[Test, ...] = ()
    identities: tuple[Identity, ...] = ()
    pointers: tuple[Pointer, ...] = ()
    links: tuple[LinkPattern, ...] = ()
    link_body: Place | None = None
    copies: Copies | None = None
    cell: Mapping[str, Identity] = field(default_factory=dict)
    merged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bare: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    changed: Identity | None = None
    text: TextRule | None = None
    totals: tuple[NumberTotal, ...] = ()
    addresses: tuple[AddressRule, ...] = ()
    belongs_to: tuple[Belonging, ...] = ()

    def single_places(self) -> Iterator[tuple[str, Place]]:
        """Name and place of each value a witness row has once."""
        yield from ((identity.field, identity.place) for identity in self.identities)
        yield from ((cell_value(name), identity.place) for name, identity in self.cell.items())
        if self.link_body is not None:
            yield BODY_VALUE, self.link_body
        if self.changed is not None:
            yield CHANGED_VALUE, self.changed.place
        for number, total in enumerate(self.totals):
            for summed in total.sums:
                yield sum_value(number, summed.field), Place(summed.column)
            for grouped in total.by:
                yield group_value(number, grouped.field), Place(grouped.column)

    def list_places(self) -> Iterator[tuple[str, Place]]:
        """Name and place of each value a witness row has a list of."""
        yield from ((pointer.field, pointer.place) for pointer in self.pointers)
        for number, rule in enumerate(self.addresses):
            yield from ((address_value(number, part), place) for part, place in enumerate(rule.places))


@dataclass(frozen=True, slots=True)
class OutOfScope:
    """A table (or, with ``where``, a part of one) that is deliberately not taken over."""

    table: str
    reason: str
    where: tuple[Test, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteWitness:
    """The public site as a second witness: its sitemaps list every public record of ``entity``.

    ``patterns`` are regular expressions on the URL path with a group ``id``. ``public`` says which rows the site must
    list: field of an identity, or ``cell.NAME`` -> values (as text, after readings and crosswalk). ``lastmod`` names
    the field that the sitemap's date repeats; None where it is not to be compared.
    """

    patterns: tuple[str, ...]
    sitemaps: tuple[str, ...] = ("/sitemap.xml",)
    entity: str = "article"
    public: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lastmod: str | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """The whole statement for one source. ``hosts`` are the site's own: an ``href`` elsewhere is no internal link.

    ``belongings`` has, for each consumed table (or pattern), what its rows belong to.
    """

    source: str
    entities: Mapping[str, AuditedEntity]
    consumed: Mapping[str, str] = field(default_factory=dict)
    out_of_scope: tuple[OutOfScope, ...] = ()
    crosswalks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    site: SiteWitness | None = None
    hosts: frozenset[str] = frozenset()
    belongings: Mapping[str, tuple[Belonging, ...]] = field(default_factory=dict)
    known_addresses: tuple[KnownAddresses, ...] = ()
    new_addresses: Mapping[str, NewAddress] = field(default_factory=dict)

    def kept_beside(self) -> Iterator[tuple[str, str]]:
        """Tables in which the source keeps sums and addresses besides its records, and what they are read for."""
        for audited in self.entities.values():
            for total in audited.totals:
                if total.against is not None:
                    yield total.against.table, f"sums of {audited.entity} kept by the source (N1)"
        for known in self.known_addresses:
            yield known.table, "old addresses (U1)"


BODY_VALUE = "body"
"""Name of the body among the values of a witness row; identities go by their field."""

CHANGED_VALUE = "changed:"
"""Name of the time of the last change."""


def cell_value(name: str) -> str:
    """Name of a cell's value among the values of a witness row."""
    return f"cell:{name}"


def sum_value(total: int, name: str) -> str:
    """Name of a number that is summed, in the total of this number."""
    return f"total:{total}:sum:{name}"


def group_value(total: int, name: str) -> str:
    """Name of what the total of this number is grouped by."""
    return f"total:{total}:by:{name}"


def address_value(rule: int, part: int) -> str:
    """Name of a part of an old address, by the numbers of the rule and of its place."""
    return f"address:{rule}:{part}"
