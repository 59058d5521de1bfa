"""The headline: the block of the page that says what the page's titles say."""

from __future__ import annotations

import re
from collections.abc import Sequence

from migrator.extract.page.automatic.elements import HEADINGS
from migrator.extract.page.automatic.parts import Block, Page, words
from migrator.extract.page.automatic.stated import Stated

_LONGEST = 300
_FEWEST_WORDS = 2
_ENOUGH = 0.45
_SITE_WORDS, _FEWEST_IN_LINE, _NEAR = 6, 4, 6
_BY_TAG = {"h1": 1.25, "h2": 1.1, "h3": 1.0, "h4": 1.0, "h5": 1.0, "h6": 1.0}
_SITE = re.compile(r"\s+[|»·–—-]\s+[^|»·–—-]{2,40}$")


def find_headline(page: Page, stated: Stated) -> Block | None:
    """The block with the headline; null where none is like a title of the page."""
    titles = [set(words(title)) for title in stated.titles]
    best, best_score = None, 0.0
    for block in page.blocks:
        if block.weight > _LONGEST:
            continue
        own = set(words(block.text))
        if len(own) < _FEWEST_WORDS and block.weight < 8:
            continue
        score = max((_likeness(own, title) for title in titles), default=0.0)
        tag = _heading(block)
        score = score * _BY_TAG.get(tag, 0.8) + (0.1 if tag == "h1" else 0.0)
        if block.link_share > 0.5:
            score *= 0.8
        if score > best_score:
            best, best_score = block, score
    return best if best_score >= _ENOUGH else None


def headline_text(block: Block | None, stated: Stated) -> str | None:
    """The headline as the page shows it, else as it states it, without the name of the site; null where it has none."""
    if block is not None:
        return " ".join(block.text.split())
    return _SITE.sub("", stated.titles[0]) if stated.titles else None


def bold_line(above: Sequence[Block], stated: Stated) -> str | None:
    """The bold line nearest to the text, on a page whose only title is the short name of its site; else null."""
    if not stated.titles or any(len(title.split()) > _SITE_WORDS for title in stated.titles):
        return None
    for block in reversed(above[-_NEAR:]):
        line = block.text.partition("\n")[0]
        is_bold = block.bold >= 0.8 * len(line) and block.link_share < 0.5
        if is_bold and len(line.split()) >= _FEWEST_IN_LINE and len(line) <= _LONGEST and not line.endswith("."):
            return line
    return None


def _likeness(own: set[str], title: set[str]) -> float:
    if not title:
        return 0.0
    both = len(own & title)
    like = both / len(own | title)
    if both == len(own) and both >= 4:
        like = max(like, 0.9 * both / len(own))  # the title is longer: it names the site too
    return like


def _heading(block: Block) -> str:
    """The heading the block stands in, or empty."""
    node = block.node
    for _ in range(3):
        if node.tag in HEADINGS or node.parent is None:
            break
        node = node.parent
    return node.tag if node.tag in HEADINGS else ""
