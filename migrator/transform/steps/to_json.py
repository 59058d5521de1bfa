"""Write a list or a mapping as compact JSON text, letters as they are. Null stays null."""

from __future__ import annotations

from migrator.transform.objects import json_text
from migrator.transform.verb import Example, Plain

ARGUMENTS = ()
GIVES = "text"
WHOLE = True
EXAMPLES: tuple[Example, ...] = (
    (None, ["lũ", 1], '["lũ",1]'),
    (None, {"a": None, "b": True}, '{"a":null,"b":true}'),
    (None, None, None),
)


def make() -> Plain:
    """The step."""
    return json_text
