"""Decode ``%XX`` of an address as UTF-8. Bytes that are no UTF-8 are rejected as ``bad-text``. Null stays null."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from migrator.errors import SetAside
from migrator.transform.values import as_text
from migrator.transform.verb import Plain, Refused

ARGUMENTS = ()
GIVES = "text"
EXAMPLES = (
    (None, "/uploads/l%C5%A9%20l%E1%BB%A5t.jpg", "/uploads/lũ lụt.jpg"),
    (None, "/a+b%2B", "/a+b+"),
    (None, "/%E1%BB", Refused("bad-text")),
    (None, None, None),
)


def make() -> Plain:
    """The step."""

    def step(value: Any) -> str:
        text = as_text(value)
        try:
            return unquote(text, errors="strict")
        except UnicodeDecodeError as error:
            raise SetAside("bad-text", f"{text[:80]!r} is not UTF-8 behind its %XX") from error

    return step
