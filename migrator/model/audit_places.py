"""Where values stand in a source, as an audit statement says it: places, and what must become of them."""

from __future__ import annotations

from dataclasses import dataclass

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
    second. ``twin`` says that the survivor of a merge may have taken the value from a row merged into it, ``from_body``
    that where the place is empty the value may be words of the body.
    """

    field: str
    place: Place
    read: tuple[str, ...] = ()
    crosswalk: str | None = None
    prefix: str = ""
    twin: bool = False
    from_body: bool = False


@dataclass(frozen=True, slots=True)
class Pointer:
    """References that must point to the counterpart of the same legacy object.

    ``split`` cuts a list in one column. ``none`` are the values (as text) that mean "no reference"; NULL and empty text
    always do. ``parts`` separates the parts of a compound id in one value. ``prefix`` is put before the id. With
    ``optional`` an object the source does not have is nothing worth noting (a picture the inventory does not list). With
    ``whole`` each value is a whole legacy key: the object may be another source's.
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
    whole: bool = False
