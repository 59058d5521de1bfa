"""The words of a body, one line a block."""

from __future__ import annotations

import re
import unicodedata
from itertools import filterfalse

from migrator.html.writer import NEW_LINE

_LETTER = re.compile(r"[^\W_]")


def lines_of(escaped: str) -> str:
    """Plain text from what :class:`~migrator.html.writer.Writer` collected: NFC, white space folded, no empty lines."""
    lines = (" ".join(line.split()) for line in escaped.split(NEW_LINE))
    text = "\n".join(line for line in lines if line)
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def count_words(text: str) -> int:
    """How many runs of text between white space contain a letter or a digit."""
    words = text.split()
    return len(words) - sum(_LETTER.search(word) is None for word in filterfalse(str.isalnum, words))
