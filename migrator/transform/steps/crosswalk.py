"""Translate a value by a table in ``crosswalks/<name>.csv``.

Values are compared as text, without white space at the ends. A value that the table does not have, or has without a
target value, is rejected as ``unmapped-value`` – nothing is guessed – unless ``default`` says what it becomes; then
that is noted as ``crosswalk-default``. Null stays null.
"""

from __future__ import annotations

from typing import Any

from migrator.errors import SetAside
from migrator.ports import Step, StepContext
from migrator.transform.crosswalk import Crosswalk
from migrator.transform.values import as_text
from migrator.transform.verb import Argument, Refused

ARGUMENTS = (
    Argument("name", "crosswalk", "name of the table", required=True),
    Argument("default", "text", "target value of values the table does not have"),
)
NOTES = True
GIVES = "text"
EXAMPLES = (
    ("status", 1, "published"),
    ("status", 99, Refused("unmapped-value")),
    ({"name": "status", "default": "draft"}, 99, "draft"),
    ("status", None, None),
)


def make(name: Crosswalk, default: str | None) -> Step:
    """The step."""
    values = name.values

    def step(value: Any, context: StepContext) -> str:
        legacy = as_text(value).strip()
        target = values.get(legacy)
        if target:
            return target
        if default is None:
            raise SetAside("unmapped-value", f"{legacy[:80]!r} is not in the crosswalk {name.name!r}")
        context.note("crosswalk-default", f"{legacy[:80]!r} is not in the crosswalk {name.name!r}")
        return default

    return step
