"""From the attributes of one source element to the few that stay."""

from __future__ import annotations

import re

from migrator.html.policy import Policy
from migrator.html.urls import is_safe, safe_srcset
from migrator.html.vocabulary import URL_ATTRIBUTES
from migrator.text.composed import composed, is_composed

_ATTRIBUTE = re.compile(r' ([^ \t\n\f/>][^ \t\n\f/>=]*)="([^"]*)"')
_LEADING = {
    "a": ("href",),
    **dict.fromkeys(("img", "embed", "iframe", "video", "audio", "source", "frame"), ("src",)),
    "object": ("data",),
    "param": ("value",),
}
_LONGEST_NOTED = 200

Noted = list[tuple[str, str]]
"""Pairs of code and detail."""


def name_of(tag: str) -> str:
    """The element's name of a start tag in canonical form."""
    return tag[1:-1].partition(" ")[0]


def read(tag: str) -> dict[str, str]:
    """Attribute names and values of one start tag in canonical form, entities resolved."""
    found = dict(_ATTRIBUTE.findall(tag))
    return {name: unescape(value) for name, value in found.items()} if "&" in tag else found


def unescape(value: str) -> str:
    """Resolves the entities of the canonical form, and only those."""
    if "&" not in value:
        return value
    return value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


def escape(value: str) -> str:
    """The inverse of :func:`unescape`."""
    if "&" not in value and '"' not in value and "<" not in value and ">" not in value:
        return value
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def allowed(tag: str, source: dict[str, str], policy: Policy, noted: Noted) -> dict[str, str]:
    """The attributes of ``source`` that ``tag`` may keep. Unsafe addresses are refused and noted."""
    names = policy.elements[tag]
    kept: dict[str, str] = {}
    for name, value in source.items():
        if name not in names:
            continue
        if name in URL_ATTRIBUTES:
            if not is_safe(value, policy.schemes):
                noted.append(("unsafe-url", f"{tag} {name}"))
                continue
        elif name == "srcset":
            value = candidates(value, policy, noted)
            if not value:
                continue
        elif not is_composed(value):
            value = composed(value)
            noted.append(("unicode-nfc", name))
        kept[name] = value
    return kept


def candidates(value: str, policy: Policy, noted: Noted) -> str:
    """The acceptable candidates of a srcset; each refused one is noted."""
    kept, refused = safe_srcset(value, policy.schemes)
    noted += [("unsafe-url", "srcset")] * refused
    return kept


def addresses(name: str, tag: str) -> list[str]:
    """The addresses a dropped element leads to: of a link, a picture, a player or a player's parameter."""
    if name not in _LEADING:
        return []
    source = read(tag)
    if name == "param" and source.get("name", "").lower() not in ("movie", "src", "url", "filename"):
        return []
    found = (source.get(attribute, "") for attribute in _LEADING[name])
    return [address[:_LONGEST_NOTED] for address in found if address and not address.startswith("data:")]


def start_tag(tag: str, attributes: dict[str, str]) -> str:
    """The start tag, values escaped."""
    written = f"<{tag}"
    for name, value in attributes.items():
        written += f' {name}="{escape(value)}"'
    return written + ">"
