"""Make a part of an address from text: ASCII letters, digits and hyphens.

Only for records the legacy system gave no address of their own. Null stays null; text without a letter becomes empty.
"""

from __future__ import annotations

from typing import Any

from slugify import slugify

from migrator.transform.values import as_text
from migrator.transform.verb import Argument, Plain

ARGUMENTS = (
    Argument("max_length", "integer", "cut, at a word where possible, to so many characters", default=200),
    Argument("separator", "text", "what stands between the words", default="-"),
)
GIVES = "text"
EXAMPLES = (
    (None, "Đường sắt Bắc–Nam", "duong-sat-bac-nam"),
    (9, "Đường sắt Bắc–Nam", "duong-sat"),
    ({"separator": "_"}, "Đường sắt Bắc–Nam", "duong_sat_bac_nam"),
    (None, "…", ""),
    (None, None, None),
)


def make(max_length: int, separator: str) -> Plain:
    """The step."""

    def step(value: Any) -> str:
        return slugify(as_text(value), max_length=max_length, word_boundary=True, separator=separator)

    return step
