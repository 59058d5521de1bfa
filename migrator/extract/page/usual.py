"""Where fields usually stand: for unknown pages, and for what a profile says nothing about."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping

from migrator.extract.page.metadata import Metadata
from migrator.extract.page.model import PageLink
from migrator.extract.page.profile import Profile, Rule
from migrator.extract.page.stated import Stated
from migrator.extract.page.surroundings import holds, is_hidden, nearest_first, stands_aside
from migrator.html.dom import Document, Node, attribute, line_of, select
from migrator.text.bylines import Byline, read_byline
from migrator.text.match_keys import match_key

UNKNOWN = Profile("unknown")
"""What is known of a page whose family is not known."""

RULES: Mapping[str, tuple[Rule, ...]] = {
    "published_machine": (Rule("time[pubdate]", "datetime"), Rule('meta[itemprop="datePublished"]')),
    "sections": (
        Rule('[class*="crumb" i] a, [id*="crumb" i] a'),
        Rule('a[rel~="category"]'),
    ),
    "tags": (Rule('a[rel~="tag"]:not([rel~="category"])'),),
}
"""Rules for fields without a rule in the profile."""

MARKED = "marked"
"""The source of a standfirst that is called so, but is not the one the page describes itself with."""

REMOVED = (
    "script", "style", "noscript", "template", "ins.adsbygoogle", '[id^="div-gpt-ad"]', '[id^="google_ads"]', ".fb-like",
    ".fb-share-button", ".fb-comments", ".fb-save", ".addthis_toolbox", ".addthis_inline_share_toolbox",
    ".zalo-share-button", ".zalo-follow-only-button", ".g-plusone", ".twitter-share-button", ".admicro", '[id^="admzone"]',
    '[id^="adm-slot"]',
)  # fmt: skip
"""What is never part of an article, on whatever site: advertising frames, share buttons."""


def _named(*words: str) -> str:
    """Selectors for elements whose class or id has one of the words in it."""
    return ", ".join(f'[{name}*="{word}" i]' for name in ("class", "id") for word in words)


_DATES = f"time, {_named('date', 'time', 'ngay', 'publish')}"
_BYLINES = (
    f'[rel~="author"], a[href*="/tac-gia/" i], a[href*="/author/" i], '
    f"{_named('author', 'tac-gia', 'tacgia', 'byline', 'createdby')}"
)
_TAGS = _named("tag", "keyword", "tukhoa", "tu-khoa")
_SAPO = (
    f"{_named('sapo', 'chapeau', 'chappeau', 'hometext', 'summary', 'sub-title', 'subtitle', 'trichyeu')}, "
    '[class*="-lead" i], [class*="-desc" i], [itemprop="description"], .lead, .description, .desc, .intro'
)
_TAG_WORD = re.compile(
    r"(?:^|[\s_-])(?:tags?|keywords?|tukhoa|tu-khoa|cotnent)(?:$|[\s_-])|(?:tags|keywords|_tag)\b", re.I
)
_LABEL = re.compile(r"^(?:tác giả|người viết|viết bởi|written by|bởi|by)\s*:?\s+", re.IGNORECASE)
_LOGO = re.compile(
    r"(?:^|[/_.-])(?:logo|default|no-?image|noimg|share-?(?:default|logo)|favicon|icon)[\w-]*\.\w{2,5}(?:\?|$)", re.I
)
_BOLD = re.compile(
    r"(?<![\w-])(?:font-weight\s*:\s*(?:bold|[6-9]00)|(?:font-weight-|fw-|font-)?bold|fw-[6-9]00)(?![\w-])", re.I
)
_SHORT_TAGS = frozenset(
    ["span", "div", "p", "time", "em", "i", "li", "small", "h5", "td", "font", "b", "strong", "a", "dd"]
)
_LONGEST_DATE, _MOST_DATES = 120, 20
_LONGEST_BYLINE, _MOST_AUTHORS = 120, 5
_LONGEST_TAG, _MOST_TAGS = 60, 30
_SHORTEST_SAPO, _LONGEST_SAPO = 20, 1_500
LONGEST_BOLD = 700
"""Characters of the longest standfirst that is known by nothing but its looks or its place."""
ALIKE = 40
"""Characters that a shortened description shares with the standfirst, at least."""

_MOST_NODES = 300
_MOST_SPACE = 3  # how much longer the source of a text may be than the text


def usual_dates(page: Document, headline: Node | None, around: Container[int]) -> list[str]:
    """Texts that may be the date readers see, the one nearest to the headline first; not those of other articles."""
    nodes = [
        node
        for node in select(page, _DATES)[:_MOST_NODES]
        if node.tag in _SHORT_TAGS
        and len(node.text()) <= _LONGEST_DATE
        and not is_hidden(node)
        and not stands_aside(node, around)
    ]
    shown = (line_of(node) for node in nearest_first(page, nodes, headline)[:_MOST_DATES])
    return [text for text in shown if any(sign.isdigit() for sign in text)]


def usual_byline(page: Document, metadata: Metadata, around: Container[int]) -> Byline | None:
    """What elements called "author" say, if it is wholly made of names of more than one word, and not the paper's."""
    nodes = [node for node in select(page, _BYLINES)[:_MOST_NODES] if node.tag in _SHORT_TAGS and not is_hidden(node)]
    for node in nodes:
        if _byline(node, metadata) is not None and not stands_aside(node, around):
            alike = [
                other
                for other in nodes
                if (other.tag, attribute(other, "class")) == (node.tag, attribute(node, "class"))
            ]
            found = [byline.raw for other in alike if (byline := _byline(other, metadata)) is not None]
            return read_byline(" - ".join(dict.fromkeys(found[:_MOST_AUTHORS])))
    return None


