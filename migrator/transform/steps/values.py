"""The values of a mapping, without their names. A list stays, a single value becomes one; null stays null."""

from __future__ import annotations

from typing import Any

from migrator.transform.verb import Example, Plain

ARGUMENTS = ()
GIVES = "list"
WHOLE = True
EXAMPLES: tuple[Example, ...] = (
    (None, {"0": "a", "2": "b"}, ["a", "b"]),
    (None, ["a"], ["a"]),
    (None, "a", ["a"]),
    (None, None, None),
)


def make() -> Plain:
    """The step."""

    def step(value: Any) -> list[Any]:
        if isinstance(value, dict):
            return list(value.values())
        return value if isinstance(value, list) else [value]

    return step
