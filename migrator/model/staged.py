"""What a staged copy of a source is: which tables and answers, in which packs, taken when. Plain values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from migrator.model.source import TableInfo


@dataclass(frozen=True, slots=True)
class Pack:
    """``rows`` rows in a pack named ``digest``: ``size`` bytes of content, ``packed`` bytes of file."""

    digest: str
    rows: int
    size: int
    packed: int


@dataclass(frozen=True, slots=True)
class Trait:
    """How the database compares what is in a column.

    ``kind`` is ``number``, ``text``, ``time``, ``bytes`` or ``any``; ``collation`` names one of
    :attr:`Traits.collations`, or is empty where texts are compared character by character.
    """

    kind: str
    collation: str = ""


@dataclass(frozen=True, slots=True)
class Collation:
    """How texts are compared: the weight, in hex, of each character it knows; others weigh what they are.

    ``pads``: spaces at the end count for nothing.
    """

    pads: bool
    weights: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Traits:
    """How a database compares: its engine (``sqlite``, ``mysql``, ``postgresql``), columns by table, and collations.

    ``default`` is the collation of texts that are in no table's column.
    """

    engine: str
    tables: Mapping[str, Mapping[str, Trait]] = field(default_factory=dict)
    collations: Mapping[str, Collation] = field(default_factory=dict)
    default: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A table, or the answer to a declared query, with its rows in the order they were read: that of ``key``, if any."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    packs: tuple[Pack, ...]
    sql: str | None = None

    @property
    def rows(self) -> int:
        """Rows in all packs."""
        return sum(pack.rows for pack in self.packs)


@dataclass(frozen=True, slots=True)
class StagedCopy:
    """A whole copy. ``tables`` are all tables and ``views`` of the source, ``counts`` their rows when the copy was begun.

    ``consistent``: everything is of one moment. Where it is not, ``at_end`` has the rows of each table when the copy was
    whole, and ``touched`` the tables that somebody is known to have written to meanwhile. ``left_out`` are columns that
    were not copied, by table. Times are aware UTC, as text.
    """

    source: str
    began_at: str
    ended_at: str
    sessions: int
    consistent: bool
    tables: Mapping[str, TableInfo]
    counts: Mapping[str, int]
    traits: Traits
    relations: tuple[Relation, ...]
    at_end: Mapping[str, int] = field(default_factory=dict)
    touched: tuple[str, ...] = ()
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    views: tuple[str, ...] = ()


def query_name(sql: str) -> str:
    """The name a declared query's answer is staged under."""
    return "query-" + hashlib.sha256(sql.encode("utf-8", "surrogatepass")).hexdigest()[:16]
