"""Read seconds since 1970 as an instant.

0 and empty text become null, null stays null. Before 1990 or after 2100, or no number at all, is rejected as
``bad-date``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from migrator.errors import SetAside
from migrator.transform.values import as_integer
from migrator.transform.verb import Plain, Refused

ARGUMENTS = ()
GIVES = "instant"
EXAMPLES = (
    (None, 1700000000, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
    (None, "1700000000", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
    (None, 0, None),
    (None, 1700000000000, Refused("bad-date")),
    (None, None, None),
)

EARLIEST_S = int(datetime(1990, 1, 1, tzinfo=UTC).timestamp())
LATEST_S = int(datetime(2101, 1, 1, tzinfo=UTC).timestamp())


def make() -> Plain:
    """The step."""

    def step(value: Any) -> datetime | None:
        try:
            seconds = as_integer(value)
        except SetAside as error:
            raise SetAside("bad-date", error.detail) from error
        if not seconds:
            return None
        if not EARLIEST_S <= seconds < LATEST_S:
            raise SetAside("bad-date", f"{seconds} s is not between 1990 and 2100")
        return datetime.fromtimestamp(seconds, UTC)

    return step
