"""Read a date and time without zone that is UTC, such as WordPress's ``post_date_gmt``, as an instant.

Empty text and MySQL's ``0000-00-00`` become null, null stays null. What cannot be read is rejected as ``bad-date``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from migrator.transform.values import as_instant
from migrator.transform.verb import Argument, Plain, Refused

ARGUMENTS = (Argument("format", "text", "format in the manner of strptime, where it is not ISO 8601"),)
GIVES = "instant"
EXAMPLES = (
    (None, "2023-11-14 22:13:20", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
    (None, "0000-00-00 00:00:00", None),
    (None, "2023-02-30", Refused("bad-date")),
    (None, None, None),
)

_UTC = ZoneInfo("UTC")


def make(format: str | None) -> Plain:
    """The step."""

    def step(value: Any) -> datetime | None:
        return as_instant(value, _UTC, format)

    return step
