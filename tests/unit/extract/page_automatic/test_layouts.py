"""The same article in the layouts that papers have; what is found is its text, the whole of it and nothing else."""

import unicodedata

import pytest

from tests.unit.extract.page_automatic.pages import HEADLINE, STANDFIRST, TEXT, article, found, lines, page, paragraphs

WHOLE = list(TEXT)
H1 = f"<h1>{HEADLINE}</h1>"


def _rows(*texts: str) -> str:
    return "".join(f"<div>{text}</div>" for text in texts)


LAYOUTS = {
    "article element": page(f"<main><article>{H1}{paragraphs()}</article></main>"),
    "named body": article(paragraphs()),
    "no names at all": page(f"<div><div>{H1}<div>{paragraphs()}</div></div></div>"),
    "hashed names": page(
        f'<div class="css-1x2y3z"><h1 class="c-9q8w">{HEADLINE}</h1><div class="css-4r5t6y">{paragraphs()}</div></div>'
    ),
    "microdata": page(f'<div itemscope>{H1}<div itemprop="articleBody">{paragraphs()}</div></div>'),
    "a div for each paragraph": page(f'<div class="x">{H1}<div class="y">{_rows(*TEXT)}</div></div>'),
    "a named div for each paragraph": page(
        "<div class='x'>"
        + H1
        + "".join(f'<div class="para p{n}"><p>{text}</p></div>' for n, text in enumerate(TEXT))
        + "</div>"
    ),
    "a section for each screen": page(
        f"<div class='x'>{H1}<section class='part part-1'>{paragraphs(*TEXT[:3])}</section>"
        f"<div class='ad-slot'>Quảng cáo</div><section class='part part-2'>{paragraphs(*TEXT[3:])}</section></div>"
    ),
    "wrapped parts": page(
        f"<div class='x'>{H1}"
        + "".join(f"<div class='wrap'><div class='part'><p>{t}</p></div></div>" for t in TEXT)
        + "</div>"
    ),
    "the first part has one more class": page(
        f"<div class='x'>{H1}<div class='wrap'><div class='part first-part'>{paragraphs(*TEXT[:2])}</div></div>"
        f"<div class='wrap'><div class='part'>{paragraphs(*TEXT[2:])}</div></div></div>"
    ),
    "another text beside it": page(
        f"<div class='x'><div class='l'>{H1}<div class='d'>{paragraphs()}</div></div><div class='r'><h4>Về chúng tôi</h4>"
        "<div class='about'><p>Báo ra hằng ngày từ năm 1957, phát hành ở các tỉnh ven biển.</p></div></div></div>"
    ),
    "layout tables": page(
        f"<table><tr><td width=180><a href='/'>Trang chủ</a></td><td><h1>{HEADLINE}</h1>{paragraphs()}</td></tr></table>"
    ),
    "body inside a form": page(f"<form id='aspnetForm'><div>{H1}<div class='detail'>{paragraphs()}</div></div></form>"),
    "paragraphs that are never closed": page(f"<div>{H1}<div class='z'><p>{'<p>'.join(TEXT)}</div></div>"),
    "a link that is never closed": page(f"<div>{H1}<a href='/x'><div class='z'>{paragraphs(*TEXT * 3)}</div></div>"),
    "empty comments between": page(f"<div>{H1}<div><!---->{paragraphs().replace('</p>', '</p><!---->')}</div></div>"),
    "a body that looks like furniture": page(
        f"<div class='share-wrap'>{H1}<div class='social-content'>{paragraphs()}</div></div>"
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_whole_text_and_nothing_else(layout: str) -> None:
    expected = WHOLE if layout != "a link that is never closed" else list(dict.fromkeys(WHOLE))
    assert lines(LAYOUTS[layout]) == expected
    assert found(LAYOUTS[layout]).headline == HEADLINE


def test_lines_of_a_paragraph_stay_lines() -> None:
    html = page(f"<div><h1>{HEADLINE}</h1><div class='body'>{'<br><br>'.join(TEXT)}</div></div>")
    assert lines(html) == WHOLE


def test_what_belongs_to_the_text_besides_paragraphs() -> None:
    body = (
        f"<p>{TEXT[0]}</p><h2>Hai bước đầu</h2><ul><li>Nạo vét luồng tàu</li><li>Kéo dài <a href='/b'>đường sắt</a></li></ul>"
        f"<p>{TEXT[1]}</p><table><tr><th>Quý</th><th>Tấn</th></tr><tr><td>Một</td><td>1,2</td></tr></table>"
        f"<blockquote><p>{TEXT[2]}</p></blockquote><p>{TEXT[3]}</p><pre>bến 1: mở</pre><p>{TEXT[4]}</p>"
    )
    assert lines(article(body)) == [
        TEXT[0], "Hai bước đầu", "Nạo vét luồng tàu", "Kéo dài đường sắt",
        TEXT[1], "Quý", "Tấn", "Một", "1,2", TEXT[2], TEXT[3], "bến 1: mở", TEXT[4],
    ]  # fmt: skip


def test_formatting_icons_and_formulas_do_not_break_a_paragraph() -> None:
    begin, end = TEXT[1].split("quý", 1)
    icon = "<svg><g><path d='M0'/></g></svg>"
    body = f"<p>{begin}<a href='/q'>quý{icon}</a><math><mrow><mi>x</mi></mrow></math>{end}</p>"
    assert lines(article(paragraphs(TEXT[0]) + body + paragraphs(*TEXT[2:]))) == WHOLE


def test_entities_spaces_and_composition() -> None:
    shown = "Bến mới rộng 2 km & sâu 15 m,  với giá < 3 tỷ đồng mỗi mét, đã mở cửa đón tàu từ đầu tuần này."
    written = (
        unicodedata.normalize("NFD", shown).replace("&", "&amp;").replace("<", "&lt;").replace("2 km", "2&nbsp;km")
    )
    assert lines(article(f"<p>{written}</p>{paragraphs()}"))[0] == " ".join(shown.split())


def test_the_article_under_the_headline_wins_over_the_longer_one_behind_it() -> None:
    other = [
        f"Bài thứ hai kể chuyện khác, đoạn số {n}, về một làng nghề đã có hơn ba trăm năm làm gốm bên sông."
        for n in range(14)
    ]
    second = f"<div class='post'><h2>Làng gốm bên sông</h2><div class='content'>{paragraphs(*other)}</div></div>"
    text = [f"{line} Đó là số liệu mới nhất mà cảng vừa công bố trong tuần này." for line in TEXT]
    first = f"<div class='post'><h1>{HEADLINE}</h1><div class='content'>{paragraphs(*text)}</div></div>"
    assert lines(page(first + second)) == text


def test_a_short_article_in_a_named_body() -> None:
    body = "<p>Tối nay trời có mưa rào.</p><p>Biển động nhẹ, gió cấp 4.</p>"
    head = '<meta property="og:type" content="article">'
    html = page(f"<h1>{HEADLINE}</h1><div id='news-bodyhtml' class='bodytext'>{body}</div>", head=head)
    assert lines(html) == ["Tối nay trời có mưa rào.", "Biển động nhẹ, gió cấp 4."]


def test_the_standfirst_is_no_text() -> None:
    assert STANDFIRST not in found(article(paragraphs())).body_text


def test_scripts_without_spaces_count_by_letters() -> None:
    text = [
        "港口今天迎来第一千艘集装箱船，这比原定计划提前了整整八个月，码头工人为此举行了简短的欢迎仪式。",
        "负责人表示，今年第一季度吞吐量达到一百二十万吨，同比增长百分之十七，明年还要疏浚航道。",
        "附近居民希望绕城公路早日完工，因为每天有将近三千辆卡车穿过他们居住的街区，噪音很大。",
    ]
    assert (
        lines(page(f"<div><h1>港口迎来第一千艘船</h1><div>{paragraphs(*text)}</div></div>", title="港口迎来第一千艘船"))
        == text
    )
