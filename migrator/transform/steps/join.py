"""Make one text of a list, with something between the entries; null and empty entries are left out.

The texts of all pages of an article become one: ``{from: "pages[].text", steps: [{join: ""}]}``. An empty list gives empty
text; null, and a value that is no list, stay.
"""

from __future__ import annotations

from typing import Any

from migrator.transform.values import as_text
from migrator.transform.verb import Argument, Example, Plain

ARGUMENTS = (Argument("separator", "text", "what stands between the entries", default=", "),)
GIVES = "text"
WHOLE = True
EXAMPLES: tuple[Example, ...] = (
    (None, ["An", "Bình"], "An, Bình"),
    ("", ["<p>1</p>", None, "<p>2</p>"], "<p>1</p><p>2</p>"),
    ("-", [2019, 5], "2019-5"),
    (None, [], ""),
    (None, "An", "An"),
    (None, None, None),
)


def make(separator: str) -> Plain:
    """The step."""

    def step(value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return separator.join(text for each in value if each is not None and (text := as_text(each)))

    return step
