"""The first entry of a list. Null for an empty list; null, and a value that is no list, stay."""

from __future__ import annotations

from typing import Any

from migrator.transform.verb import Example, Plain

ARGUMENTS = ()
GIVES = "any"
WHOLE = True
EXAMPLES: tuple[Example, ...] = ((None, ["a", "b"], "a"), (None, [], None), (None, "a", "a"), (None, None, None))


def make() -> Plain:
    """The step."""

    def step(value: Any) -> Any:
        if isinstance(value, list):
            return value[0] if value else None
        return value

    return step
