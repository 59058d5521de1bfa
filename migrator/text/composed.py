"""Unicode form: what is stored is composed (NFC)."""

from __future__ import annotations

from unicodedata import is_normalized, normalize


def is_composed(text: str) -> bool:
    """Whether the text is NFC already."""
    return text.isascii() or is_normalized("NFC", text)


def composed(text: str) -> str:
    """The text as NFC. Tone placement (hoà, hòa) and everything else stays as it is."""
    return text if is_composed(text) else normalize("NFC", text)
