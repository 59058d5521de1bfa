"""A part of a result that has several, such as ``text`` of ``clean_html``. Null stays null.

``part:`` at the field does the same at the end of its steps; this verb does it between them.
"""

from __future__ import annotations

from datetime import date
from operator import attrgetter
from typing import Any

from migrator.transform.verb import Argument, Plain

ARGUMENTS = (Argument("name", "text", "name of the part", required=True),)
GIVES = "any"
EXAMPLES = (("year", date(2019, 5, 1), 2019), ("text", None, None))


def make(name: str) -> Plain:
    """The step. ValueError for a name that begins with an underscore or has a dot."""
    if not name.isidentifier() or name.startswith("_"):
        raise ValueError(f"{name!r} is not the name of a part")
    get = attrgetter(name)

    def step(value: Any) -> Any:
        return get(value)

    return step
