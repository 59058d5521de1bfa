"""Put damaged text right: text in an encoding from before Unicode, UTF-8 that was misread once or twice, HTML entities.

Good text is left alone. Each change is a note – ``legacy-encoding``, ``mojibake``, ``entities``, ``unicode-nfc`` – with
its reason, the text before and after; a change that was thought of and not made is ``repair-doubt``. For plain text,
never for HTML. Null stays null.
"""

from __future__ import annotations

from typing import Any

from migrator.ports import Step, StepContext
from migrator.text.repair import repair
from migrator.transform.values import as_text, shown
from migrator.transform.verb import Argument

ARGUMENTS = (Argument("fonts", "text", "the font the text was set in, where it is known, such as .VnTime"),)
NOTES = True
GIVES = "text"
EXAMPLES = (
    (None, "ThÃ nh phá»‘ Háº£i PhÃ²ng", "Thành phố Hải Phòng"),
    (None, "H&ocirc;m nay, &#7903; H&agrave; N&#7897;i", "Hôm nay, ở Hà Nội"),
    (".VnTime", "H¶i Phßng", "Hải Phòng"),
    (None, "Thành phố Hải Phòng", "Thành phố Hải Phòng"),
    (None, None, None),
)


def make(fonts: str | None) -> Step:
    """The step."""

    def step(value: Any, context: StepContext) -> str:
        repaired = repair(as_text(value), fonts=fonts)
        for change in repaired.changes:
            context.note(change.kind, f"{change.why}: {shown(change.before)} → {shown(change.after)}")
        for doubt in repaired.doubts:
            context.note("repair-doubt", f"{doubt.why}: {shown(doubt.before)} → {shown(doubt.after)}")
        return repaired.text

    return step
