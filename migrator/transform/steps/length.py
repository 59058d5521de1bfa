"""The number of characters of a text. Null stays null."""

from __future__ import annotations

from typing import Any

from migrator.transform.values import as_text
from migrator.transform.verb import Plain

ARGUMENTS = ()
GIVES = "integer"
EXAMPLES = ((None, "Hải Phòng", 9), (None, "", 0), (None, None, None))


def make() -> Plain:
    """The step."""

    def step(value: Any) -> int:
        return len(as_text(value))

    return step
