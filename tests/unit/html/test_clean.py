from __future__ import annotations

import re

import pytest

from migrator.html import CleanBody, CleanOptions, clean, plain_text
from migrator.html.limits import BodyTooLarge

PLAIN = CleanOptions()


def noted(body: CleanBody) -> dict[str, str]:
    assert len({code for code, _ in body.notes}) == len(body.notes)
    return dict(body.notes)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>Xin chào</p>", "<p>Xin chào</p>"),
        ("<h1>A</h1>", "<h2>A</h2>"),
        ("bare text<br>and more", "bare text<br>and more"),
        ('<div class="x" style="y" id="z">a</div>', "<div>a</div>"),
        ('<p align="center" onclick="x()">a</p>', "<p>a</p>"),
        ("<center>a</center>b", "<div>a</div>b"),
        ("a<form action=javascript:x>x<input value=y></form>b", "a<br>x<br>b"),
        ("a<textarea>x</textarea>b", "ab"),
        ("a<article>b</article>", "a<br>b"),
        ("<font face='.VnTime'>a</font>b", "ab"),
        ("<span>a</span>", "a"),
        ('<span lang="en">a</span>', '<span lang="en">a</span>'),
        ("<blink>a <b>c</b></blink>", "a <b>c</b>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<b><i>a</b>c</i>", "<b><i>a</i></b><i>c</i>"),
        ("<p></p><p>&nbsp;</p><p><br></p><p> <span>\n</span> </p>x", "x"),
        ("a<p></p>b", "a<br>b"),
        ("a<span> </span>b", "a b"),
        ("a<b> </b>b", "a b"),
        ("<p><b>&nbsp;</b></p>", ""),
        ('<p><img src="a.jpg"></p>', '<p><img src="a.jpg"></p>'),
        ('<p><a href="/x"></a></p>', '<p><a href="/x"></a></p>'),
        ("<a name=top>a</a>", "a"),
        ("<p>a<o:p></o:p></p>", "<p>a</p>"),
        ("<p><o:p>&nbsp;</o:p></p>", ""),
        ("<p><o:p>chữ</o:p></p>", "<p>chữ</p>"),
        ('<st1:place w:st="on">Hà Nội</st1:place>', "Hà Nội"),
        ("<p>a&lt;_o3a_p&gt;&lt;/_o3a_p&gt;</p>", "<p>a</p>"),
        ("<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]-->a", "a"),
        ("<xml><w:View>Normal</w:View><o:x/></xml>a", "a"),
        ("<xml><w:View>Normal</w:View><p>thân bài</p>", "<p>thân bài</p>"),
        ("<![if !supportLists]>1. <![endif]>a", "1. a"),
        ("a\u00adb", "a\u00adb"),
        ("a&shy;b&reg;&not;", "a\u00adb®¬"),
        ("a\0b", "ab"),
        ("a\ud800b", "a\ufffdb"),
        ("a&#13;b", "a\nb"),
        ("e\u0302\u0301<font>\u0323</font>", "ệ\u0301"),
        ("<pre>\n\n a</pre>", "<pre>\n\n a</pre>"),
        ("<xmp><b></xmp>", "\n&lt;b&gt;\n"),
        ("<video src=a.mp4 controls poster=p.jpg></video>", '<video src="a.mp4" controls="" poster="p.jpg"></video>'),
        (
            '<td>a</td><table><tr><td colspan="2" class="c">b',
            'a<table><tbody><tr><td colspan="2">b</td></tr></tbody></table>',
        ),
        ("<html><head><title>t</title></head><body><p>a", "<p>a</p>"),
        ("<b>\u0338</b>", "<b>&#824;</b>"),
        ("<table><Image src=a.jpg></table>", '<img src="a.jpg"><table></table>'),
        ("", ""),
    ],
)
def test_markup(source: str, expected: str) -> None:
    assert clean(source, PLAIN).html == expected


