"""Values as a list of differences shows them: short, and cut where they begin to differ."""

from __future__ import annotations

from datetime import datetime

from migrator.model.content import Value

LONGEST = 200
_LEAD = 40


def shown(value: Value, other: Value = None) -> str:
    """The value as text of at most about 200 characters, beginning shortly before the first difference from ``other``.

    ``∅`` is null. Lists are joined by ", ". Characters that cannot be printed or stored are shown as escapes.
    """
    text = _text(value)
    if len(text) > LONGEST:
        start = max(0, _first_difference(text, _text(other)) - _LEAD)
        end = start + LONGEST
        text = ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
    return printable(text)


def printable(text: str) -> str:
    """The text with control characters and lone surrogates as escapes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in " \n\t" else c.encode("unicode_escape").decode() for c in text)


def _text(value: Value) -> str:
    if value is None:
        return "∅"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) if value else "()"
    return str(value)


def _first_difference(text: str, other: str) -> int:
    if other == "∅":
        return 0
    for place, (mine, theirs) in enumerate(zip(text, other, strict=False)):
        if mine != theirs:
            return place
    return min(len(text), len(other))
