"""Put text in front. Empty text stays empty, null stays null."""

from __future__ import annotations

from typing import Any

from migrator.transform.values import as_text
from migrator.transform.verb import Argument, Plain

ARGUMENTS = (Argument("text", "text", "what comes in front", required=True),)
GIVES = "text"
EXAMPLES = (("/uploads/news/", "a.jpg", "/uploads/news/a.jpg"), ("/uploads/", "", ""), ("/uploads/", None, None))


def make(text: str) -> Plain:
    """The step."""

    def step(value: Any) -> str:
        whole = as_text(value)
        return text + whole if whole else ""

    return step
