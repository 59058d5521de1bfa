"""Decode HTML entities: ``&amp;`` becomes ``&``, ``&Agrave;`` becomes ``À``.

For plain text that the legacy system stored escaped; never for HTML. Once, so that a headline about ``&amp;amp;``
keeps its ``&amp;``; ``twice`` for systems that escaped on the way in and again on the way out. Null stays null. Note
``entities`` where the text changed.
"""

from __future__ import annotations

from html import unescape
from typing import Any

from migrator.ports import Step, StepContext
from migrator.transform.values import as_text
from migrator.transform.verb import Argument

ARGUMENTS = (Argument("twice", "boolean", "decode a second time", default=False),)
NOTES = True
GIVES = "text"
EXAMPLES = (
    (None, "L&ecirc; Lợi &amp; Nguyễn Huệ", "Lê Lợi & Nguyễn Huệ"),
    (None, "&amp;quot;", "&quot;"),
    (True, "&amp;quot;", '"'),
    (None, None, None),
)


def make(twice: bool) -> Step:
    """The step."""
    times = 2 if twice else 1

    def step(value: Any, context: StepContext) -> str:
        before = text = as_text(value)
        if "&" not in text:
            return text
        for _ in range(times):
            text = unescape(text)
        if text != before:
            context.note("entities", f"{len(before) - len(text)} characters less")
        return text

    return step
