"""Turn true into false and false into true; 1/0, yes/no and the like are read as `boolean` reads them. Null stays null."""

from __future__ import annotations

from typing import Any

from migrator.transform.steps import boolean
from migrator.transform.verb import Plain, Refused

ARGUMENTS = ()
GIVES = "boolean"
EXAMPLES = (
    (None, True, False),
    (None, "0", True),
    (None, "", None),
    (None, 2, Refused("bad-boolean")),
    (None, None, None),
)


def make() -> Plain:
    """The step."""
    read = boolean.make()

    def step(value: Any) -> bool | None:
        said = read(value)
        return None if said is None else not said

    return step
