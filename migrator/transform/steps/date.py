"""Read a date in whatever shape a legacy system has it: as the database's own type, seconds since 1970, digits, or text.

Digits: 10 are seconds, 13 milliseconds since 1970; 8, 12 and 14 are year, month, day (hour, minute, second). Text: ISO
8601, or what a page shows, as `page_date` reads it; days come before months. Without a zone it is what a clock in Vietnam
showed. 0, empty text, ``0000-00-00`` and ``0001-01-01`` (no date, in MySQL and .NET) become null, null stays null. What
is unreadable, relative to today, contradicts its weekday or lies outside the bounds is rejected as ``bad-date``. Notes
``two-digit-year`` and ``utc-unconfirmed``.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from migrator.errors import SetAside
from migrator.ports import Step, StepContext
from migrator.text.dates import Bounds, ReadDate, read_date, within
from migrator.text.dates_shapes import NEWSROOM_ZONE
from migrator.transform.values import ZERO_DATE, as_text
from migrator.transform.verb import Argument, Refused

ARGUMENTS = (
    Argument("not_before", "text", "first day of the source", default="1990-01-01"),
    Argument(
        "not_after", "text", "last day it can have a date of, such as the day of its export", default="2100-12-31"
    ),
)
NOTES = True
GIVES = "instant"
EXAMPLES = (
    (None, 1718872740, datetime(2024, 6, 20, 8, 39, tzinfo=UTC)),
    (None, "1718872740000", datetime(2024, 6, 20, 8, 39, tzinfo=UTC)),
    (None, "20240620153900", datetime(2024, 6, 20, 8, 39, tzinfo=UTC)),
    (None, "2024-06-20 15:39:00", datetime(2024, 6, 20, 8, 39, tzinfo=UTC)),
    (None, "2024-06-20T15:39:00+07:00", datetime(2024, 6, 20, 8, 39, tzinfo=UTC)),
    (None, "Thứ Năm, 20/06/2024 - 15:39", datetime(2024, 6, 20, 8, 39, tzinfo=UTC)),
    (None, "ngày 20 tháng 6 năm 2024", datetime(2024, 6, 19, 17, tzinfo=UTC)),
    (None, "0000-00-00 00:00:00", None),
    (None, 0, None),
    (None, "Thứ Sáu, 20/06/2024", Refused("bad-date")),
    (None, "2 giờ trước", Refused("bad-date")),
    ({"not_after": "2023-12-31"}, "20/06/2024", Refused("bad-date")),
    (None, None, None),
)
_NO_DATE = (ZERO_DATE, "0001-01-01")
_DIGITS = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
_SECONDS, _MILLISECONDS = 10, 13


def make(not_before: str, not_after: str) -> Step:
    """The step. ValueError for bounds that are no days, or the wrong way round."""
    end = _midnight(not_after) + timedelta(days=1) - timedelta.resolution
    bounds = Bounds(_midnight(not_before), end)

    def step(value: Any, context: StepContext) -> datetime | None:
        moment = _of_the_driver(value)
        text = "" if moment else as_text(value).strip()
        if moment is None and (not text or text.startswith(_NO_DATE) or not text.strip("0")):
            return None
        moment = moment or _of_digits(text)
        if moment:
            return within(bounds, ReadDate(moment.astimezone(UTC), "second", text or str(value))).instant
        found = read_date(text, not_before=bounds.not_before, not_after=bounds.not_after)
        for code, detail in found.warnings:
            context.note(code, detail)
        return found.instant

    return step


def _of_the_driver(value: Any) -> datetime | None:
    """A date of the database's own type."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=NEWSROOM_ZONE)
    return datetime.combine(value, time(), NEWSROOM_ZONE) if isinstance(value, date) else None


def _of_digits(text: str) -> datetime | None:
    """A date of nothing but digits; a fraction behind seconds since 1970 is allowed. None for other texts."""
    match = re.fullmatch(r"([0-9]{8,14})(?:\.[0-9]{1,9})?", text)
    if match is None:
        return None
    digits = match[1]
    try:
        if len(digits) in (_SECONDS, _MILLISECONDS):
            seconds = Decimal(text) if len(digits) == _SECONDS else Decimal(text) / 1000
            return datetime.fromtimestamp(int(seconds), UTC)
        return datetime.strptime(digits, _DIGITS[len(digits)]).replace(tzinfo=NEWSROOM_ZONE)
    except (KeyError, ValueError, OverflowError) as error:
        raise SetAside("bad-date", f"{text[:80]!r} is not a date") from error


def _midnight(day: str) -> datetime:
    """The beginning of a day in Vietnam. ValueError."""
    return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=NEWSROOM_ZONE)
