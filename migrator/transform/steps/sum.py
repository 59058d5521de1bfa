"""The sum of a list of numbers; null and empty entries do not count. Null for a list without any; null stays null.

What is no number is rejected as ``bad-number``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from migrator.transform.numbers import Number, as_number, plain
from migrator.transform.verb import Example, Plain, Refused

ARGUMENTS = ()
GIVES = "number"
WHOLE = True
EXAMPLES: tuple[Example, ...] = (
    (None, [1, "2", None], 3),
    (None, ["0.5", Decimal("0.25")], Decimal("0.75")),
    (None, [], None),
    (None, ["x"], Refused("bad-number")),
    (None, None, None),
)


def make() -> Plain:
    """The step."""

    def step(value: Any) -> Number | None:
        entries = value if isinstance(value, list) else [value]
        numbers = [number for each in entries if each is not None and (number := as_number(each)) is not None]
        return plain(sum(numbers, Decimal(0))) if numbers else None

    return step
