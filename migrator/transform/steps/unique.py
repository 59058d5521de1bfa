"""Keep each entry of a list once, the first of equal ones, compared as text. Null and empty entries are left out.

With ``loosely`` spellings that differ in letter case, white space, Unicode form or the place of a tone (hoà, hòa) are equal
too; what is left out for that is noted as ``repeated-value``. Null stays null.
"""

from __future__ import annotations

from typing import Any

from migrator.ports import Step, StepContext
from migrator.text.match_keys import match_key
from migrator.transform.conditions import comparable
from migrator.transform.picks import is_filled
from migrator.transform.values import shown
from migrator.transform.verb import Argument, Example

ARGUMENTS = (Argument("loosely", "boolean", "spellings of one name are equal", default=False),)
NOTES = True
GIVES = "list"
WHOLE = True
EXAMPLES: tuple[Example, ...] = (
    (None, ["lũ", "bão", "lũ", None, ""], ["lũ", "bão"]),
    (None, [1, "1", 2], [1, 2]),
    (True, ["Hoà Bình", "hòa bình", "Huế"], ["Hoà Bình", "Huế"]),
    (None, None, None),
)


def make(loosely: bool) -> Step:
    """The step."""

    def step(value: Any, context: StepContext) -> list[Any]:
        kept: dict[str, Any] = {}
        for each in value if isinstance(value, list) else [value]:
            if not is_filled(each):
                continue
            text = comparable(each)
            first = kept.setdefault(match_key(text) if loosely else text, each)
            if comparable(first) != text:
                context.note("repeated-value", f"{shown(text)} is {shown(comparable(first))}")
        return list(kept.values())

    return step
