"""Clean the HTML of a body: what an article may hold stays, scripts and dead markup go, internal links become stable.

The result has the parts ``html``, ``text`` and ``words``: the field says with ``part:`` which one it means, other
fields get theirs with ``same:``. Every repair is noted. Null stays null.
"""

from __future__ import annotations

import re
from typing import Any

from migrator.html import CleanBody, CleanOptions, clean
from migrator.ports import Step, StepContext
from migrator.transform.values import as_text
from migrator.transform.verb import Argument

ARGUMENTS = (
    Argument("links", "links", "entity: patterns with a group `id`, for paths of internal links", default=()),
    Argument("media", "links", "entity: patterns with a group `id`, for paths of pictures and other files", default=()),
    Argument("hosts", "texts", "host names of the legacy site; what is on other hosts stays", default=()),
    Argument("source", "source", "name of the source, which stable links carry"),
)
NOTES = True
GIVES = "parts"
EXAMPLES = (
    (None, "<p>Giá xăng tăng</p>", {"text": "Giá xăng tăng", "words": 3}),
    (None, None, None),
)


def make(
    links: tuple[tuple[re.Pattern[str], str], ...],
    media: tuple[tuple[re.Pattern[str], str], ...],
    hosts: tuple[str, ...],
    source: str,
) -> Step:
    """The step. Addresses that a pattern recognises become ``/r/<source>/<entity>/<id>``."""

    def reference(entity: str, legacy_id: str) -> str:
        return f"/r/{source}/{entity}/{legacy_id}"

    options = CleanOptions(links=links, media=media, hosts=frozenset(hosts), reference=reference)

    def step(value: Any, context: StepContext) -> CleanBody:
        body = clean(as_text(value), options)
        for code, detail in body.notes:
            context.note(code, detail)
        return body

    return step
