from __future__ import annotations

import re
import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st

from migrator.html import CleanOptions, clean

PLAIN = CleanOptions()
_NAMES = (
    "p div span b i u a h1 h2 h3 ul ol li dl dt dd table tr td th caption tbody font center article marquee pre "
    "blockquote section figure figcaption br hr img em strong code o:p xml small form button select option noscript "
    "nobr big strike sub object applet details summary ruby rt colgroup col video source iframe svg math mi title "
    "template fieldset"
)
NAMES = _NAMES.split()
TEXTS = [
    "một",
    "hai ba",
    " ",
    "\n",
    "\xa0",
    "&nbsp;",
    "&lt;",
    "&amp;lt;",
    "e",
    "\u0301",
    "\u0338",
    "\xad",
    "&shy;",
    "\u3000",
    "\x0c",
    "<pre>\n",
]
PIECES = [
    "<a href=/x>",
    "<a href='?a&b'>",
    "<span lang=vi>",
    "<p title='a\"b'>",
    "<!-- c -->",
    "<script>x</script>",
    "<xmp><b></xmp>",
    "<svg><p>x</p></svg>",
    "<svg><desc>",
    "</svg>",
    "<math><mtext>",
    "</math>",
    "<![if x]>",
    "<img src=a>",
    "<iframe src=//e.vn></iframe>",
    "<iframe src=//youtube.com/embed/a></iframe>",
    "<noscript><img src=b>",
    "<table><tr><td>",
    "<ul><li>",
    "<marquee><p>",
    "<center><li>",
    "<plaintext>",
]
soups = st.lists(
    st.one_of(
        st.sampled_from(TEXTS),
        st.sampled_from(NAMES).map(lambda name: f"<{name}>"),
        st.sampled_from(NAMES).map(lambda name: f"</{name}>"),
        st.sampled_from(PIECES),
    ),
    max_size=40,
).map("".join)


@settings(max_examples=1500, deadline=None)
@given(soups)
def test_clean_twice_is_clean_once(soup: str) -> None:
    once = clean(soup, PLAIN)
    twice = clean(once.html, PLAIN)
    assert twice.html == once.html
    assert twice.text == once.text
    assert twice.notes == ()


@settings(max_examples=500, deadline=None)
@given(st.text())
@example("<" * 500)
@example("&#" * 500)
@example("<a " * 500)
@example("<!--" * 500)
@example("ÂÃ\x82\x80")  # misread three times
@example("\x82\u037e")  # it is ";" in the clean body, and would then be judged otherwise
@example("\x1f<p></p>\x80;")  # two blocks, and one without the empty paragraph
@example("\x80&\x80&</p></p>\x80&")
@example("\x85Ö\n<p></p>\x85Ö\n<p></p><td>\xada")
def test_any_text_is_cleaned(source: str) -> None:
    body = clean(source, PLAIN)
    assert unicodedata.is_normalized("NFC", body.text)
    assert clean(body.html, PLAIN).html == body.html
    assert all(line.strip() for line in body.text.split("\n") if body.text)


INLINE = ("b", "i", "span", "font", "u", "o:p", "blink", "mark", "st1:place")
BLOCK = ("div", "section", "center", "article", "blockquote", "details", "fieldset", "main")
WORDS = st.lists(st.sampled_from(["một", "hai", "ba", "Đà", "Lạt", "«x»", "5"]), min_size=1, max_size=4).map(" ".join)


def wrap(name: str, content: str) -> str:
    return f"<{name}>{content}</{name}>"


def inline_of(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(wrap, st.sampled_from(INLINE), st.lists(inner, max_size=3).map(" ".join))


def block_of(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(wrap, st.sampled_from(BLOCK), st.lists(inner, max_size=4).map("".join))


inline = st.recursive(WORDS, inline_of, max_leaves=6)
paragraphs = st.builds(wrap, st.sampled_from(("p", "h1", "h3", "pre")), inline)
items = st.lists(inline, max_size=3).map(lambda made: wrap("ul", "".join(wrap("li", one) for one in made)))
rows = st.lists(inline, max_size=3).map(lambda made: wrap("tr", "".join(wrap("td", one) for one in made)))
tables = rows.map(lambda row: wrap("table", wrap("tbody", row)))
leaves = st.one_of(paragraphs, items, tables, st.just("<p>&nbsp;</p>"), st.just("<br>"))
documents = st.recursive(leaves, block_of, max_leaves=12)
TAG = re.compile(r"<(/?)([^>]*)>")


def words_of(well_formed: str) -> list[str]:
    """Independent of any parser: inline tags vanish, all others end a word."""
    text = TAG.sub(lambda tag: "" if tag.group(2) in INLINE else " ", well_formed)
    return text.replace("&nbsp;", " ").split()


@settings(max_examples=500, deadline=None)
@given(documents)
def test_no_word_is_lost_and_the_order_stays(document: str) -> None:
    body = clean(document, PLAIN)
    assert body.text.split() == words_of(document)
    assert body.words == len(words_of(document))
    assert words_of(body.html) == words_of(document)
