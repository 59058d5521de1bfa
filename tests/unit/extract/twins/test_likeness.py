"""Which articles are taken to be one, which are shown to a person, which are two."""

import re
from datetime import UTC, datetime

import pytest

from migrator.extract.twins.features import Features, features_of
from migrator.extract.twins.likeness import Thresholds, decide, likeness
from migrator.model.content import Value
from migrator.model.record import Record

BODY = (
    "Sáng nay, cảng Cửa Biển đón chuyến tàu đầu tiên của năm với hơn hai nghìn công-te-nơ. Ông Phạm Quang, giám đốc cảng,"
    " cho biết lượng hàng quý này tăng mười hai phần trăm so với cùng kỳ. Bến số ba sẽ mở thêm hai cầu cẩu vào mùa hè, và"
    " công nhân được học nghề ngay tại chỗ trong ba tuần trước khi nhận việc."
)
OTHER = (
    "Trường tiểu học Hoa Sữa khai giảng lớp bơi miễn phí cho học sinh vùng ven. Cô giáo Lê Thị Mận nói rằng mỗi em sẽ học"
    " mười buổi, có huấn luyện viên đi cùng. Phụ huynh góp công sửa lại hồ cũ của xã, sơn lại thành hồ và lắp mái che."
)
LINKS = (re.compile(r"-(?P<id>\d+)\.html$"),)


def article(key: str, headline: str, body: str = BODY, day: int = 10, url: str = "") -> Features:
    fields: dict[str, Value] = {
        "headline": headline, "body_text": body, "legacy_url": url, "published_at": datetime(2023, 3, day, 1, tzinfo=UTC),
    }  # fmt: skip
    return features_of(Record(key, "article", fields), LINKS)


def test_a_rewritten_headline_and_a_mended_word_leave_them_alike() -> None:
    web = article("web:article:1", "Cảng Cửa Biển đón tàu đầu năm")
    paper = article("print:article:9", "Đón tàu đầu năm ở cảng Cửa Biển", BODY.replace("mười hai", "12"))
    like = likeness(web, paper)
    assert like.headline > 0.8
    assert like.body is not None
    assert like.body > 0.7


def test_tone_placement_and_unicode_form_do_not_count() -> None:
    import unicodedata

    left = article("web:article:1", "Hoà nhạc ở thuỷ đình")
    right = article("print:article:1", unicodedata.normalize("NFD", "Hòa nhạc ở thủy đình"))
    assert likeness(left, right).headline == 1.0


def test_two_stories_are_not_alike() -> None:
    assert likeness(article("web:article:1", "Tàu đầu năm"), article("print:article:2", "Lớp bơi", OTHER)).score < 0.1


def test_short_bodies_are_compared_by_headline_alone() -> None:
    like = likeness(article("web:article:1", "Tin vắn", "Một câu."), article("print:article:2", "Tin vắn", "Câu khác."))
    assert (like.body, like.score) == (None, 1.0)


def test_what_is_alike_alone_is_the_same() -> None:
    web, paper = article("web:article:1", "Cảng đón tàu"), article("print:article:9", "Cảng đón tàu")
    (pair,) = decide(paper, None, [web, article("web:article:2", "Lớp bơi", OTHER)], Thresholds())
    assert (pair.left, pair.decision, pair.method, pair.days) == ("web:article:1", "same", "likeness", 0)


def test_two_that_are_nearly_so_go_to_a_person() -> None:
    paper = article("print:article:9", "Cảng đón tàu")
    pairs = decide(
        paper, None, [article("web:article:1", "Cảng đón tàu"), article("web:article:2", "Cảng đón tàu")], Thresholds()
    )
    assert [pair.decision for pair in pairs] == ["undecided", "undecided"]


def test_an_address_decides_unless_the_texts_contradict_it() -> None:
    paper = article("print:article:9", "Cảng đón tàu", url="/news/cang/cang-don-tau-1.html")
    assert paper.link == "1"
    (pair,) = decide(paper, article("web:article:1", "Bến cảng đầu xuân"), [], Thresholds())
    assert (pair.decision, pair.method) == ("same", "address")
    (pair,) = decide(paper, article("web:article:1", "Lớp bơi", OTHER), [], Thresholds())
    assert (pair.decision, pair.method) == ("undecided", "address")


@pytest.mark.parametrize("body", ["", BODY])
def test_an_article_with_itself_is_wholly_alike(body: str) -> None:
    one = article("web:article:1", "Cảng đón tàu", body)
    assert likeness(one, one).score == 1.0


def test_an_address_is_doubted_where_another_article_is_plainly_more_alike() -> None:
    paper = article("print:article:9", "Cảng đón tàu", url="/news/cang/cang-don-tau-1.html")
    named = article("web:article:1", "Cảng đón tàu", OTHER)
    pairs = decide(paper, named, [named, article("web:article:2", "Cảng đón tàu")], Thresholds())
    assert [(pair.left, pair.method, pair.decision) for pair in pairs] == [
        ("web:article:1", "address", "undecided"), ("web:article:2", "likeness", "undecided"),
    ]  # fmt: skip
