"""Values as a person is shown them: text, cut around the first letter in which two of them differ."""

from __future__ import annotations

from migrator.model.content import Value

SHOWN = 200
_CONTEXT = 40


def as_text(value: Value) -> str | None:
    """The value as text that can be written down; None for nothing."""
    if value is None:
        return None
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    return text.encode("utf-8", "backslashreplace").decode()


def excerpts(one: Value, other: Value) -> tuple[str | None, str | None]:
    """Both values around their first difference."""
    texts = as_text(one), as_text(other)
    start = _first_difference(texts[0] or "", texts[1] or "")
    first, second = (None if text is None else _cut(text, start) for text in texts)
    return first, second


def _first_difference(one: str, other: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _cut(text: str, difference: int) -> str:
    start = max(0, difference - _CONTEXT)
    end = start + SHOWN
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
