"""Bodies as old editors left them, every word with a number of its own: one lost, doubled or moved is seen at once.

``#`` stands for a word. Words that a reader sees are ``w1 w2 …``; those that no reader sees (scripts, settings,
attributes) are ``x1 x2 …`` and stand as ``%``. White space stands around each, so that no two ever melt into one.
"""

from __future__ import annotations

import re
from itertools import count

from hypothesis import strategies as st

_PLACE = re.compile("[#%]")

WORDS = ["#", "# #", "# # # # #", "<b>#</b> #", "# <i>#</i>", "#<br>#", "&nbsp;#", "# &amp; #", "#, Ảnh: #", "(Ảnh: #)"]
PICTURES = [
    "<img src=a.jpg alt='%'>",
    "<a href=/b.jpg title='%'><img src=a.jpg></a>",
    "<img src=grey.gif data-src=a.jpg>",
    "<img class=lazy src='data:image/gif;base64,R0lGODlhAQAB' data-original=b.jpg><noscript><img src=b.jpg></noscript>",
    "<noscript><img src=c.jpg></noscript>",
    "<picture><source srcset='a.webp 1x, b.webp 2x'><img src=a.jpg></picture>",
    "<img src=x.gif width=1 height=1>",
    "<iframe src=//www.youtube.com/embed/abc></iframe>",
    "<object><param name=movie value=https://www.youtube.com/v/abc><embed src=https://www.youtube.com/v/abc></object>",
    "<video src=a.mp4 poster=a.jpg></video>",
    "<div type=VideoStream data-src=//www.youtube.com/embed/abc></div>",
]
UNSEEN = [
    "<script>%</script>", "<style>% {}</style>", "<!-- % -->", "<!--[if gte mso 9]><xml>%</xml><![endif]-->",
    "<script>document.write('<p>%</p>')</script>", "<template>%</template>", "<title>%</title>", "<?php % ?>",
    "<meta name=a content='%'>", "<xml><w:WordDocument><w:View>%</w:View></w:WordDocument></xml>",
    "<iframe src=//youtube.com/embed/a title='%'>%</iframe>", "<noframes>%</noframes>",
    "<img onerror='%' src=d.jpg>", "<p title='%' class='%'></p>", "<canvas>%</canvas>",
]  # fmt: skip
# A reader may have seen the words in these; they go, and are counted.
FORMS = [
    "<form>#<input value='%'></form>", "<select><option># </select>", "<button>#</button>", "<svg><text>#</text></svg>",
    "<textarea>#</textarea>", "<object data=a.bin>#</object>", "<math><mi>#</mi></math>", "<noscript>#</noscript>",
]  # fmt: skip
CLASSES = [
    "", "", "", " class=caption", " class=image", " class=gallery", " align=center", " style='text-align:center'",
    " class=PhotoCMS_Caption", " class='VCSortableInPreviewMode' type=Photo", " class=wp-caption", " class=tplCaption",
    " style='font-family:.VnTime'", " lang=vi",
]  # fmt: skip
BLOCKS = [
    "p",
    "p",
    "p",
    "div",
    "div",
    "section",
    "center",
    "h1",
    "h3",
    "blockquote",
    "aside",
    "article",
    "address",
    "pre",
]
INLINE = [
    "b",
    "i",
    "em",
    "strong",
    "span",
    "font face=.VnTime size=2",
    "font color=red",
    "u",
    "small",
    "big",
    "a href=/z",
    "o:p",
    "tt",
]
RELATED = [
    "<p>Tin liên quan: <a href=/a-1.html>#</a></p>",
    "<div class=relate-container><a href=/a-2.html>#</a><a href=/a-3.html>#</a></div>",
    "<p><a href=/a-4.html>&gt;&gt; #</a></p>",
    "<p>Xem thêm: <a href=http://khac.vn/>#</a></p>",
    "<div type=RelatedOneNews><a href=/a-5.html>#</a><p>#</p></div>",
    "<ul class=related><li><a href=/a-6.html>#</a><li><a href=/a-7.html>#</a></ul>",
]
SHORTCODES = [
    '[caption id="a1" align="alignleft" width="300"]<img src=a.jpg> # #[/caption]',
    '[gallery ids="1,2,3"]',
    "[embed]https://www.youtube.com/watch?v=abc[/embed]",
    "[b]#[/b]",
]
LOOSE = [
    "<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<i>", "</i>", "<a href=/q>", "</a>", "<table>", "</table>", "<tr>",
    "<td>", "</td>", "</tr>", "<li>", "</ul>", "<center>", "<font size=1>", "</font>", "</span>", "<figure>", "</figure>",
    "<figcaption>", "<h2>", "</h2>", "<blockquote>", "<pre>", "<br>", "<hr>", "</br>", "<dd>", "</body>",
]  # fmt: skip


def _wrapped(tag: str, inner: str, attributes: str = "") -> str:
    return f"<{tag}{attributes}>{inner}</{tag.partition(' ')[0]}>"


_joined = "".join
_classes = st.sampled_from(CLASSES)
_leaves = st.one_of(
    st.sampled_from(WORDS), st.sampled_from(WORDS), st.sampled_from(PICTURES), st.sampled_from(UNSEEN),
    st.sampled_from(FORMS), st.sampled_from(SHORTCODES), st.sampled_from(["<br>", "<hr>", "\n", "<p>&nbsp;</p>"]),
)  # fmt: skip


def _nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, max_size=3).map(_joined)
    cells = st.builds(
        _wrapped, st.sampled_from(("td", "td", "td", "th")), several, st.one_of(_classes, st.just(" colspan=2"))
    )
    rows = st.lists(cells, min_size=1, max_size=3).map(lambda made: _wrapped("tr", _joined(made)))
    items = st.lists(several, max_size=3).map(lambda made: _joined([_wrapped("li", each) for each in made]))
    return st.one_of(
        st.builds(_wrapped, st.sampled_from(BLOCKS), several, _classes),
        st.builds(_wrapped, st.sampled_from(INLINE), several),
        st.builds(_wrapped, st.just("table"), st.lists(rows, min_size=1, max_size=3).map(_joined), _classes),
        st.builds(lambda one, two: _wrapped("figure", one + _wrapped("figcaption", two)), several, several),
        st.builds(_wrapped, st.sampled_from(("ul", "ol")), items),
        st.builds(lambda one, two: _wrapped("dl", _wrapped("dt", one) + _wrapped("dd", two)), several, several),
    )


_documents = st.recursive(_leaves, _nested, max_leaves=10)


def _numbered(markup: str) -> str:
    numbers = count(1)
    return _PLACE.sub(lambda place: f" {'w' if place[0] == '#' else 'x'}{next(numbers)} ", markup)


articles = st.lists(st.one_of(_documents, st.sampled_from(RELATED)), min_size=1, max_size=5).map(_joined).map(_numbered)
"""Well-formed, apart from end tags that HTML lets an author leave out."""

soups = (
    st.lists(st.one_of(_documents, st.sampled_from(LOOSE), st.sampled_from(LOOSE)), max_size=8)
    .map(_joined)
    .map(_numbered)
)
"""The same among loose tags."""
