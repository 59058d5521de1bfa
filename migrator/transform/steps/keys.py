"""The names of a mapping, such as the roles in WordPress's ``wp_capabilities``. A list has none; null stays null.

With ``where`` only names whose value is that one.
"""

from __future__ import annotations

from typing import Any

from migrator.transform.conditions import comparable
from migrator.transform.verb import Argument, Example, Plain

ARGUMENTS = (Argument("where", "scalar", "the value a name must have"),)
GIVES = "list"
WHOLE = True
EXAMPLES: tuple[Example, ...] = (
    (None, {"editor": True, "author": False}, ["editor", "author"]),
    (True, {"editor": True, "author": False}, ["editor"]),
    (None, ["a"], []),
    (None, None, None),
)


def make(where: Any) -> Plain:
    """The step."""
    wanted = None if where is None else comparable(where)

    def step(value: Any) -> list[str]:
        if not isinstance(value, dict):
            return []
        return [str(name) for name, each in value.items() if wanted is None or comparable(each) == wanted]

    return step
