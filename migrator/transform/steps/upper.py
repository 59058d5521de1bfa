"""Make all letters capitals. Null stays null."""

from __future__ import annotations

from typing import Any

from migrator.transform.values import as_text
from migrator.transform.verb import Plain

ARGUMENTS = ()
GIVES = "text"
EXAMPLES = ((None, "đà nẵng", "ĐÀ NẴNG"), (None, None, None))


def make() -> Plain:
    """The step."""

    def step(value: Any) -> str:
        return as_text(value).upper()

    return step
