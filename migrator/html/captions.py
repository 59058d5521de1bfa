"""Whether words behind a picture are its caption.

What a class calls a caption is one, unless it is too long. Otherwise something must speak for it: the words are all in
italics, or they stand in the middle, or they end in a credit. A byline is none. Only what stays in the body can speak
against it: a body that is cleaned again must come out the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from migrator.html.attributes import name_of
from migrator.html.credits import credit_in
from migrator.html.marks import CAPTION, CENTRED, PICTURE
from migrator.html.parts import Part
from migrator.html.plain import unescaped
from migrator.html.related import is_labelled
from migrator.html.tree import flat
from migrator.text.bylines import read_byline

MOST_WORDS = 40
MOST_WORDS_MARKED = 150
_MOST_RUNS = 3
_ITALIC = frozenset(("em", "i"))
_BOLD = frozenset(("strong", "b"))
_BESIDE = frozenset(("photo", "video", "audio", "graphics"))
_LETTER = re.compile(r"[^\W\d_]")
_EMPTY_FORM = re.compile(r"\[\s*nhập chú thích[^\]]*\]", re.IGNORECASE)


def is_caption(runs: Sequence[Part], marks: int = 0, *, is_last: bool = False) -> bool:
    """Whether runs of text behind a picture are its caption.

    ``marks`` are those of the block around both; ``is_last``: no text follows in the same block, so that these words
    may be the byline of the article.
    """
    if not 0 < len(runs) <= _MOST_RUNS:
        return False
    around = marks | runs[0].marks
    is_marked = bool(around & CAPTION or marks & PICTURE)
    if not 0 < sum([run.words for run in runs]) <= (MOST_WORDS_MARKED if is_marked else MOST_WORDS):
        return False
    text = unescaped(" ".join([run.text for run in runs]))
    if _leads_on(runs, text):
        return False
    if is_marked:
        return True
    if not _LETTER.search(text):
        return False
    if is_last and _is_byline(text):
        return False
    if credit_in(text).credit:
        return True
    if is_last and not around & CENTRED:
        return False
    return _is_all(runs, _ITALIC) or (bool(around & CENTRED) and not _is_all(runs, _BOLD))


def is_empty_form(run: Part) -> bool:
    """Whether the words are what an editor shows where a caption is still to be written."""
    return "[" in run.text and _EMPTY_FORM.fullmatch(run.text.strip()) is not None


def _is_byline(text: str) -> bool:
    """Whether the words name somebody who wrote, and nothing else."""
    byline = read_byline(text)
    return not byline.unread and any(each.role not in _BESIDE for each in byline.contributions)


def _is_all(runs: Sequence[Part], tags: frozenset[str]) -> bool:
    """Whether all the words stand inside one of ``tags``."""
    for run in runs:
        inside = 0
        for piece in flat(run.content):
            if piece[:1] != "<":
                if not inside and _LETTER.search(piece):
                    return False
            elif name_of(piece).lstrip("/") in tags:
                inside += -1 if piece[1] == "/" else 1
    return True


def _leads_on(runs: Sequence[Part], text: str) -> bool:
    """Whether the words are a link and its label: they show nothing of the picture."""
    has_link = any(piece.startswith("<a ") for run in runs for piece in flat(run.content))
    return has_link and (is_labelled(text) or _is_all(runs, frozenset(("a",))))
