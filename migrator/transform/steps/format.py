"""Put a value, or the values of a list, into a text: ``{0}`` is the first, ``{1}`` the second.

Null where one of the values needed is null or missing: half an address is worse than none. ``{{`` and ``}}`` are
braces.
"""

from __future__ import annotations

import re
from typing import Any

from migrator.transform.values import as_text
from migrator.transform.verb import Argument, Plain

ARGUMENTS = (Argument("template", "text", "text with {0}, {1}, …", required=True),)
GIVES = "text"
WHOLE = True
EXAMPLES = (
    ("/{0}/{1}-{2}.html", ["thoi-su", "mua-lu", 17], "/thoi-su/mua-lu-17.html"),
    ("/tag/{0}", "lũ lụt", "/tag/lũ lụt"),
    ("/{0}/{1}", ["thoi-su", None], None),
    ("{{{0}}}", 1, "{1}"),
    ("/{0}", None, None),
)

_TOKEN = re.compile(r"\{\{|\}\}|\{(\d+)\}|[{}]")


def make(template: str) -> Plain:
    """The step. ValueError for a template with a brace that is neither ``{0}`` nor doubled."""
    if any(match[0] in "{}" for match in _TOKEN.finditer(template)):
        raise ValueError(f"{template!r} has a brace that is neither like {{0}} nor doubled")
    needed = sorted({int(number) for number in _TOKEN.findall(template) if number})

    def step(value: Any) -> str | None:
        values = value if isinstance(value, list) else [value]
        if any(index >= len(values) or values[index] is None for index in needed):
            return None
        return _TOKEN.sub(lambda match: as_text(values[int(match[1])]) if match[1] else match[0][0], template)

    return step
