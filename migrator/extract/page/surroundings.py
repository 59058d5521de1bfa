"""Where on a page an element stands: beside the article, in comments, hidden, near the headline."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from migrator.html.dom import Document, Node, attribute

_ASIDE_TAGS = frozenset(("li", "aside", "nav", "footer", "a", "form"))
_ASIDE = re.compile(
    r"comment|binh-?luan|relat|lien-?quan|latest|moi-?nhat|sidebar|footer|hotline|menu|\bnav|widget", re.IGNORECASE
)
_HIDDEN = re.compile(r"(?:^|\s)(?:hidden|d-none|hide|invisible|sr-only)(?:\s|$)", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_HIGHEST = 8


def ids_around(node: Node | None) -> frozenset[int]:
    """The ids of the elements around one, up to the body."""
    around: set[int] = set()
    while node is not None and node.parent is not None and node.tag != "body":
        node = node.parent
        around.add(node.mem_id)
    return frozenset(around)


def stands_aside(node: Node, around: Container[int]) -> bool:
    """Whether it belongs to a list of other articles, to comments, a menu or a form. The footer of an article does not.

    Nor does what stands in one element with the headline, whatever that element is called: ``around`` has the ids of
    those around the headline.
    """
    above = node.parent
    for _ in range(_HIGHEST):
        if above is None or above.tag == "body" or above.mem_id in around:
            return False
        is_own_footer = above.tag == "footer" and above.parent is not None and above.parent.tag == "article"
        if above.tag in _ASIDE_TAGS and not is_own_footer:
            return True
        if _ASIDE.search(f"{attribute(above, 'class')} {attribute(above, 'id')}"):
            return True
        above = above.parent
    return False


def is_hidden(node: Node) -> bool:
    """Whether the element itself is marked as hidden."""
    is_marked = "hidden" in node.attrs or _HIDDEN.search(attribute(node, "class")) is not None
    return is_marked or _NOT_SHOWN.search(attribute(node, "style")) is not None


def nearest_first(page: Document, nodes: Sequence[Node], here: Node | None) -> list[Node]:
    """The elements, those nearest to ``here`` in the order of the page first; as they are without it."""
    if here is None or page.root is None or len(nodes) < 2:
        return list(nodes)
    places = {node.mem_id: number for number, node in enumerate(page.root.traverse())}
    middle = places.get(here.mem_id, 0)
    return sorted(nodes, key=lambda node: abs(places.get(node.mem_id, 0) - middle))


def holds(outer: Node, inner: Node) -> bool:
    """Whether ``inner`` stands somewhere in ``outer``."""
    above = inner.parent
    while above is not None:
        if above.mem_id == outer.mem_id:
            return True
        above = above.parent
    return False
