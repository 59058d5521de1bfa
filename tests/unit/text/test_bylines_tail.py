from __future__ import annotations

import pytest

from migrator.text.bylines import CONFIDENT, last_block_byline
from migrator.text.match_keys import match_key

REGISTER = frozenset(map(match_key, ("Minh Hảo", "Đàm Thanh", "Thanh Sơn")))
BODY = "Báo cáo tại cuộc họp, lãnh đạo báo cho biết sẽ xây dựng tòa soạn hội tụ công nghệ hiện đại. " * 3
TEASER = "Chiều 22/11, trong khuôn khổ của Diễn đàn Chuyển đổi số thành phố…"
COOKIES = "This website uses cookies. See Our policy to learn more."


@pytest.mark.parametrize(
    ("blocks", "indices", "boilerplate"),
    [
        ([BODY, "Minh Hảo. Ảnh: Đàm Thanh"], (1,), ()),
        ([BODY, "Minh Hảo. Ảnh: Đàm Thanh", TEASER, TEASER, COOKIES, "Read More"], (1,), (2, 3, 4, 5)),
        ([BODY, "Minh Hảo", "", "  ", TEASER, ""], (1,), (4,)),
        ([BODY, "Minh Hảo", ">> Cảng Hải Phòng đón tàu lớn", "Xem thêm: Cảng", "Từ khóa: cảng"], (1,), (2, 3, 4)),
        ([BODY, "Minh Hảo", "Tin liên quan", "Cảng Hải Phòng đón tàu..."], (1,), (2, 3)),
        ([BODY, "Minh Hảo", "Ảnh: Đàm Thanh"], (1, 2), ()),
        ([BODY, "Minh Hảo", "Lễ khai trương. Ảnh: Thanh Sơn"], (1,), ()),
        ([BODY, "Cảng Hải Phòng", "Minh Hảo"], (2,), ()),
        ([BODY, "(Theo TTXVN)"], (1,), ()),
        ([BODY, "- Theo Reuters -"], (1,), ()),
        ([BODY, "PV TTXVN tại Hải Phòng"], (1,), ()),
        ([BODY, "Nhóm phóng viên"], (1,), ()),
        (["Minh Hảo"], (0,), ()),
    ],
)
def test_the_byline_at_the_end(blocks: list[str], indices: tuple[int, ...], boilerplate: tuple[int, ...]) -> None:
    found = last_block_byline(blocks, REGISTER)
    assert found is not None
    assert (found.indices, found.boilerplate) == (indices, boilerplate)
    assert found.byline.raw == "\n".join(blocks[index] for index in indices)
    assert found.byline.confidence >= CONFIDENT


def test_a_byline_of_two_blocks_has_both() -> None:
    found = last_block_byline([BODY, "Minh Hảo", "Ảnh: Đàm Thanh"], REGISTER)
    assert found is not None
    assert [(each.name, each.role) for each in found.byline.contributions] == [
        ("Minh Hảo", "text"),
        ("Đàm Thanh", "photo"),
    ]


@pytest.mark.parametrize("last", ["Thu Hà", "Thu Hà. Ảnh: Đàm Thanh", "THU HÀ - VĂN A", "Bài, ảnh: Thu Hà"])
def test_names_the_register_does_not_have_are_found_for_review(last: str) -> None:
    found = last_block_byline([BODY, last], REGISTER)
    assert found is not None
    assert found.byline.confidence < CONFIDENT


@pytest.mark.parametrize(
    "last",
    [
        "Quang cảnh lễ khai trương. Ảnh: Thanh Sơn",
        "Quang cảnh lễ khai trương (Ảnh: Thanh Sơn)",
        "Ảnh minh họa. Ảnh: TTXVN",
        "Ảnh minh họa",
        "Ảnh: TTXVN",
        "Ảnh: Thanh Sơn",
        "Video: Minh Hảo",
        "Cầu Bính. Ảnh: Thanh Sơn",
        "Chùa Dư Hàng. Ảnh: Thanh Sơn",
        "Phó Chủ tịch Hoàng Minh Cường phát biểu. Ảnh: Đàm Thanh",
        "Trong ảnh: Minh Hảo",
        "Minh Hảo phát biểu tại hội nghị.",
        "Ông Minh Hảo",
        "Hải Phòng",
        "Hải Phòng, ngày 20 tháng 6 năm 2024",
        "Thứ Năm, 20/06/2024 - 15:39",
        "Theo đó, thành phố sẽ đầu tư cảng mới.",
        "Theo ông Minh, việc này khó.",
        "Theo kế hoạch, lễ khai trương diễn ra ngày 5-3.",
        "Theo Nghị định 147/2024/NĐ-CP",
        "Tòa soạn rất mong nhận được ý kiến của bạn đọc.",
        "Mọi ý kiến xin gửi về: Ban Biên tập, email: toasoan@bao.vn",
        "Danh sách trúng tuyển:",
        "Ai là Minh Hảo?",
        "Minh Hảo:",
        "Minh Hảo,",
        "1. Minh Hảo, 2. Đàm Thanh",
        "Điện thoại: 0225 3842 123",
        "Hết",
        "(Còn nữa)",
        BODY,
        BODY + "Minh Hảo",
        "Minh Hảo " * 20,
        TEASER,
        COOKIES,
        "",
    ],
)
def test_captions_sentences_and_notices_are_no_bylines(last: str) -> None:
    assert last_block_byline([BODY, last], REGISTER) is None
    assert last_block_byline([BODY, "Phần mở đầu của bài viết.", last], REGISTER) is None


@pytest.mark.parametrize(
    "blocks",
    [
        [],
        [""],
        ["Minh Hảo", BODY],
        ["Minh Hảo", BODY, BODY],
        [BODY, "Minh Hảo", "Một câu ngắn.", "Một câu nữa."],
        [BODY, "Bài: Minh Hảo", "Ảnh: Đàm Thanh", "Đồ họa: Thanh Sơn"],
        [BODY, "Thu Hà", "Lễ khai trương. Ảnh: Thanh Sơn"],
        [BODY, "Minh Hảo", *[TEASER] * 22],
    ],
)
def test_only_the_last_two_blocks_are_asked(blocks: list[str]) -> None:
    assert last_block_byline(blocks, REGISTER) is None
