"""Round a number, halves away from zero as in accounts. Without digits a whole number comes out.

Empty text becomes null, null stays null; what is no number is rejected as ``bad-number``.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from migrator.transform.numbers import Number, calculated
from migrator.transform.verb import Argument, Plain, Refused

ARGUMENTS = (Argument("digits", "integer", "digits behind the decimal mark; negative ones before it", default=0),)
GIVES = "number"
EXAMPLES = (
    (None, "2.5", 3),
    (None, Decimal("-2.5"), -3),
    (1, "0.25", Decimal("0.3")),
    (-3, 1234567, 1235000),
    (None, "", None),
    (None, "x", Refused("bad-number")),
    (None, None, None),
)


def make(digits: int) -> Plain:
    """The step. ValueError for more than 20 digits."""
    if abs(digits) > 20:
        raise ValueError("digits must be between -20 and 20")
    unit = Decimal(1).scaleb(-digits)

    def step(value: Any) -> Number | None:
        return calculated(value, lambda found: (found / unit).to_integral_value(ROUND_HALF_UP) * unit)

    return step
