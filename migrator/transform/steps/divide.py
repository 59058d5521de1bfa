"""Divide by a number.

Empty text becomes null, null stays null; what is no number is rejected as ``bad-number`` – put `number` before this step
where people wrote it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from migrator.transform.numbers import Number, calculated
from migrator.transform.verb import Argument, Plain, Refused

ARGUMENTS = (Argument("number", "number", "what it is divided by", required=True),)
GIVES = "number"
EXAMPLES = (
    (1000, 1718872740000, 1718872740),
    (4, "5", Decimal("1.25")),
    (1, "", None),
    (1, "1.234.567", Refused("bad-number")),
    (1, None, None),
)


def make(number: Decimal) -> Plain:
    """The step. ValueError for 0."""
    if not number:
        raise ValueError("nothing can be divided by 0")

    def step(value: Any) -> Number | None:
        return calculated(value, lambda found: found / number)

    return step
