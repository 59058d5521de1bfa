"""Compose text to Unicode NFC, the form all text at the target has.

Legacy text typed on a Mac, or converted from old encodings, often holds letters and accents apart. Null stays null.
Note ``unicode-nfc`` where the text changed.
"""

from __future__ import annotations

from typing import Any

from migrator.ports import Step, StepContext
from migrator.text.composed import composed, is_composed
from migrator.transform.values import as_text

ARGUMENTS = ()
NOTES = True
GIVES = "text"
EXAMPLES = (
    (None, "Tie\u0302\u0301ng Vie\u0323\u0302t", "Tiếng Việt"),
    (None, "Tiếng Việt", "Tiếng Việt"),
    (None, None, None),
)


def make() -> Step:
    """The step."""

    def step(value: Any, context: StepContext) -> str:
        text = as_text(value)
        if is_composed(text):
            return text
        changed = composed(text)
        context.note("unicode-nfc", f"{len(text)} characters became {len(changed)}")
        return changed

    return step
