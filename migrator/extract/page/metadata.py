"""What a page says about itself for machines: JSON-LD, Open Graph and other ``meta``, microdata.

All of it may lie – templates are copied, dates are those of the last edit, authors are the paper itself – so nothing
here is taken over by itself: who uses it asks whether readers see it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from migrator.extract.page.json_ld import read_json_ld
from migrator.extract.page.microdata import read_crumbs, read_microdata
from migrator.extract.page.model import PageLink
from migrator.extract.page.stated import Stated, plain
from migrator.html.dom import Document, attribute
from migrator.text.match_keys import match_key


@dataclass(frozen=True, slots=True)
class Metadata:
    """All that a page states for machines.

    ``meta`` has the contents of each name or property (lower case); ``articles`` what each JSON-LD article says;
    ``microdata`` what the schema.org markup says; ``crumbs`` the way to the article; ``unreadable`` counts JSON-LD
    scripts that are no JSON.
    """

    meta: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    articles: tuple[Stated, ...] = ()
    microdata: Stated = field(default_factory=Stated)
    crumbs: tuple[PageLink, ...] = ()
    unreadable: int = 0

    def first(self, *names: str) -> str:
        """The first content of the first of these names that has one."""
        return next((value for name in names for value in self.meta.get(name, ()) if value), "")

    def article(self, headline: str) -> Stated:
        """The JSON-LD article that is this page's: the one with its headline, else the only one."""
        wanted = match_key(headline)
        for each in self.articles:
            if each.headline and match_key(each.headline) == wanted:
                return each
        return self.articles[0] if len(self.articles) == 1 or (self.articles and not wanted) else Stated()

    @property
    def paper(self) -> frozenset[str]:
        """Match keys of the names of the paper itself."""
        names = (*self.meta.get("og:site_name", ()), *self.meta.get("application-name", ()), self.microdata.publisher)
        return frozenset(match_key(name) for name in (*names, *(each.publisher for each in self.articles)) if name)


def read_metadata(page: Document) -> Metadata:
    """Everything the page states for machines."""
    articles, crumbs, unreadable = read_json_ld(page)
    return Metadata(_meta(page), tuple(articles), read_microdata(page), crumbs or read_crumbs(page), unreadable)


def _meta(page: Document) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for node in page.css("meta[content]"):
        name = attribute(node, "property") or attribute(node, "name") or attribute(node, "itemprop")
        content = plain(attribute(node, "content"))
        if name and content:
            found[name.lower()] = (*found.get(name.lower(), ()), content)
    return found
