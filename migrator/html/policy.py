"""What may stay in a body: the allow-list of a platform.

:data:`NEWSROOM` is the default, and the widest: a policy may only leave out. That is what makes every policy safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from migrator.html.vocabulary import names

_GLOBAL = ("title", "lang")
_SIZE = ("width", "height")

# Element -> the attributes it may keep, beside title and lang.
_ELEMENTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(names("p h2 h3 h4 h5 h6 br hr strong b em i u s sub sup small mark span"), ()),
    **dict.fromkeys(names("ul li dl dt dd cite pre code figure figcaption picture"), ()),
    **dict.fromkeys(names("table caption thead tbody tfoot tr div section aside abbr colgroup col"), ()),
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

# Schemes that only lead somewhere. Whatever runs or shows what it holds (javascript, data, blob …) is not among them.
_SCHEMES = names("http https mailto tel sms geo ftp")

PLAYERS = names(
    "youtube.com www.youtube.com m.youtube.com youtube-nocookie.com www.youtube-nocookie.com "
    "facebook.com www.facebook.com player.vimeo.com vimeo.com www.tiktok.com tiktok.com"
)
"""Hosts whose players may stay as an ``iframe``."""


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """What a platform takes: elements with their attributes, schemes of addresses, hosts of players.

    Two policies are the same only if they are one object: make one and keep it.
    """

    name: str
    elements: Mapping[str, frozenset[str]]
    schemes: frozenset[str]
    players: frozenset[str]


def _with_global(attributes: Iterable[str]) -> frozenset[str]:
    return frozenset((*attributes, *_GLOBAL))


NEWSROOM = Policy(
    "newsroom",
    MappingProxyType({tag: _with_global(attributes) for tag, attributes in _ELEMENTS.items()}),
    names("http https mailto tel"),
    PLAYERS,
)


def policy(
    name: str,
    elements: Mapping[str, Iterable[str]] | None = None,
    schemes: Iterable[str] | None = None,
    players: Iterable[str] | None = None,
) -> Policy:
    """A policy from what a platform profile says; what it does not mention is as in :data:`NEWSROOM`.

    ``elements`` has for each allowed element its attributes beside ``title`` and ``lang``. ValueError, with everything
    that is wrong, for an element, attribute or scheme that no body may hold.
    """
    chosen = NEWSROOM.elements if elements is None else {tag: _with_global(each) for tag, each in elements.items()}
    taken = NEWSROOM.schemes if schemes is None else frozenset(schemes)
    wrong = [f"element {tag!r}" for tag in chosen if tag not in NEWSROOM.elements]
    wrong += [
        f"attribute {attribute!r} of {tag!r}"
        for tag, attributes in chosen.items()
        if tag in NEWSROOM.elements
        for attribute in sorted(attributes - NEWSROOM.elements[tag])
    ]
    wrong += [f"scheme {scheme!r}" for scheme in sorted(taken - _SCHEMES)]
    if wrong:
        raise ValueError(f"a body may not hold: {', '.join(wrong)}")
    hosts = NEWSROOM.players if players is None else frozenset(host.lower() for host in players)
    return Policy(name, MappingProxyType(dict(chosen)), taken, hosts)
