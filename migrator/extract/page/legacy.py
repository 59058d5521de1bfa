"""Text in fonts from before Unicode, and text that was stored in the wrong encoding, set right in the tree of a page.

A page whose text is good is not touched: what readers see is judged once, as a whole and line by line, and only where
that finds something is each text node looked at – in its font, where one is named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from migrator.html.dom import Document, Node, attribute
from migrator.text.detect import detect, is_beyond_windows
from migrator.text.encodings import ENCODINGS, decode_lookalike
from migrator.text.fonts import legacy_font
from migrator.text.plausibility import likelihood
from migrator.text.repair import repair

_FONT = re.compile(r"(?<!\w)(?:\.Vn[A-Z]|VNI[- ])", re.IGNORECASE)
_STYLE = re.compile(r"font(?:-family)?\s*:", re.IGNORECASE)
_SKIPPED = frozenset(("script", "style", "noscript", "textarea", "template"))
_MOST_LINES = 300
_LONGEST_LINE = 400
_KINDS = frozenset(("legacy-encoding", "mojibake"))
_ATTRIBUTES = (("img", "alt"), ("img", "title"), ("a", "title"), ("meta[content]", "content"))


def mend(page: Document, html: str, encoding: str) -> tuple[tuple[str, str], ...]:
    """Sets the text of a page right, in place; notes (code, detail) of what was done, none for a good page.

    ``encoding`` is what the bytes were read in: of a page read as TCVN3 only the case of fonts of capitals is left.
    """
    has_fonts = _FONT.search(html) is not None
    sample = _sample(page)
    repaired = repair(sample)
    if not has_fonts and not any(change.kind in _KINDS for change in repaired.changes):
        return ()
    whole = detect(sample).encoding
    done: Counter[str] = Counter()
    for node, font in _texts(page):
        before = node.text_content or ""
        if before.isspace() or (before.isascii() and font is None):
            continue
        after = _mended(before, font, whole, encoding)
        if after != before:
            node.replace_with(after)
            done[font or whole or "by content"] += 1
    for css, name in _ATTRIBUTES:
        for node in page.css(css):
            value = attribute(node, name)
            if value and not value.isascii():
                node.attrs[name] = _mended(value, None, whole, encoding)
    return tuple(("legacy-text", f"{what}: {count} pieces of text") for what, count in sorted(done.items()))


def _mended(text: str, font: str | None, whole: str | None, encoding: str) -> str:
    if encoding in ENCODINGS:
        found = legacy_font(font) if font else None
        return text.upper() if found is not None and found.capitals else text
    after = repair(text, fonts=font).text
    if after != text or whole is None or is_beyond_windows(text):
        return after
    decoded = decode_lookalike(text, whole)
    return decoded if likelihood(decoded) > likelihood(text) else text


def _sample(page: Document) -> str:
    """Lines readers see that are not plain ASCII."""
    lines: list[str] = []
    for node, _ in _texts(page):
        text = node.text_content or ""
        if not text.isascii():
            lines.append(" ".join(text[:_LONGEST_LINE].split()))
            if len(lines) == _MOST_LINES:
                break
    return "\n".join(lines)


def _texts(page: Document) -> Iterator[tuple[Node, str | None]]:
    """The text nodes that readers see, with the font they are set in where it is named. Safe against changes of a node."""
    if page.root is None:
        return
    waiting: list[tuple[Node, str | None]] = [(page.root, None)]
    while waiting:
        node, font = waiting.pop()
        if node.is_text_node:
            yield node, font
            continue
        if not node.is_element_node or node.tag in _SKIPPED:
            continue
        font = _font(node) or font
        child = node.last_child
        while child is not None:
            waiting.append((child, font))
            child = child.prev


def _font(node: Node) -> str | None:
    """The font an element names; null where it names none."""
    face = node.attrs.get("face")
    if face:
        return face
    style = node.attrs.get("style")
    return style if style and _STYLE.search(style) else None
