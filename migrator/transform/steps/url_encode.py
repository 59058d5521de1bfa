"""Encode what may not stand in an address as ``%XX`` of its UTF-8; what is encoded already stays. Null stays null."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from migrator.transform.values import as_text
from migrator.transform.verb import Plain

ARGUMENTS = ()
GIVES = "text"
EXAMPLES = (
    (None, "/uploads/lũ lụt.jpg", "/uploads/l%C5%A9%20l%E1%BB%A5t.jpg"),
    (None, "/a%20b?x=1&y=ă", "/a%20b?x=1&y=%C4%83"),
    (None, None, None),
)
_KEPT = "/:?#[]@!$&'()*+,;=%~"


def make() -> Plain:
    """The step."""

    def step(value: Any) -> str:
        return quote(as_text(value), safe=_KEPT, errors="surrogatepass")

    return step
