"""Replace what a regular expression finds, everywhere in the text. Null stays null."""

from __future__ import annotations

import re
from typing import Any

from migrator.transform.values import as_text
from migrator.transform.verb import Argument, Plain

ARGUMENTS = (
    Argument("pattern", "pattern", "what is looked for", required=True),
    Argument("by", "text", r"what stands there instead; \1 is the first group", default=""),
)
GIVES = "text"
EXAMPLES = (
    ({"pattern": "^/?uploads/", "by": "/"}, "uploads/2019/a.jpg", "/2019/a.jpg"),
    ({"pattern": r"\s*\(TTXVN\)$"}, "Bão số 3 (TTXVN)", "Bão số 3"),
    ("x", None, None),
)


def make(pattern: re.Pattern[str], by: str) -> Plain:
    """The step. re.error for a replacement that names a group the pattern does not have."""
    pattern.sub(by, "")

    def step(value: Any) -> str:
        return pattern.sub(by, as_text(value))

    return step
