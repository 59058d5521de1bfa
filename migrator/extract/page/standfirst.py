"""The standfirst (sapo): where it stands, and without what the paper sets before each of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PREFIX = re.compile(
    r"(?:"
    r"\(\s*(?:[\w-]+\.)+(?:vn|com|net|org)\s*\)\s*[-–—:]?"  # (Chinhphu.vn) -
    r"|\(\s*[A-ZĐ][A-ZĐ0-9&.]{1,11}\s*\)\s*[-–—:]?"  # (ĐTCK)
    r"|\(\s*(?:Dân trí|Dân Việt|VTC News|Tổ Quốc|Xây dựng|Công lý|Kiến Thức)\s*\)\s*[-–—:]?"
    r"|BNEWS\b\s*[-–—:]?"
    r"|(?:SKĐS|TTO|TNO|TPO|PLO|NDO|NLĐO|LĐO|HNM|HNMO|HPĐT|ANTĐ|VOV|VTV|VnExpress|Dân trí|GD&TĐ|PNVN|KTĐT|QĐND|SGGP|CAND)"
    r"\s*[-–—]"
    r")\s*(?=[^\s–—:-])"
)
"""What papers set before their standfirsts. Only with letters behind it; a bracket that is the whole text stays."""


def without_prefix(text: str, patterns: Sequence[re.Pattern[str]]) -> str:
    """The standfirst without the paper's mark; the same text where it has none, or is nothing else."""
    for pattern in (*patterns, _PREFIX):
        match = pattern.match(text)
        if match and match.end() and text[match.end() :].strip():
            return text[match.end() :].strip()
    return text
