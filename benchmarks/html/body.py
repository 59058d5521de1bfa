"""How much CPU one Word-littered body of about 6 KB costs. Run: python benchmarks/html/body.py

The bodies are made here, so the figures can be had again anywhere; all are different. Rounds of all candidates are
interleaved and the median is printed: trust the ratios, not the microseconds. The peer does the same work with
BeautifulSoup on lxml (see ``peer_bs4.py``); before anything is measured, both must give the same markup, text, number
of words, pictures, addresses of related news and counts of changes for each of a hundred bodies.
"""

from __future__ import annotations

import gc
import itertools
import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from migrator.html import CleanOptions, clean

sys.path.insert(0, str(Path(__file__).parent))
import peer_bs4

_SENTENCE = "Sáng nay, Chủ tịch UBND tỉnh Lâm Đồng đã thăm và chúc Tết các gia đình chính sách tại thành phố Đà Lạt. "
_WORD = (
    '<p class="MsoNormal" style="margin:0in;mso-margin-top-alt:auto">'
    '<span style="font-size:14pt;mso-ansi-language:VI">{}<o:p></o:p></span></p>\n'
)
_PHOTOGRAPHERS = [
    f"{first} {last}" for first in ("Thanh", "Đàm", "Hoàng", "Lê", "Nguyễn") for last in ("Sơn", "Hải", "Hà")
]
_IMAGE = (
    '<figure class="image"><img src="grey.gif" data-src="/dataimages/{0}.jpg" alt="Ảnh {0}" onclick="x()"/>'
    "<figcaption>Quang cảnh buổi lễ thứ {0}. Ảnh: {1}</figcaption></figure>\n"
)
_OLD_IMAGE = (
    '<table class="image" align="center"><tbody><tr><td><img src="/dataimages/{0}.jpg"></td></tr>'
    '<tr><td class="caption"><em>Đại biểu dự lễ thứ {0} ({1})</em></td></tr></tbody></table>\n'
)
_LINK = 'Xem thêm <a href="/thoi-su/201912/bai-viet-so-{0}-{0}.html" target="_blank"><b>bài {0}</b></a>. '
_FILM = '<iframe width="560" height="315" src="http://www.youtube.com/embed/a{0}?rel=0" frameborder="0"></iframe>\n'


def body(first: int) -> str:
    """About 6,000 characters of an article as pasted from a word processor; what is counted begins at ``first``."""
    parts = ["<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]-->"]
    for number in range(first + 1, first + 11):
        parts.append(_WORD.format(_SENTENCE * 2 + _LINK.format(number)))
        if number % 5 == 0:
            parts.append(_OLD_IMAGE.format(number, "TTXVN") if number % 2 else _FILM.format(number))
        elif number % 2:
            parts.append(_IMAGE.format(number, _PHOTOGRAPHERS[number % len(_PHOTOGRAPHERS)]))
        else:
            parts.append(_WORD.format("&nbsp;"))
    return "".join(parts)


def bare(html: str) -> None:
    """Parse and write, nothing else: the floor."""
    assert LexborHTMLParser(html, is_fragment=True).html


def same_work(bodies: list[str], options: CleanOptions) -> None:
    """Complains where the peer's result is not ours."""
    for html in bodies:
        ours, theirs = clean(html, options), peer_bs4.clean(html)
        images = [(image.src, image.alt, image.caption, image.credit) for image in ours.images]
        notes = dict(ours.notes)
        counts = {
            "link-rewritten": f"a {theirs.notes['rewritten']}",
            # lxml puts the comment before the body, where nobody looks.
            "word-debris": f"comment 1, mso {theirs.notes['mso']}, o:p {theirs.notes['word']}",
            # Of a table the whole change is one.
            "figure-made": f"credit {theirs.notes['credit'] - theirs.notes['figure']}, table {theirs.notes['figure']}",
        }
        found = (ours.html, ours.text, ours.words, images, list(ours.related), notes)
        expected = (theirs.html, theirs.text, theirs.words, theirs.images, theirs.related, counts)
        if found != expected:
            raise SystemExit(f"not the same work:\n{found}\n{expected}")


def main() -> None:
    """Prints the median of each candidate, and ours as a part of the peer's."""
    bodies = [body(number * 1000) for number in range(1, 2001)]
    at = itertools.cycle(bodies)
    options = CleanOptions(((re.compile(r"-(?P<id>\d+)\.html"), "article"),), frozenset(), lambda e, i: f"/r/{e}/{i}")
    same_work(bodies[:100], options)

    def ours(html: str) -> None:
        assert clean(html, options).images

    candidates: dict[str, tuple[int, Callable[[], object]]] = {
        "parse and write (floor)": (40, lambda: bare(next(at))),
        "clean": (40, lambda: ours(next(at))),
        "BeautifulSoup + lxml": (5, lambda: peer_bs4.clean(next(at))),
    }
    rounds: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(25):
        for name, (times, job) in candidates.items():
            gc.collect()  # each pays for its own garbage; BeautifulSoup's trees are circles
            began = time.process_time()
            for _ in range(times):
                job()
            rounds[name].append((time.process_time() - began) / times * 1e6)
    html = bodies[0]
    print(f"body: {len(html)} characters, {len(html.encode())} bytes, {html.count('<')} tags")
    for name, figures in rounds.items():
        print(f"{name:26} {statistics.median(figures):8.0f} µs CPU (least {min(figures):.0f})")
    ratios = [theirs / mine for mine, theirs in zip(rounds["clean"], rounds["BeautifulSoup + lxml"], strict=True)]
    print(f"ours is 1/{statistics.median(ratios):.1f} of the peer (median of rounds)")


if __name__ == "__main__":
    main()
