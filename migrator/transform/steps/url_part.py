"""A part of an address: ``scheme``, ``host``, ``path``, ``query``, ``fragment``, or one parameter of the query, decoded.

Null where the address has no such part; null stays null. What cannot be an address is rejected as ``bad-url``.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from migrator.errors import SetAside
from migrator.transform.values import as_text
from migrator.transform.verb import Argument, Plain, Refused

ARGUMENTS = (
    Argument("part", "text", "scheme, host, path, query or fragment", default="query"),
    Argument("parameter", "text", "name of a parameter of the query"),
)
GIVES = "text"
EXAMPLES = (
    ("host", "http://www.bao.vn:8080/a.html?id=3", "www.bao.vn"),
    ("path", "/a/b.html#x", "/a/b.html"),
    ({"parameter": "id"}, "/baohp/InfoDetail.jsp?id=17&cat=T%E1%BA%BFt", "17"),
    ({"parameter": "cat"}, "/baohp/InfoDetail.jsp?id=17&cat=T%E1%BA%BFt", "Tết"),
    ({"parameter": "page"}, "/baohp/InfoDetail.jsp?id=17", None),
    ("host", "http://[::1", Refused("bad-url")),
    ("host", None, None),
)
_ATTRIBUTES = {"host": "hostname"}
_PARTS = ("scheme", "host", "path", "query", "fragment")


def make(part: str, parameter: str | None) -> Plain:
    """The step. ValueError for a part that does not exist."""
    if part not in _PARTS:
        raise ValueError(f"there is no part {part!r}: {', '.join(_PARTS)}")
    if parameter is not None and part != "query":
        raise ValueError("a parameter is a part of the query")
    name = _ATTRIBUTES.get(part, part)

    def step(value: Any) -> str | None:
        try:
            found = urlsplit(as_text(value).strip())
            text: str | None = getattr(found, name)
        except ValueError as error:
            raise SetAside("bad-url", f"{as_text(value)[:80]!r}: {error}") from error
        if parameter is None:
            return text or None
        values = parse_qs(text or "", keep_blank_values=True).get(parameter)
        return values[0] if values else None

    return step
