"""Read a number as people in Vietnam write it: ``1.234.567 đ``, ``12,5``, ``1,5 triệu``.

Points or spaces group three digits each, a comma is the decimal mark; ``decimal: "."`` for numbers written the English
way. A currency is left out. Gives a whole number where it is one. Empty text becomes null, null stays null; anything else
(``1.5`` with a comma as decimal mark) is rejected as ``bad-number``. Numbers of the database stay.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from migrator.transform.numbers import Number, plain, read_number
from migrator.transform.values import as_text
from migrator.transform.verb import Argument, Plain, Refused

ARGUMENTS = (Argument("decimal", "text", "the decimal mark, a comma or a point", default=","),)
GIVES = "number"
EXAMPLES = (
    (None, "1.234.567 đ", 1234567),
    (None, "12,5", Decimal("12.5")),
    (None, "1,5 triệu", 1500000),
    (".", "1,234.50", Decimal("1234.50")),
    (None, 42, 42),
    (None, "", None),
    (None, "1.5", Refused("bad-number")),
    (None, "khoảng 5", Refused("bad-number")),
    (None, None, None),
)


def make(decimal: str) -> Plain:
    """The step. ValueError for a decimal mark that is neither a comma nor a point."""
    if decimal not in {",", "."}:
        raise ValueError("decimal must be a comma or a point")

    def step(value: Any) -> Number | None:
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            return plain(Decimal(str(value)))
        number = read_number(as_text(value), decimal)
        return None if number is None else plain(number)

    return step
