"""What a caller may say about a newspaper's bodies."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from migrator.html.policy import NEWSROOM, Policy

Patterns = tuple[tuple[re.Pattern[str], str], ...]
"""Pairs of a pattern with a group ``id``, for paths with their query, and an entity name."""

Reference = Callable[[str, str], str]
"""Makes the new address from an entity and an id."""


@dataclass(frozen=True, slots=True)
class CleanOptions:
    """How a newspaper's own links and pictures are found and renamed, and what its platform takes.

    ``links`` is for articles and other pages, ``media`` for files. ``hosts`` are the newspaper's own hosts, old domains
    and bare IP addresses included, with or without a port. Without ``reference`` nothing is renamed.
    ``take_related``: boxes of related news leave the body. ``attachments``: the entity that the numbers in WordPress's
    ``[gallery]`` belong to; empty leaves it as it is.
    """

    links: Patterns = ()
    hosts: frozenset[str] = frozenset()
    reference: Reference | None = None
    media: Patterns = ()
    take_related: bool = False
    attachments: str = ""
    policy: Policy = NEWSROOM
