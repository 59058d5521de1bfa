r"""Which addresses of a site are worth asking, as its profile says under ``harvest:``.

```yaml
harvest:
  articles: ['-(?P<id>\d+)\.html$']     # searched in path and query; the group `id` is the legacy id
  listings: ['^/[a-z-]+/$']             # pages that name articles
  links: ['.news h3 a']                 # links of such a page that are followed, whatever their address
  next: ['.pagination a']               # links to the next page of a listing
  start: [/rss/tin-moi-nhat.rss]        # where to begin, beside robots.txt, /sitemap.xml and the home page
  skip: ['^/print/']                    # never asked, whoever names it
```
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from migrator.errors import ConfigurationError, Fault
from migrator.extract.page.profile_tree import Tree, compose
from migrator.extract.site import states
from migrator.extract.site.addresses import Addresses
from migrator.extract.site.frontier import Link, NewLink
from migrator.extract.site.magic import MEDIA, extension_of
from migrator.html.dom import is_selector

KEY = "harvest"
_PATTERNS = ("articles", "listings", "skip")
_SELECTORS = ("links", "next")
_KEYS = (*_PATTERNS, *_SELECTORS, "start")
TRUSTED = frozenset({"start", "sitemap", "feed", "redirect", "canonical", "next", "links", "given"})
"""Ways of finding an address that make it worth asking, whatever it looks like."""

HREF = "href"
"""The other way: any link of a page. Only articles, listings and what looks like a feed are asked then."""

_FEED = re.compile(r"\.rss$|/(?:rss|feeds?|atom)(?:/(?:index\.xml)?|\.xml)?$")


@dataclass(frozen=True, slots=True)
class Rules:
    """What the profiles of a site say of its addresses."""

    articles: tuple[re.Pattern[str], ...] = ()
    listings: tuple[re.Pattern[str], ...] = ()
    skip: tuple[re.Pattern[str], ...] = ()
    links: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    start: tuple[str, ...] = ()

    def __or__(self, other: Rules) -> Rules:
        """Both together: a site of two generations has two profiles."""
        return Rules(*(tuple(dict.fromkeys(getattr(self, n) + getattr(other, n))) for n in Rules.__slots__))

    def kind_of(self, path: str) -> str:
        """Article, listing or other, by path and query."""
        if any(pattern.search(path) for pattern in self.articles):
            return states.ARTICLE
        return states.LISTING if any(pattern.search(path) for pattern in self.listings) else states.OTHER

    def legacy_id(self, path: str) -> str:
        """The legacy id in path and query of an article; empty where no pattern finds one."""
        for pattern in self.articles:
            found = pattern.search(path)
            if found and "id" in pattern.groupindex and found["id"]:
                return found["id"]
        return ""


class Judge:
    """Says of an address what kind it is and whether it is asked."""

    def __init__(self, addresses: Addresses, rules: Rules) -> None:
        self._addresses, self._rules = addresses, rules

    def kind(self, url: str) -> str:
        """PAGE or FILE, by the extension."""
        return states.FILE if extension_of(self._addresses.path(url)) in MEDIA else states.PAGE

    def state(self, url: str, kind: str, found_by: str) -> str:
        """WAITING, or why the address is not asked."""
        if kind == states.FILE:
            return states.WAITING if self._addresses.may_ask(url) else states.FOREIGN
        if not self._addresses.is_own(url):
            return states.FOREIGN
        path = self._addresses.path(url)
        if any(pattern.search(path) for pattern in self._rules.skip):
            return states.IGNORED
        wanted = found_by in TRUSTED or self._rules.kind_of(path) != states.OTHER or _FEED.search(path)
        return states.WAITING if wanted else states.IGNORED

    def link(self, url: str, kind: str, found_by: str, found_in: Link | None = None, hops: int = 0) -> NewLink:
        """An address for the frontier, found on the page of another one."""
        depth = found_in.depth + 1 if found_in else 0
        place = found_in.url if found_in else ""
        return NewLink(url, kind, self.state(url, kind, found_by), "", place, found_by, depth, hops)


def read_rules(paths: Iterable[Path], folder: Path) -> Rules:
    """The rules of profiles and of what they extend (looked up beside them, then in ``folder``). ConfigurationError."""
    faults: list[Fault] = []
    rules = Rules()
    for path in paths:
        rules |= _read(path, folder, faults, ())
    if not faults and not rules.articles:
        faults.append(Fault(", ".join(map(str, paths)), 0, "no profile says which addresses are articles"))
    if faults:
        raise ConfigurationError(
            f"{len(faults)} mistake(s) in site profiles.",
            "Write `harvest: {articles: ['-(?P<id>\\d+)\\.html$']}` into the profile; see docs/site.md.", faults,
        )  # fmt: skip
    return rules


def _read(path: Path, folder: Path, faults: list[Fault], below: tuple[Path, ...]) -> Rules:
    top = compose(path, faults)
    if top is None or path.resolve() in below:
        return Rules()
    members = {key.value: value for key, value in top.value if isinstance(key, yaml.ScalarNode)}
    own = _own(Tree(path, faults), members.get(KEY))
    parent = members.get("extends")
    if not isinstance(parent, yaml.ScalarNode):
        return own
    places = [place / f"{parent.value}.yaml" for place in (path.parent, folder)]
    found = next((place for place in places if place.is_file() and place.resolve() != path.resolve()), None)
    return own if found is None else own | _read(found, folder, faults, (*below, path.resolve()))


def _own(tree: Tree, node: yaml.Node | None) -> Rules:
    members = tree.members(node, _KEYS, KEY)
    texts = {name: [tree.text(item, name) for item in tree.items(members.get(name))] for name in _KEYS}
    for name in _SELECTORS:
        for css in filter(None, texts[name]):
            if not is_selector(css):
                tree.fault(members[name], f"{css!r} is no CSS selector")
    articles, listings, skip = (_patterns(tree, members.get(name), texts[name]) for name in _PATTERNS)
    links, further, start = (tuple(filter(None, texts[name])) for name in (*_SELECTORS, "start"))
    return Rules(articles, listings, skip, links, further, start)


def _patterns(tree: Tree, node: yaml.Node | None, texts: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    found = []
    for text in filter(None, texts):
        try:
            found.append(re.compile(text))
        except (re.error, OverflowError) as error:
            tree.fault(node, f"{text!r} is no regular expression: {error}", "put it between single quotes")
    return tuple(found)
