"""Translate a number by ranges: each entry holds from its number up to the next one.

A number below the first entry is rejected as ``unmapped-value``, unless ``default`` says what it becomes. Empty text and
null give null; what is no number is rejected as ``bad-number``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from migrator.errors import SetAside
from migrator.transform.numbers import as_number
from migrator.transform.verb import Argument, Plain, Refused

ARGUMENTS = (
    Argument("ranges", "map", "smallest number: new value", required=True),
    Argument("default", "scalar", "new value of smaller numbers"),
)
GIVES = "any"
EXAMPLES = (
    ({"ranges": {"0": "draft", "10": "published", "90": None}}, 10, "published"),
    ({"ranges": {"0": "draft", "10": "published", "90": None}}, "9.5", "draft"),
    ({"ranges": {"0": "draft", "10": "published", "90": None}}, 100, None),
    ({"ranges": {"0": "draft"}}, -1, Refused("unmapped-value")),
    ({"ranges": {"0": "draft"}, "default": "retracted"}, -1, "retracted"),
    ({"ranges": {"0": "draft"}}, "x", Refused("bad-number")),
    ({"ranges": {"0": "draft"}}, None, None),
)


def make(ranges: Mapping[str, Any], default: Any) -> Plain:
    """The step. ValueError for a range that does not begin with a number."""
    try:
        sorted_ranges = sorted((Decimal(start), value) for start, value in ranges.items())
    except (InvalidOperation, TypeError) as error:
        raise ValueError("each range begins with a number, each number once") from error
    starts = [start for start, _ in sorted_ranges]

    def step(value: Any) -> Any:
        number = as_number(value)
        if number is None:
            return None
        place = bisect_right(starts, number)
        if place:
            return sorted_ranges[place - 1][1]
        if default is None:
            raise SetAside("unmapped-value", f"{number} is below every range")
        return default

    return step
