"""Addresses as they stand in attributes: made absolute, and told from placeholders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from migrator.html.dom import Document, Node, attribute

LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-srcset", "src", "srcset")
"""Where the address of a picture stands, the most trustworthy first: ``src`` of a lazy picture is a placeholder."""

_PLACEHOLDER = re.compile(
    r"^(?:data:|about:|javascript:|#|$)|(?:^|/)(?:grey|gray|blank|spacer|transparent|pixel|placeholder|loading|lazy"
    r"|lazyload|dot|1x1|no-?image|noimg|default)[\w.-]*\.(?:gif|png|svg|jpe?g|webp)(?:\?|$)",
    re.IGNORECASE,
)
_TRACKER = re.compile(r"^[0-3](?:px)?$")
_JOINABLE = re.compile(r"(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?//[^/]")


class Addresses:
    """Makes addresses of one page absolute. Without the page's own address they stay as written."""

    def __init__(self, page: Document, url: str | None) -> None:
        base = page.css_first("base[href]")
        stated = attribute(base, "href") if base is not None else ""
        self._base = self._joined(url or "", stated) if stated else (url or "")
        self.hosts = _hosts(url or "")

    def absolute(self, address: str) -> str:
        """The address with scheme and host; as written where that cannot be."""
        address = address.strip()
        return self._joined(self._base, address) if address and _JOINABLE.match(self._base) else address

    @staticmethod
    def _joined(base: str, address: str) -> str:
        try:
            return urljoin(base, address)
        except ValueError:  # an unfinished IPv6 host and the like
            return address


def _hosts(url: str) -> frozenset[str]:
    """The host of an address, with and without ``www.``."""
    try:
        host = (urlsplit(url).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return frozenset()
    return frozenset((host, f"www.{host}")) if host else frozenset()


def picture_address(image: Node, preferred: Sequence[str] = ()) -> str:
    """The address of a picture, or empty: placeholders, pictures written out in the page and tracking dots are none."""
    if _TRACKER.match(attribute(image, "width")) and _TRACKER.match(attribute(image, "height")):
        return ""
    for name in (*preferred, *LAZY):
        value = attribute(image, name)
        if name.endswith("srcset"):
            value = value.split(",")[0].split(" ")[0]
        if value and not _PLACEHOLDER.search(value):
            return value
    return ""
