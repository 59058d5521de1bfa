from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.text.bylines import read_credit

CASES = [
    ("Quang cảnh lễ khai trương. Ảnh: Thanh Sơn", "Quang cảnh lễ khai trương.", "Thanh Sơn"),
    ("Quang cảnh lễ khai trương - Ảnh: Thanh Sơn", "Quang cảnh lễ khai trương", "Thanh Sơn"),
    ("Quang cảnh lễ khai trương (Ảnh: Thanh Sơn)", "Quang cảnh lễ khai trương", "Thanh Sơn"),
    ("Quang cảnh lễ khai trương (Ảnh: Thanh Sơn).", "Quang cảnh lễ khai trương", "Thanh Sơn"),
    ("Quang cảnh lễ khai trương [Ảnh: Thanh Sơn]", "Quang cảnh lễ khai trương", "Thanh Sơn"),
    ("Quang cảnh lễ khai trương Ảnh: Thanh Sơn", "Quang cảnh lễ khai trương", "Thanh Sơn"),
    ("Quang cảnh lễ khai trương, ảnh: Thanh Sơn", "Quang cảnh lễ khai trương", "Thanh Sơn"),
    ("Quang cảnh lễ khai trương/Ảnh: Thanh Sơn", "Quang cảnh lễ khai trương", "Thanh Sơn"),
    ("Quang cảnh lễ khai trương. Ảnh: Thanh Sơn|", "Quang cảnh lễ khai trương.", "Thanh Sơn"),
    ("Quang cảnh lễ khai trương | Ảnh: Thanh Sơn | ", "Quang cảnh lễ khai trương", "Thanh Sơn"),
    ("Quang cảnh lễ khai trương. ẢNH: THANH SƠN", "Quang cảnh lễ khai trương.", "THANH SƠN"),
    ("Quang cảnh lễ khai trương. Ảnh : Thanh Sơn.", "Quang cảnh lễ khai trương.", "Thanh Sơn"),
    ("Quang cảnh (trước giờ G) lễ khai trương. Ảnh: A", "Quang cảnh (trước giờ G) lễ khai trương.", "A"),
    ("Ùn tắc lúc 15:39. Ảnh: Thanh Sơn", "Ùn tắc lúc 15:39.", "Thanh Sơn"),
    ("Cầu Bính. Ảnh: Thanh Sơn (TTXVN)", "Cầu Bính.", "Thanh Sơn (TTXVN)"),
    ("Cầu Bính (Ảnh: Thanh Sơn (TTXVN))", "Cầu Bính", "Thanh Sơn (TTXVN)"),
    ("Cầu Bính. Ảnh: AFP/TTXVN.", "Cầu Bính.", "AFP/TTXVN"),
    ("Cầu Bính. Ảnh: Nhân vật cung cấp", "Cầu Bính.", "Nhân vật cung cấp"),
    ("Cầu Bính. Ảnh: nhân vật cung cấp", "Cầu Bính.", "nhân vật cung cấp"),
    ("Cầu Bính. Nguồn: Internet", "Cầu Bính.", "Internet"),
    ("Cầu Bính (Nguồn: Reuters)", "Cầu Bính", "Reuters"),
    ("Cầu Bính (Nguồn ảnh: Reuters)", "Cầu Bính", "Reuters"),
    ("Bản đồ bão. Đồ họa: Minh Hảo", "Bản đồ bão.", "Minh Hảo"),
    ("Bản đồ bão. Đồ hoạ: Minh Hảo", "Bản đồ bão.", "Minh Hảo"),
    ("Cảnh sát vào cuộc. Video: Minh Hảo", "Cảnh sát vào cuộc.", "Minh Hảo"),
    ("Bão số 3 (TTXVN)", "Bão số 3", "TTXVN"),
    ("Bão số 3 (AFP/TTXVN)", "Bão số 3", "AFP/TTXVN"),
    ("Bão số 3 (Ảnh Minh Hảo)", "Bão số 3", "Minh Hảo"),
    ("Bão số 3 (ảnh TTXVN).", "Bão số 3", "TTXVN"),
    ("Bão số 3. Nguồn: https://bao.vn/bao-so-3.htm", "Bão số 3.", "https://bao.vn/bao-so-3.htm"),
    ("Ảnh: TTXVN", "", "TTXVN"),
    ("(Ảnh: TTXVN)", "", "TTXVN"),
    ("Ảnh: Thanh Sơn", "", "Thanh Sơn"),
    ("Nguồn: Internet", "", "Internet"),
    ("Ảnh tư liệu: Thanh Sơn", "Ảnh tư liệu", "Thanh Sơn"),
    ("Cầu Bính. Ảnh tư liệu: Thanh Sơn", "Cầu Bính. Ảnh tư liệu", "Thanh Sơn"),
]
ILLUSTRATIONS = [
    ("Ảnh minh họa", "Ảnh minh họa", ""),
    ("Ảnh minh hoạ", "Ảnh minh hoạ", ""),
    ("(Ảnh minh họa)", "(Ảnh minh họa)", ""),
    ("Tắm biển (ảnh minh họa)", "Tắm biển (ảnh minh họa)", ""),
    ("Tắm biển. Ảnh minh họa.", "Tắm biển. Ảnh minh họa.", ""),
    ("Ảnh minh họa. Ảnh: TTXVN", "Ảnh minh họa.", "TTXVN"),
    ("Ảnh minh họa: TTXVN", "Ảnh minh họa", "TTXVN"),
    ("Ảnh minh họa (Nguồn: Internet)", "Ảnh minh họa", "Internet"),
    ("Tắm biển (Ảnh minh họa: TTXVN)", "Tắm biển (Ảnh minh họa)", "TTXVN"),
]
CAPTIONS = [
    "",
    "Cầu Bính",
    "Cầu Bính.",
    "Trong ảnh: Ông A phát biểu",
    "Trong ảnh: Thanh Sơn",
    "Ảnh: Cầu Bính lúc hoàng hôn nhìn từ phía Thủy Nguyên",
    "Ảnh trên: Cầu Bính. Ảnh dưới: Cầu Rào",
    "Ảnh tư liệu",
    "Cầu Bính (ảnh tư liệu)",
    "Bão số 3 (năm 2024)",
    "Ông Lê Văn A (Hải Phòng)",
    "Ông Lê Văn A (thứ hai từ trái)",
    "Nguồn nước sạch về làng",
    "Chủ tịch phường (Lê Văn A)",
    "Chủ tịch phường (   Lê Văn A)",
    "Cầu Bính (Internet)",
    "Cầu Bính. Ảnh: ai chụp?",
    "Ảnh hưởng của bão: nhiều nhà tốc mái",
    "Kết quả: Hải Phòng thắng 2 – 0",
    "Cầu Bính. Ảnh: đây là công trình trọng điểm của thành phố được khởi công từ năm 2002",
]


