"""Make a whole address of one that is relative to a page: ``../a.jpg`` on ``https://bao.vn/tin/1.html``.

Empty text stays empty, null stays null. What cannot be an address is rejected as ``bad-url``.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from migrator.errors import SetAside
from migrator.transform.values import as_text
from migrator.transform.verb import Argument, Plain, Refused

ARGUMENTS = (Argument("base", "text", "address of the page", required=True),)
GIVES = "text"
EXAMPLES = (
    ("https://bao.vn/tin/1.html", "../uploads/a.jpg", "https://bao.vn/uploads/a.jpg"),
    ("https://bao.vn/", "http://other.vn/a", "http://other.vn/a"),
    ("https://bao.vn/", "", ""),
    ("https://bao.vn/", "http://[::1", Refused("bad-url")),
    ("https://bao.vn/", None, None),
)


def make(base: str) -> Plain:
    """The step. ValueError for a base that is no address."""
    urljoin(base, "a")

    def step(value: Any) -> str:
        text = as_text(value).strip()
        try:
            return urljoin(base, text) if text else ""
        except ValueError as error:
            raise SetAside("bad-url", f"{text[:80]!r}: {error}") from error

    return step
