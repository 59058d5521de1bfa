"""Sort a list, by text or as numbers. Null and empty entries are left out; null stays null.

What is no number is rejected as ``bad-number`` where numbers are sorted. Rows of a side are better sorted by its `order:`.
"""

from __future__ import annotations

from typing import Any

from migrator.transform.conditions import comparable
from migrator.transform.numbers import as_number
from migrator.transform.picks import is_filled
from migrator.transform.verb import Argument, Example, Plain, Refused

ARGUMENTS = (
    Argument("by", "text", "text or number", default="text"),
    Argument("descending", "boolean", "the largest first", default=False),
)
GIVES = "list"
WHOLE = True
EXAMPLES: tuple[Example, ...] = (
    (None, ["b", "10", "a", "9", None], ["10", "9", "a", "b"]),
    ("number", ["10", 9, "", 100], [9, "10", 100]),
    ({"descending": True}, ["a", "b"], ["b", "a"]),
    ("number", ["a"], Refused("bad-number")),
    (None, None, None),
)


def make(by: str, descending: bool) -> Plain:
    """The step. ValueError for another order."""
    if by not in {"text", "number"}:
        raise ValueError("by must be text or number")
    rank: Any = comparable if by == "text" else as_number

    def step(value: Any) -> list[Any]:
        entries = [each for each in (value if isinstance(value, list) else [value]) if is_filled(each)]
        return sorted(entries, key=rank, reverse=descending)

    return step
