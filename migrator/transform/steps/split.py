"""Cut text into a list. White space around the pieces and empty pieces are dropped. Null stays null."""

from __future__ import annotations

from typing import Any

from migrator.transform.values import as_text
from migrator.transform.verb import Argument, Example, Plain

ARGUMENTS = (Argument("separator", "text", "what stands between the pieces", default=","),)
GIVES = "list"
EXAMPLES: tuple[Example, ...] = (
    (None, "3, 5,,8", ["3", "5", "8"]),
    ("|", "Hà Nội|Huế", ["Hà Nội", "Huế"]),
    (None, "", []),
    (None, None, None),
)


def make(separator: str) -> Plain:
    """The step. ValueError for an empty separator."""
    if not separator:
        raise ValueError("the separator is empty")

    def step(value: Any) -> list[str]:
        return [piece for part in as_text(value).split(separator) if (piece := part.strip())]

    return step
