"""What an audit statement holds an entity to, besides its fields: text, sums, addresses, links, copies, belongings."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.model.audit_places import Identity, Place, Pointer
from migrator.model.source import Test


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
class TextRule:
    """How the text of bodies is compared (T1). ``recall`` and ``precision`` are shares of word 3-grams that must be met.

    ``read`` names readings of the source's text, each announced where it changes anything. Words in the elements
    ``left_out`` (a tag, ``.class``, ``#id``, ``[attribute]``, a tag with one of them, ``hidden``, ``shortcodes``) need not
    arrive; words that stand in a field under ``moved_to`` count as arrived. More than ``limit`` bodies are compared by a
    random sample of about that size.
    """

    recall: float = 0.99
    precision: float = 0.97
    limit: int = 10_000
    read: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    moved_to: tuple[str, ...] = ()
    counts: tuple[str, ...] = ("paragraphs", "images", "links", "tables")


@dataclass(frozen=True, slots=True)
class Summed:
    """A number to be summed: a column of the entity's own table, the field it stands in, and what it is multiplied by."""

    field: str
    column: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Grouped:
    """What a sum is grouped by: a field, and where its value stands. ``pointer`` is set where the field is a reference."""

    field: str
    identity: Identity | None = None
    pointer: Pointer | None = None

    @property
    def column(self) -> str:
        """The column of the entity's own table."""
        place = self.identity.place if self.identity else self.pointer.place if self.pointer else None
        return place.column if place else ""


@dataclass(frozen=True, slots=True)
class Against:
    """A table in which the source itself keeps sums. ``on`` pairs (its column, ours); so does ``sums``.

    ``count`` is its column with the number of rows; None where it keeps none. ``is_partial``: groups it does not have are
    nothing worth noting, and nor are those it does not have beyond ``until``: pairs (its column, the last value it has been
    summed up to, as text). ``name`` stands in the keys of what is found.
    """

    name: str
    table: str
    on: tuple[tuple[str, str], ...]
    sums: tuple[tuple[str, str], ...] = ()
    count: str | None = None
    where: tuple[Test, ...] = ()
    is_partial: bool = False
    until: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NumberTotal:
    """A control total of numbers: rows and sums per group, at the source and at the target."""

    by: tuple[Grouped, ...]
    sums: tuple[Summed, ...] = ()
    against: Against | None = None


@dataclass(frozen=True, slots=True)
class AddressRule:
    """An old address of each row: ``{0}``, ``{1}``, … of the path are the values of the places, in order.

    Where a place has many values, there is an address for each. A row in which a place has none has no such address.
    """

    path: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Belonging:
    """Rows of a table that must have a row in another: ``on`` pairs (column, column of ``table``).

    ``none`` are the values (as text) that mean "belongs to nothing"; NULL always does.
    """

    table: str
    on: tuple[tuple[str, str], ...]
    none: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownAddresses:
    """Addresses the source knows apart from its rows, such as those of a harvest: ``column`` of a table.

    Where ``to`` and ``id`` are set, each leads to the record of that entity with the id in that column, of the source
    ``of``; otherwise it must lead somewhere.
    """

    table: str
    column: str
    where: tuple[Test, ...] = ()
    to: str | None = None
    id: str | None = None
    of: str = ""


@dataclass(frozen=True, slots=True)
class NewAddress:
    """The address a record has on the new site: ``{0}``, ``{1}``, … are target fields, or ``target_id``."""

    path: str
    fields: tuple[str, ...]
