"""What stands beside an article is none of its text: in the body, above it, and behind it."""

import pytest

from tests.unit.extract.page_automatic.pages import (
    HEADLINE,
    STANDFIRST,
    TEASERS,
    TEXT,
    article,
    found,
    json_ld,
    lines,
    page,
    paragraphs,
)

WHOLE = list(TEXT)
TEASER_LIST = "".join(f"<div class='item'><h3><a href='/t'>Tin khác</a></h3><p>{text}</p></div>" for text in TEASERS)

STORY = "Ở làng chài bên kia vịnh, những chiếc thuyền thúng cuối cùng vừa được đan xong trong tháng này."

INSIDE = {
    "a caption in a figure": "<figure><img src=a.jpg><figcaption>Tàu Hải Âu cập bến số 1 sáng nay.</figcaption></figure>",
    "a caption in a table": "<table><tr><td><img src=a.jpg></td></tr><tr><td class='caption'>Tàu cập bến.</td></tr></table>",
    "a caption by its name": "<div class='image'><img src=a.jpg><p class='PhotoCMS_Caption'>Tàu Hải Âu cập bến số 1.</p></div>",
    "a centred caption": "<p><img src=a.jpg></p><p style='text-align:center'><em>Tàu Hải Âu cập bến số 1 sáng nay.</em></p>",
    "a caption with a credit": "<p><img src=a.jpg></p><p>Tàu Hải Âu cập bến số 1 sáng nay. Ảnh: Minh Đức</p>",
    "a related link": "<p><a href='/b'>Cảng mở tuyến tàu mới tới ba nước trong khu vực</a></p>",
    "a hint at another article": "<p>Xem thêm: <a href='/b'>Cảng mở tuyến tàu mới tới ba nước</a></p>",
    "an English hint": "<p>Read more: Harbour opens a new line to three countries of the region.</p>",
    "a box with related articles": f"<div class='tin-lien-quan'><p>{STORY}</p></div>",
    "sharing": "<div class='share-buttons'><span>Chia sẻ bài viết này</span><a href='#'>Facebook</a></div>",
    "an advertisement": "<div class='advert'><p>Mua một tặng một, chỉ tuần này, tại mọi cửa hàng. Nhanh tay kẻo hết.</p></div>",
    "a newsletter": "<div class='newsletter-signup'><p>Nhận bản tin mỗi sáng, miễn phí. Hãy để lại địa chỉ ở đây.</p></div>",
    "a hidden element": "<div style='display:none'><p>Đoạn này không ai thấy. Nó dài hơn sáu mươi chữ cái một chút.</p></div>",
    "a script and a style": "<script>var a = '<p>không phải chữ của bài báo. Đúng thế.</p>';</script><style>p{top:1}</style>",
    "a text field": "<textarea>Mã nhúng: bạn hãy chép đoạn này vào trang của mình. Cảm ơn bạn đã dùng.</textarea>",
    "the headline again": f"<p>{HEADLINE}</p>",
}


@pytest.mark.parametrize("thing", INSIDE)
def test_in_the_body(thing: str) -> None:
    assert lines(article(paragraphs(*TEXT[:2]) + INSIDE[thing] + paragraphs(*TEXT[2:]))) == WHOLE


COMMENT = "Bài viết hay quá, tôi ở gần cảng và thấy đúng như vậy. Mong đường tránh sớm xong để bà con bớt khổ, cảm ơn tác giả."

BEHIND = {
    "the author at the right": "<p style='text-align:right'><strong>Minh Đức</strong></p>",
    "author and photographer": "<p>Minh Đức. Ảnh: Thu Hà</p>",
    "text and photos": "<p>Bài và ảnh: Minh Đức</p>",
    "the source": "<p>Theo Báo Thử Nghiệm</p>",
    "teasers behind the author": "<p><b>Minh Đức</b></p>" + paragraphs(*TEASERS),
    "a cookie notice": "<p>This website uses cookies. See our policy to learn more.</p><p><a href='/c'>Read More</a></p>",
    "a list under its heading": "<h3>Tin liên quan</h3><ul><li><a href=/1>Tin một</a></li><li><a href=/2>Tin hai</a></li></ul>",
    "a copyright": "<p>© 2026 Báo Thử Nghiệm. Mọi quyền được bảo lưu, cấm sao chép dưới mọi hình thức.</p>",
    "texts under a heading for links": f"<h3>Tin liên quan</h3><p><a href='/1'>Làng chài</a> {STORY}</p>",
    "an empty heading": "<h3>Bình luận</h3>",
}


@pytest.mark.parametrize("thing", BEHIND)
def test_behind_the_text_in_the_same_element(thing: str) -> None:
    assert lines(article(paragraphs() + BEHIND[thing])) == WHOLE


COMMENTS = "".join(f"<div class=item><p>{COMMENT} {n}</p></div>" for n in range(30))