def _byline(node: Node, metadata: Metadata) -> Byline | None:
    if len(node.text()) > _LONGEST_BYLINE:
        return None
    byline = read_byline(_LABEL.sub("", line_of(node)))
    names = [each.name for each in byline.contributions if each.kind == "person"]
    is_textual = any(each.role in ("text", "compiled", "translation") for each in byline.contributions)
    if byline.unread or not is_textual or any(" " not in name for name in names):
        return None
    return None if match_key(byline.raw) in metadata.paper else byline


def usual_tags(page: Document, around: Container[int]) -> list[PageLink]:
    """The links in the first element that is called so and holds a few short links."""
    for box in select(page, _TAGS)[:_MOST_NODES]:
        if not _TAG_WORD.search(f"{attribute(box, 'class')} {attribute(box, 'id')}") or stands_aside(box, around):
            continue
        links = [PageLink(line_of(link), attribute(link, "href")) for link in select(box, "a[href]")]
        if 0 < len(links) <= _MOST_TAGS and all(0 < len(link.text) <= _LONGEST_TAG for link in links):
            return links
    return []


def usual_standfirst(
    page: Document, metadata: Metadata, stated: Stated, body: Node, headline: Node | None, around: Container[int]
) -> tuple[str, str, Node | None]:
    """A standfirst that is marked as one: text, where it was found, and its element. Empty where none is.

    The description for machines says which one it is; alone it counts for nothing, for it is written for search engines.
    """
    candidates = list(_marked(page, body, around))
    described = [stated.description, metadata.microdata.description, metadata.first("og:description", "description")]
    for description in filter(None, described):
        for text, node in candidates:
            if match_key(text)[:ALIKE] == match_key(description)[:ALIKE]:
                return text, "marked, as described", node
    near = nearest_first(page, [node for _, node in candidates], headline)
    if near and (headline is not None or len(near) == 1):
        return line_of(near[0]), MARKED, near[0]
    return "", "", None


def _marked(page: Document, body: Node, around: Container[int]) -> Iterator[tuple[str, Node]]:
    """Elements called so, that are neither the body, nor around it, nor beside a picture, nor of another article."""
    for node in select(page, _SAPO)[:_MOST_NODES]:
        if (
            node.tag == "meta"
            or node.mem_id == body.mem_id
            or holds(node, body)
            or is_hidden(node)
            or stands_aside(node, around)
        ):
            continue
        if len(node.text()) > _MOST_SPACE * _LONGEST_SAPO:
            continue
        text = line_of(node)
        if not _SHORTEST_SAPO <= len(text) <= _LONGEST_SAPO or node.css_first("h1, img") is not None:
            continue
        if node.parent is None or node.parent.css_first("img") is None or line_of(node.parent) != text:
            yield text, node


def is_bold(node: Node, text: str) -> bool:
    """Whether all of an element is set in bold, or is a heading, and is no longer than a standfirst."""
    if not ALIKE <= len(text) <= LONGEST_BOLD:
        return False
    if node.tag in ("h2", "h3", "strong", "b") or _BOLD.search(
        f"{attribute(node, 'class')} ;{attribute(node, 'style')}"
    ):
        return True
    return any(line_of(each) == text for each in select(node, "strong, b"))


def usual_lead(metadata: Metadata, stated: Stated) -> tuple[str, str]:
    """The address of the picture the page is shared with, and who says so; not a logo."""
    for source, addresses in (
        ("og:image", metadata.meta.get("og:image", ())),
        ("json-ld image", stated.images),
        ("microdata image", metadata.microdata.images),
        ("twitter:image", metadata.meta.get("twitter:image", ())),
    ):
        for address in addresses:
            if not _LOGO.search(address):
                return address, source
    return "", ""
