"""Dates as pages show them, read as instants. What cannot be read for certain is set aside; nothing is ever "today".

The clock of the machine is never asked: relative dates count from the stored fetch time, the bounds come from the
caller.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from migrator.errors import SetAside
from migrator.text.dates_relative import counted_back, is_relative
from migrator.text.dates_shapes import NEWSROOM_ZONE, Precision, Stated, stated

SPANS: Mapping[Precision, timedelta] = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=31),
    "year": timedelta(days=366),
}
"""How long what a precision names lasts at most."""


@dataclass(frozen=True, slots=True)
class ReadDate:
    """An instant (aware UTC) and how exactly it is known. ``warnings`` are pairs of code and detail, for notes.

    An absolute date is the beginning of what it names: of that minute, or of that day in Vietnam.
    """

    instant: datetime
    precision: Precision
    raw: str
    warnings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Bounds:
    """The earliest and the latest instant a date of the source can have, both aware and included, else ValueError."""

    not_before: datetime
    not_after: datetime

    def __post_init__(self) -> None:
        if self.not_before.tzinfo is None or self.not_after.tzinfo is None:
            raise ValueError("not_before and not_after need a zone")
        if self.not_before > self.not_after:
            raise ValueError(f"not_before {self.not_before} is later than not_after {self.not_after}")

    @classmethod
    def of(cls, not_before: datetime, not_after: datetime, fetched_at: datetime | None) -> Bounds:
        """Bounds that also know that nothing is newer than the page it was read from."""
        if fetched_at is None:
            return cls(not_before, not_after)
        if fetched_at.tzinfo is None:
            raise ValueError("fetched_at needs a zone")
        return cls(not_before, min(fetched_at, not_after))

    def hold(self, instant: datetime, precision: Precision) -> bool:
        """Whether some moment of what is named by the instant and its precision lies between the ends."""
        return instant + SPANS[precision] > self.not_before and instant <= self.not_after


def read_date(text: str, *, fetched_at: datetime | None = None, not_before: datetime, not_after: datetime) -> ReadDate:
    """The instant a text states; without a zone it is what a clock in Vietnam showed.

    ``fetched_at`` (aware) is when the page was fetched: relative dates count back from it, and no date may be later.
    Warnings: ``relative-date``; ``two-digit-year``; ``utc-unconfirmed`` for a date marked as UTC, which legacy systems
    often do to local time (see :func:`migrator.text.dates_reconcile.reconcile`). SetAside ``bad-date`` for everything
    that is unreadable, ambiguous, contradicts its weekday or lies outside the bounds; ValueError for naive arguments.
    """
    bounds = Bounds.of(not_before, not_after, fetched_at)
    if is_relative(text):
        return within(bounds, _relative(text, fetched_at))
    parts = stated_parts(text)
    found = absolute(text, parts, bounds)
    if parts.offset == timedelta():
        found = warned(found, "utc-unconfirmed", f"{text[:80]!r} says that it is UTC")
    return within(bounds, found)


def stated_parts(text: str) -> Stated:
    """What an absolute date states. SetAside ``bad-date``."""
    try:
        return stated(text)
    except ValueError as error:
        raise bad_date(text, str(error)) from error


def absolute(text: str, parts: Stated, bounds: Bounds) -> ReadDate:
    """The instant of the parts. The bounds only choose the century of a two-digit year. SetAside ``bad-date``."""
    zone = NEWSROOM_ZONE if parts.offset is None else timezone(parts.offset)
    try:
        moments = {day: datetime.combine(day, parts.clock, zone).astimezone(UTC) for day in parts.days}
    except OverflowError as error:
        raise bad_date(text, str(error)) from error
    if parts.short_year:
        moments = {day: moment for day, moment in moments.items() if bounds.hold(moment, parts.precision)}
    if len(moments) != 1:
        raise bad_date(text, "no century, or more than one, fits the lifetime of the source")
    ((day, moment),) = moments.items()
    if parts.weekday is not None and day.weekday() != parts.weekday:
        raise bad_date(text, f"{day:%d/%m/%Y} is another day of the week")
    found = ReadDate(moment, parts.precision, text)
    return warned(found, "two-digit-year", f"{text[:80]!r} was read as {day.year}") if parts.short_year else found


def within(bounds: Bounds, found: ReadDate) -> ReadDate:
    """The same date, or SetAside ``bad-date`` where it lies outside the bounds."""
    if bounds.hold(found.instant, found.precision):
        return found
    is_late = found.instant > bounds.not_after
    limit = (bounds.not_after if is_late else bounds.not_before).astimezone(NEWSROOM_ZONE)
    raise bad_date(found.raw, f"is {'after' if is_late else 'before'} {limit:%d/%m/%Y %H:%M}")


def warned(found: ReadDate, code: str, detail: str) -> ReadDate:
    """The same date with one warning more."""
    return ReadDate(found.instant, found.precision, found.raw, (*found.warnings, (code, detail)))


def bad_date(text: str, why: str) -> SetAside:
    """The exception for a date that cannot be used."""
    return SetAside("bad-date", f"{text[:80]!r}: {why}")


def _relative(text: str, fetched_at: datetime | None) -> ReadDate:
    if fetched_at is None:
        raise bad_date(text, "counts from a fetch time that is not known")
    try:
        moment, precision = counted_back(text, fetched_at)
        found = ReadDate(moment.astimezone(UTC), precision, text)
    except (ValueError, OverflowError) as error:
        raise bad_date(text, str(error)) from error
    fetched = f"{fetched_at.astimezone(NEWSROOM_ZONE):%d/%m/%Y %H:%M}"
    return warned(found, "relative-date", f"{text[:80]!r} counted back from {fetched}")
