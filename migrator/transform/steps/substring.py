"""A piece of a text, by places counted from 1; a negative start counts from the end. Null stays null.

Note ``cut`` with how many characters are left out, unless `quiet`. To make a text fit, use `shorten`.
"""

from __future__ import annotations

from typing import Any

from migrator.ports import Step, StepContext
from migrator.transform.values import as_text
from migrator.transform.verb import Argument

ARGUMENTS = (
    Argument("start", "integer", "place of the first character", default=1),
    Argument("length", "integer", "how many characters; all that follow if it is not said"),
    Argument("quiet", "boolean", "note nothing: what is left out is no content, as with codes", default=False),
)
NOTES = True
GIVES = "text"
EXAMPLES = (
    ({"start": 1, "length": 4}, "2019-05-01", "2019"),
    ({"start": -3}, "HP-017", "017"),
    (9, "abc", ""),
    (1, None, None),
)


def make(start: int, length: int | None, quiet: bool) -> Step:
    """The step. ValueError for a start of 0 or a negative length."""
    if not start:
        raise ValueError("characters are counted from 1")
    if length is not None and length < 0:
        raise ValueError("length must not be negative")

    def step(value: Any, context: StepContext) -> str:
        text = as_text(value)
        first = start - 1 if start > 0 else max(len(text) + start, 0)
        piece = text[first : None if length is None else first + length]
        if len(piece) < len(text) and not quiet:
            context.note("cut", f"{len(text) - len(piece)} of {len(text)} characters left out")
        return piece

    return step
