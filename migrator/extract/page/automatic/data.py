"""The article of a page that is put together in the browser: its text stands in the page's data only.

Two places are looked at: ``articleBody`` of JSON-LD, and the state that a framework leaves in a script as JSON, where an
object has the page's title and, in it, a long text. Nothing is run.
"""

from __future__ import annotations

import html as entities
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from migrator.extract.page.automatic.headline import headline_text
from migrator.extract.page.automatic.prose import is_sentence
from migrator.extract.page.automatic.state import stated_in
from migrator.extract.page.automatic.stated import Stated, objects, stated_body, words
from migrator.extract.page.stated import Stated as Told

_STATE = re.compile(
    r"<script\b[^>]{0,300}?type=[\"']?application/json\b[^>]{0,300}>\s{0,50}|"
    r"<script\b[^>]{0,300}>\s{0,50}(?:var |let |const )?[\w.$]{2,60}\s{0,5}=\s{0,5}(?=[{\[])",
    re.IGNORECASE,
)
_END = re.compile(r"</script", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{1,2000}>")
_MARKUP = re.compile(r"<(?:p|div|br|li|h[1-6])\b", re.IGNORECASE)
_TITLES = ("headline", "title", "name")
_TEXTS = frozenset(
    ("articlebody", "body", "bodyhtml", "bodytext", "content", "contents", "html", "text", "detail", "rendered")
)
_PARTS = ("html", "text", "content", "value", "body")
_MOST_SCRIPTS, _MOST_ARTICLES = 10, 40
_LONGEST_SCRIPT = 4_000_000
_SHORTEST = 300
_ALIKE = 0.6


def page_in_data(html: str, stated: Stated) -> tuple[str, Told]:
    """A page made of the text in the data, to be read as any other, empty where there is none; and what stands beside it."""
    markup, told = _markup(stated_body(html)), Told()
    if not markup:
        markup, told = _in_state(html, stated)
    if not markup:
        return "", told
    title = entities.escape(headline_text(None, stated) or "")
    page = (
        f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>"
        f'<div class="article-body" itemprop="articleBody">{markup}</div></article></body></html>'
    )
    return page, told


def _in_state(html: str, stated: Stated) -> tuple[str, Told]:
    found, owner = "", Told()
    for number, start in enumerate(_STATE.finditer(html)):
        if number == _MOST_SCRIPTS:
            break
        end = _END.search(html, start.end(), start.end() + _LONGEST_SCRIPT)
        if end is None:
            continue
        try:
            value, _ = json.JSONDecoder(strict=False).raw_decode(html[start.end() : end.start()])
        except (ValueError, RecursionError):
            continue
        for item in islice((item for item in objects(value) if _has_title(item, stated)), _MOST_ARTICLES):
            longest = max(_texts(item), key=len, default="")
            if len(longest) > len(found):
                found, owner = longest, stated_in(item)
    return found, owner


def _has_title(item: dict[str, Any], stated: Stated) -> bool:
    for name in _TITLES:
        title = item.get(name)
        title = title.get("rendered") if isinstance(title, dict) else title
        if isinstance(title, str):
            own = set(words(entities.unescape(title[:500])).split())
            for other in stated.titles:
                both = own & set(words(other).split())
                if len(own) > 1 and len(both) >= _ALIKE * len(own):
                    return True
    return False


def _texts(item: dict[str, Any]) -> Iterator[str]:
    """The long texts in an object and those in it, as markup."""
    for inner in objects(item):
        for name, value in inner.items():
            if name.replace("_", "").lower() in _TEXTS:
                yield _markup(value)


def _markup(value: object) -> str:
    """Markup of a text, or of a list of its paragraphs; empty where it is no long text."""
    if isinstance(value, list):
        parts = [_part(each) for each in value]
        markup = "".join(part if _MARKUP.search(part) else f"<p>{part}</p>" for part in parts if part)
    elif isinstance(value, str):
        markup = entities.unescape(value) if "&lt;" in value and not _MARKUP.search(value) else value
        if not _MARKUP.search(markup):
            markup = "".join(f"<p>{line}</p>" for line in markup.split("\n") if line.strip())
    else:
        return ""
    text = _TAG.sub(" ", markup)
    return markup if len(text) >= _SHORTEST and is_sentence(text) and text.count(" ") > 10 else ""


def _part(value: object) -> str:
    if isinstance(value, dict):
        value = next((value[name] for name in _PARTS if isinstance(value.get(name), str)), "")
    return value if isinstance(value, str) else ""
