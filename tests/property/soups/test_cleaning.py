"""Cleaning: twice is once, no word is lost or doubled, nothing outside the allow-list, by whatever route it came."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings

from migrator.html import BodyTooLarge, CleanBody, CleanOptions, clean
from migrator.html.dom import Document
from tests.property.soups.articles import articles, soups
from tests.property.soups.grammar import made
from tests.property.soups.reading import WORD, faults, read

pytest.importorskip("html5lib", reason="html5lib is not installed: pip install html5lib")

PLAIN = CleanOptions()
TAKING = CleanOptions(take_related=True)
TAG_SOUPS = 6_000
_COUNTED = re.compile(r"\bwords ([0-9]+)")
_FIRST_LINE_END = re.compile(r"(<pre[^>]*>)\n+")
MOVES = {"figure-made"}
"""Notes of changes that bring captions to their pictures; nothing else may change the order of words."""


def words(text: str) -> list[str]:
    return WORD.findall(text)


def noted(body: CleanBody, *codes: str) -> str:
    return " ".join(detail for code, detail in body.notes if code in codes)


def _evenly(markup: str) -> str:
    """Without what two ways of writing the same tree down may differ in."""
    return _FIRST_LINE_END.sub(r"\1", markup.replace("&nbsp;", "\xa0").replace("&#824;", "\u0338"))


def is_sound(markup: str, options: CleanOptions = PLAIN) -> None:
    """A clean body: allowed, closed, the tree that was meant, and the same when it is cleaned again."""
    once = clean(markup, options)
    assert faults(once.html) == [], once.html
    assert _evenly(Document(once.html.encode(), is_fragment=True).html or "") == _evenly(once.html)
    twice = clean(once.html, options)
    assert (twice.html, twice.text, twice.images) == (once.html, once.text, once.images)


@settings(max_examples=800, deadline=None, derandomize=True)
@given(soups)
def test_a_soup_comes_out_sound(soup: str) -> None:
    is_sound(soup)
    is_sound(soup, TAKING)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(articles)
def test_an_article_comes_out_sound(article: str) -> None:
    is_sound(article)
    is_sound(article, TAKING)


def test_tag_soups_come_out_sound() -> None:
    for soup in made(TAG_SOUPS, seed=7):
        try:
            is_sound(soup)
        except AssertionError as error:
            raise AssertionError(f"{soup!r}: {error}") from error


@settings(max_examples=800, deadline=None, derandomize=True)
@given(articles)
def test_no_word_of_an_article_is_lost_or_doubled(article: str) -> None:
    body = clean(article, PLAIN)
    seen = read(article)
    found = words(body.text)
    assert Counter(found) == Counter(seen.shown)
    assert Counter(words(re.sub("<[^>]*>", " ", body.html))) == Counter(seen.shown)
    assert sum(map(int, _COUNTED.findall(noted(body, "element-dropped")))) >= len(seen.left_out)
    if MOVES.isdisjoint(code for code, _ in body.notes):
        assert found == seen.shown


@settings(max_examples=400, deadline=None, derandomize=True)
@given(articles)
def test_words_of_related_news_are_in_the_body_or_in_the_notes(article: str) -> None:
    body = clean(article, TAKING)
    assert Counter(words(body.text) + words(noted(body, "related-taken"))) == Counter(read(article).shown)


@settings(max_examples=800, deadline=None, derandomize=True)
@given(soups)
def test_no_word_of_a_soup_is_lost_or_doubled(soup: str) -> None:
    body = clean(soup, PLAIN)
    seen = read(soup)
    assert Counter(words(body.text)) == Counter(seen.shown)
    assert sum(map(int, _COUNTED.findall(noted(body, "element-dropped")))) >= len(seen.left_out)


@pytest.mark.parametrize(
    "markup", ["<p onclick=a>", "<b>", "<x>a</x>", "<p><b></p></b>", "<a href='javascript:a'>b</a>", "<br></br>"]
)
def test_the_checker_sees_what_it_looks_for(markup: str) -> None:
    assert faults(markup)


def test_the_reader_sees_what_it_looks_for() -> None:
    seen = read(
        "<p>w1<script>x2</script><b>w3</b> <form>w4 <button>w5</button></form><table>w6<td>w7</table><!-- x8 -->"
        "<iframe>x9</iframe>"
    )
    assert (seen.shown, seen.left_out) == (["w1", "w3", "w4", "w6", "w7"], ["w5"])


def test_only_size_is_refused() -> None:
    with pytest.raises(BodyTooLarge):
        clean("<b>" * 200_000, PLAIN)
