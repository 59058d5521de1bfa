"""HTML elements by what they are to a reader. Facts only."""

from __future__ import annotations


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


# Their edges do not separate lines.
INLINE = _names(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr output q rp rt ruby s samp "
    "small span strike strong sub sup time tt u var wbr img picture source br math svg noscript button"
)

VOID = _names("area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr")

HEADINGS = _names("h1 h2 h3 h4 h5 h6")

# What is in them is no text of the page.
UNREAD = _names(
    "head title select textarea button object applet canvas video audio iframe map datalist frameset svg math template "
    "noscript noembed"
)

# A piece of text themselves: only names that leave no doubt count for them.
TEXT = _names("p h1 h2 h3 h4 h5 h6 li td th span a b strong em i blockquote dd dt time u font small")

# Called furniture by their own name.
FURNITURE = _names("nav footer form figcaption menu dialog aside")

# Furniture even with much text in it.
ASIDE = _names("nav footer figcaption aside")

# Around everything: their names say nothing about a part of the page.
WHOLE = _names("html body main article") | {""}

# A paragraph stands in these, but they are not what holds an article together.
PARAGRAPH = INLINE | _names(
    "p li ul ol tr table tbody thead tfoot caption blockquote h1 h2 h3 h4 h5 h6 dl dd dt pre center figure hgroup address"
)

# A table cell with one of these is a column of a layout, not data.
LAYOUT = _names("p div table h1 h2 h3 ul center section article")

MEDIA = _names("img picture source video audio iframe")

TABLE = _names("table caption colgroup col thead tbody tfoot tr td th")

# Pieces of lists, tables and listings: short by nature.
CELLS = _names("li td th pre dt dd")
