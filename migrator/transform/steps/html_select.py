"""What stands at some places of HTML, as a list: an attribute, or the text, of every element a CSS selector finds.

Elements without the attribute, and without text, are left out. HTML that is too large to be read is rejected as
``body-too-large``. Null stays null.
"""

from __future__ import annotations

from typing import Any

from migrator.html.dom import attribute as attribute_of
from migrator.html.dom import is_selector, line_of, parse, select
from migrator.html.limits import check_source
from migrator.transform.values import as_text
from migrator.transform.verb import Argument, Example, Plain

ARGUMENTS = (
    Argument("css", "text", "which elements, such as img, or td.date > b", required=True),
    Argument("attribute", "text", "the attribute that is meant; without it the text in one line"),
)
GIVES = "list"
EXAMPLES: tuple[Example, ...] = (
    ({"css": "img", "attribute": "src"}, '<p><img src="/a.jpg">Lũ<img src="/b.jpg"><img></p>', ["/a.jpg", "/b.jpg"]),
    ("p.author", '<p>Lũ</p><p class="author"> Minh  <b>Hảo</b></p>', ["Minh Hảo"]),
    ("table", "<p>Lũ</p>", []),
    ("p", None, None),
)


def make(css: str, attribute: str | None) -> Plain:
    """The step. ValueError for a selector that is none."""
    if not is_selector(css):
        raise ValueError(f"{css!r} is not a CSS selector")

    def step(value: Any) -> list[str]:
        html = as_text(value)
        check_source(html.encode("utf-8", "replace"))
        found = select(parse(html), css)
        texts = (attribute_of(node, attribute) if attribute else line_of(node) for node in found)
        return [text for text in texts if text]

    return step
