"""Whether the value is one of the given ones, compared as text. Null gives null."""

from __future__ import annotations

from typing import Any

from migrator.transform.conditions import comparable
from migrator.transform.verb import Argument, Plain

ARGUMENTS = (Argument("values", "scalars", "a value or a list of values", required=True),)
GIVES = "boolean"
EXAMPLES = ((1, "1", True), (["publish", "future"], "draft", False), (1, None, None))


def make(values: tuple[Any, ...]) -> Plain:
    """The step."""
    wanted = frozenset(comparable(value) for value in values)

    def step(value: Any) -> bool:
        return comparable(value) in wanted

    return step
