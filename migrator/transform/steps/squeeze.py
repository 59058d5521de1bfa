"""Make every run of white space one space, and remove it at both ends. A no-break space is white space too.

Null stays null; text of nothing but white space becomes empty.
"""

from __future__ import annotations

from typing import Any

from migrator.transform.values import as_text
from migrator.transform.verb import Plain

ARGUMENTS = ()
GIVES = "text"
EXAMPLES = (
    (None, "  Hà\u00a0Nội \n hôm nay\t", "Hà Nội hôm nay"),
    (None, " \n ", ""),
    (None, None, None),
)


def make() -> Plain:
    """The step."""

    def step(value: Any) -> str:
        return " ".join(as_text(value).split())

    return step
