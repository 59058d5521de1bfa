"""The same pages with no profile at all: what is read is right, and what is not known is null with a reason."""

from typing import Any

import pytest

from migrator.extract.page import Page, PageOptions, read_page
from migrator.extract.page.record import as_record
from pages import FixturePage, all_pages

PAGES = list(all_pages())
BY_NAME = pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])


def record(page: FixturePage) -> dict[str, Any]:
    found = read_page(page.data, page.url, PageOptions())
    assert isinstance(found, Page), found
    assert (found.read_by, found.family) == ("automatic", None)
    return as_record(found)


@BY_NAME
def test_headline_language_and_address(page: FixturePage) -> None:
    found = record(page)
    for name in ("headline", "language", "canonical_url"):
        assert found[name] == page.expected[name], name


@BY_NAME
def test_a_date_is_right_or_null(page: FixturePage) -> None:
    found = record(page)
    assert found["published_at"] in (page.expected["published_at"], None)
    assert (found["published_at"] is None) == bool(found["published_reason"])


@BY_NAME
def test_the_names_are_right_or_missing(page: FixturePage) -> None:
    found = record(page)
    assert found["authors"] in (page.expected["authors"], [])
    assert found["photographers"] in (page.expected["photographers"], [])


@BY_NAME
def test_paragraphs_and_nothing_else(page: FixturePage) -> None:
    found = record(page)
    expected = page.expected["body_text"].split("\n")
    paragraphs = [line for line in expected if line.endswith((".", "”"))]
    assert found["body_text"].split("\n") == paragraphs


def test_most_fields_are_exact() -> None:
    found = {page.name: record(page) for page in PAGES}
    exact = {
        name: sum(found[page.name][name] == page.expected[name] for page in PAGES)
        for name in ("standfirst", "byline", "published_at", "sections", "tags")
    }
    assert {name for name, count in exact.items() if count < 0.8 * len(PAGES)} == set(), exact


ENGLISH = [
    "The council voted on Tuesday to reopen the old market hall after three years of repairs, the mayor said.",
    "The first stalls will open in May, and the rest of the hall is to follow by the end of the summer.",
    "Traders who had moved to the car park are glad, for the winter was long and the tents were cold.",
]


def english(before: str = "", first: str = ENGLISH[0]) -> Page:
    text = "".join(f"<p>{each}</p>" for each in (first, *ENGLISH[1:]))
    head = f'<title>Market hall reopens</title><meta name="description" content="{ENGLISH[0]}">'
    found = read_page(f"<html lang=en><head>{head}</head><body><h1>Market hall reopens</h1>{before}<div>{text}</div>")
    assert isinstance(found, Page), found
    return found


def test_a_first_paragraph_that_is_shared_is_no_standfirst() -> None:
    found = english(f'<div class="share"><p class="share-summary-desc">{ENGLISH[0]}</p></div>')
    assert found.body_text.split("\n") == ENGLISH
    assert found.standfirst is None


def test_a_bold_beginning_is_a_standfirst_only_in_vietnamese() -> None:
    assert english(first=f"<b>{ENGLISH[0]}</b>").body_text.split("\n") == ENGLISH


def test_markup_that_is_its_own_property() -> None:
    article = '<div itemscope itemprop="mainEntity" itemtype="http://schema.org/NewsArticle"><h1 itemprop="headline">Market hall'
    found = read_page(f"<body>{article} reopens</h1>{''.join(f'<p>{each}</p>' for each in ENGLISH)}</div>")
    assert isinstance(found, Page)
    assert found.headline == "Market hall reopens"


@pytest.mark.parametrize("where", ["before", "behind", "above the headline"])
def test_a_standfirst_stands_between_headline_and_body(where: str) -> None:
    marked = (
        '<div class="summary">A hall from 1904, a fire and a long quarrel: what happens now with the old market.</div>'
    )
    text = "".join(f"<p>{each}</p>" for each in ENGLISH)
    places = {
        "before": f"<h1>Market hall reopens</h1>{marked}<div>{text}</div>",
        "behind": f"<h1>Market hall reopens</h1><div>{text}</div>{marked}",
        "above the headline": f"{marked}<h1>Market hall reopens</h1><div>{text}</div>",
    }
    found = read_page(f"<html lang=en><title>Market hall reopens</title><body>{places[where]}")
    assert isinstance(found, Page)
    assert (found.standfirst is not None) == (where == "before")
    assert found.body_text.split("\n") == ENGLISH


@pytest.mark.parametrize("behind", ["<h4>Ad Feedback</h4>", "<div>Related Stories</div>", "<p>ALSO ON THE TIMES</p>"])
def test_a_heading_behind_the_body_is_no_byline(behind: str) -> None:
    text = "".join(f"<p>{each}</p>" for each in ENGLISH)
    found = read_page(
        f"<title>Market hall reopens</title><h1>Market hall reopens</h1><div>{text}</div><div>{behind}</div>"
    )
    assert isinstance(found, Page)
    assert found.byline is None
