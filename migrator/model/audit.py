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
    replaces ``table`` where the side is a query. ``default`` is a column of the main table used when the side is empty.
    """

    column: str
    table: str | None = None
    sql: str | None = None
    on: tuple[tuple[str, str], ...] = ()
    where: tuple[Test, ...] = ()
    order: tuple[str, ...] = ()
    many: bool = False
    partition: Partition | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """One field that must go straight from source to target.

    ``read`` names the auditor's readings, applied in order (see ``verify/readings.py``); what they change is reported as a
    *declared* difference, never hidden. ``crosswalk`` names a CSV file whose first column is translated to its second.
    """

    field: str
    place: Place
    read: tuple[str, ...] = ()
    crosswalk: str | None = None
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Pointer:
    """References that must point to the counterpart of the same legacy object. ``split`` cuts a list in one column."""

    field: str
    to: str
    place: Place
    split: str | None = None
    prefix: str = ""
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class LinkPattern:
    """Internal links in bodies: a regular expression with a group ``id``, applied to each ``href``, and what it points to."""

    pattern: str
    to: str


@dataclass(frozen=True, slots=True)
class Copies:
    """Tables (by full-match regular expression) that repeat columns of the entity's table, row for row."""

    tables: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditedEntity:
    """What the auditor knows of one entity. ``cell`` names the columns of a control total: section, status and year."""

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


@dataclass(frozen=True, slots=True)
class OutOfScope:
    """A table (or, with ``where``, a part of one) that is deliberately not taken over."""

    table: str
    reason: str
    where: tuple[Test, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteWitness:
    """The public site as a second witness: its sitemaps list every public article.

    ``patterns`` are regular expressions on the URL path with a group ``id``; ``public`` is a test on the audited status.
    """

    base_url: str
    patterns: tuple[str, ...]
    sitemaps: tuple[str, ...] = ("/sitemap.xml",)


@dataclass(frozen=True, slots=True)
class Audit:
    """The whole statement for one source."""

    source: str
    entities: Mapping[str, AuditedEntity]
    consumed: Mapping[str, str] = field(default_factory=dict)
    out_of_scope: tuple[OutOfScope, ...] = ()
    crosswalks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    site: SiteWitness | None = None
