"""Add a number; a negative one is subtracted.

Empty text becomes null, null stays null; what is no number is rejected as ``bad-number`` – put `number` before this step
where people wrote it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from migrator.transform.numbers import Number, calculated
from migrator.transform.verb import Argument, Plain, Refused

ARGUMENTS = (Argument("number", "number", "what is added", required=True),)
GIVES = "number"
EXAMPLES = (
    (1, 41, 42),
    (-0.5, "2", Decimal("1.5")),
    (1, "", None),
    (1, "1.234.567", Refused("bad-number")),
    (1, None, None),
)


def make(number: Decimal) -> Plain:
    """The step."""

    def step(value: Any) -> Number | None:
        return calculated(value, lambda found: found + number)

    return step
