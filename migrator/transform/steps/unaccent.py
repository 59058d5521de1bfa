"""Take the marks off Latin letters: ``Đường Hồ Chí Minh`` becomes ``Duong Ho Chi Minh``. Other scripts stay. Null stays null."""

from __future__ import annotations

import re
from typing import Any
from unicodedata import normalize

from migrator.transform.values import as_text
from migrator.transform.verb import Plain

ARGUMENTS = ()
GIVES = "text"
EXAMPLES = (
    (None, "Đường Hồ Chí Minh", "Duong Ho Chi Minh"),
    (None, "Ưu tiên, Œuvre, Smørrebrød", "Uu tien, OEuvre, Smorrebrod"),
    (None, "河内", "河内"),
    (None, None, None),
)
_MARKED = re.compile("([A-Za-z])[\u0300-\u036f]+")
_WHOLE = str.maketrans(
    {"Đ": "D", "đ": "d", "Ø": "O", "ø": "o", "Ł": "L", "ł": "l", "Œ": "OE", "œ": "oe", "Æ": "AE", "æ": "ae", "ß": "ss"}
)


def make() -> Plain:
    """The step."""

    def step(value: Any) -> str:
        letters = normalize("NFD", as_text(value).translate(_WHOLE))
        return normalize("NFC", _MARKED.sub(r"\1", letters))

    return step
