"""The part of a text that a regular expression finds: a group of it, or all it matches. Null where it finds nothing.

Null stays null.
"""

from __future__ import annotations

import re
from typing import Any

from migrator.transform.values import as_text
from migrator.transform.verb import Argument, Plain

ARGUMENTS = (
    Argument("pattern", "pattern", "what is looked for, anywhere in the text", required=True),
    Argument("group", "scalar", "number or name of the group; the first one where there is one, else all that matches"),
)
GIVES = "text"
EXAMPLES = (
    (r"-(\d+)\.html$", "/thoi-su/mua-lu-17.html", "17"),
    (r"\d{4}", "Xuân 2019, 2020", "2019"),
    ({"pattern": r"(?P<day>\d+)/(?P<month>\d+)", "group": "month"}, "20/6", "6"),
    (r"\d+", "không có số", None),
    (r"\d+", None, None),
)


def make(pattern: re.Pattern[str], group: str | int | None) -> Plain:
    """The step. ValueError for a group the pattern does not have."""
    wanted = group if group is not None else min(pattern.groups, 1)
    if wanted not in pattern.groupindex and not (isinstance(wanted, int) and 0 <= wanted <= pattern.groups):
        raise ValueError(f"the pattern {pattern.pattern!r} has no group {wanted!r}")

    def step(value: Any) -> str | None:
        match = pattern.search(as_text(value))
        return match[wanted] if match else None

    return step
