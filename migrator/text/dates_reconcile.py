"""One instant from several statements: a machine-readable date that may lie about its zone, and its witnesses."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from migrator.errors import SetAside
from migrator.text.dates import SPANS, Bounds, ReadDate, absolute, bad_date, read_date, stated_parts, warned, within

ID_TOLERANCE = timedelta(minutes=15)
"""How long before or after its publication an article may have got its id, to count as a witness of the hour."""


def reconcile(
    iso_text: str,
    visible_text: str | None,
    id_instant: datetime | None,
    *,
    fetched_at: datetime | None = None,
    not_before: datetime,
    not_after: datetime,
) -> ReadDate:
    """The instant of a machine-readable date, corrected where its witnesses show that the zone is wrong.

    A date marked ``Z`` or ``+00:00``, or not marked at all, may be local time or UTC. The date the page shows decides,
    then the time in the id; a reading other than the stated one is taken with the warning ``local-marked-utc`` or
    ``utc-unmarked``. Where no witness decides, the statement holds, and one that says UTC gets ``utc-unconfirmed``.
    A visible date that fits neither reading: SetAside ``bad-date``, unless the id decides (``dates-disagree``). Any
    other offset is believed; a visible date that contradicts it is the warning ``dates-disagree``. A visible date that is
    relative or cannot be read is no witness (``visible-unreadable``). SetAside and ValueError otherwise as for
    ``read_date``.
    """
    bounds = Bounds.of(not_before, not_after, fetched_at)
    parts = stated_parts(iso_text)
    found = absolute(iso_text, parts, bounds)
    visible, found = _visible(visible_text, bounds, found)
    if parts.offset:
        return within(bounds, _disagreeing(found, visible) if visible and not _shows(visible, found) else found)
    is_utc = parts.offset is not None
    other = absolute(iso_text, replace(parts, offset=None if is_utc else timedelta()), bounds)
    choice = _choice(found, other, visible, id_instant)
    if visible and not (_shows(visible, found) or _shows(visible, other)):
        if choice is None:
            raise bad_date(iso_text, f"the page shows {visible.raw[:80]!r}")
        found = _disagreeing(found, visible)
    if choice is other:
        code = "local-marked-utc" if is_utc else "utc-unmarked"
        corrected = replace(found, instant=other.instant)
        return within(bounds, warned(corrected, code, f"{iso_text[:80]!r} is 7 hours off"))
    if choice is None and is_utc:
        found = warned(found, "utc-unconfirmed", f"{iso_text[:80]!r} says that it is UTC")
    return within(bounds, found)


def _visible(text: str | None, bounds: Bounds, found: ReadDate) -> tuple[ReadDate | None, ReadDate]:
    """The date the page shows, if it can be read; and the date found, warned where it cannot."""
    if text is None or not text.strip():
        return None, found
    try:
        visible = read_date(text, not_before=bounds.not_before, not_after=bounds.not_after)
    except SetAside as error:
        return None, warned(found, "visible-unreadable", error.detail)
    return visible, found


def _choice(found: ReadDate, other: ReadDate, visible: ReadDate | None, id_instant: datetime | None) -> ReadDate | None:
    """The one reading that a witness agrees with, asking one witness after the other; None where all are silent."""
    if visible and _shows(visible, found) != _shows(visible, other):
        return found if _shows(visible, found) else other
    if id_instant:
        near = [each for each in (found, other) if abs(each.instant - id_instant) <= ID_TOLERANCE]
        if len(near) == 1:
            return near[0]
    return None


def _shows(visible: ReadDate, found: ReadDate) -> bool:
    """Whether the two may be the same moment: the finer one lies in what the coarser one names."""
    fine, coarse = sorted((visible, found), key=lambda each: SPANS[each.precision])
    return coarse.instant <= fine.instant < coarse.instant + SPANS[coarse.precision]


def _disagreeing(found: ReadDate, visible: ReadDate) -> ReadDate:
    return warned(found, "dates-disagree", f"the page shows {visible.raw[:80]!r}")
