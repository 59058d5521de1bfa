"""Whether a number is at least so large. Null and empty text give null."""

from __future__ import annotations

from typing import Any

from migrator.transform.values import as_integer
from migrator.transform.verb import Argument, Plain, Refused

ARGUMENTS = (Argument("number", "integer", "the smallest number that gives true", required=True),)
GIVES = "boolean"
EXAMPLES = ((20, 21, True), (20, "3", False), (1, "", None), (1, "x", Refused("bad-number")), (20, None, None))


def make(number: int) -> Plain:
    """The step."""

    def step(value: Any) -> bool | None:
        found = as_integer(value)
        return None if found is None else found >= number

    return step
