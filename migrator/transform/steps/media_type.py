"""What a file is by its extension: ``picture``, ``video``, ``audio``, or else ``file``. Null stays null."""

from __future__ import annotations

from typing import Any

from migrator.transform.media_types import MEDIA_TYPES, mime_type
from migrator.transform.values import as_text
from migrator.transform.verb import Plain

ARGUMENTS = ()
GIVES = "text"
EXAMPLES = ((None, "a.jpg", "picture"), (None, "a.mp4", "video"), (None, "a.pdf", "file"), (None, None, None))


def make() -> Plain:
    """The step."""

    def step(value: Any) -> str:
        family = (mime_type(as_text(value)) or "").split("/", 1)[0]
        return MEDIA_TYPES.get(family, "file")

    return step
