"""The usual collections of script smuggling, cleaned and then shown in headless Chromium: nothing runs, nothing is asked for.

The same page shows the same vectors uncleaned as well, and there they do run: the harness sees what it looks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from migrator.extract.page import Page, read_page
from migrator.html import CleanOptions, clean
from tests.hostile.vectors import CLASSES, VECTORS
from tests.property.soups.browser import ORIGIN, Browser
from tests.property.soups.reading import faults

pytestmark = [pytest.mark.real, pytest.mark.slow]

HOSTILE = Path(__file__).parents[1] / "hostile"
FEWEST_RUNNING = 300
"""Of the vectors of the table, uncleaned; the others are for other browsers, or ask for addresses."""

FEWEST_READ = 0.9  # share of the pages with a vector that still hold an article
SENTENCE = "Sáng nay, tại Hà Nội, hội nghị về việc giữ gìn phố cổ đã khai mạc, với hơn hai trăm đại biểu, và kéo dài hai ngày. "
PAGE = (
    "<!doctype html><html lang=vi><head><title>Giữ gìn phố cổ</title></head><body><div id=top><a href=/>Trang chủ</a></div>"
    f"<div class=content><h1>Giữ gìn phố cổ</h1><p>{SENTENCE * 3}</p><p>{SENTENCE * 2}</p>{{vector}}<p>{SENTENCE * 3}</p></div>"
    "</body></html>"
)

A_FRAME = 60  # clean bodies shown in one frame
A_RAW_FRAME = 6  # vectors; they get into each other's way
_SHOWN = {"src", "srcset", "poster"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    pages = {
        "/": "<!doctype html><meta charset=utf-8><body><script src=/xss.js></script>",
        "/xss.js": (HOSTILE / "xss.js").read_text(),
        "/hooks.js": (HOSTILE / "hooks.js").read_text(),
    }
    with Browser(pages) as opened:
        yield opened


def numbered(vectors: Sequence[str]) -> list[str]:
    """Each vector tells its number when it runs."""
    return [vector.replace("alert(1)", f"top.ran({number})") for number, vector in enumerate(vectors)]


def shown(browser: Browser, name: str, groups: Sequence[Sequence[str]]) -> dict[str, Any]:
    """What happened while each group was shown: as the markup of a page, and put into it by a script."""
    frames = []
    for number, group in enumerate(groups):
        path = f"/{name}/{number}"
        browser.pages[path] = (
            f"<!doctype html><meta charset=utf-8><script src=/hooks.js></script><body>{''.join(group)}"
        )
        frames.append({"path": path, "inserted": list(group)})
    answer: dict[str, Any] = browser.ask(frames)
    return answer


class _Shown(HTMLParser):
    """The addresses that a browser asks for to show a clean body: of pictures, films and players."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "srcset":
                self.found.update(candidate.strip().split(" ")[0] for candidate in (value or "").split(","))
            elif name in _SHOWN:
                self.found.add(value or "")


def unexpected(requests: Sequence[tuple[str, str]], name: str, bodies: Sequence[str]) -> list[tuple[str, str]]:
    """Requests for anything but the pictures, films and players that the clean bodies hold."""
    parser = _Shown()
    parser.feed("".join(bodies))
    expected = {_plain(urljoin(f"{ORIGIN}/{name}/0", address.strip().replace("\\", "/"))) for address in parser.found}
    players = {f"{urlsplit(address).hostname}:443" for address in expected if address.startswith("https:")}
    return [
        (method, address)
        for method, address in requests
        if (address not in players if method == "CONNECT" else _plain(urljoin(ORIGIN, address)) not in expected)
    ]


def _plain(address: str) -> str:
    """Decoded, and without what urljoin changes in some addresses only."""
    return re.sub(r"(?<!:)/{2,}", "/", unquote(address).partition("#")[0])


def is_harmless(browser: Browser, name: str, bodies: Sequence[str]) -> None:
    assert [body for body in bodies if faults(body)] == []
    before = len(browser.requests)
    answer = shown(browser, name, [bodies[at : at + A_FRAME] for at in range(0, len(bodies), A_FRAME)])
    assert answer["ran"] == {}
    assert not any(frame["navigated"] for frame in answer["shown"])
    assert sum(frame["names"] for frame in answer["shown"]) == 0
    assert unexpected(browser.requests[before:], name, bodies) == []


def cleaned(vectors: Sequence[str]) -> list[str]:
    return [clean(vector, CleanOptions()).html for vector in numbered(vectors)]


def test_uncleaned_vectors_do_run(browser: Browser) -> None:
    vectors = numbered(VECTORS)
    before = len(browser.requests)
    answer = shown(browser, "raw", [vectors[at : at + A_RAW_FRAME] for at in range(0, len(vectors), A_RAW_FRAME)])
    running = {int(what) for what in answer["ran"] if what.isdecimal()}
    requests = browser.requests[before:]
    print(f"{len(running)} of {len(vectors)} vectors run uncleaned, {len(requests)} requests")
    assert len(running) >= FEWEST_RUNNING
    classes = {name: [VECTORS.index(vector) for vector in own] for name, own in CLASSES.items()}
    assert {name for name, numbers in classes.items() if running.isdisjoint(numbers)} <= {"names"}
    assert sum("evil.example" in address for _, address in requests) >= 20
    assert any(frame["navigated"] for frame in answer["shown"])
    assert sum(frame["names"] for frame in answer["shown"]) >= 20


def test_cleaned_vectors_do_nothing(browser: Browser) -> None:
    is_harmless(browser, "clean", cleaned(VECTORS))


def test_vectors_inside_an_article_do_nothing(browser: Browser) -> None:
    inside = [f"<table><tr><td><p>trước <b>{vector} sau</b></td></tr></table>" for vector in VECTORS]
    is_harmless(browser, "inside", cleaned(inside))


def test_vectors_in_a_page_that_is_read_do_nothing(browser: Browser) -> None:
    bodies = []
    for vector in numbered(VECTORS):
        page = read_page(PAGE.format(vector=vector), "http://bao.example/tin-1.html")
        bodies += [page.body_html] if isinstance(page, Page) else []
    assert len(bodies) >= FEWEST_READ * len(VECTORS)
    is_harmless(browser, "page", bodies)


def test_a_foreign_collection_does_nothing(browser: Browser) -> None:
    collection = pytest.importorskip("brs_kb", reason="no collection of vectors: pip install brs-kb")
    vectors = list(dict.fromkeys(str(each["payload"]) for each in collection.get_all_payloads().values()))
    assert len(vectors) > 3_000
    is_harmless(browser, "collection", cleaned(vectors))
