"""Facts about HTML elements, from the HTML Standard and from what legacy bodies contain. No choices: those are a policy.

Every other module of the package reads these tables and none adds to them.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache


def names(text: str) -> frozenset[str]:
    """The words of ``text``."""
    return frozenset(text.split())


# What no body keeps, with all its content; players among them may come back as a player of the policy.
DROPPED = names(
    "script style noscript object embed applet input button select textarea svg math canvas template "
    "link meta base title head param noembed noframes frame frameset"
)

# Of these, the ones that held players before HTML had elements for them.
OBJECTS = names("object embed applet")

# Their serialised content is not markup, or not HTML: they leave the tree before it is written down.
OPAQUE = names("script style svg math template noembed noframes noscript")

# Content that HTML reads as raw text, but that a reader sees.
LITERAL = frozenset(("xmp", "plaintext"))

VOID = names("br hr img source track col area wbr basefont bgsound keygen embed input link meta base param frame")

# Elements without content of their own to show: they are written only when something visible arrives inside.
LAZY = names("p h2 h3 h4 h5 h6 figure figcaption strong b em i u s sub sup small mark code cite q abbr time")

# Blocks that no policy allows: their content stays, on lines of its own. Old systems put a whole page into one form.
UNWRAPPED_BLOCKS = names(
    "address article dialog dir fieldset footer form header hgroup legend listing main menu nav details summary search "
    "optgroup option plaintext xmp marquee"
)

# Old names of what is still meant; a body has one h1, the headline, and that is not in it.
RENAMED = {"h1": "h2", "center": "div"}

INLINE = names("a strong b em i u s sub sup small mark code cite q abbr time span")

# A new line of plain text begins before and after these.
LINES = names(
    "p h2 h3 h4 h5 h6 hr ul ol li dl dt dd blockquote pre figure figcaption table caption tr td th div section aside "
    "video audio iframe thead tbody tfoot"
)

HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))

# Their start tag ends an open paragraph (HTML Standard, "in body"); table does so outside quirks mode.
ENDS_PARAGRAPH = names("p h2 h3 h4 h5 h6 hr ul ol li dl dt dd blockquote pre figure figcaption table div section aside")

# "Special" elements stop the search for an open list item; div and p do not.
SPECIAL = names(
    "h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre figure figcaption table caption colgroup thead tbody tfoot tr "
    "td th section aside iframe"
)

# A parser supplies these by rule; nobody has to write them.
SUPPLIED = frozenset(("tbody", "colgroup", "html", "head", "body"))

URL_ATTRIBUTES = frozenset(("href", "src", "cite", "poster"))


class Kind(IntEnum):
    """What an open element means to start tags inside it."""

    OTHER = 0
    PARAGRAPH = 1
    LINK = 2
    ITEM = 3
    TERM = 4
    SPECIAL = 5
    TABLE = 6
    CELL = 7


_KINDS = {
    "p": Kind.PARAGRAPH, "a": Kind.LINK, "li": Kind.ITEM, "dt": Kind.TERM, "dd": Kind.TERM, "table": Kind.TABLE,
    "td": Kind.CELL, "th": Kind.CELL, "caption": Kind.CELL,
}  # fmt: skip


# Pictures, players, and what is around them.
SHOWN = frozenset(("img", "figure", "iframe", "video", "audio"))


@cache
def facts(tag: str) -> tuple[str, Kind, bool, bool, bool, bool]:
    """Of an element: its end tag and its kind; whether it is inline, begins a line of plain text, is a heading, a picture."""
    kind = _KINDS.get(tag, Kind.SPECIAL if tag in SPECIAL else Kind.OTHER)
    return f"</{tag}>", kind, tag in INLINE, tag in LINES, tag in HEADINGS, tag in SHOWN
