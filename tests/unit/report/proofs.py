"""What the made-up verification says of text, numbers, files, addresses, the cut-off and the vault. All of it is invented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from migrator.model.accounts import (
    Accounts,
    CutOffAccount,
    MediaAccount,
    RedirectAccount,
    SumAccount,
    SumLine,
    TextAccount,
    VaultAccount,
    Worst,
)

AT = "2026-03-12T17:00:00+00:00"
BODIES = 1860


def accounts(hostile: str) -> Accounts:
    """All six. Legacy text is bent by ``hostile``."""
    return Accounts(
        text=[_text(hostile), TextAccount("version", "nv", bodies=0, asked={"recall": 0.99, "precision": 0.97})],
        sums=[
            SumAccount("royalty", "toasoan", "", ["account", "period"], 157, 0, "165", "160", {"rejected": "5"},
                       "tong_hop", 3),
            SumAccount("royalty", "toasoan", "amount_vnd", ["account", "period"], 157, 2, "48876500", "48000000.5",
                       {"rejected": "850000", "new": "25000"}, "tong_hop"),
            SumAccount("comment", f"nv{hostile}", "", ["status"], 2, 0, "44", "44"),
        ],
        redirects=RedirectAccount(
            719, {"301": 717, "410": 2}, {"article (nv)": 349, "sitemap": 290}, {"leads": 631, "missing": 1, "gone": 7}
        ),
        media=[
            MediaAccount("nv", 86, 127417, {"stored": 84, "missing": 2}, {"kept": 83, "lost": 1, "absent": 2}),
            MediaAccount("toasoan", 9, 0, {"": 9}),
        ],
        cut_offs=[
            CutOffAccount("article", "nv", 2, AT, 2000, 2003, 4, 5, 2, 1, 3, 1),
            CutOffAccount("tag", "nv", 2, AT, 421, 421),
        ],
        vault=[VaultAccount("article", 3, 2, 2)],
    )  # fmt: skip


def _text(hostile: str) -> TextAccount:
    spread = {"1": 1840, "0.999": 12, "0.99": 5, "0.97": 1, "0.9": 1, "0.5": 1, "0": 0}
    return TextAccount(
        "article", "nv", bodies=BODIES, compared=BODIES, seed="ab" * 32, asked={"recall": 0.99, "precision": 0.97},
        recall=dict(spread), precision=spread | {"0.99": 6, "0.97": 0},
        counts={"paragraphs": [21000, 20998], "images": [3900, 3900], "links": [410, 410], "tables": [31, 30]},
        accents=[282500, 282100], letters=[1000000, 1000000], bylines=[700, 699],
        left_out={".related": 812}, moved={"byline": 44}, read={"legacy-fonts": 120, "repair-mojibake": 9},
        worst=[
            Worst("nv:article:91", 0.51, 0.72, f"{hostile}Sáng nay đoàn kiểm tra", "Sáng nay đoàn"),
            Worst("nv:article:92", 0.93, 1.0, "về đích sớm hai tháng so với kế hoạch", "về đích sớm so với kế hoạch"),
        ],
    )  # fmt: skip


def texts() -> Iterator[dict[str, Any]]:
    """The figures of some bodies."""
    for number in range(1, 6):
        yield {
            "key": f"nv:article:{number}",
            "recall": 1.0,
            "precision": 0.998,
            "words_source": 500,
            "words_target": 501,
        }


def sums(hostile: str) -> Iterator[SumLine]:
    """Two groups, one of which differs."""
    group = {"account": "toasoan:account:7", "period": f"{hostile}2018-04"}
    yield SumLine("royalty", "toasoan", "amount_vnd", group, "765000", {"rejected": "50000"}, "700000", False)
    yield SumLine("royalty", "toasoan", "", group, "3", {}, "3", True)
