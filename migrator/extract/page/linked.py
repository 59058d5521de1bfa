"""What an article is linked to: sections, tags, related articles, videos; and the address it goes by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import unquote, urlsplit

from migrator.extract.page.addresses import Addresses
from migrator.extract.page.blocks import Block
from migrator.extract.page.fields import Fields, Value
from migrator.extract.page.metadata import Metadata
from migrator.extract.page.model import PageLink
from migrator.extract.page.stated import Stated, split_keywords
from migrator.html.dom import Document, Node, attribute, line_of, select
from migrator.text.match_keys import match_key

HOME = frozenset(map(match_key, ("Trang chủ", "Trang nhất", "Trang đầu", "Home", "Homepage", "Trangchủ", "首页")))
"""Match keys of what links to the home page are called."""

_EDGES = " \t,;:|/›»>#•·"
_LABEL = re.compile(r"^(?:tags?|từ kh[oó][aá]|chủ đề|key ?words?)\s*:?$", re.IGNORECASE)
_ARROW = re.compile(r"^(?:>{1,3}|-+>|=+>|»|►|▶|☛|➤|→|&gt;&gt;)\s*\S")
_MOST = 200
_ID = re.compile(r"\d{4,}")


def sections_of(
    fields: Fields, beside: Sequence[PageLink], metadata: Metadata, stated: Stated, headline: str, addresses: Addresses
) -> tuple[tuple[PageLink, ...], str]:
    """The way to the article's section, outermost first, and where it was found. Home page and headline do not count.

    ``beside`` is what stands beside the headline of a page that calls nothing its way.
    """
    unwanted = HOME | {match_key(headline)} if headline else HOME
    metas = metadata.meta.get("article:section", ())
    for source, links in (
        ("", [(_link(value), value.source) for value in fields.listed("sections")]),
        ("breadcrumb", [(link, "breadcrumb") for link in metadata.crumbs]),
        ("article:section", [(PageLink(text), "article:section") for text in metas[:1]]),
        ("json-ld articleSection", [(PageLink(text), "json-ld") for text in stated.sections[:1]]),
        ("beside the headline", [(link, "beside the headline") for link in beside]),
    ):
        kept = [
            (PageLink(text, addresses.absolute(link.url)), where)
            for link, where in links
            if (text := link.text.strip(_EDGES)) and match_key(text) not in unwanted
        ]
        if kept:
            return _each_once(link for link, _ in kept), source or kept[0][1]
    return (), ""


def tags_of(
    fields: Fields, usual: Sequence[PageLink], metadata: Metadata, stated: Stated, addresses: Addresses
) -> tuple[tuple[PageLink, ...], str]:
    """The tags as shown to readers, else as stated for machines, and where they were found.

    ``usual`` are those of a page whose profile does not say where they stand.
    """
    shown = fields.listed("tags")
    for source, links in (
        (shown[0].source if shown else "", [link for value in shown for link in _split(value)]),
        ("an element called so", usual),
        ("article:tag", [PageLink(text) for text in metadata.meta.get("article:tag", ())]),
        ("json-ld keywords", [PageLink(text) for text in stated.tags]),
        ("microdata keywords", [PageLink(text) for text in metadata.microdata.tags]),
    ):
        kept = [
            PageLink(text, addresses.absolute(link.url))
            for link in links
            if (text := link.text.strip(_EDGES)) and not _LABEL.match(text)
        ]
        if kept:
            return _each_once(kept), source
    return (), ""


def _split(value: Value) -> list[PageLink]:
    """One link a tag; a list written in one attribute, or in text without links, is taken apart."""
    if value.node.tag == "a" or attribute(value.node, "href"):
        return [_link(value)]
    return [PageLink(word) for word in split_keywords(value.text)]


def _link(value: Value) -> PageLink:
    node: Node | None = value.node
    for _ in range(3):
        if node is None or node.tag == "a":
            break
        node = node.parent
    return PageLink(value.text, attribute(node, "href") if node is not None and node.tag == "a" else "")


def _each_once(links: Iterable[PageLink]) -> tuple[PageLink, ...]:
    found: dict[str, PageLink] = {}
    for link in links:
        found.setdefault(match_key(link.text), link)
    return tuple(found.values())[:_MOST]


def related_links(page: Document, css: Sequence[str], addresses: Addresses) -> list[PageLink]:
    """The links in the elements the profile calls related, wherever they stand on the page."""
    return [
        link
        for each in css
        for box in select(page, each)[:_MOST]
        for node in ([box] if box.tag == "a" else select(box, "a[href]"))
        if (link := article_link(node, addresses)) is not None
    ]


def article_link(node: Node, addresses: Addresses) -> PageLink | None:
    """A link that leads somewhere and says where; else null."""
    text = line_of(node) or attribute(node, "title")
    url = attribute(node, "href")
    if not text or not url or url.startswith(("#", "javascript:", "mailto:", "tel:")):
        return None
    return PageLink(without_arrow(text), addresses.absolute(url))


def without_arrow(text: str) -> str:
    """The text of a link without what points at it (">> …")."""
    return text.lstrip("->=»►▶☛➤→ ")


def is_teaser(block: Block) -> bool:
    """Whether a block only sends readers to another article: ">> headline of that article"."""
    return _ARROW.match(block.text) is not None and block.linked > 0 and not block.in_caption


def each_address_once(links: Iterable[PageLink]) -> tuple[PageLink, ...]:
    """The links in order, the first for each address."""
    found: dict[str, PageLink] = {}
    for link in links:
        found.setdefault(link.url or link.text, link)
    return tuple(found.values())[:_MOST]


def canonical_of(
    fields: Fields, page: Document, metadata: Metadata, stated: Stated, url: str | None, addresses: Addresses
) -> tuple[str | None, str]:
    """The address the page calls its own, if it can be that of this page; else null. And where it was found, or why not."""
    link = page.css_first('link[rel="canonical" i][href]')
    named = fields.first("canonical")
    reason = "the page states none"
    for source, address in (
        (named.source, named.text) if named else ("", ""),
        ("link canonical", attribute(link, "href") if link is not None else ""),
        ("og:url", metadata.first("og:url")),
        ("json-ld url", stated.url),
        ("microdata url", metadata.microdata.url),
    ):
        absolute = addresses.absolute(address) if address else ""
        if not absolute:
            continue
        if _can_be(absolute, url):
            return absolute, source
        reason = f"{source} leads to another page: {absolute[:200]}"
    return None, reason


def _can_be(address: str, url: str | None) -> bool:
    """Whether an address can be that of the page at ``url``: no home page, and the same path or the same number."""
    try:
        parts = urlsplit(address)
        own = urlsplit(url or "")
    except ValueError:
        return False
    if parts.scheme not in ("http", "https", "") or (parts.path in ("", "/") and not parts.query):
        return False
    if not url:
        return True
    path, mine = unquote(parts.path).rstrip("/"), unquote(own.path).rstrip("/")
    numbers = set(_ID.findall(mine + own.query))
    return path == mine or not numbers or bool(numbers & set(_ID.findall(path + parts.query)))
