"""The readers that are compared: the standard libraries that are installed, and ours.

Each is called the way its own documentation shows, without network, and gives plain text.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

Reader = Callable[[str, str | None], str]

_BLOCKS = "p,div,li,br,h1,h2,h3,h4,h5,h6,td,tr,blockquote,pre"


def _ours() -> Reader:
    from migrator.extract.page.automatic import Found, find_article

    def read(html: str, url: str | None) -> str:
        article = find_article(html, url)
        return article.body_text if isinstance(article, Found) else ""

    return read


def _ours_page() -> Reader:
    from migrator.extract.page import Page, read_page

    def read(html: str, url: str | None) -> str:
        page = read_page(html, url)
        return page.body_text if isinstance(page, Page) else ""

    return read


def _trafilatura(**options: bool) -> Reader:
    import trafilatura

    return lambda html, url: trafilatura.extract(html, url=url, include_comments=False, **options) or ""


def _newspaper4k() -> Reader:
    from newspaper import Article

    def read(html: str, url: str | None) -> str:
        article = Article(url or "http://example.org/article", fetch_images=False)
        article.download(input_html=html)
        article.parse()
        return str(article.text)

    return read


def _readability() -> Reader:
    from readability import Document
    from selectolax.lexbor import LexborHTMLParser

    def read(html: str, url: str | None) -> str:
        tree = LexborHTMLParser(Document(html, url=url).summary(html_partial=True))
        for node in tree.css(_BLOCKS):
            node.insert_before("\n")
        return tree.body.text() if tree.body else ""

    return read


def _goose3() -> Reader:
    from goose3 import Goose

    goose = Goose({"enable_image_fetching": False})
    return lambda html, _url: str(goose.extract(raw_html=html).cleaned_text)


def _news_please() -> Reader:
    from newsplease import NewsPlease

    return lambda html, url: NewsPlease.from_html(html, url=url or "http://example.org/article").maintext or ""


def _resiliparse() -> Reader:
    from resiliparse.extract.html2text import extract_plain_text

    return lambda html, _url: str(extract_plain_text(html, main_content=True, alt_texts=False, links=False))


def _boilerpy3() -> Reader:
    from boilerpy3.extractors import ArticleExtractor

    extractor = ArticleExtractor(raise_on_failure=False)
    return lambda html, _url: str(extractor.get_content(html))


_MAKERS: dict[str, tuple[str, Callable[[], Reader]]] = {
    "ours": ("migrator", _ours),
    "ours, migrator page": ("migrator", _ours_page),
    "trafilatura": ("trafilatura", _trafilatura),
    "trafilatura precision": ("trafilatura", lambda: _trafilatura(favor_precision=True)),
    "newspaper4k": ("newspaper", _newspaper4k),
    "news-please": ("newsplease", _news_please),
    "readability-lxml": ("readability", _readability),
    "goose3": ("goose3", _goose3),
    "resiliparse": ("resiliparse", _resiliparse),
    "boilerpy3": ("boilerpy3", _boilerpy3),
}


def readers(only: list[str]) -> dict[str, Reader]:
    """All readers whose package is installed, or those named in ``only``."""
    return {
        name: maker()
        for name, (package, maker) in _MAKERS.items()
        if (not only or name in only) and importlib.util.find_spec(package)
    }
