"""Take a byline apart: who wrote, who took pictures, who is only a source.

Parts: ``raw`` (as it stands there), ``names`` (each once), ``contributions`` (``role: name``; the roles of docs/text.md),
``writers``, ``photographers``, ``is_certain`` (nothing left over, and every person is in the register). What cannot be
read as a name is noted as ``byline-unread``. With ``last_block`` the value is an article's plain text, a line a block, and
the byline is looked for at its end; null where there is none. Empty text and null give null.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from migrator.ports import Step, StepContext
from migrator.text.bylines import CONFIDENT, Byline, Role, last_block_byline, read_byline
from migrator.text.match_keys import match_key
from migrator.transform.crosswalk import Crosswalk
from migrator.transform.values import as_text
from migrator.transform.verb import Argument

ARGUMENTS = (
    Argument("last_block", "boolean", "the value is the text of a body", default=False),
    Argument("register", "crosswalk", "a crosswalk whose legacy values are the known pen names"),
)
NOTES = True
GIVES = "parts"
PARTS = {
    "raw": "text",
    "names": "list",
    "contributions": "list",
    "writers": "list",
    "photographers": "list",
    "is_certain": "boolean",
}
EXAMPLES = (
    (
        None,
        "Minh Hảo. Ảnh: Đàm Thanh",
        {
            "raw": "Minh Hảo. Ảnh: Đàm Thanh",
            "names": ["Minh Hảo", "Đàm Thanh"],
            "contributions": ["text: Minh Hảo", "photo: Đàm Thanh"],
            "writers": ["Minh Hảo"],
            "photographers": ["Đàm Thanh"],
            "is_certain": False,
        },
    ),
    (None, "Bài và ảnh: Nguyễn Văn A", {"contributions": ["text: Nguyễn Văn A", "photo: Nguyễn Văn A"]}),
    (True, "Mưa lớn kéo dài.\nNước rút chậm.\nMinh Hảo", {"raw": "Minh Hảo", "writers": ["Minh Hảo"]}),
    (True, "Mưa lớn kéo dài.\nNước rút chậm.", None),
    (None, "", None),
    (None, None, None),
)


@dataclass(frozen=True, slots=True)
class BylineParts:
    """A byline as the parts a mapping can ask for."""

    raw: str
    names: list[str]
    contributions: list[str]
    writers: list[str]
    photographers: list[str]
    is_certain: bool


def make(last_block: bool, register: Crosswalk | None) -> Step:
    """The step."""
    known = frozenset(map(match_key, register.values)) if register else None

    def step(value: Any, context: StepContext) -> BylineParts | None:
        text = as_text(value)
        if last_block:
            found = last_block_byline(text.split("\n"), known)
            byline = found.byline if found else None
        else:
            byline = read_byline(text, known) if text.strip() else None
        if byline is None:
            return None
        if byline.unread:
            context.note("byline-unread", "; ".join(byline.unread)[:200])
        return _parts(byline)

    return step


def _parts(byline: Byline) -> BylineParts:
    made = byline.contributions
    return BylineParts(
        raw=byline.raw,
        names=_once([each.name for each in made]),
        contributions=_once([f"{each.role}: {each.name}" for each in made]),
        writers=_named(byline, "text"),
        photographers=_named(byline, "photo"),
        is_certain=byline.confidence >= CONFIDENT,
    )


def _named(byline: Byline, role: Role) -> list[str]:
    return _once([each.name for each in byline.contributions if each.role == role])


def _once(texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(texts))
