"""What may stay in a body: elements, attributes, and how each element behaves.

Facts only. Every other module of the package reads these tables and none adds to them.
"""

from __future__ import annotations

from enum import IntEnum


class Action(IntEnum):
    """What the writer does with a start tag."""

    EAGER = 0  # written at once, even when it stays empty
    LAZY = 1  # written when something visible arrives inside it; never, if nothing does
    SPAN = 2  # LAZY while an attribute remains, else PASS
    LINK = 3  # a: EAGER with an href, else PASS
    PASS = 4  # not written, and not worth a note; its content stays
    UNWRAP = 5  # not on the list: its content stays
    UNWRAP_BLOCK = 6  # the same, and it separates lines
    DEBRIS = 7  # the same as UNWRAP; a word processor wrote it
    VOID = 8  # written at once, has no end tag
    BREAK = 9  # br: like VOID, but not visible by itself
    FRAME = 10  # iframe: a known host stays, any other becomes a link
    DROP = 11  # goes, with all its content


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


_GLOBAL = ("title", "lang")
_SIZE = ("width", "height")

# Element -> the attributes it may keep, beside title and lang.
_ELEMENTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_names("p h2 h3 h4 h5 h6 br hr strong b em i u s sub sup small mark span"), ()),
    **dict.fromkeys(_names("ul li dl dt dd cite pre code figure figcaption picture"), ()),
    **dict.fromkeys(_names("table caption thead tbody tfoot tr div section aside abbr colgroup col"), ()),
    "a": ("href",),
    "ol": ("start", "type"),
    "blockquote": ("cite",),
    "q": ("cite",),
    "time": ("datetime",),
    "img": ("src", "srcset", "alt", *_SIZE),
    "source": ("src", "srcset", *_SIZE),
    "video": ("src", "poster", "controls", *_SIZE),
    "audio": ("src", "controls"),
    "track": ("src", "kind", "label"),
    "iframe": ("src", "allowfullscreen", *_SIZE),
    "th": ("colspan", "rowspan", "scope"),
    "td": ("colspan", "rowspan", "scope"),
}

ATTRIBUTES: dict[str, frozenset[str]] = {tag: frozenset((*names, *_GLOBAL)) for tag, names in _ELEMENTS.items()}

RENAMED = {"h1": "h2"}

URL_ATTRIBUTES = frozenset(("href", "src", "cite", "poster"))

# In this order: the first one that holds an acceptable address wins over src.
LAZY_SOURCES = ("data-src", "data-original")
LAZY_SETS = ("data-srcset",)

DROPPED = _names(
    "script style noscript object embed applet form input button select textarea svg math canvas template "
    "link meta base title head param noembed noframes frame frameset"
)

# Of these, the ones that also separate lines.
DROPPED_BLOCKS = frozenset(("form",))

# Their serialised content is not markup, or not HTML: they leave the tree before it is written down.
OPAQUE = _names("script style svg math template noembed noframes noscript")

# Content that HTML reads as raw text, but that a reader sees.
LITERAL = frozenset(("xmp", "plaintext"))

VOID = _names("br hr img source track col area wbr basefont bgsound keygen embed input link meta base param frame")

_LAZY_BLOCKS = _names("p h2 h3 h4 h5 h6")
_LAZY = _LAZY_BLOCKS | _names("strong b em i u s sub sup small mark code cite q abbr time")

_UNWRAPPED_BLOCKS = _names(
    "address article center details dialog dir fieldset footer header hgroup legend listing main menu nav "
    "optgroup option plaintext search summary xmp marquee"
)

INLINE = _names("a strong b em i u s sub sup small mark code cite q abbr time span")

# A new line of plain text begins before and after these.
LINES = _names(
    "p h2 h3 h4 h5 h6 hr ul ol li dl dt dd blockquote pre figure figcaption table caption tr td th div section aside "
    "video audio iframe thead tbody tfoot"
)

HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))

# Their start tag ends an open paragraph (HTML Standard, "in body"); table does so outside quirks mode.
ENDS_PARAGRAPH = _names(
    "p h2 h3 h4 h5 h6 hr ul ol li dl dt dd blockquote pre figure figcaption table div section aside"
)

# "Special" elements stop the search for an open list item; div and p do not.
SPECIAL = _names(
    "h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre figure figcaption table caption colgroup thead tbody tfoot tr "
    "td th section aside iframe"
)


def _action(tag: str) -> Action:
    if tag == "br":
        return Action.BREAK
    if tag in ("a", "span", "iframe"):
        return {"a": Action.LINK, "span": Action.SPAN, "iframe": Action.FRAME}[tag]
    if tag in VOID:
        return Action.VOID
    return Action.LAZY if tag in _LAZY else Action.EAGER


# Element -> action. A name that is missing is unwrapped; one with a colon is word-processor debris.
ACTIONS: dict[str, Action] = {
    **{tag: _action(tag) for tag in _ELEMENTS},
    **{tag: _action(new) for tag, new in RENAMED.items()},
    **dict.fromkeys(_UNWRAPPED_BLOCKS, Action.UNWRAP_BLOCK),
    **dict.fromkeys(DROPPED, Action.DROP),
    "xml": Action.DEBRIS,
}

FRAME_HOSTS = _names(
    "youtube.com www.youtube.com m.youtube.com youtube-nocookie.com www.youtube-nocookie.com "
    "facebook.com www.facebook.com player.vimeo.com vimeo.com"
)
