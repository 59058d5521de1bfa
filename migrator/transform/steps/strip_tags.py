"""Make plain text of HTML, a line a block, entities decoded. Null stays null."""

from __future__ import annotations

from typing import Any

from migrator.html import plain_text
from migrator.transform.values import as_text
from migrator.transform.verb import Plain

ARGUMENTS = ()
GIVES = "text"
EXAMPLES = ((None, "<p>Giá <b>xăng</b> tăng</p>", "Giá xăng tăng"), (None, None, None))


def make() -> Plain:
    """The step."""

    def step(value: Any) -> str:
        return plain_text(as_text(value))

    return step
