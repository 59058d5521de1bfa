"""Pages made to break a reader: it answers, and soon."""

import time

import pytest

from migrator.extract.page.automatic import Found, NotFound, find_article
from tests.unit.extract.page_automatic.pages import TEXT, article, json_ld, lines, paragraphs

JSON = json_ld(headline="Một", articleBody=" ".join(TEXT))
_SECONDS = 15  # on a busy machine; all take less than two
_MANY = 100_000

TEXTLESS = {
    "ten million characters": "<p>" + "a. " * 3_500_000,
    "nested elements": "<div>" * _MANY,
    "nested formatting": "<b>" * _MANY,
    "more tags than any page has": "<p>x" * 500_000,
}

WITH_AN_ARTICLE = {
    "depth that a page may have": "<div>" * 400 + "</div>" * 400,
    "a long attribute": f"<p title='{'x' * 2_000_000}'></p>",
    "NUL and surrogates": "\x00\ud800\udfff<p>\x00</p>",
    "a flood of entities": "&amp;" * 200_000,
    "many links": "<a href=x>y</a>" * 20_000,
    "many list items": "<ul>" + "<li>một hai ba bốn năm" * 20_000 + "</ul>",
    "many headings": "<h4>Một mục</h4>" * 20_000,
    "many pictures": "<img src=a.jpg>" * 20_000,
    "open comment tags": "<!-" * 100_000,
    "JSON-LD that nests": '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
    "JSON-LD that never ends": '<script type="application/ld+json">{"@type": "NewsArticle", "articleBody": "',
    "links that are never closed": "<a href=x><p>" * 300,
    "a frame with a page": "<iframe><p>Không phải chữ của trang này, mà của một trang khác. Đúng thế.</p></iframe>",
}


@pytest.mark.parametrize("thing", TEXTLESS)
def test_refused_soon(thing: str) -> None:
    begin = time.process_time()
    assert isinstance(find_article(TEXTLESS[thing]), NotFound)
    assert time.process_time() - begin < _SECONDS


@pytest.mark.parametrize("thing", WITH_AN_ARTICLE)
def test_read_soon(thing: str) -> None:
    begin = time.process_time()
    result = find_article(article(paragraphs()) + WITH_AN_ARTICLE[thing])
    assert isinstance(result, Found | NotFound)
    assert time.process_time() - begin < _SECONDS


_HARMLESS = (
    "depth that a page may have",
    "a long attribute",
    "many links",
    "open comment tags",
    "JSON-LD that nests",
    "a frame with a page",
)


@pytest.mark.parametrize("thing", _HARMLESS)
def test_the_article_is_found_all_the_same(thing: str) -> None:
    assert lines(WITH_AN_ARTICLE[thing] + article(paragraphs())) == list(TEXT)


def test_a_page_cut_off_anywhere() -> None:
    html = article(paragraphs(), head=JSON)
    for cut in range(0, len(html), 7):
        assert isinstance(find_article(html[:cut]), Found | NotFound)
        assert isinstance(find_article(html[cut:]), Found | NotFound)
