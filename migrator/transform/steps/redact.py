"""Take personal data out of free text: telephone numbers, e-mail and IP addresses, numbers of identity papers.

A mark stands instead, such as ``[số điện thoại]``. Note ``personal-data-redacted`` with how many of each kind, never what
they were. For plain text: put `strip_tags` before it where the source is HTML. Null stays null.
"""

from __future__ import annotations

from typing import Any

from migrator.ports import Step, StepContext
from migrator.transform.redaction import MARKS, redacted
from migrator.transform.values import as_text
from migrator.transform.verb import Argument

ARGUMENTS = (Argument("kinds", "texts", "phone, email, ip, id_number; all if none is named", default=tuple(MARKS)),)
NOTES = True
GIVES = "text"
EXAMPLES = (
    (None, "Gọi chị Lan 0912.345.678 hoặc lan@example.vn", "Gọi chị Lan [số điện thoại] hoặc [thư điện tử]"),
    (None, "CCCD 031201012345, gửi từ 203.0.113.7", "CCCD [số giấy tờ], gửi từ [địa chỉ IP]"),
    ("email", "0912.345.678, lan@example.vn", "0912.345.678, [thư điện tử]"),
    (None, "Tăng 1.234.567 đồng từ 01.01.2020", "Tăng 1.234.567 đồng từ 01.01.2020"),
    (None, None, None),
)


def make(kinds: tuple[str, ...]) -> Step:
    """The step. ValueError for a kind that does not exist."""
    wanted = frozenset(kinds)
    if wanted - MARKS.keys():
        raise ValueError(f"there is no kind {min(wanted - MARKS.keys())!r}: {', '.join(sorted(MARKS))}")

    def step(value: Any, context: StepContext) -> str:
        text, found = redacted(as_text(value), wanted)
        if found:
            context.note(
                "personal-data-redacted", ", ".join(f"{count} {kind}" for kind, count in sorted(found.items()))
            )
        return text

    return step
