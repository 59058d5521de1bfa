"""The peer: the cleaning of ``migrator.html`` written again with BeautifulSoup on lxml, as a careful author would.

Only for comparison (lxml is no dependency of the project). It does for ordinary bodies what ours does: it looks for
damaged text and repairs it with the same functions, sanitises by an allow-list with a check of schemes, takes Word's
debris off, wakes lazy pictures, makes players safe, makes figures of tables and captions with the credit set apart,
rewrites internal links, drops what is empty, and gives plain text, words and pictures. It has no rules for the rare: no
foreign elements, no limits, no mended nesting. What it shares with ours are the functions on text, not on markup.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from bs4 import BeautifulSoup, Comment, NavigableString, Tag
from bs4.dammit import EntitySubstitution
from bs4.formatter import HTMLFormatter

from migrator.text.bylines import read_credit
from migrator.text.repair import repair

_ODD = re.compile("[\x80-\x9f¡-¦¨-ª¬-¯´-¶¸-º¼-¿Ä-ÇËÎ-ÑÖ-ØÛÜÞßä-çëî-ñö-øûüþÿ]|á»")
_FONT = re.compile(r"\.Vn[A-Z0-9]|VNI-", re.IGNORECASE)
_ALLOWED = {
    **dict.fromkeys(
        (
            "p", "h2", "h3", "h4", "h5", "h6", "br", "hr", "strong", "b", "em", "i", "u", "s", "sub", "sup", "small", "mark",
            "ul", "li", "dl", "dt", "dd", "pre", "code", "figure", "figcaption", "table", "caption", "thead", "tbody", "tfoot",
            "tr", "div", "section", "aside", "ol", "blockquote",
        ),
        (),
    ),
    "a": ("href", "title"),
    "img": ("src", "alt", "title", "width", "height"),
    "iframe": ("src", "width", "height", "allowfullscreen"),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan"),
}  # fmt: skip
_DROPPED = [
    "script",
    "style",
    "form",
    "svg",
    "math",
    "object",
    "embed",
    "noscript",
    "template",
    "input",
    "button",
    "select",
]
_LAZY = ("data-src", "data-original", "data-lazy-src")
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_YOUTUBE = re.compile(r"(?:https?:)?//(?:www\.)?youtube\.com/(?:embed|v)/([\w-]+)")
_ARTICLE = re.compile(r"-(?P<id>\d+)\.html")
_LINES = frozenset(
    [
        "p",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "br",
        "hr",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "figure",
        "figcaption",
        "table",
        "caption",
        "tr",
        "td",
        "th",
        "div",
        "section",
        "aside",
        "iframe",
        "thead",
        "tbody",
        "tfoot",
    ]
)
_LETTER = re.compile(r"[^\W_]")


class _AsWritten(HTMLFormatter):
    """Writes attributes in their order and void elements as HTML5 does."""

    def __init__(self) -> None:
        super().__init__(EntitySubstitution.substitute_xml, void_element_close_prefix="")

    def attributes(self, tag: Tag) -> list[tuple[str, str]]:
        return list(tag.attrs.items())


_FORMAT = _AsWritten()


@dataclass
class Cleaned:
    html: str
    text: str
    words: int
    images: list[tuple[str, str, str]]
    notes: dict[str, int]


def clean(html: str) -> Cleaned:
    soup = BeautifulSoup(html, "lxml")
    notes: Counter[str] = Counter()
    root = soup.body or soup
    if _ODD.search(html) or _FONT.search(html):
        _repair(root, notes)
    for comment in root.find_all(string=lambda text: isinstance(text, Comment)):
        notes["comment"] += 1
        comment.extract()
    for node in root.find_all(_DROPPED):
        notes["dropped"] += 1
        node.decompose()
    for node in root.find_all(True):
        _sanitise(node, notes)
    for table in root.find_all("table"):
        _figure_of(table, notes)
    for caption in root.find_all("figcaption"):
        _set_credit_apart(caption)
    for node in root.find_all(["p", "h2", "h3", "h4", "b", "strong", "em", "i"]):
        if not node.get_text(strip=True) and not node.find(["img", "iframe"]):
            node.decompose()
    markup = unicodedata.normalize("NFC", root.decode_contents(formatter=_FORMAT))
    text = _text_of(root)
    words = sum(1 for word in text.split() if _LETTER.search(word))
    return Cleaned(markup, text, words, _images(root), dict(notes))


def _repair(root: Tag, notes: Counter[str]) -> None:
    for text in root.find_all(string=True):
        font = next((tag.get("face") for tag in text.parents if tag.get("face")), None)
        result = repair(str(text), fonts=str(font) if font else None)
        if result.changes:
            notes["repaired"] += 1
            text.replace_with(NavigableString(result.text))


def _sanitise(node: Tag, notes: Counter[str]) -> None:
    if node.name == "h1":
        node.name = "h2"
    if node.name == "center":
        node.name = "div"
    if "mso-" in str(node.get("style", "")) or "Mso" in " ".join(node.get("class", [])):
        notes["word"] += 1
    if node.name not in _ALLOWED:
        notes["word" if ":" in node.name else "unwrapped"] += 1
        node.unwrap()
        return
    if node.name == "img":
        for name in _LAZY:
            if node.get(name):
                node["src"] = node[name]
                break
    if node.name == "iframe":
        found = _YOUTUBE.match(str(node.get("src", "")))
        if not found:
            link = NavigableString(str(node.get("src", "")))
            node.replace_with(link)
            notes["dropped"] += 1
            return
        size = {name: node[name] for name in ("width", "height") if name in node.attrs}
        node.attrs = {"src": f"https://www.youtube.com/embed/{found[1]}", **size}
        node.clear()
    allowed = _ALLOWED[node.name]
    for name in list(node.attrs):
        if name not in allowed:
            del node.attrs[name]
        elif name in ("href", "src"):
            scheme = _SCHEME.match(str(node[name]))
            if scheme and scheme[1].lower() not in ("http", "https", "mailto", "tel"):
                notes["unsafe"] += 1
                del node.attrs[name]
    if node.name == "a" and node.get("href"):
        found = _ARTICLE.search(str(node["href"]))
        if found and not str(node["href"]).startswith(("http:", "https:", "//")):
            notes["rewritten"] += 1
            node["href"] = f"/r/article/{found['id']}"


def _figure_of(table: Tag, notes: Counter[str]) -> None:
    """A table of one column, a picture over a short caption."""
    images = table.find_all("img")
    rows = table.find_all("tr")
    cells = table.find_all("td")
    if len(images) != 1 or len(rows) != 2 or len(cells) != 2 or table.find("table"):
        return
    if cells[0].get_text(strip=True) or cells[1].find("img") or len(cells[1].get_text().split()) > 60:
        return
    figure = Tag(name="figure")
    caption = Tag(name="figcaption")
    content = cells[1].find("em") or cells[1]
    for child in list(content.children):
        caption.append(child.extract())
    figure.append(images[0].extract())
    figure.append(caption)
    table.replace_with(figure)
    notes["figure"] += 1


def _set_credit_apart(caption: Tag) -> None:
    text = caption.get_text()
    found = read_credit(text)
    if not found.credit or not text.startswith(found.caption) or caption.find("small"):
        return
    start = len(found.caption)
    while text[start] in " -–—|/;,.":
        start += 1
    last = caption.find_all(string=True)[-1]
    if not text.endswith(last):
        return
    offset = start - (len(text) - len(last))
    if offset < 0:
        return
    small = Tag(name="small")
    small.string = last[offset:]
    before = NavigableString(last[:offset])
    last.replace_with(before)
    before.insert_after(small)


def _text_of(root: Tag) -> str:
    parts: list[str] = []
    for node in root.descendants:
        if isinstance(node, NavigableString):
            parts.append(str(node))
        elif isinstance(node, Tag) and node.name in _LINES:
            parts.append("\0")
            if node.next_sibling is not None:
                node.next_sibling.insert_before(NavigableString("\0"))
            else:
                node.insert_after(NavigableString("\0"))
    lines = (" ".join(line.split()) for line in "".join(parts).split("\0"))
    return unicodedata.normalize("NFC", "\n".join(line for line in lines if line))


def _images(root: Tag) -> list[tuple[str, str, str]]:
    found = []
    for image in root.find_all("img"):
        figure = image.find_parent("figure")
        caption = figure.find("figcaption") if figure else None
        credit = read_credit(" ".join(caption.get_text().split())) if caption else None
        found.append((str(image.get("src", "")), credit.caption if credit else "", credit.credit if credit else ""))
    return found
