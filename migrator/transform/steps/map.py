"""Translate a value by a small table written in the mapping itself. For larger ones use ``crosswalk``.

Values are compared as text. A value that the table does not have is rejected as ``unmapped-value``, unless
``default`` says what it becomes. A table may translate to null. Null stays null.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from migrator.errors import SetAside
from migrator.transform.values import as_text
from migrator.transform.verb import Argument, Plain, Refused

ARGUMENTS = (
    Argument("values", "map", "legacy value: new value", required=True),
    Argument("default", "scalar", "new value of values the table does not have"),
)
GIVES = "any"
EXAMPLES = (
    ({"values": {"post": "article", "page": "page"}}, "post", "article"),
    ({"values": {"1": True, "2": None}}, 2, None),
    ({"values": {"post": "article"}}, "poll", Refused("unmapped-value")),
    ({"values": {"post": "article"}, "default": "page"}, "poll", "page"),
    ({"values": {"post": "article"}}, None, None),
)


def make(values: Mapping[str, Any], default: Any) -> Plain:
    """The step."""

    def step(value: Any) -> Any:
        legacy = as_text(value)
        if legacy in values:
            return values[legacy]
        if default is None:
            raise SetAside("unmapped-value", f"{legacy[:80]!r} is not in the table")
        return default

    return step
