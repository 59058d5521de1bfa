"""Turn a list round. Null, and a value that is no list, stay."""

from __future__ import annotations

from typing import Any

from migrator.transform.verb import Example, Plain

ARGUMENTS = ()
GIVES = "list"
WHOLE = True
EXAMPLES: tuple[Example, ...] = ((None, [1, 2, 3], [3, 2, 1]), (None, [], []), (None, None, None))


def make() -> Plain:
    """The step."""

    def step(value: Any) -> Any:
        return value[::-1] if isinstance(value, list) else value

    return step
