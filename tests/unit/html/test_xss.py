from __future__ import annotations

from html.parser import HTMLParser

import pytest

from migrator.html import CleanOptions, clean

# Written out here on purpose: the checker must not share the cleaner's tables.
_ELEMENTS = (
    "p h2 h3 h4 h5 h6 br hr strong b em i u s sub sup small mark a ul ol li dl dt dd blockquote q cite pre code "
    "figure figcaption img picture source video audio track iframe table caption colgroup col thead tbody tfoot "
    "tr th td div span section aside abbr time"
)
_ATTRIBUTES = (
    "href src srcset alt title width height colspan rowspan scope start type datetime cite lang controls poster "
    "kind label allowfullscreen"
)
ELEMENTS = set(_ELEMENTS.split())
ATTRIBUTES = set(_ATTRIBUTES.split())
PLAYERS = ("youtube.com", "www.youtube.com", "www.youtube-nocookie.com", "www.facebook.com", "player.vimeo.com")


class Checker(HTMLParser):
    """Complains about everything that may not be in a clean body."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ELEMENTS:
            self.faults.append(f"element {tag}")
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.faults.append(f"attribute {name}")
            if name in ("href", "src", "cite", "poster"):
                self.address(tag, value or "")
            if name == "srcset":
                for candidate in (value or "").split(","):
                    self.address("source", candidate.strip().split(" ")[0])

    def address(self, tag: str, value: str) -> None:
        bare = "".join(letter for letter in value if letter > " " and letter.isprintable()).lower()
        head = bare.split("/")[0].split("?")[0].split("#")[0]
        if tag == "iframe" and not bare.startswith(tuple(f"https://{host}/" for host in PLAYERS)):
            self.faults.append(f"frame {value}")
        if ":" not in head or head.split(":")[0] in ("http", "https", "mailto", "tel"):
            return
        if tag == "img" and bare.startswith(("data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp")):
            return
        self.faults.append(f"address {value}")

    def handle_comment(self, data: str) -> None:
        self.faults.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.faults.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.faults.append("instruction")

    def unknown_decl(self, data: str) -> None:
        self.faults.append("section")


def faults(html: str) -> list[str]:
    checker = Checker()
    checker.feed(html)
    checker.close()
    return checker.faults


VECTORS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.example/a.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script/x>alert(1)</script>",
    "<script><!--<script></script>--><img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    '<img src="x"onerror="alert(1)">',
    "<img src=x onerror\n=alert(1)>",
    "<img src=x ONERROR=alert(1)>",
    '<img """><script>alert(1)</script>">',
    "<img src=`x`onerror=alert(1)>",
    '<img alt="`><img src=x onerror=alert(1)>">',
    "<body onload=alert(1)>",
    "<p onclick=alert(1) onmouseover='x'>a</p>",
    "<p/onclick=alert(1)>a",
    "<p \x0bonclick=alert(1)>a",
    '<a href="javascript:alert(1)">a</a>',
    '<a href="JaVaScRiPt:alert(1)">a</a>',
    '<a href="&#106;avascript:alert(1)">a</a>',
    '<a href="&#x6A;&#x61;vascript&colon;alert(1)">a</a>',
    '<a href="java\tscript:alert(1)">a</a>',
    '<a href="java&Tab;script:alert(1)">a</a>',
    '<a href="java&NewLine;script:alert(1)">a</a>',
    '<a href="java\r\nscript:alert(1)">a</a>',
    '<a href=" \x01\x1fjavascript:alert(1)">a</a>',
    '<a href="java\0script:alert(1)">a</a>',
    '<a href="javascript&#0;:alert(1)">a</a>',
    '<a href="\u00a0javascript:alert(1)">a</a>',
    '<a href="java\u00adscript:alert(1)">a</a>',
    '<a href="vbscript:msgbox(1)">a</a>',
    '<a href="data:text/html,<script>alert(1)</script>">a</a>',
    '<a href="data:image/png;base64,AA">a</a>',
    '<a href="blob:https://x/1">a</a>',
    '<a href="file:///etc/passwd">a</a>',
    '<a href="feed:javascript:alert(1)">a</a>',
    '<a href="view-source:javascript:alert(1)">a</a>',
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<img src='data:text/html;base64,AA'>",
    '<img srcset="javascript:alert(1) 1x, x 2x">',
    '<img srcset="x 1x,javascript:alert(1) 2x">',
    "<img data-src='javascript:alert(1)' src=x>",
    "<video poster=javascript:alert(1) src=vbscript:x><source src=data:video/mp4,x onerror=alert(1)></video>",
    "<blockquote cite=javascript:alert(1)>a</blockquote>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)><p>a</p>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text>a</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    '<svg><style><a title="</style><img src=x onerror=alert(1)>">',
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    "<svg><foreignObject><p onclick=x>a</p></foreignObject></svg>",
    "<svg><animate attributeName=href values=javascript:alert(1) /></svg>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<math><mi//xlink:href="data:x,<script>alert(4)</script>">',
    "<math><annotation-xml encoding=text/html><p onclick=x>a",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<noscript><style></noscript><img src=x onerror=alert(1)></style></noscript>",
    "<noscript><img src=x onerror=alert(1)></noscript>",
    "<template><script>alert(1)</script></template>",
    "<template><p title='</template><img src=x onerror=alert(1)>'></template>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<style><!--</style><script>alert(1)//--></script>",
    '<p style="background:url(javascript:alert(1))">a</p>',
    "<div style=width:expression(alert(1))>a</div>",
    '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
    '<base href="javascript:/a/-alert(1)///////"><a href=../x>a</a>',
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<form action=javascript:alert(1)><button formaction=javascript:alert(1)>a</button></form>",
    "<input type=image src=x formaction=javascript:alert(1) onfocus=alert(1) autofocus>",
    "<button formaction=javascript:alert(1)>a",
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<iframe src=javascript:alert(1)></iframe>",
    '<iframe src="https://www.youtube.com@evil.example/"></iframe>',
    '<iframe src="https://www.youtube.com\\@evil.example/"></iframe>',
    "<iframe src=https://www.youtube.com/embed/a onload=alert(1) srcdoc=x></iframe>",
    "<iframe><script>alert(1)</script></iframe>",
    "<iframe src=x><img src=y onerror=alert(1)></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<applet code=x><param name=a value=b></applet>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    '<xmp><p title="</xmp><img src=x onerror=alert(1)>">',
    "<plaintext><img src=x onerror=alert(1)>",
    "<noembed><img src=x onerror=alert(1)></noembed>",
    '<noframes><p title="</noframes><img src=x onerror=alert(1)>"></noframes>',
    '<textarea><img title="</textarea><img src=x onerror=alert(1)>"></textarea>',
    '<title><img title="</title><img src=x onerror=alert(1)>"></title>',
    "<select><template><img src=x onerror=alert(1)></template></select>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    '<! foo="><script>alert(1)</script>">',
    '<? foo="><script>alert(1)</script>">',
    '</ foo="><script>alert(1)</script>">',
    "<![CDATA[<script>alert(1)</script>]]>",
    "<a<b onclick=alert(1)>a",
    '<a"b onclick=alert(1)>a',
    '<p title="a>" onclick=alert(1)>a',
    '<p "="><img src=x onerror=alert(1)>">a',
    "<p title='\"><img src=x onerror=alert(1)>'>a",
    '<p title="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;">a',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;",
    "<<script>alert(1)//<</script>",
    "<img src=x onerror=alert(1)//",
    "<marquee onstart=alert(1)>a</marquee>",
    "<details ontoggle=alert(1) open>a</details>",
    '<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>',
    "<isindex type=image src=1 onerror=alert(1)>",
    "<image src=x onerror=alert(1)>",
    "<table background=javascript:alert(1)><tr><td background=x>a",
    "<a href=//evil.example/ ping=javascript:alert(1) target=_blank>a",
    "<frameset onload=alert(1)><frame src=javascript:alert(1)></frameset>",
    "<p id=x name=getElementById>a",
]


@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_dangerous_survives(vector: str) -> None:
    for source in (
        vector,
        f"<p>trước {vector} sau</p>",
        f"<table><tr><td>{vector}</table>",
        f"<svg>{vector}",
        f"<b>{vector}</b>",
    ):
        once = clean(source, CleanOptions())
        assert faults(once.html) == [], once.html
        twice = clean(once.html, CleanOptions())
        assert (twice.html, twice.text) == (once.html, once.text)


@pytest.mark.parametrize(
    "bad",
    [
        "<script>",
        "<p onclick=x>",
        "<a href=javascript:x>",
        "<a href='&#106;avascript:x'>",
        "<!-- x -->",
        "<iframe src=/x>",
    ],
)
def test_the_checker_sees_what_it_looks_for(bad: str) -> None:
    assert faults(bad)
