"""The addresses of one site in one form, and which of them may be asked.

A site is known by its *public* address. It may be asked at another one (a copy on this machine), and it may have other
names (with and without ``www.``): all of them are the same page. Other hosts are asked only where they are named.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import quote, unquote, urljoin, urlsplit

LONGEST = 2000
"""Characters of an address; a longer one is nobody's article."""

_PORTS = {"http": "80", "https": "443"}
_CONTROLS = re.compile(r"[\x00-\x20\x7f]+")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SAFE = "/%:@!$&'()*+,;=~"
_TRACKING = re.compile(r"(?:^|&)(?:utm_[^=&]*|fbclid|gclid|zarsrc)(?:=[^&]*)?(?=&|$)")


class Addresses:
    """What an address means for one site. ``named`` are further hosts (``host`` or ``host:port``) that may be asked."""

    def __init__(self, public: str, asked: str = "", names: Collection[str] = (), named: Collection[str] = ()) -> None:
        self.public = _root(public)
        self.asked = _root(asked or public)
        self._own = {name.lower() for name in names} | {_netloc(self.public), _netloc(self.asked)}
        self.named = frozenset(host.lower() for host in named) - self._own

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that may be asked."""
        return self.named | {_netloc(self.asked)}

    def canonical(self, url: str, base: str = "") -> str | None:
        """The one form of an address: absolute, of the public site where it is its own, without fragment.

        None where it is no http address (``mailto:``, ``javascript:``), cannot be read as one, or is too long.
        """
        text = _CONTROLS.sub(" ", url).strip().replace(" ", "%20").replace("\\", "/")
        if not text or len(text) > LONGEST:
            return None
        try:
            parts = urlsplit(urljoin(base or self.public + "/", text))
            scheme, host = parts.scheme.lower(), _host(parts.hostname or "", parts.port, parts.scheme.lower())
        except ValueError:  # a port that is no number, a bracket that is not closed
            return None
        if scheme not in _PORTS or not host:
            return None
        path = _without_dots(_escaped(parts.path or "/"))  # %2e%2e is .. too, as browsers see it
        query = _TRACKING.sub("", _escaped(parts.query)).lstrip("&")
        root = self.public if host in self._own else f"{scheme}://{host}"
        found = root + path + (f"?{query}" if query else "")
        return found if len(found) <= LONGEST else None

    def is_own(self, url: str) -> bool:
        """Whether a canonical address is the site's own."""
        return url.startswith(self.public + "/")

    def may_ask(self, url: str) -> bool:
        """Whether the host of a canonical address is the site's own, or one that is named."""
        return self.is_own(url) or _netloc(url) in self.named

    def to_ask(self, url: str) -> str:
        """Where a canonical address is really asked."""
        return self.asked + url[len(self.public) :] if self.is_own(url) else url

    def path(self, url: str) -> str:
        """Path and query of an own address; an address elsewhere as it is."""
        return url[len(self.public) :] if self.is_own(url) else url

    def file_path(self, url: str) -> str:
        """The path of a file as inventories write it: below the site's root, decoded. An address elsewhere as it is.

        Where the decoded path would lead to another address – it has a query, or is not UTF-8 – it stays escaped.
        """
        if not self.is_own(url):
            return url
        escaped = url[len(self.public) + 1 :]
        path = unquote(escaped)
        try:
            return path if self.of_file(path) == url else escaped
        except ValueError:
            return escaped

    def of_file(self, path: str) -> str:
        """The canonical address of a file by its path below the site's root. ValueError where it has none."""
        if re.match(r"https?://", path, re.IGNORECASE):
            found = self.canonical(path)
        else:
            found = self.canonical(self.public + "/" + quote(path.lstrip("/"), safe="/"))
        if found is None:
            raise ValueError(f"no address for {path[:200]!r}")
        return found


def _root(url: str) -> str:
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    return f"{scheme}://{_host(parts.hostname or '', parts.port, scheme)}"


def _netloc(url: str) -> str:
    return urlsplit(url).netloc


def _host(name: str, port: int | None, scheme: str) -> str:
    """Host and port as they stand in an address; a port that goes without saying is left out. ValueError."""
    if not name.isascii():
        name = name.encode("idna").decode("ascii")  # UnicodeError is a ValueError
    if ":" in name:
        name = f"[{name}]"
    return name if port is None or str(port) == _PORTS.get(scheme) else f"{name}:{port}"


def _without_dots(path: str) -> str:
    """The path without ``.`` and ``..`` (RFC 3986, 5.2.4): never above the root."""
    if "." not in path:
        return path
    kept: list[str] = []
    parts = path.split("/")
    for part in parts:
        if part == "..":
            del kept[-1:]
        elif part != ".":
            kept.append(part)
    if parts[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept).lstrip("/")


def _escaped(text: str) -> str:
    """One way of writing: what must be escaped is, in capitals; what need not be is not (RFC 3986, 6.2.2)."""
    return quote(_ESCAPE.sub(_escape, text), safe=_SAFE + "?")


def _escape(match: re.Match[str]) -> str:
    if match[1] is None:
        return "%25"
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()
