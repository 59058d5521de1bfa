"""All entries of a list but the first. An empty list where there are none; null, and a value that is no list, stay."""

from __future__ import annotations

from typing import Any

from migrator.transform.verb import Example, Plain

ARGUMENTS = ()
GIVES = "list"
WHOLE = True
EXAMPLES: tuple[Example, ...] = (
    (None, ["hoà bình", "hòa bình"], ["hòa bình"]),
    (None, ["cảng"], []),
    (None, [], []),
    (None, None, None),
)


def make() -> Plain:
    """The step."""

    def step(value: Any) -> Any:
        return value[1:] if isinstance(value, list) else value

    return step
