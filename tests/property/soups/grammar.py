"""Tag soups that break every rule of nesting there is, the same every time."""

from __future__ import annotations

from random import Random


def _words(text: str) -> list[str]:
    return text.split()


# Every element of the HTML Standard, the obsolete ones it still has rules for, and names it has no rule for.
NAMES = _words(
    "a abbr address applet area article aside audio b base basefont bdo bgsound big blockquote body br button canvas "
    "caption center cite code col colgroup data dd del details dfn dialog dir div dl dt em embed fieldset figcaption "
    "figure font footer form frame frameset h1 h2 h6 head header hgroup hr html i iframe image img input ins isindex "
    "kbd keygen label legend li link listing main map mark marquee menu menuitem meta meter nav nobr noembed noframes "
    "noscript object ol optgroup option output p param picture plaintext pre progress q rb rp rt rtc ruby s samp "
    "script search section select selectedcontent small source span strike strong style sub summary sup table tbody "
    "td template textarea tfoot th thead time title tr track tt u ul var video wbr xmp svg math mi mo mn ms mtext "
    "annotation-xml foreignObject desc malignmark mglyph o:p st1:place custom-x"
)
# Those whose rules lean on one another.
ENTANGLED = _words(
    "table tr td th tbody caption colgroup col b i a font p div ul li select option svg math template form button "
    "nobr h1 dd dt pre textarea title style script noscript ruby rt rp optgroup center"
)
ATTRIBUTES = [
    " id=a", " class='x y'", " title=\"a'b\"", " a=1 a=2", " A=1", " href=/x?a&b=c&copy=1", " x='&lt;&quot;'", " =x",
    ' x=a"b', " /", " a/b", " type=hidden", " encoding=text/html", " xlink:href=x", " definitionurl=x viewbox=1",
    " color=red", " x=>",
]  # fmt: skip
TEXTS = [
    "x", "một", " ", "\n", "\t", "&amp;", "&lt", "&nbsp;", "&notit;", "&#128;", "&#x0;", "&#xD800;", "&copy", "&ampx",
    "a<b", "<", "</", ">", '"', "'", "&#13;", "\r\n", "\r", "\f", "\x01", "\ufeff", "&NotEqualTilde;", "\u0338",
]  # fmt: skip
KNOTS = [
    "<!-- c -->", "<!-->", "<!--->", "<!--x--!>y-->", "<!doctype html>", "<!DOCTYPE x PUBLIC 'a' 'b'>",
    "<![CDATA[x]]>", "<?php x ?>", "<?xml version='1.0'?>", "</>", "<!x>", "<!--x", "<br/>", "</br>", "</p>", "<p/>",
    "<svg><![CDATA[a<b]]>", "<svg/>", "<math><mi>", "<svg><desc>", "<svg><foreignObject>",
    "<math><annotation-xml encoding='text/html'>", "<svg><title>", "<script>a</script>", "<style>p{}</style>",
    "<script><!--<script>", "<textarea>\nx", "<pre>\n", "<listing>\n\n", "<input type=hidden>", "<table><tr><td>",
    "<table><tr><td><table>", "<a><table><a>", "<b><p>", "<i><b><div>", "</i></b>", "<select><option>",
    "<select><b><hr>", "<template><tr>", "<noscript><p>", "<title>a</title>", "<ruby>a<rt>b<rp>", "<font color=x>",
    "<svg><font>", "<svg><p>", "<svg></p>", "<math><malignmark>", "<math><mtext><mglyph>",
]  # fmt: skip


def made(count: int, seed: int) -> list[str]:
    """``count`` different soups of a few pieces or many."""
    random = Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        pieces = random.choice((2, 3, 4, 5, 6, 8, 10, 14, 20, 30))
        found["".join([_piece(random) for _ in range(pieces)])] = None
    return list(found)


def _piece(random: Random) -> str:
    name = random.choice(random.choice((ENTANGLED, ENTANGLED, NAMES)))
    kind = random.random()
    if kind < 0.35:
        return f"<{name}{random.choice(ATTRIBUTES) if random.random() < 0.3 else ''}>"
    if kind < 0.6:
        return f"</{name}>"
    return random.choice(TEXTS if kind < 0.8 else KNOTS)
