"""The standfirst (sapo): where it stands, and without what the paper sets before each of them."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from migrator.extract.page.blocks import Block, blocks_of
from migrator.extract.page.fields import Fields, Value
from migrator.extract.page.ground import Ground
from migrator.extract.page.language import language_of
from migrator.extract.page.stated import Stated
from migrator.extract.page.usual import ALIKE, LONGEST_BOLD, MARKED, UNKNOWN, is_bold, usual_standfirst
from migrator.html.dom import Node
from migrator.text.bylines import read_credit
from migrator.text.match_keys import match_key

_FIRST_BLOCKS, _SHORT_LINES = 3, 2
_SHORTEST_SENTENCE, _SENTENCE_END = 40, '.!?…”"'

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


def find_standfirst(
    ground: Ground, fields: Fields, stated: Stated, body: Node, headline: Value | None, around: Container[int]
) -> tuple[Value | None, str]:
    """The standfirst where the profile says, where it is marked as one, or where its looks or its place tell; or why not.

    ``around`` are the ids of the elements around the headline.
    """
    value, reason = fields.first("standfirst"), "nothing on the page is marked as one"
    if value is not None:
        return value, reason
    here = headline.node if headline else None
    text, source, node = usual_standfirst(ground.page, ground.metadata, stated, body, here, around)
    value = Value(text, source, node, True, text) if node is not None else None
    beginning = _beginning(body)
    if ground.profile is UNKNOWN:
        if value is not None and source == MARKED and not _stands_before(text, ground.before, beginning):
            value = None
        if language_of(" ".join(block.text for block in beginning)) == "vi":
            value = value or _bold_beginning(beginning) or _between(ground.before, body)
        elif value is not None and match_key(text) in {match_key(block.text) for block in beginning[:2]}:
            # Only Vietnamese papers set every standfirst apart: elsewhere the first paragraph is repeated as one.
            value, reason = None, "what is marked as one is the first paragraph"
    elif value is None and "standfirst" not in ground.profile.rules:
        value = _bold_beginning(beginning)
    if ground.in_data and value is None and not _is_repeated(stated.description, beginning):
        value = Value(stated.description, "the page's data", body, False, stated.description)
    return value, reason


def _stands_before(text: str, before: Sequence[str], beginning: Sequence[Block]) -> bool:
    """Whether a text begins between the headline and the body, or is the beginning of the body."""
    key = match_key(text)
    lines = [match_key(line) for line in (*before, *(block.text for block in beginning))]
    return any(line and (key.startswith(line) or line.startswith(key)) for line in lines)


def _is_repeated(description: str, beginning: Sequence[Block]) -> bool:
    """Whether there is no description, or it is only what the text begins with."""
    key = match_key(description)[:ALIKE]
    return not key or any(match_key(block.text).startswith(key) for block in beginning[:1])


def _beginning(body: Node) -> list[Block]:
    """The first blocks of a body, without the lines of a few words (a name, a date) before them."""
    blocks = blocks_of(body)[: _FIRST_BLOCKS + _SHORT_LINES]
    short = next((place for place, block in enumerate(blocks) if len(block.text) >= _SHORTEST_SENTENCE), 0)
    return blocks[short if short <= _SHORT_LINES else 0 :][:_FIRST_BLOCKS]


def _bold_beginning(blocks: Sequence[Block]) -> Value | None:
    """The first block of a body, where all of it is bold and what follows is not."""
    bold = [block for block in blocks if is_bold(block.holder, block.text)]
    if len(blocks) < 2 or bold != blocks[:1] or bold[0].in_caption:
        return None
    return Value(bold[0].text, "the bold beginning", bold[0].holder, True, bold[0].text)


def _between(before: Sequence[str], body: Node) -> Value | None:
    """The one line between headline and body that is a sentence, where no other is."""
    lines = [line for line in before if _SHORTEST_SENTENCE <= len(line) <= LONGEST_BOLD and line[-1] in _SENTENCE_END]
    if len(lines) != 1 or "\n" in lines[0] or read_credit(lines[0]).credit:
        return None
    return Value(lines[0], "between headline and body", body, False, lines[0])
