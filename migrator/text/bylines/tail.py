"""Finding the byline at the end of a body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from migrator.text.bylines.model import CONFIDENT, Byline
from migrator.text.bylines.names import Register
from migrator.text.bylines.reading import one_line, read_byline

LONGEST = 120
"""Characters of the longest block that can be a byline."""

MOST_BOILERPLATE = 20
"""Blocks of boilerplate looked past at the end of a body."""

_BOILERPLATE = re.compile(
    r".*(?:…|\.\.\.)[\"”’]?$|(?:>>|->|»)\s?.*|.*\b(?:uses cookies|read more)\b.*|see our policy.*"
    r"|(?:tin|bài)(?: viết)? (?:liên quan|cùng chuyên mục|khác|mới).{0,20}|xem thêm\b.*|(?:từ kh[oó][aá]|tags?)\s*:.*"
    r"|cỡ chữ|mặc định|chia sẻ.{0,20}|in bài(?: viết)?|gửi bình luận|trở lại|quay lại|đọc thêm\b.*",
    re.IGNORECASE | re.DOTALL,
)
_BESIDE = frozenset(("photo", "video", "audio", "graphics"))


@dataclass(frozen=True, slots=True)
class TailByline:
    """A byline found at the end of a body.

    ``indices`` are its blocks, one or two, in order; ``boilerplate`` the blocks behind it that are no part of the
    article, in order. The raw string of a byline of two blocks has a line for each.
    """

    byline: Byline
    indices: tuple[int, ...]
    boilerplate: tuple[int, ...]


def last_block_byline(blocks: Sequence[str], register: Register) -> TailByline | None:
    """The byline among the last two blocks of a body (plain text each), or None where there is none.

    Looks past boilerplate. A block is a byline only if it is short and wholly made of names, and not if it only says
    who made pictures: that is the credit of the picture above it, unless a byline stands there. A byline above another
    short block must be certain. What was found may still be below CONFIDENT: then it is for review.
    """
    kept, boilerplate = _without_boilerplate(blocks)
    if not kept:
        return None
    last = kept[-1]
    byline = _byline(blocks[last], register)
    above = _byline(blocks[kept[-2]], register) if len(kept) > 1 and _is_short(blocks[last]) else None
    if byline and not _is_beside(byline):
        return TailByline(byline, (last,), boilerplate)
    if above is None or _is_beside(above):
        return None
    if byline:
        both = read_byline(f"{above.raw}\n{byline.raw}", register)
        return TailByline(both, (kept[-2], last), boilerplate)
    return TailByline(above, (kept[-2],), boilerplate) if above.confidence >= CONFIDENT else None


def _without_boilerplate(blocks: Sequence[str]) -> tuple[list[int], tuple[int, ...]]:
    """The last two blocks of the article itself, and the blocks of boilerplate behind the last one. Empty ones count not."""
    kept: list[int] = []
    boilerplate: list[int] = []
    for index in range(len(blocks) - 1, -1, -1):
        text = blocks[index].strip()
        if text and not kept and len(boilerplate) < MOST_BOILERPLATE and _BOILERPLATE.fullmatch(text):
            boilerplate.append(index)
        elif text:
            kept.append(index)
        if len(kept) == 2:
            break
    return kept[::-1], tuple(boilerplate[::-1])


def _byline(block: str, register: Register) -> Byline | None:
    """The block as a byline, if all of it can be read."""
    if not _is_short(block) or one_line(block).endswith((":", ",")):
        return None
    byline = read_byline(block, register)
    return byline if byline.contributions and not byline.unread else None


def _is_short(block: str) -> bool:
    return len(one_line(block)) <= LONGEST


def _is_beside(byline: Byline) -> bool:
    """Whether the byline names nobody who wrote."""
    return all(each.role in _BESIDE for each in byline.contributions)
