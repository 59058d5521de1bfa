"""Put the entries of several lists into texts, one a place: ``{0}`` is the entry of the first list, ``{1}`` of the second.

For columns of the same side: ``{from: ["authors[].role", "authors[].name"], steps: [{format_each: "{0}: {1}"}]}``. A place
where a needed entry is null is left out. Lists of unequal length are rejected as ``unequal-lists``. Null stays null.
"""

from __future__ import annotations

from typing import Any

from migrator.errors import SetAside
from migrator.transform.steps import format as whole
from migrator.transform.verb import Argument, Example, Plain, Refused

ARGUMENTS = (Argument("template", "text", "text with {0}, {1}, …", required=True),)
GIVES = "list"
WHOLE = True
EXAMPLES: tuple[Example, ...] = (
    ("{0}: {1}", [["photo", "text"], ["An", "Bình"]], ["photo: An", "text: Bình"]),
    ("{0}: {1}", [["photo", "text"], ["An", None]], ["photo: An"]),
    ("{0}", [], []),
    ("{0}", [["a"], []], Refused("unequal-lists")),
    ("{0}", None, None),
)


def make(template: str) -> Plain:
    """The step. ValueError for a template with a brace that is neither ``{0}`` nor doubled."""
    fill = whole.make(template)

    def step(value: Any) -> list[str]:
        lists = [each if isinstance(each, list) else [each] for each in (value if isinstance(value, list) else [value])]
        if len({len(each) for each in lists}) > 1:
            raise SetAside("unequal-lists", f"lists of {', '.join(str(len(each)) for each in lists)} entries")
        return [text for place in zip(*lists, strict=True) if (text := fill(list(place))) is not None]

    return step