@pytest.mark.parametrize(
    "source",
    [
        "<script>x</script>",
        "<style>x</style>",
        "<object>x</object>",
        "<embed src=x>",
        "<select><option>x</option></select>",
        "<input value=x>",
        "<button>x</button>",
        "<select><option>x</select>",
        "<textarea>x</textarea>",
        "<svg><text>x</text></svg>",
        "<math><mi>x</mi></math>",
        "<canvas>x</canvas>",
        "<template>x</template>",
        "<link href=x>",
        "<meta content=x>",
        "<base href=x>",
        "<title>x</title>",
        "<noscript>x</noscript>",
        "<noframes>x</noframes>",
        "<noembed>x</noembed>",
    ],
)
def test_dropped_with_content(source: str) -> None:
    body = clean(f"<p>a</p>{source}<p>b</p>", PLAIN)
    assert body.html == "<p>a</p><p>b</p>"
    assert {"element-dropped", "script-removed"} & set(noted(body))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<img src="grey.gif" data-src="/a.jpg">', '<img src="/a.jpg">'),
        ('<img data-original="/a.jpg">', '<img src="/a.jpg">'),
        ('<img src="/b.jpg" data-src="javascript:x">', '<img src="/b.jpg">'),
        ('<img data-srcset="/a.jpg 1x, /b.jpg 2x">', '<img src="/b.jpg" srcset="/a.jpg 1x, /b.jpg 2x">'),
        ('<img srcset="/a.jpg 1x, javascript:x 2x">', '<img src="/a.jpg" srcset="/a.jpg 1x">'),
        ('<img src="javascript:x" alt="Ảnh">', '<img alt="Ảnh">'),
        ('<img src="data:image/png;base64,AA==">', '<img src="data:image/png;base64,AA==">'),
        ('<img src="data:image/svg+xml,x" alt="a">', '<img alt="a">'),
        ('<img src="grey.gif"><noscript><img src="/a.jpg"></noscript>', '<img src="/a.jpg">'),
        ('<img data-src="/a.jpg"><noscript><img src="/a.jpg"></noscript>', '<img src="/a.jpg">'),
        ('<noscript><img src="/tr" width="1" height="1"></noscript>', ""),
        (
            '<iframe src="//www.youtube.com/embed/x">raw</iframe>',
            '<iframe src="https://www.youtube.com/embed/x"></iframe>',
        ),
        (
            '<iframe src="https://evil.example/?a&b"></iframe>',
            '<a href="https://evil.example/?a&amp;b">https://evil.example/?a&amp;b</a>',
        ),
        (
            '<iframe src="https://youtube.com.evil.example/"></iframe>',
            '<a href="https://youtube.com.evil.example/">https://youtube.com.evil.example/</a>',
        ),
        ('<iframe src="javascript:x"></iframe>', ""),
        ('<iframe srcdoc="<script>x</script>"></iframe>', ""),
    ],
)
def test_images_and_players(source: str, expected: str) -> None:
    assert clean(source, PLAIN).html == expected


@pytest.mark.parametrize(
    ("source", "code", "detail"),
    [
        ('<p class="MsoNormal">a</p><p class="MsoNormal">b</p>', "word-debris", "mso 2"),
        ("a<script>x</script>", "script-removed", "script 1"),
        ('<a href="javascript:x">a</a>', "unsafe-url", "a href 1"),
        ("<object>một hai <a href='/x'>ba</a></object>", "element-dropped", "object 1, words 3"),
        ("<object>một hai <a href='/x'>ba</a></object>", "address-dropped", "/x 1"),
        ("<object><param name=movie value='http://y/v/1'></object>", "address-dropped", "http://y/v/1 1"),
        ("<font>a</font><font>b</font><blink>c</blink>", "unwrapped", "blink 1, font 2"),
        ("<svg><text>một hai</text></svg>", "element-dropped", "svg 1, words 2"),
        ('<iframe src="https://khac.vn/"></iframe>', "element-dropped", "iframe 1"),
        ("<!-- x -->a", "comment-removed", "comment 1"),
        ("e\u0301", "unicode-nfc", "text 1"),
        ("<b><i>a</b></i>", "markup-repaired", "body 1"),
        ("<div>a", "markup-repaired", "body 1"),
        ("<img src=data:image/png;base64,AA==>", "base64-image", "img 1"),
    ],
)
def test_notes(source: str, code: str, detail: str) -> None:
    assert noted(clean(source, PLAIN))[code] == detail


@pytest.mark.parametrize(
    "source",
    [
        "<P>a<P>b",
        "<ul><li>a<li>b</ul>",
        "<table><tr><td>a</table>",
        "<p>a<br/>b</p>",
        "<!-- <b> --><p>a</p>",
        '<p title="<b>">a',
    ],
)
def test_valid_markup_is_not_called_repaired(source: str) -> None:
    assert "markup-repaired" not in noted(clean(source, PLAIN))


@pytest.mark.parametrize(
    ("source", "text", "words"),
    [
        ("<p>Một  hai\nba</p>\n<p>bốn – năm.</p>", "Một hai ba\nbốn – năm.", 5),
        ("<ul><li>a</li><li>b</li></ul>c", "a\nb\nc", 3),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a\nb", 2),
        ("a<br>b", "a\nb", 2),
        ("&lt;b&gt; &amp;amp; &nbsp; x", "<b> &amp; x", 3),
        ("<p>e\u0302\u0323</p>", "ệ", 1),
        ("<script>x</script>", "", 0),
    ],
)
def test_text(source: str, text: str, words: int) -> None:
    body = clean(source, PLAIN)
    assert (body.text, body.words) == (text, words)
    assert plain_text(source) == text


