"""Fill a text up to a length, in front or behind; a longer one stays as it is. Empty text stays empty, null stays null."""

from __future__ import annotations

from typing import Any

from migrator.transform.values import as_text
from migrator.transform.verb import Argument, Plain

ARGUMENTS = (
    Argument("length", "integer", "characters the text has at least", required=True),
    Argument("fill", "text", "the character it is filled with", default="0"),
    Argument("behind", "boolean", "fill behind the text instead of in front of it", default=False),
)
GIVES = "text"
EXAMPLES = (
    (5, 17, "00017"),
    ({"length": 4, "fill": ".", "behind": True}, "a", "a..."),
    (2, "123", "123"),
    (5, "", ""),
    (5, None, None),
)


def make(length: int, fill: str, behind: bool) -> Plain:
    """The step. ValueError for a fill that is not one character."""
    if len(fill) != 1:
        raise ValueError("fill must be one character")

    def step(value: Any) -> str:
        text = as_text(value)
        if not text:
            return ""
        return text.ljust(length, fill) if behind else text.rjust(length, fill)

    return step
