"""From the attributes of one source element to the few that stay."""

from __future__ import annotations

import re
from collections.abc import Callable

from migrator.html.policy import ATTRIBUTES, LAZY_SETS, LAZY_SOURCES, URL_ATTRIBUTES
from migrator.html.urls import is_inline_image, is_safe, safe_srcset
from migrator.text.composed import composed, is_composed

_ATTRIBUTE = re.compile(r' ([^ \t\n\f/>][^ \t\n\f/>=]*)="([^"]*)"')
_LEADING = {
    "a": ("href",),
    **dict.fromkeys(("img", "embed", "iframe", "video", "audio", "source", "frame"), ("src",)),
    "object": ("data",),
    "param": ("value",),
}
_LONGEST_NOTED = 200
_SPECIAL = re.compile('[&<>"]')

Note = Callable[[str, str], None]


def read(escaped: str) -> dict[str, str]:
    """Attribute names and values of one canonical start tag, entities resolved."""
    found = dict(_ATTRIBUTE.findall(escaped))
    return {name: unescape(value) for name, value in found.items()} if "&" in escaped else found


def unescape(value: str) -> str:
    """Resolves the entities of the canonical form, and only those."""
    if "&" not in value:
        return value
    return value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


def escape(value: str) -> str:
    """The inverse of :func:`unescape`."""
    if _SPECIAL.search(value) is None:
        return value
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def allowed(tag: str, source: dict[str, str], note: Note) -> dict[str, str]:
    """The attributes of ``source`` that ``tag`` may keep.

    Lazily loaded addresses are put in their place; unsafe ones are refused and noted.
    """
    names = ATTRIBUTES[tag]
    kept: dict[str, str] = {}
    for name, value in source.items():
        if name not in names:
            continue
        if name in URL_ATTRIBUTES:
            if not _accepts(tag, name, value, note):
                continue
        elif name == "srcset":
            value = _sources(value, note)
            if not value:
                continue
        elif not is_composed(value):
            value = composed(value)
            note("unicode-nfc", name)
        kept[name] = value
    if "src" in names:
        _wake(source, kept, names, note)
    return kept


def addresses(tag: str, escaped: str) -> list[str]:
    """The addresses a dropped element leads to: of a link, a picture, a player or a player's parameter."""
    if not escaped or tag not in _LEADING:
        return []
    source = read(escaped)
    if tag == "param" and source.get("name", "").lower() not in ("movie", "src", "url", "filename"):
        return []
    found = (source.get(name, "") for name in _LEADING[tag])
    return [address[:_LONGEST_NOTED] for address in found if address and not address.startswith("data:")]


def _wake(source: dict[str, str], kept: dict[str, str], names: frozenset[str], note: Note) -> None:
    """Puts a lazily loaded address where a reader without scripts finds it."""
    for name in LAZY_SOURCES:
        value = source.get(name, "").strip()
        if value and is_safe(value):
            kept["src"] = value
            break
    if "srcset" in names:
        for name in LAZY_SETS:
            value = _sources(source.get(name, ""), note)
            if value:
                kept["srcset"] = value


def _accepts(tag: str, name: str, value: str, note: Note) -> bool:
    if is_safe(value):
        return True
    if tag == "img" and name == "src" and is_inline_image(value):
        note("base64-image", "img")
        return True
    note("unsafe-url", f"{tag} {name}")
    return False


def _sources(value: str, note: Note) -> str:
    if not value:
        return ""
    kept, refused = safe_srcset(value)
    for _ in range(refused):
        note("unsafe-url", "srcset")
    return kept


def start_tag(tag: str, attributes: dict[str, str]) -> str:
    """The start tag, values escaped."""
    if not attributes:
        return f"<{tag}>"
    return f"<{tag}" + "".join(f' {name}="{escape(value)}"' for name, value in attributes.items()) + ">"
