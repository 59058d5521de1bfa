"""Write an instant as text, in the manner of strftime, as a clock of the zone shows it. Null stays null."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from migrator.errors import SetAside
from migrator.transform.verb import Argument, Plain, Refused

ARGUMENTS = (
    Argument("format", "text", "such as %d/%m/%Y %H:%M", required=True),
    Argument("tz", "zone", "time zone of the clock", default="Asia/Ho_Chi_Minh"),
)
GIVES = "text"
EXAMPLES = (
    ("%d/%m/%Y", datetime(2024, 6, 19, 17, tzinfo=UTC), "20/06/2024"),
    ({"format": "%Y-%m", "tz": "UTC"}, datetime(2024, 6, 30, 20, tzinfo=UTC), "2024-06"),
    ("%Y", "2024", Refused("wrong-type")),
    ("%Y", None, None),
)


def make(format: str, tz: ZoneInfo) -> Plain:
    """The step."""

    def step(value: Any) -> str:
        if not isinstance(value, datetime) or value.tzinfo is None:
            text = (
                f"an instant is needed, not {type(value).__name__}; put unix_time, local_time or date before this step"
            )
            raise SetAside("wrong-type", text)
        return value.astimezone(tz).strftime(format)

    return step
