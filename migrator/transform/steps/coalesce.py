"""The first entry of a list that is neither null nor empty text; null where there is none."""

from __future__ import annotations

from typing import Any

from migrator.transform.verb import Plain

ARGUMENTS = ()
GIVES = "any"
WHOLE = True
EXAMPLES = ((None, [None, "", "b", "c"], "b"), (None, [None], None), (None, "a", "a"), (None, None, None))


def make() -> Plain:
    """The step."""

    def step(value: Any) -> Any:
        values = value if isinstance(value, list) else [value]
        return next((each for each in values if each is not None and each != ""), None)

    return step
