"""The headline: as the page shows it."""

import pytest

from tests.unit.extract.page_automatic.pages import HEADLINE, article, found, json_ld, page, paragraphs

BODY = f"<div class='detail'>{paragraphs()}</div>"


@pytest.mark.parametrize(
    "shown",
    [
        f"<h1>{HEADLINE}</h1>",
        f"<h1><span>{HEADLINE}</span></h1>",
        f"<h1>{HEADLINE.replace('thứ một', 'thứ<br>một')}</h1>",
        f"<h1>{HEADLINE[:20]}&shy;{HEADLINE[20:]}</h1>".replace("&shy;", ""),
        f"<h1>Báo Thử Nghiệm</h1><h2>{HEADLINE}</h2>",
        f"<p class='title'>{HEADLINE}</p>",
        f"<td><b>{HEADLINE}</b></td>",
        f"<h1>\n  {HEADLINE.replace(' ', '   ')}\n</h1>",
    ],
)
def test_as_shown(shown: str) -> None:
    assert found(page(f"<div>{shown}{BODY}</div>")).headline == HEADLINE


def test_stated_only() -> None:
    assert found(page(f"<div>{BODY}</div>")).headline == HEADLINE  # from the title, without the name of the site


def test_stated_in_json_ld() -> None:
    head = json_ld(headline="Cảng &amp; tàu: chuyến thứ một nghìn")
    assert found(page(f"<div>{BODY}</div>", title="Tin", head=head)).headline == "Cảng & tàu: chuyến thứ một nghìn"


def test_neither_shown_nor_stated() -> None:
    assert found(f"<body><div>{paragraphs()}</div></body>").headline is None


def test_the_page_may_show_more_than_it_states() -> None:
    html = article(paragraphs(), head="<meta property='og:title' content='Cảng nước sâu đón chuyến tàu thứ một nghìn'>")
    assert found(html).headline == HEADLINE


def test_broken_json_ld_states_nothing() -> None:
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": </script>'
    assert found(article(paragraphs(), head=head)).headline == HEADLINE


def test_evidence_is_for_people() -> None:
    said = found(article(paragraphs(), head=json_ld(headline=HEADLINE))).evidence
    assert said == (
        "5 paragraphs in div (div.article-body); headline in h1, 2 blocks above; the page calls itself an article"
    )
