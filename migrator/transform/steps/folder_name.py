"""The folder of a path or address: all before the last slash, without query and fragment. Null stays null."""

from __future__ import annotations

from typing import Any

from migrator.transform.values import as_text
from migrator.transform.verb import Plain

ARGUMENTS = ()
GIVES = "text"
EXAMPLES = (
    (None, "/uploads/2019/lũ lụt.jpg", "/uploads/2019"),
    (None, "http://bao.vn/a/b.png?w=300", "http://bao.vn/a"),
    (None, "a.jpg", ""),
    (None, None, None),
)


def make() -> Plain:
    """The step."""

    def step(value: Any) -> str:
        return as_text(value).split("#", 1)[0].split("?", 1)[0].rpartition("/")[0]

    return step
