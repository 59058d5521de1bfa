"""What a block of data for machines says about an article."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from migrator.text.composed import composed

_LONGEST_TEXT = 5_000


@dataclass(frozen=True, slots=True)
class Stated:
    """What one block of data says about the article. Empty where it says nothing; lists in the order given."""

    headline: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    updated: str = ""
    sections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    url: str = ""
    language: str = ""
    publisher: str = ""


def plain(text: str) -> str:
    """A value as text: entities resolved, NFC, white space folded."""
    return " ".join(composed(html.unescape(text[:_LONGEST_TEXT])).split())


def split_keywords(text: str) -> list[str]:
    """The words of a list with commas, or semicolons, between them."""
    return [word for each in re.split(r"[,;]", text) if (word := " ".join(each.split()))]
