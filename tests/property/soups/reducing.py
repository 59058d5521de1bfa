"""From a soup on which two parsers differ to the smallest one that shows a difference."""

from __future__ import annotations

import re
from collections.abc import Callable

_TOKEN = re.compile(r"<!--?-?>|<!--.*?--!?>|<!\[CDATA\[.*?\]\]>|<[^<>]*>|<|&[^;&<]{1,12};|[^<]", re.DOTALL)
_TAG = re.compile(r"<(/?[a-zA-Z][^\s/>]*)[^>]*>")


def reduced(soup: str, differs: Callable[[str], bool]) -> str:
    """The soup without the tags and characters that have no part in the difference; attributes go where they can."""
    left = _TOKEN.findall(soup)
    width = max(1, len(left) // 2)
    while True:
        before = len(left)
        at = 0
        while at < len(left):
            tried = [*left[:at], *left[at + width :]]
            if tried and differs("".join(tried)):
                left = tried
            else:
                at += width
        if width > 1:
            width //= 2
        elif len(left) == before:
            break
    for at, token in enumerate(left):
        tag = _TAG.fullmatch(token)
        plain = f"<{tag[1].lower()}>" if tag else token
        if plain != token and differs("".join([*left[:at], plain, *left[at + 1 :]])):
            left[at] = plain
    return "".join(left)
