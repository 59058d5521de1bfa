"""Read a date and time without zone, as the newsroom's clock showed it, as an instant.

Empty text and MySQL's ``0000-00-00`` become null, null stays null. What cannot be read is rejected as ``bad-date``. A
value that states its own offset keeps to it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from migrator.transform.values import as_instant
from migrator.transform.verb import Argument, Plain, Refused

ARGUMENTS = (
    Argument("tz", "zone", "time zone of the clock", default="Asia/Ho_Chi_Minh"),
    Argument("format", "text", "format in the manner of strptime, such as %d/%m/%Y %H:%M, where it is not ISO 8601"),
)
GIVES = "instant"
EXAMPLES = (
    (None, "2023-11-15 05:13:20", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
    ("Europe/Paris", "2023-11-14 23:13:20", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
    ({"format": "%d/%m/%Y"}, "15/11/2023", datetime(2023, 11, 14, 17, tzinfo=UTC)),
    (None, "0000-00-00 00:00:00", None),
    (None, "hôm qua", Refused("bad-date")),
    (None, None, None),
)


def make(tz: ZoneInfo, format: str | None) -> Plain:
    """The step."""

    def step(value: Any) -> datetime | None:
        return as_instant(value, tz, format)

    return step
