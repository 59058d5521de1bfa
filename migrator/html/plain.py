"""The words of a body, one line a block."""

from __future__ import annotations

import re

from migrator.html.vocabulary import LINES
from migrator.text.composed import composed
from migrator.text.words import count_words

_TAG = re.compile("<([^ >]*)[^>]*>")
_BREAK = "\0"  # no clean body contains it
_BREAKS = {name: _BREAK for line in ("br", *LINES) for name in (line, f"/{line}")}
_NO_WORD = re.compile(r" [^\w ]+(?= )")


def text_of(html: str) -> str:
    """Plain text of clean markup: NFC, white space folded, no empty lines."""
    parts = _TAG.split(html)
    parts[1::2] = [_BREAKS.get(name, "") for name in parts[1::2]]
    lines = [_folded(line) for line in "".join(parts).split(_BREAK)]
    return composed(unescaped("\n".join([line for line in lines if line])))


def _folded(line: str) -> str:
    # Of white space only the blank can be printed.
    return line.strip(" ") if line.isprintable() and "  " not in line else " ".join(line.split())


def words_of(text: str) -> int:
    """How many words folded text has: the same as :func:`~migrator.text.words.count_words`, without making them."""
    if "_" in text:
        return count_words(text)
    flat = f" {text} ".replace("\n", " ")
    return flat.count(" ") - 1 - len(_NO_WORD.findall(flat)) if text else 0


def unescaped(text: str) -> str:
    """Escaped text as it is read."""
    if "&" not in text:
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&#824;", "\u0338").replace("&amp;", "&")


def escaped(text: str) -> str:
    """The inverse of :func:`unescaped`."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
