"""Takes out of the tree what cannot be written down as plain markup.

Raw text (scripts), foreign elements (svg, math) and templates have their own rules of reading, and most ways of
smuggling a script through a cleaner live on that border. They are gone before the tree is written.
"""

from __future__ import annotations

from collections import Counter

from selectolax.lexbor import LexborHTMLParser, LexborNode

from migrator.html.images import LAZY_SOURCES, is_counter
from migrator.html.vocabulary import OPAQUE
from migrator.text.words import count_words

_WORDED = ("svg", "math", "noscript")  # a reader may have seen the words in these


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
            removed["xml"] += 1 + _dissolve_island(node)
        else:
            node.replace_with("\n" + (node.text() or "") + "\n")
    return removed


def _image_addresses(tree: LexborHTMLParser) -> Counter[str]:
    names = ("src", *LAZY_SOURCES)
    return Counter(value for image in tree.css("img") for name in names if (value := image.attributes.get(name)))


def _keep_images(noscript: LexborNode, shown: Counter[str]) -> None:
    """Moves out the images that the body shows nowhere else; those that count readers go."""
    is_twin = _is_late(_neighbour(noscript, forward=False)) or _is_late(_neighbour(noscript, forward=True))
    for image in noscript.css("img"):
        attributes = {name: value or "" for name, value in image.attributes.items()}
        address = attributes.get("src", "")
        if is_counter(attributes):
            continue
        if shown[address] > 1:
            shown[address] -= 1
        elif not is_twin:
            noscript.insert_before(image)


def _neighbour(node: LexborNode, *, forward: bool) -> LexborNode | None:
    """The element beside a node, white space aside."""
    found = node.next if forward else node.prev
    while found is not None and found.is_empty_text_node:
        found = found.next if forward else found.prev
    return found


def _is_late(node: LexborNode | None) -> bool:
    """Whether this is a picture that a script loads: what stands in ``noscript`` beside it is the same one."""
    return node is not None and node.tag == "img" and any(node.attributes.get(name) for name in LAZY_SOURCES)


def _dissolve_island(island: LexborNode) -> int:
    """Removes a word processor's settings; what an unclosed island swallowed of the article stays."""
    settings = [child for child in island.iter() if ":" in (child.tag or "") and child.tag != "o:p"]
    for child in settings:
        child.decompose()
    if island.first_child is None:
        island.decompose()
    else:
        island.unwrap()
    return len(settings)
