"""Read a whole number. Empty text becomes null, null stays null; anything else is rejected as ``bad-number``.

``1.000`` is one, not a thousand: a mark that groups digits must be removed first.
"""

from __future__ import annotations

from typing import Any

from migrator.transform.values import as_integer
from migrator.transform.verb import Plain, Refused

ARGUMENTS = ()
GIVES = "integer"
EXAMPLES = (
    (None, " 42 ", 42),
    (None, "42.0", 42),
    (None, "", None),
    (None, "4,2", Refused("bad-number")),
    (None, None, None),
)


def make() -> Plain:
    """The step."""

    def step(value: Any) -> int | None:
        return as_integer(value)

    return step
