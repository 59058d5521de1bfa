"""How many entries of a list are filled: neither null nor empty text. Null stays null; a single value counts as one."""

from __future__ import annotations

from typing import Any

from migrator.transform.picks import is_filled
from migrator.transform.verb import Example, Plain

ARGUMENTS = ()
GIVES = "integer"
WHOLE = True
EXAMPLES: tuple[Example, ...] = ((None, ["a", None, "", 0], 2), (None, [], 0), (None, "a", 1), (None, None, None))


def make() -> Plain:
    """The step."""

    def step(value: Any) -> int:
        return sum(map(is_filled, value if isinstance(value, list) else [value]))

    return step
