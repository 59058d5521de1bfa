"""Where parsers differ, and what the HTML Standard says there. Whatever is not in these tables fails the test.

A deviation is recognised by the smallest soup that shows it. Sections are those of "13.2 Parsing HTML documents" in the
HTML Standard as of 2026. html5lib 1.1 is of 2020.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deviation:
    """``smallest`` matches the whole of a smallest soup. ``rule``: the section, and what it demands."""

    name: str
    smallest: re.Pattern[str]
    rule: str
    example: str
    whole: bool = False
    """Whether the example shows it only as a whole page."""


def _deviation(name: str, smallest: str, rule: str, example: str, *, whole: bool = False) -> Deviation:
    return Deviation(name, re.compile(smallest, re.DOTALL | re.IGNORECASE), rule, example, whole)


_POINT = r"<(?:mi|mo|mn|ms|mtext|annotation-xml[^>]*|title|desc|foreignObject)>"
_FOREIGN = r"<(?:svg|math)>"

# The standard of today is with lexbor; html5lib is old or has a fault of its own.
OF_HTML5LIB = (
    _deviation(
        "template", r".*<template\b.*",
        "The template element: contents of their own, and the insertion mode “in template”; html5lib has neither.",
        "<template><tr><td>a</template>b",
    ),
    _deviation(
        "select", r".*<select\b.*",
        "“in body”, start tags select, option, optgroup, hr, input (whatwg/html#10548): a select holds markup; the modes "
        "“in select” and “in select in table” are gone. selectedcontent mirrors the chosen option.",
        "<select><b>a",
    ),
    _deviation(
        "processing instruction", r".*<\?[a-z].*",
        "“processing instruction open state” (whatwg/html#12118, 2026): <?name …> is a processing "
        "instruction; <?xml…>, <? and <?1 stay comments.",
        "<?php a ?>b",
    ),
    _deviation(
        "isindex", r".*<isindex>.*",
        "“in body”, any other start tag: isindex has no rule any more.",
        "<isindex>a",
    ),
    _deviation(
        "command, menuitem", r".*<(?:command|menuitem)>.*",
        "“in body”, any other start tag: command and menuitem have no rule any more.",
        "<menuitem>a",
    ),
    _deviation(
        "p and br end tags in foreign content", rf".*{_FOREIGN}.*</(?:p|br)>.*",
        "“The rules for parsing tokens in foreign content”, end tags br and p: they leave svg and math as their start "
        "tags do.",
        "<svg></p>a",
    ),
    _deviation(
        "integration points", rf".*{_FOREIGN}.*{_POINT}.*",
        "“Tree construction” (dispatcher) and “has an element in a specific scope”: inside an integration point HTML "
        "rules hold, and its element ends every scope; html5lib looks past it for open elements of that name.",
        "<i><svg><desc></i>a",
    ),
    _deviation(
        "special elements", r".*<(?:dialog|search|main|hgroup|figcaption|summary|article)>.*",
        "“The stack of open elements”, special: main, hgroup, search, figcaption …; “in body”: dialog and search end a "
        "paragraph.",
        "<p>a<dialog>b",
    ),
    _deviation(
        "newline behind pre, listing, textarea", r".*<(?:pre|listing|textarea)>.*[\r\n]+.*",
        "“in body”, start tags pre, listing, textarea: the next token, if it is a line feed, and no later one, goes; in "
        "a table too.",
        "<table><pre>\na",
    ),
    _deviation(
        "foster parenting", r".*<table>.*<(?:[abip]|nobr|button|d[dt]|li|option|h1|svg|math)>.*",
        "“in table”, anything else: foster parenting stays on for the whole token, end tags it implies included.",
        "<table><dd>a<dd>b",
    ),
    _deviation(
        "table in table", r".*<table>.*<table>.*",
        "“in table”, start tag table: the open table ends first, in a fragment as well.",
        "<table><table>a",
    ),
    _deviation(
        "ruby", r".*<(?:rb|rtc)>.*",
        "“generate implied end tags” and “in body”, start tags rb, rtc: rb, rp, rt, rtc are among what they end.",
        "<ruby><rt>a<rtc>b",
    ),
    _deviation(
        "text in a frameset", r".*<frameset>.*\s",
        "“in frameset”, “after frameset”: of a text its white space stays; html5lib takes the text as one.",
        "<frameset>a ", whole=True,
    ),
    _deviation(
        "frameset behind br", r".*</br>.*<frameset>.*",
        "“in body”, end tag br: acts as the start tag, which sets frameset-ok to “not ok”.",
        "</br><frameset>", whole=True,
    ),
)  # fmt: skip

# The standard is not with lexbor. What that does to a body stands in decision 0012.
OF_LEXBOR = (
    _deviation(
        "sup in foreign content", rf".*{_FOREIGN}.*<sup>.*",
        "“The rules for parsing tokens in foreign content”: sup is among the start tags that leave svg and math.",
        "<svg><sup>a",
    ),
    _deviation(
        "image in a table", r".*<(?:table|tbody|tr)>.*<image>.*",
        "“in table”, anything else, then “in body”, start tag image: an img before the table; lexbor drops it.",
        "<table><image>",
    ),
    _deviation(
        "formatting in textarea", r".*<textarea>.+",
        "“text”, a character token: it is inserted, formatting is not opened again.",
        "<p><b><div><textarea>a",
    ),
    _deviation(
        "end of the text in <![", r".*<!\[(?:C|CD|CDA|CDAT|CDATA)?",
        "“markup declaration open state”: anything else is a bogus comment, with all the characters.",
        "<![CDATA",
    ),
    _deviation(
        "white space in a colgroup of a template", r".*<template>.*<col>.*\s",
        "“in column group”, white space is inserted; lexbor drops what stands in one text with other characters.",
        "<template><col>a ",
    ),
)  # fmt: skip

# The standard is with lexbor, Chromium 156 differs.
OF_CHROMIUM = (
    _deviation(
        "carriage return by reference", r".*&#13;?.*",
        "“initial” to “after head”: U+000D is white space and is ignored.",
        "&#13;", whole=True,
    ),
    _deviation(
        "frameset behind U+FFFD", r".*&#(?:x?0+|xD800);?.*<frameset>.*",
        "“in body”, any other character sets frameset-ok to “not ok”; Chromium excepts U+FFFD.",
        "&#x0;<frameset>", whole=True,
    ),
    _deviation(
        "search is special", r".*<search>.*",
        "“The stack of open elements”: search is special.",
        "<a><search><a>",
    ),
    _deviation(
        "form end tag in a template", r".*<template>.*</form>.*",
        "“in body”, end tag form, a template is open: elements are popped until the form is.",
        "<template><form><h1></form>a",
    ),
    _deviation(
        "elements of the head in a template", r".*<template>.*<(?:base|basefont|bgsound|link|meta|title|style|script)>.*",
        "“in template”, these start tags: “in head” deals with them, the template's mode stays.",
        "<template><base><th>",
    ),
    _deviation(
        "selectedcontent", r".*<select>.*<selectedcontent>.*",
        "The selectedcontent element: it gets a copy of the chosen option's content.",
        "<select><option>a<selectedcontent>", whole=True,
    ),
)  # fmt: skip


def named(smallest: str, deviations: Iterable[Deviation]) -> Deviation | None:
    """The deviation that a smallest soup shows; null for one that is not listed."""
    return next((each for each in deviations if each.smallest.fullmatch(smallest)), None)
