"""The peer: the cleaning of ``migrator.html`` written again with BeautifulSoup on lxml, as a careful author would.

Only for comparison (lxml is no dependency of the project). It does for ordinary bodies what ours does: it looks for
damaged text and repairs it with the same functions, sanitises by an allow-list with a check of schemes, takes Word's
debris off, wakes lazy pictures, leaves counters of readers out, makes players safe, makes figures of tables, of captions
behind pictures and of what is in captions with the credit set apart, rewrites internal links, finds boxes of related news
by class or label, drops what is empty, and gives plain text, words, pictures, addresses of related news and counts of
what it changed. It has no rules for the rare: no foreign elements, no shortcodes, no limits, no mended nesting. What it
shares with ours are the functions on text, not on markup.
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
_ESCAPED_TWICE = re.compile(r"&(?:amp;)+(#\d+|#x[0-9a-f]+|[a-z]+);", re.IGNORECASE)
_COUNTER = re.compile(
    r"(?:https?:)?//(?:[^/]*\.)?(?:google-analytics|doubleclick|scorecardresearch|statcounter|histats)\."
)
_TINY = {"0", "1", "0px", "1px"}
_CAPTION_CLASS = re.compile(r"caption|chu-?thich|(?:image|img|photo)-?(?:note|desc|credit|author)", re.IGNORECASE)
_RELATED_CLASS = re.compile(r"relate[ds]?(?![a-z])|tin-?lien-?quan|bai-?lien-?quan|xem-?them", re.IGNORECASE)
_RELATED_LABEL = re.compile(
    r"[\s>»→•*:-]*(?:(?:tin|bài)(?: viết)? (?:liên quan|khác|cùng chuyên mục)|(?:xem|đọc) thêm|>>)[\s>»:.-]*",
    re.IGNORECASE,
)
_BLOCKS = ["p", "div", "section", "aside", "ul", "ol", "table", "blockquote", "h2", "h3", "h4", "h5", "h6"]
_MOST_WORDS = 40


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
    images: list[tuple[str, str, str, str]]
    related: list[str]
    notes: dict[str, int]


def clean(html: str) -> Cleaned:
    soup = BeautifulSoup(_ESCAPED_TWICE.sub(r"&\1;", html) if "&amp;" in html else html, "lxml")
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
    captions: set[int] = set()
    boxes: list[Tag] = []
    for node in root.find_all(True):
        named = f"{' '.join(node.get('class', []))} {node.get('id', '')} {node.get('type', '')}"
        if _CAPTION_CLASS.search(named):
            captions.add(id(node))
        if _RELATED_CLASS.search(named):
            boxes.append(node)
        _sanitise(node, notes)
    related = _related(root, boxes)
    for table in root.find_all("table"):
        _figure_of(table, notes)
    for media in root.find_all(["img", "iframe"]):
        _pair(media, root, captions, notes)
    for caption in root.find_all("figcaption"):
        notes["credit"] += _set_credit_apart(caption)
    for node in root.find_all(["p", "h2", "h3", "h4", "b", "strong", "em", "i"]):
        if not node.get_text(strip=True) and not node.find(["img", "iframe"]):
            node.decompose()
    markup = unicodedata.normalize("NFC", root.decode_contents(formatter=_FORMAT))
    text = _text_of(root)
    words = sum(1 for word in text.split() if _LETTER.search(word))
    return Cleaned(markup, text, words, _images(root), related, dict(notes))


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
        notes["mso"] += 1
    if node.name not in _ALLOWED:
        notes["word" if ":" in node.name else "unwrapped"] += 1
        node.unwrap()
        return
    if node.name == "img":
        for name in _LAZY:
            if node.get(name):
                node["src"] = node[name]
                break
        sizes = {str(node[name]).strip() for name in ("width", "height") if name in node.attrs}
        if (sizes and sizes <= _TINY) or _COUNTER.match(str(node.get("src", ""))):
            notes["counter"] += 1
            node.decompose()
            return
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


def _pair(media: Tag, root: Tag, captions: set[int], notes: Counter[str]) -> None:
    """A picture alone in its block, and words in the next one that are its caption."""
    if media.find_parent("figure"):
        return
    block = media
    while block.parent is not None and block.parent is not root and not block.parent.get_text(strip=True):
        block = block.parent
    behind = block.find_next_sibling()
    if behind is None or behind.name not in ("p", "div", "h2", "h3", "h4", "h5", "h6", "blockquote"):
        return
    text = behind.get_text()
    if behind.find(["img", "iframe"]) or not 0 < len(text.split()) <= _MOST_WORDS:
        return
    emphasised = behind.find(["em", "i"])
    is_italic = emphasised is not None and emphasised.get_text(strip=True) == text.strip()
    if id(behind) not in captions and not is_italic and not read_credit(text).credit:
        return
    figure, caption = Tag(name="figure"), Tag(name="figcaption")
    for child in list((emphasised if is_italic and emphasised else behind).children):
        caption.append(child.extract())
    behind.decompose()
    block.insert_before(figure)
    figure.append(media.extract())
    figure.append(caption)
    if block is not media:
        block.decompose()
    notes["figure"] += 1


def _related(root: Tag, boxes: list[Tag]) -> list[str]:
    """Addresses in blocks that are named so, or begin with a label, and hold nothing but links beside it."""
    found: dict[str, None] = {}
    named = {id(box) for box in boxes}
    for link in root.find_all("a"):
        block = link.find_parent(_BLOCKS)
        if block is None:
            continue
        links = block.find_all("a")
        outside = block.get_text()
        for each in links:
            outside = outside.replace(each.get_text(), "", 1)
        is_named = id(block) in named and not _LETTER.search(outside)
        if is_named or (_RELATED_LABEL.fullmatch(outside) and not str(link.get("href")).startswith(("http", "//"))):
            found[str(link.get("href"))] = None
    return list(found)


def _set_credit_apart(caption: Tag) -> bool:
    text = caption.get_text()
    found = read_credit(text)
    if not found.credit or not text.startswith(found.caption) or caption.find("small"):
        return False
    start = len(found.caption)
    while text[start] in " -–—|/;,.":
        start += 1
    last = caption.find_all(string=True)[-1]
    if not text.endswith(last):
        return False
    offset = start - (len(text) - len(last))
    if offset < 0:
        return False
    small = Tag(name="small")
    small.string = last[offset:]
    before = NavigableString(last[:offset])
    last.replace_with(before)
    before.insert_after(small)
    return True


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


def _images(root: Tag) -> list[tuple[str, str, str, str]]:
    found = []
    for image in root.find_all("img"):
        figure = image.find_parent("figure")
        caption = figure.find("figcaption") if figure else None
        credit = read_credit(" ".join(caption.get_text().split())) if caption else None
        told = (credit.caption, credit.credit) if credit else ("", "")
        found.append((str(image.get("src", "")), str(image.get("alt", "")), *told))
    return found
