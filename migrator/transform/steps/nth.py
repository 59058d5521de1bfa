"""An entry of a list, counted from 1; a negative number counts from the end. Null where the list is too short."""

from __future__ import annotations

from typing import Any

from migrator.transform.verb import Argument, Plain

ARGUMENTS = (Argument("number", "integer", "which entry", required=True),)
GIVES = "any"
WHOLE = True
EXAMPLES = ((2, ["a", "b"], "b"), (-1, ["a", "b"], "b"), (3, ["a", "b"], None), (1, None, None))


def make(number: int) -> Plain:
    """The step. ValueError for 0."""
    if not number:
        raise ValueError("entries are counted from 1")
    index = number - 1 if number > 0 else number

    def step(value: Any) -> Any:
        values = value if isinstance(value, list) else [value]
        return values[index] if -len(values) <= index < len(values) else None

    return step
