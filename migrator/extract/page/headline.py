"""The headline of a page that no profile explains: the heading that the page also states for machines."""

from __future__ import annotations

import re

from migrator.extract.page.metadata import Metadata
from migrator.extract.page.stated import plain
from migrator.html.dom import Document, Node, line_of, select
from migrator.text.match_keys import match_key

_SEPARATOR = re.compile(r"\s+[|–—»•]\s+|\s+-\s+|\s*::\s*|\s*\|\s*")
_SITE = re.compile(
    r"\b(?:báo|tạp chí|điện tử|online|cổng thông tin|tin tức|news|trang tin)\b|\.(?:vn|com|net|org)\b", re.IGNORECASE
)
_HAN = re.compile("[\u3040-\u9fff]")  # written without spaces
_MOST = 200
_LONGEST = 500


def find_headline(page: Document, metadata: Metadata) -> tuple[str, str, Node | None]:
    """The headline, where it was found, and its element; empty where the page has none."""
    stated = _stated(page, metadata)
    keys = [match_key(text) for _, text in stated]
    headings = [(line_of(node), node) for node in select(page, "h1")[:_MOST]]
    top = [(text, node) for text, node in headings if text and match_key(text) not in metadata.paper]
    for text, node in top:
        if any(_begins_or_ends(key, match_key(text)) for key in keys):
            return text, "h1", node
    exact = {*keys, *(match_key(without_site(text, metadata)) for _, text in stated)}
    for node in select(page, 'h2, h3, h4, [class*="title" i], [id*="title" i], [class*="tieude" i]')[:_MOST]:
        if len(node.text()) <= _LONGEST and (text := line_of(node)) and match_key(text) in exact:
            return text, "heading", node
    if len(top) == 1 and (len(top[0][0].split()) > 2 or len(_HAN.findall(top[0][0])) > 3):
        return top[0][0], "h1", top[0][1]
    for source, text in stated:
        bare = without_site(text, metadata)
        if bare and match_key(bare) not in metadata.paper:
            return bare, source, None
    return "", "", None


def _begins_or_ends(title: str, heading: str) -> bool:
    """Whether a heading is all of a title, or what is left of it without sections and names of papers."""
    return title == heading or (len(heading.split()) > 2 and (title.startswith(heading) or title.endswith(heading)))


def _stated(page: Document, metadata: Metadata) -> list[tuple[str, str]]:
    """What is stated to be the title, the most trustworthy first."""
    title = page.css_first("head title")
    named = [
        *(("json-ld headline", each.headline) for each in metadata.articles),
        ("microdata headline", metadata.microdata.headline),
        ("og:title", metadata.first("og:title")),
        ("twitter:title", metadata.first("twitter:title")),
        ("title", plain(title.text()) if title is not None else ""),
    ]
    return [(source, text) for source, text in named if text]


def without_site(text: str, metadata: Metadata) -> str:
    """A title without the name of the paper behind it."""
    pieces = _SEPARATOR.split(text)
    while len(pieces) > 1 and (match_key(pieces[-1]) in metadata.paper or _SITE.search(pieces[-1])):
        text = text[: text.rindex(pieces.pop())].rstrip(" \t|–—»•-:")
    return text
