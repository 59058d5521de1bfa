"""Which element stands for an embedded player, whatever way an old editor embedded it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from migrator.html.attributes import name_of, read
from migrator.html.players import files, media_kind, player, social
from migrator.html.policy import Policy
from migrator.html.urls import is_safe

_FACEBOOK = re.compile(r"https?://(?:www\.|m\.)?facebook\.com/[^\s\\]+", re.IGNORECASE)
_PARAMETERS = frozenset(("movie", "src", "url", "filename", "flashvars", "data"))
_SIZE = re.compile(r"\s*([0-9]{1,5})(?:px)?\s*")


class Inserted(NamedTuple):
    """An element that is written whole: ``text``, not escaped, is all it holds."""

    tag: str
    attributes: dict[str, str]
    text: str = ""


def of_frame(source: dict[str, str], policy: Policy) -> Inserted | None:
    """What stands for an iframe: the player of a known host; of any other, a link with its address; of none, null."""
    url = (source.get("src") or source.get("data-src") or "").strip()
    known = player(url, policy.players)
    if known:
        return _player(known, source, policy)
    return _link(url, policy)


def of_block(source: dict[str, str], policy: Policy) -> Inserted | None:
    """The player that a script would have put in an empty block: a film of VCCorp's system, a post of Facebook."""
    if "VideoStream" in source.get("type", "") and source.get("data-src"):
        return of_frame(source, policy)
    address = source.get("data-href", "")
    if "fb-" in source.get("class", "") and _FACEBOOK.fullmatch(address):
        return of_frame({"src": social(address)}, policy)
    if "tiktok-embed" in source.get("class", "").split() and (film := player(source.get("cite", ""), policy.players)):
        return of_frame({"src": film}, policy)
    return None


def of_object(tags: Iterable[str], policy: Policy) -> Inserted | None:
    """The player among the start tags of an object, its parameters and its embed; null for any other object."""
    urls: list[str] = []
    variables: list[str] = []
    source: dict[str, str] = {}
    for tag in tags:
        found = read(tag)
        if name_of(tag) == "param":
            name = found.get("name", "").lower()
            found = {name: found.get("value", "")} if name in _PARAMETERS else {}
        source = {**found, **source}
        urls += [found[name] for name in ("movie", "src", "url", "filename", "data") if name in found]
        variables += [found[name] for name in ("flashvars",) if name in found]
    variables += [query for url in urls if (query := url.partition("?")[2])]  # player.swf?file=/a.mp4
    for url in urls:
        known = player(url, policy.players)
        if known:
            return _player(known, source, policy)
    for url in (*(each for given in variables for each in files(given)), *urls):
        kind = media_kind(url)
        if kind in policy.elements and is_safe(url, policy.schemes):
            return Inserted(kind, {"src": url, "controls": ""})
    return None


def _player(url: str, source: dict[str, str], policy: Policy) -> Inserted | None:
    taken = policy.elements.get("iframe")
    if taken is None:
        return _link(url, policy)
    kept = {"src": url}
    for name, value in source.items():
        if name in ("width", "height") and name in taken and (size := _SIZE.fullmatch(value)):
            kept[name] = size[1]
        elif name == "allowfullscreen" and name in taken:
            kept[name] = ""
        elif name in ("title", "lang"):
            kept[name] = value
    return Inserted("iframe", kept)


def _link(url: str, policy: Policy) -> Inserted | None:
    if not url or "a" not in policy.elements or not is_safe(url, policy.schemes):
        return None
    return Inserted("a", {"href": url}, url)
