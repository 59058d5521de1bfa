from __future__ import annotations

import random
from unicodedata import normalize

from migrator.text.composed import composed

MARKS = [*map(chr, range(0x300, 0x370)), "\u0344", "\u0f73", "\u1161", "\u11a8", "\u20d2", "≫", "가", "…"]


def test_piled_marks_come_in_the_order_of_unicode() -> None:
    """Runs beyond those that Python is asked to put in order itself."""
    chance = random.Random(1)
    for length in (1, 199, 200, 201, 1_000):
        text = "a" + "".join(chance.choices(MARKS, k=length)) + " b"
        assert composed(text) == normalize("NFC", text)
