"""Read a date as a page shows it ("Thứ Năm, 20/06/2024 - 15:39", "15:39 | 20-6-2024") as an instant.

Days come before months; without a zone it is what a clock in Vietnam showed; without a time it is the beginning of the
day. What cannot be read for certain is rejected as ``bad-date``: a text with anything else in it, a weekday that is
wrong, a date relative to today, a date outside the lifetime of the source. Notes ``two-digit-year`` and
``utc-unconfirmed`` (marked as UTC, which many systems do to local time). Empty text becomes null, null stays null.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from migrator.ports import Step, StepContext
from migrator.text.dates import Bounds, read_date
from migrator.text.dates_shapes import NEWSROOM_ZONE
from migrator.transform.values import as_text
from migrator.transform.verb import Argument, Refused

ARGUMENTS = (
    Argument("not_before", "text", "first day of the source, such as 2004-01-01", required=True),
    Argument("not_after", "text", "last day it can have a date of, such as the day of its export", required=True),
)
NOTES = True
GIVES = "instant"
_LIFETIME = {"not_before": "2004-01-01", "not_after": "2025-12-31"}
EXAMPLES = (
    (_LIFETIME, "Thứ Năm, 20/06/2024 - 15:39", datetime(2024, 6, 20, 8, 39, tzinfo=UTC)),
    (_LIFETIME, "15:39 | 20-6-2024", datetime(2024, 6, 20, 8, 39, tzinfo=UTC)),
    (_LIFETIME, "20/06/24 03:39 CH", datetime(2024, 6, 20, 8, 39, tzinfo=UTC)),
    (_LIFETIME, "ngày 20 tháng 6 năm 2024", datetime(2024, 6, 19, 17, tzinfo=UTC)),
    (_LIFETIME, "Thứ Sáu, 20/06/2024", Refused("bad-date")),
    (_LIFETIME, "2 giờ trước", Refused("bad-date")),
    (_LIFETIME, "01/01/2026", Refused("bad-date")),
    (_LIFETIME, "", None),
    (_LIFETIME, None, None),
)


def make(not_before: str, not_after: str) -> Step:
    """The step. ValueError for bounds that are no days, or the wrong way round."""
    end = _midnight(not_after) + timedelta(days=1) - timedelta.resolution
    bounds = Bounds(_midnight(not_before), end)

    def step(value: Any, context: StepContext) -> datetime | None:
        text = as_text(value)
        if not text.strip():
            return None
        found = read_date(text, not_before=bounds.not_before, not_after=bounds.not_after)
        for code, detail in found.warnings:
            context.note(code, detail)
        return found.instant

    return step


def _midnight(day: str) -> datetime:
    """The beginning of a day in Vietnam. ValueError."""
    return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=NEWSROOM_ZONE)
