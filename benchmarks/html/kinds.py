"""What bodies of several kinds cost, ours against the peer. Run: python benchmarks/html/kinds.py

Kinds are made of the same fragments as the body of ``body.py``, 4,000 to 7,000 characters each, all different. Before
anything is measured, ours and the peer's must have the same words of each. Rounds of both are interleaved.
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

from migrator.html import CleanOptions, clean

sys.path.insert(0, str(Path(__file__).parent))
import body
import peer_bs4

_SENTENCE = "Sáng nay, Chủ tịch UBND tỉnh Lâm Đồng đã thăm và chúc Tết các gia đình chính sách tại thành phố Đà Lạt. "
_HEADED = (
    '<p class="MsoNormal" style="margin:0in;mso-pagination:none"><b style="mso-bidi-font-weight:normal"><span lang="VI"'
    ' style="font-size:14pt;mso-ansi-language:VI">{}<o:p></o:p></span></b><i><span style="mso-fareast-font-family:Arial">'
    "{}</span></i><o:p></o:p></p>\n"
)
_PAIR = (
    '<p align="center"><img src="/dataimages/{0}.jpg" alt="Ảnh {0}"></p>\n'
    '<p align="center"><em>Quang cảnh buổi lễ thứ {0}. Ảnh: {1}</em></p>\n'
)
_OLD = (
    '<table class="image" align="center"><tr><td><img src="/dataimages/{0}.jpg"></td></tr>'
    '<tr><td class="caption"><em>Đại biểu dự lễ thứ {0} (TTXVN)</em></td></tr></table>\n'
)


def _prose(number: int) -> str:
    return f"Số {number}. {_SENTENCE * 2}"


def _plain(number: int) -> str:
    return f"<p>{_prose(number)}</p>\n"


def _linked(number: int) -> str:
    link = f'Xem thêm <a href="/thoi-su/201912/bai-viet-so-{number}.html" target="_blank"><b>bài</b></a>. '
    return f'<p style="text-align:justify">{_prose(number)}{link if number % 3 == 0 else ""}</p>\n'


def _littered(number: int) -> str:
    return _HEADED.format(_SENTENCE[:40], _prose(number)) + body._WORD.format("&nbsp;")


def _pictured(number: int) -> str:
    photographer = body._PHOTOGRAPHERS[number % len(body._PHOTOGRAPHERS)]
    return f"<p>{_prose(number)}</p>\n" + (body._IMAGE if number % 2 else _PAIR).format(number, photographer)


def _laid_out(number: int) -> str:
    beside = f'<font size="2"><b>{_SENTENCE}</b><br>{_prose(number)}</font>'
    return (
        f'<table width="100%" cellpadding="0"><tr><td valign="top"><p>{_prose(number)}</p>\n{_OLD.format(number)}</td>'
        f"<td>{beside}</td></tr></table>\n"
    )


KINDS: dict[str, tuple[Callable[[int], str], int]] = {
    "plain": (_plain, 18),
    "no pictures": (_linked, 14),
    "Word-littered": (_littered, 11),
    "many pictures": (_pictured, 12),
    "layout tables": (_laid_out, 6),
}
"""Kind → one block of it, and how many blocks a body has."""


def bodies(kind: str, count: int) -> list[str]:
    """``count`` different bodies of a kind."""
    block, blocks = KINDS[kind]
    return ["".join([block(at * 100 + place) for place in range(blocks)]) for at in range(1, count + 1)]


def same_words(kind: str, made: list[str], options: CleanOptions) -> None:
    """Complains where the peer's words are not ours."""
    for html in made:
        ours, theirs = clean(html, options).text.split(), peer_bs4.clean(html).text.split()
        if ours != theirs:
            raise SystemExit(f"{kind}: not the same words:\n{ours}\n{theirs}")


def main() -> None:
    """Prints for each kind the median of both, and ours as a part of the peer's."""
    options = CleanOptions(((re.compile(r"-(?P<id>\d+)\.html"), "article"),), frozenset(), lambda e, i: f"/r/{e}/{i}")
    for kind in KINDS:
        made = bodies(kind, 400)
        same_words(kind, made[:50], options)
        at = itertools.cycle(made)
        jobs: list[tuple[int, Callable[[str], object]]] = [
            (40, lambda html: clean(html, options).images),
            (5, peer_bs4.clean),
        ]
        rounds: list[list[float]] = [[], []]
        for _ in range(15):
            for (times, job), figures in zip(jobs, rounds, strict=True):
                gc.collect()
                began = time.process_time()
                for _ in range(times):
                    job(next(at))
                figures.append((time.process_time() - began) / times * 1e6)
        ours, theirs = (statistics.median(figures) for figures in rounds)
        ratio = statistics.median([peer / mine for mine, peer in zip(*rounds, strict=True)])
        print(
            f"{kind:14} {len(made[0])} characters, {made[0].count('<')} tags:"
            f" ours {ours:.0f} µs (least {min(rounds[0]):.0f}), peer {theirs:.0f} (least {min(rounds[1]):.0f}), 1/{ratio:.1f}"
        )


if __name__ == "__main__":
    main()
