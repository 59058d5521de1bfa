"""Make a text fit: cut it behind a word and end it with "…", where it is longer. Note ``cut``. Null stays null."""

from __future__ import annotations

from typing import Any

from migrator.ports import Step, StepContext
from migrator.transform.values import as_text
from migrator.transform.verb import Argument

ARGUMENTS = (
    Argument("length", "integer", "characters it may have, the ending included", required=True),
    Argument("ending", "text", "what shows that something is missing", default="…"),
)
NOTES = True
GIVES = "text"
EXAMPLES = (
    (20, "Mưa lớn ở miền Bắc kéo dài", "Mưa lớn ở miền Bắc…"),
    (9, "Mưa lớn ở miền Bắc", "Mưa lớn…"),
    (5, "Nghiêng", "Nghi…"),
    (100, "Mưa lớn", "Mưa lớn"),
    (100, None, None),
)


def make(length: int, ending: str) -> Step:
    """The step. ValueError for a length that has no room for the ending."""
    room = length - len(ending)
    if room < 1:
        raise ValueError("length has no room for the ending")

    def step(value: Any, context: StepContext) -> str:
        text = as_text(value)
        if len(text) <= length:
            return text
        kept = text[: room + 1].rpartition(" ")[0].rstrip(" ,;:–-") or text[:room]
        context.note("cut", f"{len(text) - len(kept)} of {len(text)} characters left out")
        return kept + ending

    return step