@pytest.mark.parametrize(("raw", "caption", "credit"), CASES)
def test_a_credit_is_taken_from_its_caption(raw: str, caption: str, credit: str) -> None:
    found = read_credit(raw)
    assert (found.caption, found.credit, found.raw, found.is_illustration) == (caption, credit, raw, False)
    decomposed = read_credit(unicodedata.normalize("NFD", raw))
    assert (decomposed.caption, decomposed.credit) == (caption, credit)


@pytest.mark.parametrize(("raw", "caption", "credit"), ILLUSTRATIONS)
def test_an_illustration_says_so_and_credits_nobody(raw: str, caption: str, credit: str) -> None:
    found = read_credit(raw)
    assert (found.caption, found.credit, found.is_illustration) == (caption, credit, True)


@pytest.mark.parametrize("raw", CAPTIONS)
def test_a_caption_stays_a_caption(raw: str) -> None:
    found = read_credit(raw)
    assert (found.caption, found.credit) == (raw, "")


@pytest.mark.parametrize(("raw", "caption"), [("Cầu Bính|", "Cầu Bính"), ("Cầu Bính. | ", "Cầu Bính."), (" | ", "")])
def test_a_bar_at_the_end_goes(raw: str, caption: str) -> None:
    found = read_credit(raw)
    assert (found.caption, found.credit, found.raw) == (caption, "", raw)


PIECES = (
    "Cầu Bính",
    "lúc hoàng hôn",
    "Ảnh:",
    "Nguồn:",
    "Thanh Sơn",
    "TTXVN",
    "Ảnh minh họa",
    "(",
    ")",
    "|",
    ".",
    "-",
    "/",
)


@given(st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join))
def test_no_word_is_lost_but_labels(raw: str) -> None:
    found = read_credit(raw)
    kept = f"{found.caption} {found.credit}"
    for word in ("Cầu", "Bính", "hoàng", "Thanh", "TTXVN", "minh"):
        assert kept.count(word) == raw.count(word)


@given(st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join))
def test_a_caption_without_its_credit_is_not_taken_apart_for_nothing(raw: str) -> None:
    found = read_credit(raw)
    assert found.credit or found.caption == raw.strip().rstrip("|").rstrip() or not raw.strip(" |")
