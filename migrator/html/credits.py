"""The maker of a picture, set apart from what the picture shows.

In a body: ``<figcaption>Quang cảnh. <small>Ảnh: Thanh Sơn</small></figcaption>``. The HTML Standard gives ``small`` for
attribution, and forbids ``cite`` for the names of persons. No word and no sign goes, but for a "|" at the very end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from migrator.html.attributes import name_of
from migrator.html.plain import escaped, unescaped
from migrator.html.vocabulary import INLINE, VOID
from migrator.text.bylines import Credit, read_credit

_SEPARATORS = re.compile(r"[\s\-–—|/;,.]*")
_BAR = re.compile(r"[\s|]*\|[\s|]*$")

_LONGEST_CAPTION = 2_000
"""Characters. No caption is longer, and looking for a credit costs the square of the length."""


@lru_cache(maxsize=1024)
def credit_in(caption: str) -> Credit:
    """A caption taken apart; remembered, because the same few photographers come again. One too long has no credit."""
    return read_credit(caption) if len(caption) <= _LONGEST_CAPTION else Credit(caption, "", "")


def credited(pieces: Sequence[str]) -> list[str] | None:
    """A caption's texts and tags with its credit in a ``small`` of its own, or null where there is nothing to change."""
    is_plain = len(pieces) == 1 and pieces[0][:1] != "<"  # most captions
    told = pieces if is_plain else [_told(piece) for piece in pieces]
    text = unescaped("".join(told))
    if "|" in text and text.rstrip().endswith("|") and len(text) <= _LONGEST_CAPTION:
        bare = _without_bar(pieces)
        return credited(bare) or bare
    found: Credit = credit_in(text)
    begin = len(text) - len(text.lstrip())
    end = begin + len(found.caption)
    if not found.credit or text[begin:end] != found.caption:
        return None
    separators = _SEPARATORS.match(text, end)
    start = len(escaped(text[: separators.end() if separators else end]))
    if start and is_plain:
        return [pieces[0][:start], "<small>", pieces[0][start:], "</small>"]
    return _set_apart(pieces, told, start)


def _told(piece: str) -> str:
    """What a piece adds to the text: the end of a line is white space."""
    if piece[:1] != "<":
        return piece
    return "\n" if piece == "<br>" or (piece[:2] == "</" and piece[2:-1] not in INLINE) else ""


def _without_bar(pieces: Sequence[str]) -> list[str]:
    """The pieces without the "|" behind the last text that has something to see."""
    changed = list(pieces)
    for place in reversed(range(len(changed))):
        if changed[place][:1] != "<" and changed[place].strip():
            changed[place] = _BAR.sub("", changed[place])
            if changed[place].strip():
                break
    return changed


def _set_apart(pieces: Sequence[str], told: Sequence[str], start: int) -> list[str] | None:
    """The pieces with everything from a place in the text on in a ``small``, as far as one block holds it."""
    place, offset = _find(told, start)
    around = _open_before(pieces, place)
    if not offset:
        # Formatting that begins right here goes in as a whole.
        while place and pieces[place - 1][:1] == "<" and name_of(pieces[place - 1]) in INLINE:
            place -= 1
            around.pop()
    inline = [tag for tag in around if name_of(tag) in INLINE]
    last = next((at for at in range(place, len(pieces)) if _is_block_tag(pieces[at])), len(pieces))
    rest = pieces[last:]
    if any(piece[:2] != "</" and not piece.isspace() for piece in rest) or "<small>" in (*inline, *pieces[place:last]):
        return None
    ends = [f"</{name_of(tag)}>" for tag in reversed(inline)]
    if not offset:
        return [*pieces[:place], *ends, "<small>", *inline, *pieces[place:last], "</small>", *rest]
    head, tail = pieces[place][:offset], pieces[place][offset:]
    return [*pieces[:place], head, *ends, "<small>", *inline, tail, *pieces[place + 1 : last], "</small>", *rest]


def _is_block_tag(piece: str) -> bool:
    return piece[:1] == "<" and piece != "<br>" and name_of(piece).lstrip("/") not in INLINE


def _find(told: Sequence[str], start: int) -> tuple[int, int]:
    """The piece and the offset in it of a place in the text; the beginning of a piece rather than the end of one."""
    passed = 0
    for place, text in enumerate(told):
        if passed + len(text) > start:
            return place, start - passed
        passed += len(text)
    return len(told), 0


def _open_before(pieces: Sequence[str], place: int) -> list[str]:
    """Start tags that are open at a place, outermost first."""
    found: list[str] = []
    for piece in pieces[:place]:
        if piece[:2] == "</":
            found.pop()
        elif piece[:1] == "<" and name_of(piece) not in VOID:
            found.append(piece)
    return found
