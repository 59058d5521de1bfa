"""A page that is put together in the browser: its article stands in its data only."""

from __future__ import annotations

import json

import pytest

from migrator.extract.page.automatic import Found, NotFound, find_article
from tests.unit.extract.page_automatic.pages import HEADLINE, TEXT, json_ld, page, paragraphs

EMPTY = '<div id="app"></div>'


def state(value: object, kind: str = "application/json") -> str:
    start = f'<script id="__NEXT_DATA__" type="{kind}">' if kind else "<script>window.__NUXT__ = "
    return f"{start}{json.dumps(value)}</script>"


STATES = {
    "markup": {"props": {"article": {"title": HEADLINE, "content": paragraphs()}}},
    "escaped markup": {"article": {"headline": HEADLINE, "body": paragraphs().replace("<", "&lt;")}},
    "rendered": [{"title": {"rendered": HEADLINE}, "content": {"rendered": paragraphs()}}],
    "blocks": {"article": {"title": HEADLINE, "content": [{"type": "p", "text": text} for text in TEXT]}},
    "lines": {"article": {"title": HEADLINE, "body": "\n".join(TEXT)}},
}


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("kind", ["application/json", ""])
def test_the_text_in_the_state(name: str, kind: str) -> None:
    found = find_article(page(EMPTY + state(STATES[name], kind)))
    assert isinstance(found, Found), found
    assert found.headline == HEADLINE
    assert found.body_text.split("\n") == list(TEXT)
    assert "data only" in found.evidence


def test_the_text_in_json_ld() -> None:
    found = find_article(page(EMPTY, head=json_ld(headline=HEADLINE, articleBody="\n\n".join(TEXT))))
    assert isinstance(found, Found), found
    assert found.body_text.split("\n") == list(TEXT)


def test_the_page_itself_comes_first() -> None:
    other = state({"article": {"title": HEADLINE, "body": " ".join(["Một bản thảo cũ của bài, không ai đọc."] * 30)}})
    found = find_article(page(f'<h1>{HEADLINE}</h1><div class="article-body">{paragraphs()}</div>{other}'))
    assert isinstance(found, Found)
    assert found.body_text.split("\n") == list(TEXT)


@pytest.mark.parametrize(
    "data",
    [
        {"article": {"title": "Điều khoản sử dụng dịch vụ", "body": paragraphs()}},
        {"article": {"title": HEADLINE, "body": "Ngắn."}},
        {"article": {"title": HEADLINE, "body": "x" * 5_000}},
        {"article": {"title": HEADLINE, "body": 7}},
    ],
)
def test_data_that_is_no_article(data: object) -> None:
    assert isinstance(find_article(page(EMPTY + state(data))), NotFound)


@pytest.mark.parametrize("broken", ['{"title": ', "[" * 100_000, '{"a": NaN}', "{}"])
def test_broken_data(broken: str) -> None:
    html = page(f'{EMPTY}<script type="application/json">{broken}</script>')
    assert isinstance(find_article(html), NotFound)
