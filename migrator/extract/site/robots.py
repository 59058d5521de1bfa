"""robots.txt as RFC 9309 defines it, with ``Crawl-delay`` and ``Sitemap``, which it leaves to others.

Our own eighty lines rather than a dependency: what decides – an unreachable file forbids everything, a missing one
nothing – happens around the parser, and Python's own ``urllib.robotparser`` knows neither ``*`` nor the longest match.
Matching takes time linear in the address, whatever a hostile file asks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

AGENT = "migrator"
LARGEST_BYTES = 500 * 1024
"""RFC 9309, 2.5: at least the first 500 KiB are read."""

LONGEST_DELAY_S = 60.0
_LINE = re.compile(r"^\s*([A-Za-z-]+)\s*:\s*(.*?)\s*$")


@dataclass(frozen=True, slots=True)
class _Rule:
    """A path pattern; the longest that matches decides, and ``allow`` where two are as long."""

    parts: tuple[str, ...]
    at_end: bool
    weight: int
    allow: bool

    def matches(self, path: str) -> bool:
        """Whether the pattern covers the path: its parts come one after the other, the first at the beginning."""
        first, *others = self.parts
        if not path.startswith(first):
            return False
        place = len(first)
        if not others:
            return not self.at_end or place == len(path)
        *middle, last = others
        for part in middle:
            found = path.find(part, place)
            if found < 0:
                return False
            place = found + len(part)
        if self.at_end:
            return path.endswith(last) and len(path) - len(last) >= place
        return path.find(last, place) >= 0


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host allows. ``delay_s`` is the pause it asks for between two requests; 0 where it asks for none."""

    rules: tuple[_Rule, ...] = ()
    delay_s: float = 0.0
    sitemaps: tuple[str, ...] = ()

    def allows(self, url: str) -> bool:
        """Whether the address may be asked. ``/robots.txt`` always may."""
        parts = urlsplit(url)
        path = _normal((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        if path == "/robots.txt":
            return True
        found = max(((rule.weight, rule.allow) for rule in self.rules if rule.matches(path)), default=(0, True))
        return found[1]


def parse(data: bytes, agent: str = AGENT) -> Robots:
    """The rules for our name; those for ``*`` where no group names us."""
    groups: dict[str, list[_Rule]] = {}
    delays: dict[str, float] = {}
    sitemaps: list[str] = []
    names: list[str] = []
    in_rules = False
    for line in data[:LARGEST_BYTES].decode("utf-8-sig", "replace").splitlines():
        match = _LINE.match(line.partition("#")[0])
        if match is None:
            continue
        key, value = match[1].lower(), match[2]
        if key == "sitemap":
            sitemaps.append(value)
        elif key == "user-agent":
            names = [value.lower()] if in_rules else [*names, value.lower()]
            in_rules = False
            groups.setdefault(names[-1], [])
        elif key in {"allow", "disallow"}:
            in_rules = True
            for name in names if value else ():
                groups[name].append(_rule(value, allow=key == "allow"))
        elif key == "crawl-delay":
            in_rules = True
            delays.update(dict.fromkeys(names, _seconds(value)))
    ours = [name for name in groups if _means(name, agent)] or ["*"]
    rules = tuple(rule for name in ours for rule in groups.get(name, ()))
    delay_s = max((delays.get(name, 0.0) for name in ours), default=0.0)
    return Robots(rules, delay_s, tuple(dict.fromkeys(filter(None, sitemaps))))


def _means(name: str, agent: str) -> bool:
    """Whether a group's name is our product token (RFC 9309, 2.2.1); what follows it, such as a version, is no matter."""
    return re.split(r"[^a-z_-]", name, maxsplit=1)[0] == agent


def _rule(pattern: str, *, allow: bool) -> _Rule:
    at_end = pattern.endswith("$")
    text = _normal(pattern[:-1] if at_end else pattern)
    if not text.startswith(("/", "*")):
        text = "/" + text
    parts = tuple(re.sub(r"\*+", "*", text).split("*"))
    return _Rule(parts, at_end, len(text) + at_end, allow)


def _normal(path: str) -> str:
    """Escapes in one form, so that ``/%7Ea``, ``/~a`` and ``/%7ea`` are the same (RFC 9309, 2.2.2)."""
    pieces = re.split(r"(%2[FfAa]|%24)", path)
    return "".join(
        piece.upper() if number % 2 else quote(unquote(piece, errors="surrogateescape"), safe="/*$?=&:@!,;+()'~",
                                               errors="surrogateescape")
        for number, piece in enumerate(pieces)
    )  # fmt: skip


def _seconds(text: str) -> float:
    try:
        return min(max(float(text), 0.0), LONGEST_DELAY_S)
    except ValueError:
        return 0.0
