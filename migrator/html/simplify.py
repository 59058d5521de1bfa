"""Takes out of the tree what cannot be written down as plain markup.

Raw text (scripts), foreign elements (svg, math) and templates have their own rules of reading, and most ways of
smuggling a script through a cleaner live on that border. They are gone before the tree is written.
"""

from __future__ import annotations

from collections import Counter

from selectolax.lexbor import LexborHTMLParser, LexborNode

from migrator.html.policy import LAZY_SOURCES, OPAQUE
from migrator.text.words import count_words

_WORDED = ("svg", "math", "noscript")  # a reader may have seen the words in these
_PIXEL = ("0", "1", "0px", "1px")


def simplify(tree: LexborHTMLParser, nodes: list[LexborNode]) -> Counter[str]:
    """Removes the opaque elements among ``nodes`` (in document order), makes text of literal ones, empties the rest.

    Returns how many it removed, by tag, and under ``words`` how many words went with them.
    """
    removed: Counter[str] = Counter()
    shown = _image_addresses(tree)
    # Backwards: a node inside another one is gone before its ancestor frees it.
    for node in reversed(nodes):
        tag = node.tag or ""
        if tag in OPAQUE:
            removed[tag] += 1
            if tag in _WORDED:
                removed["words"] += count_words(node.text() or "")
            if tag == "noscript":
                _keep_images(node, shown)
            node.decompose()
        elif tag == "iframe":
            while node.first_child is not None:
                node.first_child.decompose()
        elif tag == "xml":
            removed["xml"] += _empty_island(node)
        else:
            node.replace_with("\n" + (node.text() or "") + "\n")
    return removed


def _image_addresses(tree: LexborHTMLParser) -> Counter[str]:
    names = ("src", *LAZY_SOURCES)
    return Counter(value for image in tree.css("img") for name in names if (value := image.attributes.get(name)))


def _keep_images(noscript: LexborNode, shown: Counter[str]) -> None:
    """Moves out the images that the body shows nowhere else, tracking pixels aside."""
    for image in noscript.css("img"):
        attributes = image.attributes
        address = attributes.get("src") or ""
        if attributes.get("width") in _PIXEL or attributes.get("height") in _PIXEL:
            continue
        if shown[address] > 1:
            shown[address] -= 1
        else:
            noscript.insert_before(image)


def _empty_island(island: LexborNode) -> int:
    """Removes a word processor's settings; what an unclosed island swallowed of the article stays."""
    settings = [child for child in island.iter() if ":" in (child.tag or "") and child.tag != "o:p"]
    for child in settings:
        child.decompose()
    return len(settings)
