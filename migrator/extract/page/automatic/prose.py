"""Is a block running text? Local signs only: length, links, sentences, the words it begins with."""

from __future__ import annotations

import re

from migrator.extract.page.automatic.parts import Block

_SENTENCE = re.compile("[.!?…。！？।။۔؟]")
_CUT_OFF = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\W*$")
_CLOSED = re.compile(r'[.!?…。！？।။۔؟:;"”»’)\]]\s*$')

_MACHINE = re.compile(r"\bhttps?://\S+|\b\d{4}-\d\d-\d\dT[\d:.+Z-]+")

SHORTEST_PROSE = 60
_LONG = 200  # running text even without the end of a sentence, as in Thai
_MOST = 1_200  # one block counts no more than this: terms of use are long


def is_sentence(text: str) -> bool:
    """Whether the end of a sentence is in it."""
    return _SENTENCE.search(text) is not None


def is_closed(text: str) -> bool:
    """Whether it ends as a sentence or a quotation ends."""
    return _CLOSED.search(text[-20:]) is not None


def is_cut_off(block: Block) -> bool:
    """Whether it ends in dots, as a teaser does."""
    return block.weight < 500 and _CUT_OFF.search(block.text[-20:]) is not None


def is_prose(block: Block) -> bool:
    """Whether it reads like a paragraph of an article."""
    if block.is_heading or block.weight < SHORTEST_PROSE or block.link_share >= 0.4:
        return False
    if "http" in block.text and len(_MACHINE.sub("", block.text)) < 0.5 * len(block.text):
        return False
    return block.weight > _LONG or is_sentence(block.text)


def worth(block: Block) -> float:
    """How much the block speaks for the element it stands in. Negative: against it."""
    weight, links, tag = block.weight, block.link_share, block.node.tag
    if block.is_heading:
        return 0.0 if links < 0.5 else -10.0
    if links > 0.5:
        return -min(40.0, 10 + weight * 0.2)
    has_sentence = is_sentence(block.text)
    if weight < 25:
        return 0.0 if has_sentence else -4.0
    if weight < 80 and not has_sentence:
        return -6.0
    value = weight * (1 - 1.5 * links) * {"p": 1.15, "blockquote": 1.15, "li": 0.6, "td": 0.5, "th": 0.5}.get(tag, 1.0)
    return min(value, _MOST)
