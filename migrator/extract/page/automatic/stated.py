"""What the page says about itself for machines, as far as it helps to find the article: titles, type and text."""

from __future__ import annotations

import html as entities
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from migrator.extract.page.automatic.parts import Block, Page, attribute

_SCRIPT = re.compile(r"<script\b[^>]{0,500}?ld\+json[^>]{0,500}>", re.IGNORECASE)
_END = re.compile(r"</script", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{1,2000}>")
_CONTROL = re.compile(r"[\x00-\x1f]+")
_WORD = re.compile(r"\w+")
_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report)$")
_MOST_SCRIPTS = 20
_LONGEST_SCRIPT = 2_000_000
_MOST_VALUES = 5_000
_MOST_BLOCKS = 2_000
_FEWEST_WORDS = 50
_FEWEST_IN_BLOCK = 8
_MOST_TITLES = 8
_LONGEST_TITLE = 500
_LONGEST_BODY = 200_000


def words(text: str) -> str:
    """The words of a text in lower case, one space between."""
    return " ".join(_WORD.findall(text.lower()))


@dataclass(frozen=True, slots=True)
class Stated:
    """``titles`` in the order in which they are trusted; ``body`` is the article's text in JSON-LD, or empty.

    ``is_article``: some markup calls the page an article.
    """

    titles: tuple[str, ...] = ()
    body: str = ""
    is_article: bool = False

    def held(self, blocks: list[Block]) -> set[int]:
        """The numbers of the blocks whose words stand in a row in the stated text; short blocks are not looked for."""
        if not self.body:
            return set()
        body = f" {words(self.body)} "
        found = set()
        for block in blocks[:_MOST_BLOCKS]:
            wanted = words(block.text)
            if wanted.count(" ") + 1 >= _FEWEST_IN_BLOCK and f" {wanted} " in body:
                found.add(block.index)
        return found

    def share(self, blocks: list[Block]) -> float:
        """The part of the stated text that the blocks make up, 0 to 1; 0 where nothing worth a comparison is stated."""
        total = words(self.body).count(" ") + 1
        if total < _FEWEST_WORDS:
            return 0.0
        return min(1.0, sum(words(block.text).count(" ") + 1 for block in blocks) / total)


def read_stated(html: str, page: Page) -> Stated:
    """Reads JSON-LD, Open Graph and the title. What cannot be read states nothing."""
    titles: list[str] = []
    body = ""
    is_article = False
    for item in _articles(html):
        is_article = True
        body = _longer(body, item)
        if isinstance(item.get("headline"), str):
            titles.append(item["headline"])
    for meta in page.metas:
        name = attribute(meta, "property") or attribute(meta, "name")
        if name in ("og:title", "twitter:title"):
            titles.append(attribute(meta, "content"))
        is_article = is_article or (name == "og:type" and attribute(meta, "content").lower().endswith("article"))
    is_article = is_article or any('itemprop="articleBody"' in node.attributes for node in page.nodes)
    titles = [" ".join(entities.unescape(title).split()) for title in [*titles, page.title]]
    body = _TAG.sub(" ", entities.unescape(entities.unescape(body)))
    titles = list(dict.fromkeys(title[:_LONGEST_TITLE] for title in titles if title))
    return Stated(tuple(titles[:_MOST_TITLES]), " ".join(body.split()), is_article)


def stated_body(html: str) -> str:
    """The text of the article in JSON-LD as it stands there, with its line ends and tags, or empty."""
    body = ""
    for item in _articles(html, keep_lines=True):
        body = _longer(body, item)
    return body


def _longer(body: str, item: dict[str, Any]) -> str:
    text = item.get("articleBody")
    return text if isinstance(text, str) and len(body) < len(text) <= _LONGEST_BODY else body


def _articles(html: str, *, keep_lines: bool = False) -> Iterator[dict[str, Any]]:
    for item in _items(html, keep_lines):
        kinds = item.get("@type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(kind, str) and _ARTICLE.search(kind) for kind in kinds):
            yield item


def _items(html: str, keep_lines: bool) -> Iterator[dict[str, Any]]:
    """All objects of all JSON-LD scripts."""
    for number, start in enumerate(_SCRIPT.finditer(html)):
        if number == _MOST_SCRIPTS:
            return
        end = _END.search(html, start.end(), start.end() + _LONGEST_SCRIPT)
        if end is None:
            return
        try:
            text = html[start.end() : end.start()]
            value = json.loads(text if keep_lines else _CONTROL.sub(" ", text), strict=False)
        except (ValueError, RecursionError):
            continue
        yield from objects(value)


def objects(value: object) -> Iterator[dict[str, Any]]:
    """The value and all in it that are objects, neither in order nor without end."""
    waiting = [value]
    seen = 0
    while waiting and seen < _MOST_VALUES:
        seen += 1
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(item for item in value.values() if isinstance(item, dict | list))
        elif isinstance(value, list):
            waiting.extend(value)
