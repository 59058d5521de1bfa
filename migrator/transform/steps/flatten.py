"""Make one list of a list of lists, or of the values of a mapping, however deep. Null stays null; a single value is a list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from migrator.transform.verb import Example, Plain

ARGUMENTS = ()
GIVES = "list"
WHOLE = True
EXAMPLES: tuple[Example, ...] = (
    (None, [["a", "b"], ["c", ["d"]], "e"], ["a", "b", "c", "d", "e"]),
    (None, {"x": 1, "y": [2, 3]}, [1, 2, 3]),
    (None, "a", ["a"]),
    (None, None, None),
)


def make() -> Plain:
    """The step."""

    def step(value: Any) -> list[Any]:
        return list(_leaves(value))

    return step


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list | tuple):
        yield value
        return
    for each in value:
        yield from _leaves(each)
