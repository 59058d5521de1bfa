"""Leave null, empty and blank entries out of a list. Null, and a value that is no list, stay."""

from __future__ import annotations

from typing import Any

from migrator.transform.picks import is_filled
from migrator.transform.verb import Example, Plain

ARGUMENTS = ()
GIVES = "list"
WHOLE = True
EXAMPLES: tuple[Example, ...] = ((None, ["a", None, "", " ", 0], ["a", 0]), (None, [], []), (None, None, None))


def make() -> Plain:
    """The step."""

    def step(value: Any) -> Any:
        return [each for each in value if is_filled(each)] if isinstance(value, list) else value

    return step
