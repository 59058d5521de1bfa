"""The keys ``site``, ``media`` and ``evidence`` of a source in ``migration.yaml``.

```yaml
site:
  url: "https://www.example.vn"     # the site; with `serve` the address it is a copy of
  serve: legacy/site                # a folder of static pages, served on this machine while the tool works
  profile: [nukeviet, channel]      # how its pages are read; for `migrator harvest`
  rate: 2                           # requests a second at most; 1 if left out, as fast as it goes for `serve`
  names: ["203.0.113.48:9000"]      # other names of the same site: what is said to be there is asked at `url`
  hosts: [static.example.vn]        # other hosts that may be asked for files
  start: [/rss/]                    # where to begin, besides robots.txt, /sitemap.xml and the home page
  evidence: evidence/web.sqlite     # where the harvest goes (this is the default, with the name of the source)
media: {root: legacy/site}          # or {url: "http://203.0.113.48:9000"}: files are taken from there
```
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from migrator.transform.document import Node
from migrator.transform.shape import Shapes

RATE = 1.0
_SITE = dict.fromkeys(("url", "serve", "profile", "rate", "names", "hosts", "start", "evidence"))
_MEDIA = dict.fromkeys(("root", "url"))


@dataclass(frozen=True, slots=True)
class Site:
    """The public legacy site: an address, or a folder of static pages to serve on this machine while the tool works.

    With both, the folder is a copy of what stands at the address. ``rate`` is requests a second, 0 for no limit.
    ``evidence`` is relative to the project folder; None: the default.
    """

    url: str | None
    serve: Path | None
    profiles: tuple[str, ...] = ()
    rate: float = RATE
    names: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    start: tuple[str, ...] = ()
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class MediaRoot:
    """Where the files of a media inventory lie: a folder, or the root of a web server. Paths are below it."""

    root: Path | None
    url: str | None


def evidence_path(source: str, site: Site | None) -> str:
    """The evidence database of a source, relative to the project folder."""
    return (site.evidence if site else None) or f"evidence/{source}.sqlite"


class SiteReader:
    """Reads these keys; mistakes go into the shapes."""

    def __init__(self, folder: Path, shapes: Shapes) -> None:
        self._folder, self._shapes = folder, shapes

    def site(self, node: Node | None) -> Site | None:
        """The site of a source; None where it has none."""
        if node is None:
            return None
        shapes = self._shapes
        members = shapes.members(node, "site", _SITE)
        if "url" not in members and "serve" not in members:
            shapes.fault(node, "site needs url or serve", 'write `site: {url: "https://…"}`')
            return None
        return Site(
            url=self._address(members.get("url"), "url"),
            serve=self._folder / shapes.text(members["serve"], "serve") if "serve" in members else None,
            profiles=self._texts(members, "profile"),
            rate=self._rate(members.get("rate"), 0.0 if "serve" in members else RATE),
            names=self._texts(members, "names"),
            hosts=self._texts(members, "hosts"),
            start=self._texts(members, "start"),
            evidence=shapes.text(members["evidence"], "evidence") if "evidence" in members else None,
        )

    def media(self, node: Node | None) -> MediaRoot | None:
        """Where the media of a source lie; None where nothing is said."""
        if node is None:
            return None
        members = self._shapes.members(node, "media", _MEDIA)
        if len(members) != 1:
            self._shapes.fault(node, "media needs either root or url", "write `media: {root: legacy/site}`")
            return None
        if "root" in members:
            return MediaRoot(self._folder / self._shapes.text(members["root"], "root"), None)
        return MediaRoot(None, self._address(members["url"], "url"))

    def evidence(self, node: Node | None, *, has_url: bool) -> str | None:
        """The source whose harvest this one reads."""
        if node is None:
            return None
        if has_url:
            self._shapes.fault(node, "a source has either url or evidence", "remove one of them")
        return self._shapes.text(node, "evidence") or None

    def _texts(self, members: Mapping[str, Node], key: str) -> tuple[str, ...]:
        return self._shapes.texts(members[key], key) if key in members else ()

    def _rate(self, node: Node | None, default: float) -> float:
        if node is None:
            return default
        if isinstance(node.value, int | float) and not isinstance(node.value, bool) and node.value > 0:
            return float(node.value)
        self._shapes.fault(node, "rate must be a number above 0", "requests a second, such as 2 or 0.5")
        return default

    def _address(self, node: Node | None, what: str) -> str | None:
        if node is None:
            return None
        text = self._shapes.text(node, what).rstrip("/")
        try:
            parts = urlsplit(text)
            usable = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or True)
        except ValueError:
            usable = False
        if text and not usable:
            self._shapes.fault(node, f"{text!r} is no address of a site", 'write it like "https://www.example.vn"')
        return text
