"""The words of a body, one line a block."""

from __future__ import annotations

from migrator.html.writer import NEW_LINE
from migrator.text.composed import composed


def lines_of(escaped: str) -> str:
    """Plain text from what :class:`~migrator.html.writer.Writer` collected: NFC, white space folded, no empty lines."""
    lines = (" ".join(line.split()) for line in escaped.split(NEW_LINE))
    text = "\n".join(line for line in lines if line)
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return composed(text)
