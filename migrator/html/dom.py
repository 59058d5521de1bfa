"""A whole page as a tree that CSS selectors ask: the fast parser, for those who read pages.

Thin on purpose: the tree is lexbor's own (selectolax), its two types are named here once, and a few questions that
every reader asks have one answer. Trees are not shared between threads.
"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser as Document
from selectolax.lexbor import LexborNode as Node
from selectolax.lexbor import SelectolaxError

from migrator.html.clean import plain_text
from migrator.html.faults import without_default_options
from migrator.text.composed import composed

__all__ = [
    "Document",
    "Node",
    "attribute",
    "is_selector",
    "is_within",
    "line_of",
    "parse",
    "remove",
    "replace",
    "select",
    "text_of",
]


def parse(html: str) -> Document:
    """The tree of a page. Never raises; NUL is dropped, a lone surrogate becomes U+FFFD.

    The cost grows with the square of the nesting depth: bound it before.
    """
    if "\0" in html:
        html = html.replace("\0", "")
    try:
        data = html.encode()
    except UnicodeEncodeError:
        data = html.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
    return Document(without_default_options(data))


def is_selector(css: str) -> bool:
    """Whether lexbor understands the selector. Pseudo-elements and :contains() are none."""
    try:
        Document("<p>").css(css)
    except SelectolaxError:
        return False
    return True


def select(tree: Document | Node, css: str) -> list[Node]:
    """The elements below that match, in the order of the page, each once."""
    return list({node.mem_id: node for node in tree.css(css)}.values())


def attribute(node: Node, name: str) -> str:
    """The value with white space folded; empty where there is none."""
    value = node.attrs.get(name) if node.is_element_node else None
    return " ".join(value.split()) if value else ""


def text_of(node: Node) -> str:
    """What a reader sees of the element, NFC, one line a block; scripts, styles and forms left out."""
    if node.is_text_node:
        return " ".join(composed(node.text()).split())
    inner = node.inner_html or ""
    if "<" not in inner:  # a link, a headline, a date: most of what is asked for
        return " ".join(composed(node.text()).split())
    return plain_text(inner)


def line_of(node: Node) -> str:
    """The same in one line."""
    return " ".join(text_of(node).split())


def is_within(node: Node, outer: Node) -> bool:
    """Whether ``node`` is ``outer`` or stands somewhere in it."""
    wanted = outer.mem_id
    above: Node | None = node
    while above is not None:
        if above.mem_id == wanted:
            return True
        above = above.parent
    return False


def replace(page: Document, node: Node, tag: str, inner: str) -> None:
    """Puts a new element with the given markup in the place of ``node``, which can still be read."""
    new = page.create_node(tag)
    new.inner_html = inner
    node.replace_with(new, move=True)


def remove(node: Node) -> None:
    """Takes the element out of the tree; it and what is in it can still be read."""
    node.decompose(recursive=False)
