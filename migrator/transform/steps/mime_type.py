"""The media type of a file by its extension. Null where the extension is unknown; null stays null."""

from __future__ import annotations

from typing import Any

from migrator.transform.media_types import mime_type
from migrator.transform.values import as_text
from migrator.transform.verb import Plain

ARGUMENTS = ()
GIVES = "text"
EXAMPLES = (
    (None, "/uploads/2019/Lũ.JPG?x=1", "image/jpeg"),
    (None, "bao.mp3", "audio/mpeg"),
    (None, "README", None),
    (None, None, None),
)


def make() -> Plain:
    """The step."""

    def step(value: Any) -> str | None:
        return mime_type(as_text(value))

    return step
