"""A body of the source beside the body at the target, both read: words, counts, and what was announced."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from migrator.model.audit import TextRule
from migrator.model.content import Value
from migrator.verify.body_words import Worded, source_words, target_words, words_of
from migrator.verify.elements import Selectors
from migrator.verify.grams import score, without
from migrator.verify.prose import FRAME, Body, read_body

_CREDIT = re.compile(
    r"\(?(?:Theo\b|PV\b|Nhóm (?:PV|phóng viên)|(?:(?:Tin|Bài)\s*(?:,|và|-|–)?\s*)?[Ảả]nh\s*:|(?:Tin|Bài|Nguồn|Thực hiện)\s*:)"
)
_LONGEST_BYLINE = 8


@dataclass(slots=True)
class Pair:
    """Both sides of a body. ``as_it_is`` has the source's words without any reading; ``counts`` source and target.

    ``left_out`` and ``moved`` have words that need not stand in the target's body, by the name that announced them;
    ``replaced`` is by how many the target has more replacement characters; ``accents`` counts letters with marks.
    ``beside`` are the words that plain text beside the target's HTML must have, ``there`` that HTML's text.
    """

    source: Worded
    target: Worded
    as_it_is: Sequence[str]
    counts: Mapping[str, tuple[int, int]]
    left_out: Mapping[str, Sequence[str]]
    moved: Mapping[str, Sequence[str]]
    accents: tuple[int, int]
    letters: tuple[int, int]
    bylines: tuple[int, int]
    is_composed: bool
    replaced: int
    beside: Sequence[str]
    there: str


class Reader:
    """Reads pairs by one rule."""

    def __init__(self, rule: TextRule) -> None:
        self._rule = rule
        self._left_out = Selectors(rule.left_out)

    def pair(self, html: str, fields: Mapping[str, Value], field: str) -> Pair:
        """The pair of a source body and the record it became."""
        there = str(fields.get(field) or "")
        source_body = read_body(html, self._left_out)
        target_body = read_body(there, frames=source_body.frames)
        source, target = source_words(source_body, self._rule.read), target_words(target_body)
        byline = _byline(source_body)
        moved: dict[str, Sequence[str]] = {}
        if source.words != target.words:
            source, moved = self._moved(source, target, fields)
        accents, letters, is_same = _marks(source.words), _letters(source.words), source.words == target.words
        arrived = bool(byline) and (target.words[-len(byline) :] == byline or byline in moved.values())
        left_out = _words_left_out(source_body, target_body)
        whole = read_body(there) if FRAME in left_out else target_body
        return Pair(
            source=source,
            target=target,
            as_it_is=target_words(source_body).words if source.announced else source.words,
            counts={
                "paragraphs": (source.lines, target.lines),
                "images": (source_body.images, target_body.images),
                "links": (source_body.links, target_body.links),
                "tables": (source_body.tables, target_body.tables),
            },
            left_out=left_out,
            moved=moved,
            accents=(accents, accents if is_same else _marks(target.words)),
            letters=(letters, letters if is_same else _letters(target.words)),
            bylines=(bool(byline), arrived),
            is_composed=there.isascii() or unicodedata.is_normalized("NFC", there),
            replaced=there.count("\ufffd") - html.count("\ufffd"),
            beside=target.words if whole is target_body else target_words(whole).words,
            there="\n".join("".join(piece for piece, _ in line) for line in target_body.lines),
        )

    def _moved(
        self, source: Worded, target: Worded, fields: Mapping[str, Value]
    ) -> tuple[Worded, dict[str, Sequence[str]]]:
        """The source without the words that stand in another field, where the body is nearer to the source without them."""
        moved: dict[str, Sequence[str]] = {}
        words = source.words
        for name in self._rule.moved_to:
            value = fields.get(name)
            part = words_of(" ".join(value) if isinstance(value, tuple) else str(value or ""))
            best = score(words, target.words)
            for rest in without(words, part) or ():
                better = score(rest, target.words)
                if better.recall > best.recall:
                    words, best, moved[name] = rest, better, part
        return (replace(source, words=words) if moved else source), moved


def _words_left_out(source: Body, target: Body) -> dict[str, Sequence[str]]:
    found = {name: words_of(" ".join(texts)) for body in (source, target) for name, texts in body.left_out.items()}
    return {name: words for name, words in found.items() if words}


def _marks(words: Sequence[str]) -> int:
    """Letters beyond ASCII."""
    text = "".join(words)
    return len(text) - len(text.encode("ascii", "ignore"))


def _letters(words: Sequence[str]) -> int:
    return sum(map(len, words))


def _byline(body: Body) -> list[str]:
    """The words of the last line, where it looks like a byline: short, no sentence, a credit or nothing but names."""
    for line in reversed(body.lines):
        text = "".join(piece for piece, _ in line).strip()
        words = words_of(text)
        if not words:
            continue
        is_short = len(words) <= _LONGEST_BYLINE and not text.endswith((".", "!", "?", ":"))
        is_name = len(words) > 1 and all(word[0].isupper() for word in words)
        return words if is_short and (is_name or _CREDIT.match(text)) else []
    return []
