"""How much CPU one Word-littered body of about 6 KB costs. Run: python benchmarks/html/body.py

The body is made here, so the figures can be had again anywhere. Rounds of all candidates are interleaved and the median
is printed: trust the ratios, not the microseconds. The peer does the same job with BeautifulSoup (on lxml where it is
installed, else on html.parser).
"""

from __future__ import annotations

import itertools
import re
import statistics
import time
from collections.abc import Callable

from bs4 import BeautifulSoup

from migrator.html import CleanOptions, clean

_SENTENCE = "Sáng nay, Chủ tịch UBND tỉnh Lâm Đồng đã thăm và chúc Tết các gia đình chính sách tại thành phố Đà Lạt. "
_WORD = (
    '<p class="MsoNormal" style="margin:0in;mso-margin-top-alt:auto">'
    '<span style="font-size:14pt;mso-ansi-language:VI">{}<o:p></o:p></span></p>\n'
)
_IMAGE = (
    '<figure class="image"><img src="grey.gif" data-src="/dataimages/{0}.jpg" alt="Ảnh {0}" onclick="x()"/>'
    "<figcaption>Ảnh: Phóng viên {0}</figcaption></figure>\n"
)
_LINK = 'Xem thêm <a href="/thoi-su/201912/bai-viet-so-{0}-{0}.html" target="_blank"><b>bài {0}</b></a>. '


def body(first: int) -> str:
    """About 6,000 characters of an article as pasted from a word processor; addresses and captions count from ``first``."""
    parts = ["<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]-->"]
    for number in range(1, 11):
        parts.append(_WORD.format(_SENTENCE * 2 + _LINK.format(first + number)))
        parts.append(_WORD.format("&nbsp;") if number % 2 else _IMAGE.format(first + number))
    return "".join(parts)


def bare(html: str) -> None:
    """Parse and write, nothing else: the floor."""
    from selectolax.lexbor import LexborHTMLParser

    assert LexborHTMLParser(html, is_fragment=True).html


def soup(html: str, parser: str) -> None:
    """The job as most people write it; not safe, only comparable."""
    tree = BeautifulSoup(html, parser)
    for node in tree(["script", "style", "form", "svg", "object"]):
        node.decompose()
    for node in tree.find_all(True):
        if node.name in ("font", "o:p", "span"):
            node.unwrap()
            continue
        for name in list(node.attrs):
            if name not in ("href", "src", "alt", "title"):
                del node.attrs[name]
            elif name in ("href", "src"):
                node.attrs[name] = re.sub(r"^.*-(\d+)\.html$", r"urn:article:\1", str(node.attrs[name]))
    for node in tree.find_all("p"):
        if not node.get_text(strip=True) and not node.find("img"):
            node.decompose()
    assert str(tree)
    assert tree.get_text("\n", strip=True)


def main() -> None:
    """Prints the median of each candidate."""
    # All different, and more than are remembered: links and pictures of real articles are new each time, too.
    bodies = [body(number * 1000) for number in range(1, 2001)]
    html = bodies[0]
    at = itertools.cycle(bodies)
    options = CleanOptions(((re.compile(r"-(?P<id>\d+)\.html"), "article"),), frozenset(), lambda e, i: f"urn:{e}:{i}")
    try:
        import lxml  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: F401

        parser = "lxml"
    except ImportError:
        parser = "html.parser"
    candidates: dict[str, tuple[int, Callable[[], object]]] = {
        "parse and write": (50, lambda: bare(next(at))),
        "clean": (50, lambda: clean(next(at), options)),
        f"BeautifulSoup + {parser}": (5, lambda: soup(next(at), parser)),
    }
    rounds: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(15):
        for name, (times, job) in candidates.items():
            began = time.process_time()
            for _ in range(times):
                job()
            rounds[name].append((time.process_time() - began) / times * 1e6)
    print(f"body: {len(html)} characters, {len(html.encode())} bytes, {html.count('<')} tags")
    for name, figures in rounds.items():
        print(f"{name:30} {statistics.median(figures):8.0f} µs CPU (least {min(figures):.0f})")


if __name__ == "__main__":
    main()
