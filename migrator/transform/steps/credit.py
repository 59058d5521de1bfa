"""Take the caption of a picture apart: what is shown, and who made it.

Parts: ``caption``, ``credit`` (null where nobody is named), ``raw``, ``is_illustration`` ("Ảnh minh họa": the picture does
not show the event itself). Empty text and null give null.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from migrator.text.bylines import read_credit
from migrator.transform.values import as_text
from migrator.transform.verb import Plain

ARGUMENTS = ()
GIVES = "parts"
PARTS = {"caption": "text", "credit": "text", "raw": "text", "is_illustration": "boolean"}
EXAMPLES = (
    (
        None,
        "Quang cảnh lễ khai trương. Ảnh: Thanh Sơn",
        {"caption": "Quang cảnh lễ khai trương.", "credit": "Thanh Sơn", "is_illustration": False},
    ),
    (None, "Nước lên nhanh (TTXVN)", {"caption": "Nước lên nhanh", "credit": "TTXVN"}),
    (None, "Ảnh minh họa", {"caption": "Ảnh minh họa", "credit": None, "is_illustration": True}),
    (None, "", None),
    (None, None, None),
)


@dataclass(frozen=True, slots=True)
class CreditParts:
    """A caption as the parts a mapping can ask for."""

    caption: str | None
    credit: str | None
    raw: str
    is_illustration: bool


def make() -> Plain:
    """The step."""

    def step(value: Any) -> CreditParts | None:
        text = as_text(value)
        if not text.strip():
            return None
        found = read_credit(text)
        return CreditParts(found.caption or None, found.credit or None, text, found.is_illustration)

    return step
