"""Which embedded players may stay."""

from __future__ import annotations

import re

from migrator.html.policy import FRAME_HOSTS

_ADDRESS = re.compile(r"(?:https?:)?//([a-z0-9.-]+)(/[^\s\\]*)?", re.IGNORECASE)


def embeddable(url: str) -> str | None:
    """The address of a player of a known host, always https, or null.

    An old ``http:`` or protocol-relative address is raised to https: all known hosts answer there. Ports and user names
    are refused.
    """
    found = _ADDRESS.fullmatch(url)
    if found is None or found.group(1).lower() not in FRAME_HOSTS:
        return None
    return "https://" + url.partition("//")[2]
