"""The one address of a picture, where a reader without scripts finds it.

Pages load pictures late: the address stands in ``data-…``, and ``src`` holds a grey or transparent placeholder. Names
of attributes and placeholders are observations of pages and of the common scripts for it.
"""

from __future__ import annotations

import re

from migrator.html.attributes import Noted, allowed
from migrator.html.policy import Policy
from migrator.html.urls import best_candidate, is_inline_image, is_safe
from migrator.html.vocabulary import names

LAZY_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-original-src")
"""In this order: the first that holds an acceptable address wins over ``src``."""

LAZY_SETS = ("data-srcset", "data-lazy-srcset")

_STEMS = names(
    "grey gray blank spacer pixel transparent trans clear empty dot 1x1 lazy lazyload lazy-load loading placeholder"
)
_ENDINGS = names("gif png svg")
# A GIF of 1 × 1 begins so in base64; an SVG picture with nothing in it serves as well.
_INLINE_PLACEHOLDERS = ("data:image/gif;base64,R0lGODlhAQAB", "data:image/svg+xml")
_TINY = names("0 1 0px 1px")
_COUNTERS = re.compile(
    r"(?:https?:)?//(?:[^/]*\.)?(?:google-analytics\.com|doubleclick\.net|scorecardresearch\.com|quantserve\.com"
    r"|pixel\.wp\.com|stats\.wordpress\.com|facebook\.com/tr[/?]|statcounter\.com|histats\.com)",
    re.IGNORECASE,
)
_LONGEST_NOTED = 200


def image(tag: str, source: dict[str, str], policy: Policy, noted: Noted) -> dict[str, str]:
    """The attributes that ``img`` or ``source`` may keep; empty for what shows nothing."""
    late = _late(source, policy)
    shown = source.get("src", "")
    if not late and is_counter(source):
        noted.append(("tracking-pixel", shown[:_LONGEST_NOTED]))
        return {}
    if late:
        source = {**source, "src": late} if "src" in source else {"src": late, **source}
    elif _is_placeholder(shown):
        source = {name: value for name, value in source.items() if name != "src"}
        noted.append(("placeholder-image", shown[:_LONGEST_NOTED]))
    elif shown.startswith("data:") and tag == "img" and is_inline_image(shown):
        noted.append(("base64-image", "img"))
        kept = allowed(tag, {**source, "src": ""}, policy, noted)
        return {name: shown if name == "src" else value for name, value in kept.items()}
    for name in LAZY_SETS:
        if source.get(name):
            source = {**source, "srcset": source[name]}
    kept = allowed(tag, source, policy, noted)
    if tag == "img" and "srcset" in kept and "src" not in kept:
        kept = {"src": best_candidate(kept["srcset"]), **kept}
    return kept


def is_counter(source: dict[str, str]) -> bool:
    """Whether a picture only counts readers: no larger than a pixel, or of a service that does nothing else."""
    sizes = [source[name].strip() for name in ("width", "height") if name in source]
    if sizes and _TINY.issuperset(sizes):
        return True
    address = source.get("src", "")
    return "//" in address and _COUNTERS.match(address.strip()) is not None


def _late(source: dict[str, str], policy: Policy) -> str:
    """The address that a script would put in place; empty for none."""
    for name in LAZY_SOURCES:
        if name in source:
            address = source[name].strip()
            if address and is_safe(address, policy.schemes) and not _is_placeholder(address):
                return address
    return ""


def _is_placeholder(address: str) -> bool:
    if address.startswith("data:"):
        return address.startswith(_INLINE_PLACEHOLDERS)
    stem, _, ending = address.partition("?")[0].rpartition("/")[2].lower().rpartition(".")
    return stem in _STEMS and ending in _ENDINGS