LINKS = CleanOptions(
    links=((re.compile(r"-(?P<id>\d+)\.html"), "article"), (re.compile(r"[?&]id=(?P<id>\d+)"), "video")),
    hosts=frozenset({"Bao.vn", "cu.bao.vn:8080"}),
    reference=lambda entity, key: f"ref:/{entity}/{key}?a&b".replace("ref:", ""),
)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/thoi-su/tin-12.html", "/article/12?a&amp;b"),
        ("tin-12.html#x", "/article/12?a&amp;b"),
        ("http://bao.vn/tin-12.html", "/article/12?a&amp;b"),
        ("HTTPS://BAO.VN:443/tin-12.html", "/article/12?a&amp;b"),
        ("//bao.vn/tin-12.html", "/article/12?a&amp;b"),
        ("http://cu.bao.vn:8080/tin-12.html", "/article/12?a&amp;b"),
        ("http://cu.bao.vn/tin-12.html", "http://cu.bao.vn/tin-12.html"),
        ("http://khac.vn/tin-12.html", "http://khac.vn/tin-12.html"),
        ("http://khac.vn\\@bao.vn/tin-12.html", "http://khac.vn\\@bao.vn/tin-12.html"),
        ("/tin%2D12.html", "/article/12?a&amp;b"),
        ("/x.aspx?a=1&amp;id=7", "/video/7?a&amp;b"),
        ("/x.aspx?a=1&id=7", "/video/7?a&amp;b"),
        ("/khac?x=1&amp;y=2", "/khac?x=1&amp;y=2"),
        ("#-12.html", "#-12.html"),
        ("mailto:a-12.html", "mailto:a-12.html"),
    ],
)
def test_links(href: str, expected: str) -> None:
    body = clean(f'<a title="t" href="{href}">a</a>', LINKS)
    assert body.html == f'<a title="t" href="{expected}">a</a>'
    assert ("link-rewritten" in noted(body)) == expected.startswith(("/article", "/video"))


def test_a_foreign_frame_of_the_newspaper_becomes_a_reference() -> None:
    once = clean('<iframe src="//bao.vn/tin-12.html"></iframe>', LINKS)
    assert once.html == '<a href="/article/12?a&amp;b">//bao.vn/tin-12.html</a>'
    assert clean(once.html, LINKS).html == once.html


def test_a_link_that_speaks_of_word_is_no_debris() -> None:
    assert "word-debris" not in noted(clean('<p title="mso-x"><a href="/mso-1">a</a></p>', PLAIN))


def test_details_are_bounded() -> None:
    body = clean("".join(f"<x{number}>a</x{number}>" for number in range(50)), PLAIN)
    assert noted(body)["unwrapped"].endswith("others 40")


def test_depth_costs_no_stack() -> None:
    body = clean("<div>" * 900 + "đáy", PLAIN)
    assert body.text == "đáy"
    assert body.html.count("<div>") == 900


def test_a_body_nested_beyond_reason_is_refused() -> None:
    with pytest.raises(BodyTooLarge, match="nested more than 1000 deep"):
        clean("<div>" * 10_000 + "đáy", PLAIN)


@pytest.mark.parametrize(
    "source",
    [
        "<p><marquee><p>a</p></marquee>b",
        "<a href=1>x<div>y<a href=2>z</a>w</div></a>",
        "<h2><font><h3>a</h3>b</font></h2>",
        "<li>a<center><li>b</center></li>",
        "<dd>a<center><dt>b</center></dd>",
        "<p><marquee><table><tr><td><p>a</table></marquee>b",
        "<b><p><marquee><i><hr>a</i></marquee></p></b>",
        "a<p></p><b><p></p></b>b",
        "<table>a<b>b<tr><td>c</b>d</table>e",
        "<a href=x><table><a href=y>z</table>",
        "<pre><font>\n</font>\na</pre>",
        "<u><u><u><u><u>a</u></u></u></u></u>b",
        "<select><b>a</select>b",
        "<p>a<form><p>b</form>c",
    ],
)
def test_clean_twice_is_clean_once(source: str) -> None:
    once = clean(source, PLAIN)
    twice = clean(once.html, PLAIN)
    assert (twice.html, twice.text, twice.notes) == (once.html, once.text, ())


def test_an_old_name_of_a_picture_straight_in_a_table() -> None:
    body = clean("<table><IMAGE src=a.jpg><tr><td>x</td></tr></table>", CleanOptions())
    assert [image.src for image in body.images] == ["a.jpg"]


def test_a_menu_of_thousands_of_choices_goes_like_any_other() -> None:
    menu = "<select name=a>" + "<option value=1>x" * 2_000 + "</select>"
    assert clean(f"<p>a {menu}b</p>", CleanOptions()).html == clean("<p>a <select></select>b</p>", CleanOptions()).html
