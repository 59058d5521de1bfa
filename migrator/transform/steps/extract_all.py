"""Every part of a text that a regular expression finds, as a list: its first group, or all it matches. Null stays null."""

from __future__ import annotations

import re
from typing import Any

from migrator.transform.values import as_text
from migrator.transform.verb import Argument, Example, Plain

ARGUMENTS = (Argument("pattern", "pattern", "what is looked for", required=True),)
GIVES = "list"
EXAMPLES: tuple[Example, ...] = (
    (r"#(\w+)", "#lũ #bão ở miền Bắc", ["lũ", "bão"]),
    (r"\d+", "17, 18 và 19", ["17", "18", "19"]),
    (r"\d+", "không", []),
    (r"\d+", None, None),
)


def make(pattern: re.Pattern[str]) -> Plain:
    """The step."""
    group = min(pattern.groups, 1)

    def step(value: Any) -> list[str]:
        return [match[group] for match in pattern.finditer(as_text(value)) if match[group]]

    return step
