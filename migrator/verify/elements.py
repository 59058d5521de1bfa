"""Which elements a browser shows how, and elements named in an audit statement. Facts of the HTML standard."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


BREAKS = _names(
    "p div h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre figure figcaption table caption thead tbody tfoot tr td th "
    "section article aside header footer nav main address center fieldset form legend details summary hr br menu dir "
    "optgroup option hgroup search dialog iframe video audio marquee listing xmp plaintext"
)
ENDS_P = BREAKS - _names("br tr td th thead tbody tfoot caption option optgroup video audio iframe legend")
VOID = _names("br hr img source track col area wbr basefont embed input link meta base param frame")
NEVER_SEEN = _names("script style template title iframe")
ENDED_BY = {
    "li": ("li", frozenset(("ul", "ol", "menu", "dir"))),
    "dt": ("dt dd", frozenset(("dl",))),
    "dd": ("dt dd", frozenset(("dl",))),
    "tr": ("tr", frozenset(("table",))),
    "td": ("td th", frozenset(("table", "tr"))),
    "th": ("td th", frozenset(("table", "tr"))),
}
P_STAYS_IN = frozenset(("td", "th", "caption", "object", "button", "marquee", "applet"))
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
HIDDEN = "hidden"
SHORTCODES = "shortcodes"
"""Names that are no selectors: elements nobody sees, and WordPress's marks of captions in square brackets."""

SHORTCODE = re.compile(r"\[/?(?:wp_)?caption\b[^\]\n]*\]", re.IGNORECASE)
_SELECTOR = re.compile(r"([a-z][a-z0-9:]*)?((?:\.[\w-]+|#[\w-]+|\[[\w-]+(?:=[^\]]*)?\])*)$")
_PART = re.compile(r"([.#])([\w-]+)|\[([\w-]+)(?:=([^\]]*))?\]")


@dataclass(frozen=True, slots=True)
class Selector:
    """Elements by tag (empty: any) and by attributes they must have: (name, value or None for any, whether a word of it)."""

    name: str
    tag: str
    attributes: tuple[tuple[str, str | None, bool], ...]

    def fits(self, tag: str, attributes: dict[str, str]) -> bool:
        """Whether an element is one of them."""
        if self.tag and self.tag != tag:
            return False
        if self.name == SHORTCODES:
            return False
        if self.name == HIDDEN:
            return HIDDEN in attributes or _INVISIBLE.search(attributes.get("style", "")) is not None
        return all(
            name in attributes
            and (value is None or value in (attributes[name].split() if word else [attributes[name]]))
            for name, value, word in self.attributes
        )


def selector(spelled: str) -> Selector:
    """``tag``, ``.class``, ``#id``, ``[attribute]``, ``[attribute=value]``, a tag with such; ``hidden``; ``shortcodes``.

    ValueError for anything else.
    """
    if spelled in {HIDDEN, SHORTCODES}:
        return Selector(spelled, "", ())
    match = _SELECTOR.fullmatch(spelled)
    if not spelled or match is None:
        raise ValueError(f"{spelled!r} names no elements")
    parts = []
    for mark, word, name, value in _PART.findall(match[2]):
        if mark:
            parts.append(("class" if mark == "." else "id", word, mark == "."))
        else:
            given = f"[{name}=" in match[2]
            parts.append((name, value.strip("\"'") if given else None, False))
    return Selector(spelled, match[1] or "", tuple(parts))


class Selectors:
    """Several selectors, asked together. The first one that fits gives its name."""

    def __init__(self, spelled: Sequence[str]) -> None:
        each = [selector(one) for one in spelled]
        self._tags = {one.tag: one.name for one in each if one.tag and not one.attributes}
        self._others = [one for one in each if not one.tag or one.attributes]
        self.has_shortcodes = SHORTCODES in spelled

    def find(self, tag: str, attributes: dict[str, str]) -> str | None:
        """Name of the selector an element fits; None where it fits none."""
        if tag in self._tags:
            return self._tags[tag]
        if not attributes:
            return None
        return next((one.name for one in self._others if one.fits(tag, attributes)), None)


NOTHING = Selectors(())
