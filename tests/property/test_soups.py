"""The tree migrator works on is the one the HTML Standard demands: compared with html5lib and with Chromium.

Neither is right everywhere: html5lib 1.1 is of 2020, Chromium has a few liberties, lexbor a few faults. What differs is made
as small as it can be and must then stand in a table, with the rule of the standard that decides it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from migrator.html import dom, tokens
from migrator.html.dom import Document
from tests.property.soups.browser import Browser
from tests.property.soups.deviations import OF_CHROMIUM, OF_HTML5LIB, OF_LEXBOR, Deviation, named
from tests.property.soups.grammar import made
from tests.property.soups.oddities import BODIES, PAGES, Oddity
from tests.property.soups.reducing import reduced
from tests.property.soups.trees import TREES, of_chromium, of_html5lib, ours

COUNT = 4_000
SEED = 20_240_620
FEWEST_ALIKE = 0.7
"""Share of the soups on which html5lib agrees in everything; the others hold one of the new elements or rules."""

ODDITIES = [*BODIES, *PAGES]
html5lib = pytest.importorskip("html5lib", reason="html5lib is not installed: pip install html5lib")


@cache
def soups() -> list[str]:
    return made(COUNT, SEED)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser(TREES) as opened:
        if "<?php" not in of_chromium(opened, ["<?php a ?>"])[0][0]:
            pytest.skip("this Chromium parses by older rules: processing instructions are of 2026")
        yield opened


def alike(soup: str, *, whole: bool) -> bool:
    try:
        return of_html5lib(soup, whole=whole) == ours(soup, whole=whole)
    except AssertionError:  # one of its own, about a fragment in a state it thought impossible
        return False


def shrunk(soup: str, whole: bool) -> str:
    return reduced(soup, lambda smaller: not alike(smaller, whole=whole))


@cache
def against_html5lib() -> tuple[dict[tuple[str, bool], str], int]:
    """The smallest soups on which html5lib differs, each with a soup it comes from; and how many soups agree."""
    found: dict[tuple[str, bool], str] = {}
    agreeing = 0
    for soup in soups():
        differing = [whole for whole in (False, True) if not alike(soup, whole=whole)]
        agreeing += not differing
        for whole in differing:
            found.setdefault((shrunk(soup, whole), whole), soup)
    return found, agreeing


def test_the_cleaner_parses_as_these_tests_do(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[bytes | str, dict[str, object]]] = []

    def spy(markup: bytes | str, **options: object) -> Document:
        calls.append((markup, options))
        return Document(markup, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(tokens, "LexborHTMLParser", spy)
    monkeypatch.setattr(dom, "Document", spy)
    tokens.tokenise("<p>ữ")
    dom.parse("<p>ữ")
    assert calls == [("<p>ữ".encode(), {"is_fragment": True}), ("<p>ữ".encode(), {})]


@pytest.mark.parametrize("oddity", ODDITIES, ids=lambda each: each.rule)
def test_oddities_of_the_standard(oddity: Oddity) -> None:
    tree = dom.parse(oddity.soup) if oddity.whole else Document(oddity.soup.encode(), is_fragment=True)
    assert tree.html == oddity.tree
    if oddity.is_old:
        smallest = shrunk(oddity.soup, oddity.whole)
        assert named(smallest, OF_HTML5LIB), f"not listed: {smallest!r}"
    else:
        assert alike(oddity.soup, whole=oddity.whole)


def test_soups_have_the_tree_of_html5lib_or_a_listed_one() -> None:
    found, agreeing = against_html5lib()
    assert agreeing >= FEWEST_ALIKE * COUNT
    unknown = {
        smallest: soup for (smallest, _), soup in found.items() if not named(smallest, (*OF_HTML5LIB, *OF_LEXBOR))
    }
    assert unknown == {}


@pytest.mark.parametrize("deviation", OF_HTML5LIB, ids=lambda each: each.name)
def test_a_listed_deviation_from_html5lib_is_one(deviation: Deviation) -> None:
    smallest = shrunk(deviation.example, deviation.whole)
    assert deviation.smallest.fullmatch(smallest), smallest


@pytest.mark.real
def test_chromium_confirms_what_html5lib_does_otherwise(browser: Browser) -> None:
    """Lexbor's tree of each smallest soup is Chromium's, unless it is one of the faults of lexbor."""
    smallest = [key for key in against_html5lib()[0] if not named(key[0], OF_LEXBOR)]
    trees = of_chromium(browser, [soup for soup, _ in smallest])
    differing = [
        soup for (soup, whole), both in zip(smallest, trees, strict=True) if both[whole] != ours(soup, whole=whole)
    ]
    assert [soup for soup in differing if not named(soup, OF_CHROMIUM)] == []


@pytest.mark.real
def test_oddities_have_the_tree_of_chromium(browser: Browser) -> None:
    trees = of_chromium(browser, [oddity.soup for oddity in ODDITIES])
    differing = [
        oddity
        for oddity, both in zip(ODDITIES, trees, strict=True)
        if both[oddity.whole] != ours(oddity.soup, whole=oddity.whole)
    ]
    assert differing == []


@pytest.mark.real
def test_soups_have_the_tree_of_chromium_or_a_listed_one(browser: Browser) -> None:
    differing = [
        (soup, whole)
        for soup, both in zip(soups(), of_chromium(browser, soups()), strict=True)
        for whole in (False, True)
        if both[whole] != ours(soup, whole=whole)
    ]
    unknown = {}
    for soup, whole in differing:
        smallest = reduced(soup, _differs_from_chromium(browser, whole))
        if not named(smallest, (*OF_LEXBOR, *OF_CHROMIUM)):
            unknown[smallest] = soup
    assert unknown == {}
    assert len(differing) < COUNT / 50, "most of the soups would prove nothing"


@pytest.mark.real
@pytest.mark.parametrize("deviation", OF_LEXBOR, ids=lambda each: each.name)
def test_a_listed_fault_of_lexbor_is_one(browser: Browser, deviation: Deviation) -> None:
    smallest = reduced(deviation.example, _differs_from_chromium(browser, deviation.whole))
    assert _differs_from_chromium(browser, deviation.whole)(smallest)
    assert deviation.smallest.fullmatch(smallest), smallest


def _differs_from_chromium(browser: Browser, whole: bool) -> Callable[[str], bool]:
    return lambda soup: of_chromium(browser, [soup])[0][whole] != ours(soup, whole=whole)
