"""Pages kept as plain text, the founding article above all."""

from pathlib import Path
from typing import Any

import pytest

from migrator.extract.page.model import Unreadable
from migrator.extract.page.record import as_record

# An article in the shape of an old page copied as text: long paragraphs, some ending in "…", a byline, teasers, a notice.
PARAGRAPHS = [
    "Sáng nay, ban quản lý chợ nổi Cồn Bần họp với bốn mươi chủ ghe để bàn cách giữ chợ qua mùa nước thấp; nhiều ý kiến"
    " cho rằng cần nạo vét hai khúc kênh trước tháng ba, nếu không ghe lớn sẽ không vào được…",
    "Ông Lê Văn Rạng, trưởng ban, nói rằng tiền nạo vét đã có một nửa, nửa còn lại xin các hộ góp bằng ngày công.",
    "Chị Út Hiền, bán trái cây ở chợ đã mười bảy năm, đề nghị treo thêm đèn ở đầu vàm để ghe đi đêm khỏi va nhau…",
    "Cuộc họp kết thúc với danh sách ba mươi hai người đăng ký làm vào hai ngày cuối tuần.",
]
TEASERS = [
    "Nước về sớm hơn mọi năm, bà con xã Bình Thới…",
    "Ngày 2/3, đoàn thiện nguyện của trường nghề…",
    "This website uses cookies. See Our policy to learn more.",
    "Read More",
]


def test_the_founding_shape(read: Any) -> None:
    page = read("\n".join([*PARAGRAPHS, "Minh Thư. Ảnh: Đặng Khoa", *TEASERS]))
    record = as_record(page)
    assert page.read_by == "plain-text"
    assert page.body_text == "\n".join(PARAGRAPHS)
    assert page.body_html == "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    assert record["byline"] == "Minh Thư. Ảnh: Đặng Khoa"
    assert (record["authors"], record["photographers"]) == (["Minh Thư"], ["Đặng Khoa"])
    assert [note["detail"] for note in record["notes"] if note["code"] == "tail-cut"] == TEASERS
    assert record["headline"] is None
    assert record["reasons"]["headline"] == "the first line is no headline"


def test_the_founding_article(shared_dir: Path, read: Any) -> None:
    path = shared_dir / "data" / "founding-article.txt"
    if not path.is_file():
        pytest.skip(f"{path} is missing")
    lines = path.read_text(encoding="utf-8").splitlines()
    record = as_record(read(path.read_bytes()))
    assert record["body_text"].split("\n") == lines[:6]
    assert record["byline"] == lines[6] == "Minh Hảo. Ảnh: Đàm Thanh"
    assert (record["authors"], record["photographers"]) == (["Minh Hảo"], ["Đàm Thanh"])
    assert [note["detail"] for note in record["notes"]] == [line.strip() for line in lines[7:]]
    assert (record["published_at"], record["published_reason"]) == (None, "a plain text does not state it")


def test_a_short_first_line_is_the_headline(read: Any) -> None:
    page = read("Chợ nổi vào mùa\n\n" + "\n\n".join(PARAGRAPHS) + "\r\n\tMinh Thư\n")
    assert page.headline == "Chợ nổi vào mùa"
    assert page.body_text == "\n".join(PARAGRAPHS)
    assert page.byline.raw == "Minh Thư"


def test_teasers_are_only_cut_behind_a_byline(read: Any) -> None:
    page = read("\n".join([*PARAGRAPHS, *TEASERS[:2]]))
    assert page.body_text.split("\n") == [*PARAGRAPHS, *TEASERS[:2]]
    assert page.byline is None
    assert page.reasons["byline"] == "the last block is no byline"


def test_notices_are_cut_anyway(read: Any) -> None:
    page = read("\n".join([*PARAGRAPHS, *TEASERS[2:]]))
    assert page.body_text == "\n".join(PARAGRAPHS)


def test_text_of_old_encodings(read: Any) -> None:
    page = read("UBND thµnh phè H¶i Phßng tæ chøc héi nghÞ tæng kÕt c«ng t¸c n¨m, cã nhiÒu ®¹i biÓu tham dù.")
    assert page.body_text.startswith("UBND thành phố Hải Phòng tổ chức hội nghị")
    assert page.notes[0][0] == "legacy-encoding"


@pytest.mark.parametrize("text", ["...", "123\n456", "—"])
def test_text_without_words(text: str, read: Any) -> None:
    found = read.tried(text)
    assert isinstance(found, Unreadable)
    assert found.reason == "no-article"
