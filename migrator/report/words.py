"""Two texts side by side with the differing words marked. Bounded: it shows the first place where they part."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

CONTEXT_WORDS = 30
WORDS_COMPARED = 240
CHARACTERS_READ = 200_000
EQUAL_SHOWN = 180
ALONE_SHOWN = 420

_TOKEN = re.compile(r"<[^<>]{0,200}>|\s{1,40}|[^\s<]{1,40}|<")
_NAMES = {"\u00a0": "NBSP", "\u200b": "ZWSP", "\ufeff": "BOM", "\u00ad": "SHY", "\n": "↵", "\r": "CR", "\t": "⇥"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: ``same`` on both sides, ``changed``, ``cut``, or ``unseen`` (the name of such a character)."""

    text: str
    kind: Literal["same", "changed", "unseen", "cut"]


def alone(text: str, limit: int = ALONE_SHOWN) -> tuple[Piece, ...]:
    """A text with nothing to compare it with, shortened."""
    if len(text) <= limit:
        return (Piece(text, "same"),)
    return (Piece(text[:limit], "same"), Piece("…", "cut"))


def compared(left: str, right: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces, with some words around the part where they differ."""
    if left == right:
        return alone(left, EQUAL_SHOWN), alone(right, EQUAL_SHOWN)
    a, b = _tokens(left), _tokens(right)
    start = _shared(a, b)
    end = _shared(a[start:][::-1], b[start:][::-1])
    return _differing(a, b, start, end)


def _differing(a: Sequence[str], b: Sequence[str], start: int, end: int) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    middle_a, middle_b = a[start : len(a) - end], b[start : len(b) - end]
    shown_a, shown_b = middle_a[:WORDS_COMPARED], middle_b[:WORDS_COMPARED]
    left, right = _lead(a, start), _lead(b, start)
    for tag, a0, a1, b0, b1 in SequenceMatcher(None, shown_a, shown_b, autojunk=False).get_opcodes():
        left += _pieces("".join(shown_a[a0:a1]), tag == "equal")
        right += _pieces("".join(shown_b[b0:b1]), tag == "equal")
    left += _tail(a, end, len(middle_a) > len(shown_a))
    right += _tail(b, end, len(middle_b) > len(shown_b))
    return tuple(left), tuple(right)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text[:CHARACTERS_READ])


def _shared(a: Sequence[str], b: Sequence[str]) -> int:
    """How many tokens both begin with."""
    for count, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            return count
    return min(len(a), len(b))


def _lead(tokens: Sequence[str], start: int) -> list[Piece]:
    first = max(0, start - CONTEXT_WORDS)
    return ([Piece("…", "cut")] if first else []) + _pieces("".join(tokens[first:start]), True)


def _tail(tokens: Sequence[str], end: int, broken_off: bool) -> list[Piece]:
    if broken_off:
        return [Piece("…", "cut")]
    last = tokens[len(tokens) - end :]
    return _pieces("".join(last[:CONTEXT_WORDS]), True) + ([Piece("…", "cut")] if end > CONTEXT_WORDS else [])


def _pieces(text: str, same: bool) -> list[Piece]:
    if not text:
        return []
    return [Piece(text, "same")] if same else list(_visible(text))


def _visible(text: str) -> Iterator[Piece]:
    """A changed run with its unseen characters named."""
    run = ""
    only_space = not text.strip(" ")
    for character in text:
        name = "␣" if only_space else _name(character)
        if name is None:
            run += character
            continue
        if run:
            yield Piece(run, "changed")
        yield Piece(name, "unseen")
        run = ""
    if run:
        yield Piece(run, "changed")


def _name(character: str) -> str | None:
    if character == " ":
        return None
    if character in _NAMES:
        return _NAMES[character]
    if unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Co", "Cs", "Cn"):
        return f"U+{ord(character):04X}"
    return None
