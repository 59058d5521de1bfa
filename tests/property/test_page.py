"""Whatever a page holds, reading it ends, and gives an article or a reason; the same page gives the same answer."""

from pathlib import Path

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.extract.page import Page, PageOptions, Unreadable, load_profiles, read_page
from migrator.extract.page.batch import answer
from migrator.extract.page.charset import decode_page
from migrator.extract.page.limits import too_costly
from migrator.extract.page.metadata import read_metadata
from migrator.extract.page.model import REASONS
from migrator.extract.page.record import as_record
from migrator.html import CleanOptions, clean
from migrator.html.dom import parse
from migrator.text.composed import is_composed
from pages import FixturePage, all_pages

OPTIONS = PageOptions(load_profiles(Path(__file__).resolve().parents[2] / "mappings" / "sites"))

PROSE = "Đây là một đoạn văn đủ dài để là thân bài của một bài báo, viết cho phép thử. "
WORDS = st.sampled_from(
    [
        PROSE, "Minh Hảo. Ảnh: Đàm Thanh", "20/06/2024 15:39", "2 giờ trước", ">> ", "Theo VTV", "…", "Read More", "x", " ",
        "Bài, ảnh: Lê Dung", "Cập nhật lúc", "B¸o H¶i Phßng", "TÃ²a soáº¡n", "&amp;#7843;", "\0", "\u0301", "\ud800", "<", "]]>",
    ]
)  # fmt: skip
TAGS = st.sampled_from(
    [
        "<p>", "</p>", "<div>", "</div>", "<br>", "<h1>", "</h1>", "<table><tr><td>", "</td></tr></table>", "<figure>",
        "</figure>", "<figcaption>", "</figcaption>", "<a href='/tin/bai-1234.html'>", "</a>",
        "<img data-src='/a.jpg' src='/grey.gif'>",
        "<div id='news-bodyhtml'>", "<div class='detail-content afcbc-body'>", "<div class='col-content'>", "<p class='author'>",
        "<p style='text-align:right'>", "<span class='date'>", "<font face='.VnTimeH'>", "<script>", "</script>", "<!--", "-->",
        "<figure class='VCSortableInPreviewMode' type='Photo'>", "<p class='source'>", "<div class='comment'>", "<meta content='",
        "<meta name='generator' content='NukeViet v4.5'>", "<div style='display:none'>",
        "<meta property='article:published_time' content='2024-06-20T15:39:00Z'>",
        "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"x\"}</script>",
    ]
)  # fmt: skip
PAGES = st.lists(st.one_of(TAGS, WORDS), max_size=60).map("".join)


def check(found: Page | Unreadable) -> None:
    """What holds for every answer."""
    record = as_record(found)
    orjson.dumps(record)
    if isinstance(found, Unreadable):
        assert found.reason in REASONS
        assert found.detail
        return
    again = clean(found.body_html, CleanOptions())
    if found.read_by != "automatic":  # its text is without captions
        assert again.text == found.body_text
    assert "<script" not in found.body_html
    for name in ("headline", "standfirst", "byline", "section", "lead_image", "canonical_url", "language"):
        assert (record[name] is None) == (name in found.reasons), name
    assert (found.published.instant is None) == bool(found.published.reason)
    for text in (found.headline, found.standfirst, *(link.text for link in found.tags)):
        assert text is None or is_composed(text)


@settings(max_examples=150, deadline=None)
@given(PAGES)
def test_any_page_gives_an_article_or_a_reason(page: str) -> None:
    found = read_page(page, "https://bao.example/tin/bai-1234.html", OPTIONS)
    check(found)
    assert read_page(page, "https://bao.example/tin/bai-1234.html", OPTIONS) == found


@settings(max_examples=60, deadline=None)
@given(PAGES.filter(lambda around: "afcbc" not in around and "col-content" not in around))
def test_an_article_survives_whatever_stands_around_it(around: str) -> None:
    inside = f"<h1>Tiêu đề của bài báo</h1><div id='news-bodyhtml'><p>{PROSE * 3}</p><p>{PROSE}</p></div>"
    found = read_page(f"<html><body>{inside}<div class='around'>{around}", None, OPTIONS)
    check(found)
    if isinstance(found, Page):
        assert PROSE.strip() in found.body_text


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([None, "text/html; charset=utf-8", "text/html; charset=gb2312", "x; charset="]),
)
def test_any_bytes_are_text_in_the_end(data: bytes, header: str | None) -> None:
    assert isinstance(decode_page(data, header).text, str)
    check(read_page(data, None, OPTIONS))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_line_has_an_answer(line: bytes) -> None:
    found = orjson.loads(answer(1, line, OPTIONS))
    assert isinstance(found, dict)
    assert "id" in found


NAMES = st.sampled_from(
    ["@type", "@graph", "headline", "author", "name", "image", "url", "keywords", "itemListElement", "position", "item"]
)
VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.text(max_size=8)
    | st.sampled_from(["NewsArticle", "BreadcrumbList"])
)
LINKED = st.recursive(
    VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=20
)


@settings(max_examples=100, deadline=None)
@given(LINKED)
def test_any_json_ld_is_borne(data: object) -> None:
    script = orjson.dumps(data, option=orjson.OPT_NON_STR_KEYS).decode()
    for each in read_metadata(parse(f'<script type="application/ld+json">{script}</script>')).articles:
        assert isinstance(each.headline, str)


PIECES = [
    "<div>",
    "</div>",
    "<font size=1>",
    "<td>",
    "<table>",
    "</table>",
    "<!--",
    "-->",
    "<a b='",
    "'>",
    "<script>",
    "</script>",
]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=200).map("".join))
def test_counting_the_cost_never_fails(page: str) -> None:
    assert too_costly(page) is None


FIXTURES = list(all_pages())
SPLICES = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 300), st.one_of(TAGS, WORDS)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FIXTURES), SPLICES)
def test_damaged_pages_of_every_family_are_borne(page: FixturePage, splices: list[tuple[float, int, str]]) -> None:
    data = page.data
    for place, cut, insert in splices:
        at = int(place * len(data))
        data = data[:at] + insert.encode("utf-8", "replace") + data[at + cut :]
    check(read_page(data, page.url, OPTIONS))
