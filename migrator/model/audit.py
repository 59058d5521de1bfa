"""The auditor's own statement of what must arrive: ``audit.yaml`` as values.

It names source columns directly and shares nothing with the mapping, so a mapping that swaps two columns is found out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from migrator.model.source import Partition, Test


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in the source: a column of the entity's own table, or of a side table found by ``on``.

    ``on`` pairs (side column, main column). ``order`` sorts side rows; without ``many`` only the first counts. ``sql``
    replaces ``table`` where the side is a query. ``default`` is a column of the main table used where the value is NULL
    or empty text.
    """

    column: str
    table: str | None = None
    sql: str | None = None
    on: tuple[tuple[str, str], ...] = ()
    where: tuple[Test, ...] = ()
    order: tuple[str, ...] = ()
    many: bool = False
    partition: Partition | None = None
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """One field that must go straight from source to target.

    ``read`` names the auditor's readings, applied in order (see ``verify/readings.py``); what they change is reported
    as a *declared* difference, never hidden. ``crosswalk`` names a CSV file whose first column is translated to its
    second.
    """

    field: str
    place: Place
    read: tuple[str, ...] = ()
    crosswalk: str | None = None
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Pointer:
    """References that must point to the counterpart of the same legacy object.

    ``split`` cuts a list in one column. ``none`` are the values (as text) that mean "no reference"; NULL and empty text
    always do. ``parts`` separates the parts of a compound id in one value. ``prefix`` is put before the id. With
    ``optional`` an object the source does not have is nothing worth noting (a picture the inventory does not list).
    """

    field: str
    to: str
    place: Place
    split: str | None = None
    prefix: str = ""
    ordered: bool = False
    none: tuple[str, ...] = ()
    parts: str | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class LinkPattern:
    """Internal links in bodies: a regular expression with a group ``id``, and the entity it points to.

    It is searched in the path and query of each ``href`` that stays on the site.
    """

    pattern: str
    to: str


@dataclass(frozen=True, slots=True)
class Copies:
    """Tables (by full-match regular expression) that repeat columns of the entity's table, row for row."""

    tables: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditedEntity:
    """What the auditor knows of one entity. ``cell`` names the columns of a control total: section, status and year.

    ``merged`` names the identities in which a merged row must equal its survivor; where it is empty, the first one.
    ``bare`` names reference fields this source has nothing for: they must be empty at the target.
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
    merged: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()


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
    """The whole statement for one source. ``hosts`` are the site's own: an ``href`` elsewhere is no internal link."""

    source: str
    entities: Mapping[str, AuditedEntity]
    consumed: Mapping[str, str] = field(default_factory=dict)
    out_of_scope: tuple[OutOfScope, ...] = ()
    crosswalks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    site: SiteWitness | None = None
    hosts: frozenset[str] = frozenset()


BODY_VALUE = "body"
"""Name of the link body among the values of a witness row; identities go by their field."""


def cell_value(name: str) -> str:
    """Name of a cell's value among the values of a witness row."""
    return f"cell:{name}"
