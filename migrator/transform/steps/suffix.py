"""Put text behind. Empty text stays empty, null stays null."""

from __future__ import annotations

from typing import Any

from migrator.transform.values import as_text
from migrator.transform.verb import Argument, Plain

ARGUMENTS = (Argument("text", "text", "what comes behind", required=True),)
GIVES = "text"
EXAMPLES = ((".html", "/mua-lu-17", "/mua-lu-17.html"), (".html", "", ""), (".html", None, None))


def make(text: str) -> Plain:
    """The step."""

    def step(value: Any) -> str:
        whole = as_text(value)
        return whole + text if whole else ""

    return step
