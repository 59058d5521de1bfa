"""Put the value on record under a code, and pass it on unchanged. Never for personal data: notes stand in reports.

Null and empty text are not noted.
"""

from __future__ import annotations

import re
from typing import Any

from migrator.ports import Step, StepContext
from migrator.transform.picks import is_filled
from migrator.transform.values import as_text
from migrator.transform.verb import Argument

ARGUMENTS = (Argument("code", "text", "small letters and hyphens, such as old-rubric", required=True),)
NOTES = True
GIVES = "any"
EXAMPLES = (("old-rubric", "Chuyện lạ", "Chuyện lạ"), ("old-rubric", None, None))
_LONGEST = 200


def make(code: str) -> Step:
    """The step. ValueError for a code that is not one."""
    if not re.fullmatch(r"[a-z][a-z0-9-]*", code):
        raise ValueError(f"{code!r} is not a code: small letters, digits and hyphens")

    def step(value: Any, context: StepContext) -> Any:
        if is_filled(value):
            context.note(code, as_text(value)[:_LONGEST])
        return value

    return step
