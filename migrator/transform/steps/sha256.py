"""The SHA-256 of the text's UTF-8 bytes, in hex: a receipt for the original. Null stays null."""

from __future__ import annotations

import hashlib
from typing import Any

from migrator.transform.values import as_text
from migrator.transform.verb import Plain

ARGUMENTS = ()
GIVES = "text"
EXAMPLES = (
    (None, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (None, None, None),
)


def make() -> Plain:
    """The step."""

    def step(value: Any) -> str:
        return hashlib.sha256(as_text(value).encode("utf-8", "surrogatepass")).hexdigest()

    return step
