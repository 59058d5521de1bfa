"""Whether a regular expression finds something in the text. Null gives null."""

from __future__ import annotations

import re
from typing import Any

from migrator.transform.values import as_text
from migrator.transform.verb import Argument, Plain

ARGUMENTS = (Argument("pattern", "pattern", "what is looked for, anywhere in the text", required=True),)
GIVES = "boolean"
EXAMPLES = ((r"^https?://", "http://a.vn", True), (r"^https?://", "/uploads/a.jpg", False), ("a", None, None))


def make(pattern: re.Pattern[str]) -> Plain:
    """The step."""

    def step(value: Any) -> bool:
        return pattern.search(as_text(value)) is not None

    return step
