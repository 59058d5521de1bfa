"""Unicode form: what is stored is composed (NFC)."""

from __future__ import annotations

import re
from itertools import groupby
from unicodedata import combining, is_normalized, normalize

# Python puts marks in order by moving each past those before it: the square of their number. Letters have four or so;
# longer runs are made by people who want to see a program stand still.
_PILED = re.compile(r"[^\w\s\x00-\u02ff]{200,}")


def is_composed(text: str) -> bool:
    """Whether the text is NFC already."""
    return text.isascii() or is_normalized("NFC", text)


def composed(text: str) -> str:
    """The text as NFC. Tone placement (hoà, hòa) and everything else stays as it is."""
    return text if is_composed(text) else normalize("NFC", _PILED.sub(_in_order, text))


def _in_order(found: re.Match[str]) -> str:
    """The same with the marks behind each letter in the order that normalising gives them."""
    apart = "".join([normalize("NFD", sign) for sign in found[0]])
    between = groupby(apart, lambda sign: combining(sign) > 0)
    return "".join(["".join(sorted(signs, key=combining) if are_marks else signs) for are_marks, signs in between])
