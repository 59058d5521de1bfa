"""JSON-LD as pages have it: wrapped in comments, with commas too many, with line ends inside texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from migrator.extract.page.model import PageLink
from migrator.extract.page.stated import Stated, plain, split_keywords
from migrator.html.dom import Document

_MOST_SCRIPTS = 40
_LONGEST_SCRIPT = 1_000_000
_MOST_VALUES = 5_000

_CONTROL = re.compile(r"[\x00-\x1f]+")
_WRAPPING = re.compile(r"^\s*(?://\s*)?(?:<!--|<!\[CDATA\[)|(?://\s*)?(?:-->|\]\]>)\s*;?\s*$|;\s*$")
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report)$")


def read_json_ld(page: Document) -> tuple[list[Stated], tuple[PageLink, ...], int]:
    """The articles and the way to them that the page's scripts state, and how many scripts are no JSON."""
    articles: list[Stated] = []
    crumbs: tuple[PageLink, ...] = ()
    unreadable = 0
    for node in page.css('script[type="application/ld+json" i]')[:_MOST_SCRIPTS]:
        try:
            data = _json(node.text())
        except orjson.JSONDecodeError:
            unreadable += 1
            continue
        for item in _items(data):
            kinds = [str(kind) for kind in _list(item.get("@type"))]
            if any(_ARTICLE.search(kind) for kind in kinds):
                articles.append(_stated(item))
            elif "BreadcrumbList" in kinds and not crumbs:
                crumbs = _crumbs(item)
    return articles, crumbs, unreadable


def _json(text: str) -> Any:
    """The data of a script, as browsers' and search engines' habits have let it be written. JSONDecodeError where hopeless."""
    bare = _CONTROL.sub(" ", _WRAPPING.sub("", text[:_LONGEST_SCRIPT])).strip().encode("utf-8", "replace")
    try:
        return orjson.loads(bare)
    except orjson.JSONDecodeError:
        return orjson.loads(_TRAILING_COMMA.sub("", bare.decode()))


def _items(data: Any) -> Iterator[dict[str, Any]]:
    """All objects with a type, outermost first; neither deep nor many."""
    waiting = [(data, 0)]
    seen = 0
    while waiting and seen < _MOST_VALUES:
        value, depth = waiting.pop(0)
        seen += 1
        if isinstance(value, dict):
            if "@type" in value:
                yield value
            inner = [value.get(name) for name in ("@graph", "mainEntity", "hasPart", "itemListElement", "breadcrumb")]
        else:
            inner = value if isinstance(value, list) else []
        if depth < 6:
            waiting += [(each, depth + 1) for each in inner if isinstance(each, (dict, list))]


def _stated(item: Mapping[str, Any]) -> Stated:
    return Stated(
        headline=_text(item.get("headline") or item.get("name")),
        description=_text(item.get("description")),
        authors=_texts(item.get("author"), "name"),
        published=_text(item.get("datePublished")),
        updated=_text(item.get("dateModified")),
        sections=_texts(item.get("articleSection"), "name"),
        tags=_keywords(item.get("keywords")),
        images=_texts(item.get("image"), "url", "contentUrl", "@id"),
        url=_text(item.get("url")) or _text(item.get("mainEntityOfPage")),
        language=_text(item.get("inLanguage")),
        publisher=_text(item.get("publisher")),
    )


def _crumbs(item: Mapping[str, Any]) -> tuple[PageLink, ...]:
    crumbs = []
    for element in _list(item.get("itemListElement")):
        if isinstance(element, dict):
            target = element.get("item")
            inner = target if isinstance(target, dict) else {}
            name = _text(element.get("name")) or _text(inner.get("name"))
            address = target if isinstance(target, str) else _text(inner.get("@id")) or _text(inner.get("url"))
            if name:
                crumbs.append((_number(element.get("position")), PageLink(name, address)))
    return tuple(link for _, link in sorted(crumbs, key=lambda each: each[0]))


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str:
    """A text, or the name or address of an object; of a list the first."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = next((value[name] for name in ("name", "url", "@id") if isinstance(value.get(name), str)), "")
    return plain(str(value)) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _texts(value: Any, *names: str) -> tuple[str, ...]:
    found = []
    for each in _list(value)[:100]:
        if isinstance(each, dict):
            each = next((each[name] for name in names if isinstance(each.get(name), str)), "")
        if isinstance(each, str) and plain(each):
            found.append(plain(each))
    return tuple(dict.fromkeys(found))


def _keywords(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for text in _texts(value, "name") for word in split_keywords(text)))
