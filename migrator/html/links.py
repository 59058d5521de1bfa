"""Links between articles of the same newspaper become references that outlive the old addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

_ABSOLUTE = re.compile(r"(?:https?:)?[/\\]{2}(?:[^/?#\\@]*@)?([^/?#\\:]*)(?::\d*)?([^#]*)", re.IGNORECASE)
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:")


def local_target(url: str, hosts: frozenset[str]) -> str | None:
    """Path and query of ``url`` when it points into the newspaper itself, else null.

    Relative addresses always do; absolute ones when their host is one of ``hosts`` (lower case, with or without a
    port). The fragment is cut off; an address that is only a fragment, or empty, is not a target.
    """
    url = url.strip()
    found = _ABSOLUTE.match(url)
    if found:
        host = found.group(1).lower()
        authority = url[: found.end(1)].rpartition("/")[2]
        port = url[found.end(1) : found.start(2)]
        return found.group(2) if host in hosts or authority.lower() + port in hosts else None
    if _SCHEME.match(url):
        return None
    return url.partition("#")[0] or None


def rewritten(
    url: str,
    links: tuple[tuple[re.Pattern[str], str], ...],
    hosts: frozenset[str],
    reference: Callable[[str, str], str],
) -> str | None:
    """The reference that replaces ``url``, or null when it is foreign or matches no pattern.

    The first pattern that finds its group ``id`` in path and query wins; each is tried on the address as written and
    percent-decoded.
    """
    target = local_target(url, hosts)
    if target is None:
        return None
    decoded = unquote(target)
    variants = (target,) if decoded == target else (target, decoded)
    for pattern, entity in links:
        for variant in variants:
            found = pattern.search(variant)
            if found and found.group("id"):
                return reference(entity, found.group("id"))
    return None