AFTER = {
    "comments": f"<div id='comments'><h3>Ý kiến bạn đọc</h3>{COMMENTS}</div>",
    "an author's box": "<div class='author-bio'><p>Minh Đức viết về cảng biển từ năm 2001. Anh sống gần cảng.</p></div>",
    "teasers": f"<div class='other-news'>{TEASER_LIST}</div>",
    "tags": "<div class='tags'><a href='/a'>cảng</a>, <a href='/b'>tàu container</a>, <a href='/c'>vận tải biển</a></div>",
    "related articles": f"<section class='related-stories'>{TEASER_LIST}</section>",
}


@pytest.mark.parametrize("thing", AFTER)
def test_after_the_body(thing: str) -> None:
    assert lines(article(paragraphs(), after=AFTER[thing])) == WHOLE


ABOVE = {
    "date and author": "<p>Minh Đức - 12/03/2026 08:15</p>",
    "a bare standfirst": f"<h2>{STANDFIRST}</h2>",
    "sections": "<ul class='breadcrumb'><li><a href='/'>Trang chủ</a></li><li><a href='/kt'>Kinh tế biển</a></li></ul>",
}


@pytest.mark.parametrize("thing", ABOVE)
def test_above_the_body(thing: str) -> None:
    assert lines(article(paragraphs(), before=ABOVE[thing])) == WHOLE


@pytest.mark.parametrize("thing", ABOVE)
def test_above_the_text_in_the_same_element(thing: str) -> None:
    assert lines(article(ABOVE[thing] + paragraphs())) == WHOLE


@pytest.mark.parametrize("number", [1, 2, 3])
def test_dots_alone_do_not_cut_the_last_paragraphs(number: int) -> None:
    assert lines(article(paragraphs(*TEXT, *TEASERS[:number]))) == [*TEXT, *TEASERS[:number]]


def test_one_paragraph_with_dots_under_a_heading_stays() -> None:
    assert lines(article(f"{paragraphs()}<h3>Lời kết</h3><p>{TEASERS[0]}</p>"))[-1] == TEASERS[0]


def test_hidden_words_in_a_paragraph() -> None:
    link = "<a href='/q'>quý<span class='sr-only'> (mở trong cửa sổ mới)</span></a>"
    body = paragraphs(TEXT[0]) + f"<p>{TEXT[1].replace('quý', link)}</p>" + paragraphs(*TEXT[2:])
    assert lines(article(body)) == WHOLE


def test_a_class_that_shows_at_some_width_hides_nothing() -> None:
    body = paragraphs(TEXT[0]) + f"<p class='d-none d-md-block'>{TEXT[1]}</p>" + paragraphs(*TEXT[2:])
    assert lines(article(body)) == WHOLE


def test_addresses_and_dates_for_machines_are_no_text() -> None:
    hidden = "".join(
        f"<span class='hidden' itemprop='{name}'>{value}</span>"
        for name, value in (
            ("datePublished", "2026-03-12T08:15:00+07:00"),
            (
                "mainEntityOfPage",
                "https://bao.example/kinh-te/cang-nuoc-sau-don-chuyen-tau-container-thu-mot-nghin-16.html",
            ),
            ("image", "https://bao.example/uploads/2026_03/tau-hai-au-cap-ben-so-1.jpg"),
        )
    )
    assert lines(page(f"<div><h1>{HEADLINE}</h1>{hidden}<div class='bodytext'>{paragraphs()}</div></div>")) == WHOLE


def test_the_stated_text_says_where_the_text_ends() -> None:
    more = "Tòa soạn mời bạn đọc gửi ý kiến về địa chỉ quen thuộc của báo, trước ngày mười lăm hằng tháng."
    body = paragraphs(*TEXT, more)
    assert lines(article(body))[-1] == more
    stated = article(body, head=json_ld(articleBody=" ".join(TEXT), headline=HEADLINE))
    assert lines(stated) == WHOLE
    assert "of the stated text is in it" in found(stated).evidence


@pytest.mark.parametrize("stated", ["Một câu ngắn.", "chữ " * 400, "<p>" * 200, " "])
def test_a_stated_text_that_is_not_on_the_page_changes_nothing(stated: str) -> None:
    assert lines(article(paragraphs(), head=json_ld(articleBody=stated))) == WHOLE


@pytest.mark.parametrize(
    "line",
    [
        "<p>（原标题：港口迎来第一千艘集装箱船）</p>",
        "<p>Follow Jane Doe @janedoe and Google+. Follow us, Facebook and Google+.</p>",
        "<p>Have something to say? Let us know in the comments section or send an email to the author.</p>",
        "<p>STORY: <a href='/b'>The port opens a new line to three countries</a></p>",
    ],
)
def test_lines_beside_articles_in_other_languages(line: str) -> None:
    assert lines(article(paragraphs(*TEXT[:3]) + line + paragraphs(*TEXT[3:]))) == WHOLE
    assert lines(article(paragraphs() + line)) == WHOLE


@pytest.mark.parametrize("name", ["art-lead", "chapeau", "subheading"])
def test_a_standfirst_by_the_name_around_it(name: str) -> None:
    html = page(f"<h1>{HEADLINE}</h1><div><div class='{name}'><p>{STANDFIRST}</p></div>{paragraphs()}</div>")
    assert lines(html) == WHOLE
