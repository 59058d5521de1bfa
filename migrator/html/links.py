"""Addresses inside the newspaper become references that outlive the old ones."""

from __future__ import annotations

import re
from urllib.parse import unquote

from migrator.html.attributes import Noted
from migrator.html.options import CleanOptions, Patterns, Reference

_ABSOLUTE = re.compile(r"(?:https?:)?[/\\]{2}(?:[^/?#\\@]*@)?([^/?#\\:]*)(?::\d*)?([^#]*)", re.IGNORECASE)
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:")


def local_target(url: str, hosts: frozenset[str]) -> str | None:
    """Path and query of ``url`` when it points into the newspaper itself, else null.

    Relative addresses always do; absolute ones when their host is one of ``hosts`` (lower case, with or without a
    port; an IP address is a host like any other). The fragment is cut off; an address that is only a fragment, or
    empty, is not a target.
    """
    url = url.strip()
    if url[:1] == "/" and url[1:2] not in ("/", "\\"):  # most links
        return url.partition("#")[0]
    found = _ABSOLUTE.match(url)
    if found:
        host = found.group(1).lower()
        authority = url[: found.end(1)].rpartition("/")[2]
        port = url[found.end(1) : found.start(2)]
        return found.group(2) if host in hosts or authority.lower() + port in hosts else None
    if _SCHEME.match(url):
        return None
    return url.partition("#")[0] or None


def rewritten(url: str, patterns: Patterns, hosts: frozenset[str], reference: Reference) -> str | None:
    """The reference that replaces ``url``, or null when it is foreign or matches no pattern.

    The first pattern that finds its group ``id`` in path and query wins; each is tried on the address as written and
    percent-decoded.
    """
    target = local_target(url, hosts)
    if target is None:
        return None
    variants = (target, unquote(target)) if "%" in target else (target,)
    for pattern, entity in patterns:
        for variant in variants:
            found = pattern.search(variant)
            if found and (number := found["id"]):
                return reference(entity, number)
    return None


class Renamer:
    """Puts references in the place of addresses, for one set of options."""

    def __init__(self, options: CleanOptions) -> None:
        self._reference = options.reference
        self._hosts = frozenset(host.lower() for host in options.hosts)
        self._media = options.media
        # A link may lead to a file as well; a picture is never an article.
        self._links: Patterns = (*options.links, *options.media)

    def rename(self, tag: str, attributes: dict[str, str], noted: Noted) -> None:
        """Changes the addresses among the attributes of ``tag`` that lead into the newspaper, and notes it."""
        if self._reference is None:
            return
        if tag == "a":
            self._replace(tag, attributes, "href", self._links, noted)
        elif self._media:
            for name in ("src", "poster"):
                self._replace(tag, attributes, name, self._media, noted)
            if "srcset" in attributes:
                attributes["srcset"] = self._set(attributes["srcset"])

    def is_local(self, url: str) -> bool:
        """Whether an address, rewritten or not, leads to a page of the newspaper."""
        return local_target(url, self._hosts) is not None

    def _replace(self, tag: str, attributes: dict[str, str], name: str, patterns: Patterns, noted: Noted) -> None:
        old = attributes.get(name)
        if old is None or self._reference is None:
            return
        new = rewritten(old, patterns, self._hosts, self._reference)
        if new is not None and new != old:
            attributes[name] = new
            noted.append(("link-rewritten" if tag == "a" else "media-rewritten", tag))

    def _set(self, srcset: str) -> str:
        assert self._reference is not None
        changed = []
        for candidate in srcset.split(", "):
            address, space, size = candidate.partition(" ")
            new = rewritten(address, self._media, self._hosts, self._reference)
            changed.append((address if new is None or "," in new else new) + space + size)
        return ", ".join(changed)
