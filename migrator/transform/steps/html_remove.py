"""Take elements that a CSS selector finds out of HTML, with all that is in them. Put it before `clean_html`.

Note ``element-dropped`` with the selector and how many. HTML without such an element stays letter by letter; other HTML is
written anew. HTML that is too large to be read is rejected as ``body-too-large``. Null stays null.
"""

from __future__ import annotations

from typing import Any

from migrator.html.dom import is_selector, parse, remove, select
from migrator.html.limits import check_source
from migrator.ports import Step, StepContext
from migrator.transform.values import as_text
from migrator.transform.verb import Argument

ARGUMENTS = (Argument("css", "text", "which elements, such as div.related", required=True),)
NOTES = True
GIVES = "text"
EXAMPLES = (
    ("div.related, .ads", '<p>Lũ</p><div class="related"><a href="/2">Tin khác</a></div>', "<p>Lũ</p>"),
    ("div.related", "<p>Lũ</p><P>", "<p>Lũ</p><P>"),
    ("p", None, None),
)


def make(css: str) -> Step:
    """The step. ValueError for a selector that is none."""
    if not is_selector(css):
        raise ValueError(f"{css!r} is not a CSS selector")

    def step(value: Any, context: StepContext) -> str:
        html = as_text(value)
        check_source(html.encode("utf-8", "replace"))
        body = parse(html).body
        found = [node for node in select(body, css) if node.mem_id != body.mem_id] if body else []
        if body is None or not found:
            return html
        for node in found:
            remove(node)
        context.note("element-dropped", f"{len(found)} × {css}")
        return body.inner_html or ""

    return step
