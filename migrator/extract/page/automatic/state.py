"""What an object in a framework's state says of its article, beside the text: every system has its own names for that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from migrator.extract.page.stated import Stated, plain, split_keywords
from migrator.text.dates_shapes import NEWSROOM_ZONE


def _names(names: str) -> tuple[str, ...]:
    return tuple(names.split())


_HEADLINE = _names("headline title name")
_DESCRIPTION = _names("sapo standfirst summary description lead excerpt desc subtitle intro teaser")
_AUTHORS = _names("authors author byline writer creator penname")
_PUBLISHED = _names(
    "publishedat publishdate publisheddate datepublished publishtime publishedtime createdat createtime date"
)
_UPDATED = _names("updatedat datemodified modifiedat lastmodified updatetime modifieddate")
_SECTIONS = _names("category section categories primarycategory maincategory zone channel")
_TAGS = _names("tags keywords hashtags")
_IMAGES = _names("image thumbnail cover coverimage featuredimage thumb avatar images")
_LANGUAGE = _names("language lang locale")
_INNER = _names("name displayname fullname nickname penname title text rendered url src contenturl")
_MOST = 30
_MILLISECONDS = 10_000_000_000  # a number of seconds this large is in another age of the world


def stated_in(item: Mapping[str, Any]) -> Stated:
    """The article as the object tells it. Empty where it says nothing."""
    own = {name.replace("_", "").replace("-", "").lower(): value for name, value in item.items()}
    return Stated(
        headline=next(_texts(own, _HEADLINE), ""),
        description=next(_texts(own, _DESCRIPTION), ""),
        authors=tuple(dict.fromkeys(_texts(own, _AUTHORS))),
        published=next(_moments(own, _PUBLISHED), ""),
        updated=next(_moments(own, _UPDATED), ""),
        sections=tuple(dict.fromkeys(_texts(own, _SECTIONS))),
        tags=tuple(dict.fromkeys(word for text in _texts(own, _TAGS) for word in split_keywords(text))),
        images=tuple(dict.fromkeys(_texts(own, _IMAGES))),
        language=next(_texts(own, _LANGUAGE), ""),
    )


def _texts(own: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    """The texts under the first of the names that has any."""
    for name in names:
        value = own.get(name)
        found = [text for each in (value if isinstance(value, list) else [value])[:_MOST] if (text := _text(each))]
        if found:
            yield from found
            return


def _text(value: Any) -> str:
    if isinstance(value, dict):
        inner = {str(name).replace("_", "").lower(): each for name, each in value.items()}
        value = next((inner[name] for name in _INNER if isinstance(inner.get(name), str) and inner[name]), "")
    return plain(value) if isinstance(value, str) else ""


def _moments(own: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    """Dates as they are written; numbers, which count from 1970, as ISO 8601."""
    for name in names:
        value = own.get(name)
        if isinstance(value, str) and value.strip():
            yield plain(value)
        elif isinstance(value, int) and not isinstance(value, bool) and value > 0:
            seconds = value / 1000 if value >= _MILLISECONDS else float(value)
            try:
                yield datetime.fromtimestamp(seconds, UTC).astimezone(NEWSROOM_ZONE).isoformat()
            except (OverflowError, ValueError, OSError):
                continue
