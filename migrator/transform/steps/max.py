"""The largest entry of a list: of numbers, or of instants (the latest). Null and empty entries do not count.

Null for a list without any; null stays null. What is neither is rejected as ``bad-number``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from migrator.transform.numbers import as_number, plain
from migrator.transform.verb import Example, Plain, Refused

ARGUMENTS = ()
GIVES = "any"
WHOLE = True
EXAMPLES: tuple[Example, ...] = (
    (None, [3, "17", None], 17),
    (None, [datetime(2019, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)], datetime(2020, 1, 1, tzinfo=UTC)),
    (None, [], None),
    (None, ["a"], Refused("bad-number")),
    (None, None, None),
)


def make() -> Plain:
    """The step."""

    def step(value: Any) -> Any:
        entries = [each for each in (value if isinstance(value, list) else [value]) if each is not None]
        if entries and all(isinstance(each, datetime) for each in entries):
            return max(entries)
        numbers = [number for each in entries if (number := as_number(each)) is not None]
        return plain(max(numbers)) if numbers else None

    return step
