"""A page kept as plain text: no markup, a line a block."""

from __future__ import annotations

import re
from collections.abc import Container
from html import escape

from migrator.extract.page.ending import boilerplate_at_end
from migrator.extract.page.language import language_of
from migrator.extract.page.model import PLAIN_TEXT, Page, PageDate, Unreadable
from migrator.html import CleanOptions, clean
from migrator.text.bylines import last_block_byline
from migrator.text.repair import repair

_SENTENCE_END = re.compile(r"[.…:;!?\"”’)]$")
_LONGEST_HEADLINE = 200
_LONGEST_SHOWN = 80


def read_plain_text(text: str, url: str | None, register: Container[str] | None) -> Page | Unreadable:
    """The article of a plain text: headline where the first line is one, body, byline in the last block.

    Truncated teasers and notices behind the byline are cut, with a note. A text without letters is Unreadable.
    """
    repaired = repair(text)
    lines = [line for each in repaired.text.replace("\f", "\n").splitlines() if (line := " ".join(each.split()))]
    if not any(sign.isalpha() for line in lines for sign in line):
        return Unreadable(url, "no-article", "the text has no words")
    notes = [(change.kind, change.why) for change in repaired.changes if change.kind != "unicode-nfc"]
    headline = lines.pop(0) if _begins_with_headline(lines) else None
    tail = last_block_byline(lines, register)
    if tail is not None:
        cut = [*tail.indices, *tail.boilerplate]
        notes += [("tail-cut", lines[index][:_LONGEST_SHOWN]) for index in tail.boilerplate]
        kept = [line for index, line in enumerate(lines) if index not in cut]
    else:
        end = len(lines) - boilerplate_at_end(lines)
        notes += [("tail-cut", line[:_LONGEST_SHOWN]) for line in lines[end:]]
        kept = lines[:end]
    body = clean("".join(f"<p>{escape(line, quote=False)}</p>" for line in kept), CleanOptions())
    language = language_of(body.text) or None
    silent = "a plain text does not state it"
    missing = ("standfirst", "published_at", "updated_at", "section", "tags", "lead_image", "canonical_url")
    reasons = dict.fromkeys(missing, silent)
    if headline is None:
        reasons["headline"] = "the first line is no headline"
    if tail is None:
        reasons["byline"] = "the last block is no byline"
    if language is None:
        reasons["language"] = "the text does not tell"
    sources = {"body": "all lines"} | ({"byline": "last block"} if tail else {})
    sources = {"body": "all lines"} | ({"byline": "last block"} if tail else {})
    return Page(
        url=url, family=None, read_by=PLAIN_TEXT, headline=headline, standfirst=None, standfirst_raw=None,
        body_html=body.html, body_text=body.text, word_count=body.words, byline=tail.byline if tail else None,
        published=PageDate(reason=silent), updated=PageDate(reason=silent), language=language, sources=sources,
        reasons=reasons, notes=(*notes, *body.notes),
    )  # fmt: skip


def _begins_with_headline(lines: list[str]) -> bool:
    """Whether the first line is short, ends without a full stop, and a longer one follows."""
    if len(lines) < 2 or len(lines[0]) > _LONGEST_HEADLINE or _SENTENCE_END.search(lines[0]):
        return False
    return len(lines[1]) > len(lines[0]) or (len(lines) > 2 and len(lines[2]) > len(lines[0]))
