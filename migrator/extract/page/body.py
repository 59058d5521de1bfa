"""From the element that holds an article to its body: without what is not part of it, and with notes of what went."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from migrator.extract.page.addresses import Addresses
from migrator.extract.page.blocks import Block, blocks_of
from migrator.extract.page.byline import FoundByline
from migrator.extract.page.dates import Calendar, date_within, without_date
from migrator.extract.page.ending import boilerplate_at_end
from migrator.extract.page.fields import Value
from migrator.extract.page.linked import article_link, is_teaser
from migrator.extract.page.model import PageLink
from migrator.extract.page.profile import Profile
from migrator.extract.page.usual import REMOVED
from migrator.html import CleanBody, CleanOptions, clean
from migrator.html.dom import Node, attribute, is_within, line_of, parse, remove, select
from migrator.text.match_keys import match_key
from migrator.text.words import count_words

_CONTROL = re.compile(r"(?:cỡ chữ|mặc định|nghe đọc bài|đọc bài|a[+-])\W*", re.IGNORECASE)
"""What buttons beside an article say."""

_HIDDEN = '[hidden], [style*="display:none" i], [style*="display: none" i]'
_MOST_HIDDEN_WORDS = 60  # more is text of the article behind a button
_LONGEST_SHOWN = 80
_MOST_LINKS = 1_000
_LONGEST_HEADING = 4  # blocks: headline, date
_AROUND_DATE = " \t\u00a0()[]|,;:.–—-"
_LONGEST_REPEATED = 3_000


@dataclass(slots=True)
class Body:
    """The element of a body under work, with what was found and what was taken out.

    First the elements that are no part of it go, then it is cleaned, then lines go: those that lead to other articles,
    the byline, what stands behind it.
    """

    node: Node
    profile: Profile
    addresses: Addresses
    related: list[PageLink] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def take_out_boxes(self) -> None:
        """Removes what the profile says is no part of the article, and what never is."""
        for css in (*REMOVED, *self.profile.remove, *self.profile.related):
            for box in select(self.node, css):
                if box.mem_id != self.node.mem_id and is_within(box, self.node):
                    self._take_out(box, css)
        for box in select(self.node, _HIDDEN):
            if box.mem_id != self.node.mem_id and is_within(box, self.node):
                words = count_words(line_of(box))
                if words <= _MOST_HIDDEN_WORDS:
                    self._take_out(box, "hidden")
                else:
                    self.notes.append(("hidden-kept", f"{words} words that readers see only on demand"))

    def _take_out(self, box: Node, css: str) -> None:
        words = count_words(line_of(box))
        if words:
            self.notes.append(("box-removed", f"{css}: {words} words"))
        remove(box)

    def take_out_value(self, value: Value | None) -> None:
        """Removes the element a field stands in, where it is in the body: the article would say it twice."""
        if value is not None and value.node.mem_id != self.node.mem_id and is_within(value.node, self.node):
            remove(value.node)

    def _cut(self, block: Block, code: str) -> None:
        self.notes.append((code, block.text[:_LONGEST_SHOWN]))
        block.cut()

    def tidy(self) -> None:
        """Cleans the body, without boxes of related news. What was found before stands no longer in it."""
        named = {attribute(link, "href"): link for link in select(self.node, "a[href]")[:_MOST_LINKS]}
        cleaned = clean(self.node.inner_html or "", CleanOptions(hosts=self.addresses.hosts, take_related=True))
        links = (article_link(named[address], self.addresses) for address in cleaned.related if address in named)
        self.related += [link for link in links if link is not None]
        self.notes += cleaned.notes
        self.node = parse(f"<body>{cleaned.html}").body or self.node

    def finish(self) -> CleanBody:
        """The clean body that is left."""
        return clean(self.node.inner_html or "", CleanOptions())

    def take_out_heading(self, headline: str, calendar: Calendar) -> list[str]:
        """Removes the headline and the dates that the body begins with; the dates, as they stand there."""
        dates = []
        for block in blocks_of(self.node)[:_LONGEST_HEADING]:
            is_date = len(block.text) <= _LONGEST_SHOWN and not without_date(block.text).strip(_AROUND_DATE)
            if is_date and date_within(block.text, calendar):
                dates.append(block.text)
            elif match_key(block.text) != match_key(headline):
                break
            self._cut(block, "repeated-cut")
        return dates

    def take_out_repeated(self, *texts: str) -> None:
        """Removes headline and standfirst where the body begins with them."""
        repeated = {match_key(text) for text in texts if text}
        for block in blocks_of(self.node)[: len(texts)]:
            if len(block.text) > _LONGEST_REPEATED or match_key(block.text) not in repeated:
                break
            self._cut(block, "repeated-cut")

    def take_out_lines(self) -> None:
        """Removes teasers (">> …") and the lines whose text the profile names."""
        for block in blocks_of(self.node):
            if is_teaser(block):
                links = (article_link(node, self.addresses) for node in block.links())
                self.related += [link for link in links if link is not None]
                self._cut(block, "teaser-cut")
            elif _CONTROL.fullmatch(block.text) or any(
                _matches(pattern, block.text) for pattern in self.profile.remove_text
            ):
                self._cut(block, "line-cut")

    def take_out_ending(self, byline: Callable[[Sequence[Block]], FoundByline]) -> FoundByline:
        """Finds the byline; cuts it, and what stands behind it, from the end of the body."""
        blocks = blocks_of(self.node)
        found = byline(blocks)
        ending = found.boilerplate
        if not ending:
            of_byline = {id(block) for block in found.blocks}
            left = [block for block in blocks if id(block) not in of_byline]
            ending = tuple(left[len(left) - boilerplate_at_end([block.text for block in left]) :])
        for block in ending:
            self.related += [link for node in block.links() if (link := article_link(node, self.addresses)) is not None]
            self._cut(block, "tail-cut")
        for block in found.blocks:
            block.cut()
        if found.also:
            self.notes.append(("second-byline", found.also))
        return found


def _matches(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.match(text[:500]) is not None
