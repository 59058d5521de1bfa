"""The last part of a path or address, without query and fragment. Null stays null."""

from __future__ import annotations

from typing import Any

from migrator.transform.media_types import file_name
from migrator.transform.values import as_text
from migrator.transform.verb import Plain

ARGUMENTS = ()
GIVES = "text"
EXAMPLES = (
    (None, "/uploads/2019/lũ lụt.jpg", "lũ lụt.jpg"),
    (None, "http://bao.vn/a/b.png?w=300#top", "b.png"),
    (None, None, None),
)


def make() -> Plain:
    """The step."""

    def step(value: Any) -> str:
        return file_name(as_text(value))

    return step
