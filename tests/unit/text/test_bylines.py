from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.text.bylines import CONFIDENT, Byline, read_byline
from migrator.text.match_keys import match_key

NAMES = (
    "Minh Hảo",
    "Đàm Thanh",
    "Thanh Sơn",
    "Hồng Hạnh",
    "Hoàng Anh - Gia Lai",
    "N.V.A",
    "Lê Hoà",
    "Hải âu",
    "Tre và Trúc",
)
REGISTER = frozenset(map(match_key, NAMES))

Told = list[tuple[str, str, str]]


def told(byline: Byline) -> Told:
    return [(each.name, each.role, each.kind) for each in byline.contributions]


def people(role: str, *names: str) -> Told:
    return [(name, role, "person") for name in names]


HAO = people("text", "Minh Hảo")
THANH = people("photo", "Đàm Thanh")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Minh Hảo", HAO),
        ("  Minh  Hảo. ", HAO),
        ("Minh\u00a0Hảo", HAO),
        ("Minh\u200b Hảo", HAO),
        ("(Minh Hảo)", HAO),
        ("[Minh Hảo]", HAO),
        ("- Minh Hảo -", HAO),
        ("“Minh Hảo”", HAO),
        ("MINH HẢO", people("text", "MINH HẢO")),
        ("Tác giả: Minh Hảo", HAO),
        ("By Minh Hảo", HAO),
        ("Written by Minh Hảo and Thanh Sơn", people("text", "Minh Hảo", "Thanh Sơn")),
        ("Bài: Minh Hảo", HAO),
        ("Bài viết : Minh Hảo", HAO),
        ("PV: Minh Hảo", HAO),
        ("Minh Hảo. Ảnh: Đàm Thanh", HAO + THANH),
        ("Minh Hảo - Ảnh: Đàm Thanh", HAO + THANH),
        ("Minh Hảo – Ảnh: Đàm Thanh", HAO + THANH),
        ("Minh Hảo (Ảnh: Đàm Thanh)", HAO + THANH),
        ("Minh Hảo, ảnh: Đàm Thanh", HAO + THANH),
        ("Minh Hảo; Ảnh：Đàm Thanh", HAO + THANH),
        ("Minh Hảo Ảnh: Đàm Thanh", HAO + THANH),
        ("Minh Hảo\nẢnh: Đàm Thanh", HAO + THANH),
        ("MINH HẢO. ẢNH: ĐÀM THANH", people("text", "MINH HẢO") + people("photo", "ĐÀM THANH")),
        ("Bài: Minh Hảo; Ảnh: Đàm Thanh", HAO + THANH),
        ("Bài: Minh Hảo - Ảnh: Đàm Thanh, Thanh Sơn", HAO + people("photo", "Đàm Thanh", "Thanh Sơn")),
        ("Bài và ảnh: Minh Hảo", HAO + people("photo", "Minh Hảo")),
        ("Bài, ảnh: Minh Hảo", HAO + people("photo", "Minh Hảo")),
        ("Bài - Ảnh: Minh Hảo", HAO + people("photo", "Minh Hảo")),
        ("Bài-ảnh : Minh Hảo", HAO + people("photo", "Minh Hảo")),
        ("Bài ảnh: Minh Hảo", HAO + people("photo", "Minh Hảo")),
        ("Bài & ảnh: Minh Hảo", HAO + people("photo", "Minh Hảo")),
        ("Tin, ảnh: Minh Hảo", HAO + people("photo", "Minh Hảo")),
        ("Tin và ảnh Minh Hảo", HAO + people("photo", "Minh Hảo")),
        ("Tin, ảnh, clip: Minh Hảo", HAO + people("photo", "Minh Hảo") + people("video", "Minh Hảo")),
        ("Video, clip: Minh Hảo", people("video", "Minh Hảo")),
        ("Đồ họa: Minh Hảo", people("graphics", "Minh Hảo")),
        ("Đồ hoạ: Minh Hảo", people("graphics", "Minh Hảo")),
        ("Infographic: Minh Hảo", people("graphics", "Minh Hảo")),
        ("Minh họa: Minh Hảo", people("graphics", "Minh Hảo")),
        ("Biên dịch: Minh Hảo", people("translation", "Minh Hảo")),
        ("Người dịch: Minh Hảo", people("translation", "Minh Hảo")),
        ("Minh Hảo (dịch)", people("translation", "Minh Hảo")),
        ("Minh Hảo dịch", people("translation", "Minh Hảo")),
        ("Minh Hảo (lược dịch)", people("translation", "Minh Hảo")),
        ("Minh Hảo (tổng hợp)", people("compiled", "Minh Hảo")),
        ("Minh Hảo tổng hợp", people("compiled", "Minh Hảo")),
        ("Minh Hảo (T/h)", people("compiled", "Minh Hảo")),
        ("Minh Hảo (ST)", people("compiled", "Minh Hảo")),
        ("Minh Hảo (ghi)", HAO),
        ("Minh Hảo (thực hiện)", HAO),
        ("Minh Hảo thực hiện", HAO),
        ("Minh Hảo - Đàm Thanh (thực hiện)", people("text", "Minh Hảo", "Đàm Thanh")),
        ("Thực hiện: Minh Hảo - Đàm Thanh", people("production", "Minh Hảo", "Đàm Thanh")),
        ("Nhóm thực hiện: Minh Hảo, Đàm Thanh", people("production", "Minh Hảo", "Đàm Thanh")),
        ("Nhóm phóng viên: Minh Hảo, Đàm Thanh", people("text", "Minh Hảo", "Đàm Thanh")),
        (
            "Nội dung: Minh Hảo. Thiết kế: Đàm Thanh. Giọng đọc: Thanh Sơn. Biên tập: Hồng Hạnh",
            HAO + people("graphics", "Đàm Thanh") + people("audio", "Thanh Sơn") + people("editing", "Hồng Hạnh"),
        ),
        ("Minh Hảo - Đàm Thanh", people("text", "Minh Hảo", "Đàm Thanh")),
        ("Minh Hảo – Đàm Thanh", people("text", "Minh Hảo", "Đàm Thanh")),
        ("Minh Hảo-Đàm Thanh", people("text", "Minh Hảo", "Đàm Thanh")),
        ("Minh Hảo- Đàm Thanh", people("text", "Minh Hảo", "Đàm Thanh")),
        ("Minh Hảo, Đàm Thanh và Thanh Sơn", people("text", "Minh Hảo", "Đàm Thanh", "Thanh Sơn")),
        ("MINH HẢO VÀ ĐÀM THANH", people("text", "MINH HẢO", "ĐÀM THANH")),
        ("Minh Hảo & Đàm Thanh", people("text", "Minh Hảo", "Đàm Thanh")),
        ("Minh Hảo/Đàm Thanh", people("text", "Minh Hảo", "Đàm Thanh")),
        ("Minh Hảo + Đàm Thanh", people("text", "Minh Hảo", "Đàm Thanh")),
        ("Hoàng Anh - Gia Lai", people("text", "Hoàng Anh - Gia Lai")),
        ("Minh Hảo - Hoàng Anh - Gia Lai", people("text", "Minh Hảo", "Hoàng Anh - Gia Lai")),
        ("Tre và Trúc, Minh Hảo", people("text", "Tre và Trúc", "Minh Hảo")),
        ("N.V.A", people("text", "N.V.A")),
        ("N.V.A.", people("text", "N.V.A")),
        ("n.v.a", people("text", "n.v.a")),
        ("Lê Hòa", people("text", "Lê Hòa")),
        ("LÊ HOÀ", people("text", "LÊ HOÀ")),
        ("Hải âu", people("text", "Hải âu")),
    ],
)
def test_registered_names_in_every_shape(raw: str, expected: Told) -> None:
    byline = read_byline(raw, REGISTER)
    assert told(byline) == expected
    assert (byline.raw, byline.unread) == (raw, ())
    assert byline.confidence >= CONFIDENT
    assert all(each.registered for each in byline.contributions)
    assert told(read_byline(unicodedata.normalize("NFD", raw), REGISTER)) == expected


@pytest.mark.parametrize(
    ("raw", "title", "name"),
    [
        ("TS. Minh Hảo", "TS.", "Minh Hảo"),
        ("TS Minh Hảo", "TS", "Minh Hảo"),
        ("PGS, TS Minh Hảo", "PGS, TS", "Minh Hảo"),
        ("PGS.TS. Minh Hảo", "PGS.TS.", "Minh Hảo"),
        ("PGS. TS Minh Hảo", "PGS. TS", "Minh Hảo"),
        ("GS.TSKH Minh Hảo", "GS.TSKH", "Minh Hảo"),
        ("ThS. BS Minh Hảo", "ThS. BS", "Minh Hảo"),
        ("BSCKII Minh Hảo", "BSCKII", "Minh Hảo"),
        ("NSND Minh Hảo", "NSND", "Minh Hảo"),
        ("Bác sĩ Minh Hảo", "Bác sĩ", "Minh Hảo"),
        ("Nhà báo Minh Hảo", "Nhà báo", "Minh Hảo"),
        ("Đại tá, TS Minh Hảo", "Đại tá, TS", "Minh Hảo"),
        ("Luật sư Minh Hảo", "Luật sư", "Minh Hảo"),
        ("CTV Minh Hảo", "CTV", "Minh Hảo"),
        ("PV. Minh Hảo", "PV.", "Minh Hảo"),
    ],
)
def test_a_title_is_told_from_the_name(raw: str, title: str, name: str) -> None:
    (contribution,) = read_byline(raw, REGISTER).contributions
    assert (contribution.title, contribution.name, contribution.registered) == (title, name, True)


def test_the_longest_registered_name_is_taken() -> None:
    register = {match_key(name) for name in ("Tre", "Tre và Trúc", "Tre và Trúc và Mai")}
    assert told(read_byline("Tre và Trúc và Mai và Tre", register)) == people("text", "Tre và Trúc và Mai", "Tre")


def test_titles_of_several() -> None:
    byline = read_byline("PGS, TS Minh Hảo - ThS Đàm Thanh. Ảnh: CTV Thanh Sơn", REGISTER)
    assert [(each.title, each.name) for each in byline.contributions] == [
        ("PGS, TS", "Minh Hảo"),
        ("ThS", "Đàm Thanh"),
        ("CTV", "Thanh Sơn"),
    ]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("TTXVN", [("TTXVN", "text", "agency")]),
        ("(TTXVN)", [("TTXVN", "text", "agency")]),
        ("Thông tấn xã Việt Nam", [("Thông tấn xã Việt Nam", "text", "agency")]),
        ("AFP/TTXVN", [("AFP", "text", "agency"), ("TTXVN", "text", "agency")]),
        ("PV TTXVN tại Hải Phòng", [("TTXVN", "text", "agency")]),
        ("Phóng viên TTXVN tại Paris", [("TTXVN", "text", "agency")]),
        ("Ảnh: TTXVN", [("TTXVN", "photo", "agency")]),
        ("Theo TTXVN", [("TTXVN", "compiled", "agency")]),
        ("(Theo TTXVN)", [("TTXVN", "compiled", "agency")]),
        ("- Theo Reuters -", [("Reuters", "compiled", "agency")]),
        ("THEO REUTERS", [("REUTERS", "compiled", "agency")]),
        ("Theo: Reuters", [("Reuters", "compiled", "agency")]),
        ("Theo nguồn: Reuters", [("Reuters", "compiled", "agency")]),
        ("Tổng hợp từ Reuters, AFP", [("Reuters", "compiled", "agency"), ("AFP", "compiled", "agency")]),
        ("Tổng hợp theo Reuters", [("Reuters", "compiled", "agency")]),
        ("Theo VTV", [("VTV", "compiled", "source")]),
        ("(Theo VTV)", [("VTV", "compiled", "source")]),
        ("Theo Trí thức trẻ", [("Trí thức trẻ", "compiled", "source")]),
        ("Theo Báo Nhân Dân", [("Báo Nhân Dân", "compiled", "source")]),
        ("Theo baochinhphu.vn", [("baochinhphu.vn", "compiled", "source")]),
        ("Nguồn: baochinhphu.vn", [("baochinhphu.vn", "compiled", "source")]),
        ("Nguồn: Bộ Y tế", [("Bộ Y tế", "compiled", "source")]),
        ("Nguồn tin: Trí thức trẻ", [("Trí thức trẻ", "compiled", "source")]),
        ("Theo Thể thao & Văn hóa", [("Thể thao & Văn hóa", "compiled", "source")]),
        ("Theo Vietnam+", [("Vietnam+", "compiled", "source")]),
        ("VnExpress", [("VnExpress", "text", "source")]),
        ("Báo Nhân Dân", [("Báo Nhân Dân", "text", "source")]),
        ("PV", [("PV", "text", "collective")]),
        ("P.V", [("P.V", "text", "collective")]),
        ("CTV", [("CTV", "text", "collective")]),
        ("PV - CTV", [("PV", "text", "collective"), ("CTV", "text", "collective")]),
        ("Nhóm PV", [("Nhóm PV", "text", "collective")]),
        ("NHÓM PHÓNG VIÊN", [("NHÓM PHÓNG VIÊN", "text", "collective")]),
        ("Nhóm phóng viên Thời sự", [("Nhóm phóng viên Thời sự", "text", "collective")]),
        ("Nhóm phóng viên Báo Hải Phòng", [("Nhóm phóng viên Báo Hải Phòng", "text", "collective")]),
        ("PV Báo Hải Phòng", [("PV Báo Hải Phòng", "text", "collective")]),
        ("Nhóm thực hiện", [("Nhóm thực hiện", "text", "collective")]),
        ("Ban Biên tập", [("Ban Biên tập", "text", "collective")]),
        ("Phòng Bạn đọc", [("Phòng Bạn đọc", "text", "collective")]),
        ("Tòa soạn", [("Tòa soạn", "text", "collective")]),
        ("Ảnh: PV", [("PV", "photo", "collective")]),
        ("Ảnh: Internet", [("Internet", "photo", "source")]),
        ("Minh Hảo/TTXVN", [*HAO, ("TTXVN", "text", "agency")]),
        ("Minh Hảo (TTXVN)", [*HAO, ("TTXVN", "text", "agency")]),
        ("Minh Hảo (Theo BBC)", [*HAO, ("BBC", "compiled", "source")]),
        ("Minh Hảo - Theo BBC", [*HAO, ("BBC", "compiled", "source")]),
        ("Minh Hảo/Theo BBC", [*HAO, ("BBC", "compiled", "source")]),
        ("Minh Hảo theo BBC", [*HAO, ("BBC", "compiled", "source")]),
        (
            "Minh Hảo (tổng hợp từ Reuters, BBC)",
            [*people("compiled", "Minh Hảo"), ("Reuters", "compiled", "agency"), ("BBC", "compiled", "source")],
        ),
        ("Minh Hảo (lược dịch theo BBC)", [*people("translation", "Minh Hảo"), ("BBC", "compiled", "source")]),
        ("Minh Hảo. Ảnh: Đàm Thanh, TTXVN", [*HAO, *THANH, ("TTXVN", "photo", "agency")]),
    ],
)
def test_agencies_sources_and_collectives_are_no_persons(raw: str, expected: Told) -> None:
    byline = read_byline(raw, REGISTER)
    assert told(byline) == expected
    assert byline.confidence >= CONFIDENT
    assert told(read_byline(unicodedata.normalize("NFD", raw), REGISTER)) == expected


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ("Hoàng Anh – Thu Hà", ["Hoàng Anh", "Thu Hà"]),
        ("Hoàng Anh-Thu Hà", ["Hoàng Anh", "Thu Hà"]),
        ("Lê Văn A, Trần B và C", ["Lê Văn A", "Trần B", "C"]),
        ("THU HÀ - VĂN A", ["THU HÀ", "VĂN A"]),
        ("TS. Lê Văn B. Ảnh: C", ["Lê Văn B", "C"]),
        ("Jean-Pierre", ["Jean-Pierre"]),
        ("H'Hen Niê", ["H'Hen Niê"]),
        ("T.H", ["T.H"]),
        ("Bài và ảnh: Nguyễn Văn A", ["Nguyễn Văn A", "Nguyễn Văn A"]),
        ("Minh Hảo - Thu Hà", ["Minh Hảo", "Thu Hà"]),
    ],
)
def test_a_name_the_register_does_not_have_is_for_review(raw: str, names: list[str]) -> None:
    byline = read_byline(raw, REGISTER)
    assert [each.name for each in byline.contributions] == names
    assert all(each.kind == "person" for each in byline.contributions)
    assert 0 < byline.confidence < CONFIDENT
    unregistered = [each for each in byline.contributions if not each.registered]
    assert unregistered
    assert all(each.confidence < CONFIDENT for each in unregistered)


def test_without_a_register_nobody_is_registered() -> None:
    byline = read_byline("Minh Hảo. Ảnh: Đàm Thanh")
    assert told(byline) == HAO + THANH
    assert not any(each.registered for each in byline.contributions)
    assert byline.confidence < CONFIDENT


@pytest.mark.parametrize(
    ("raw", "unread"),
    [
        ("Quang cảnh lễ khai trương. Ảnh: Thanh Sơn", ("Quang cảnh lễ khai trương",)),
        ("Ảnh minh họa. Ảnh: TTXVN", ("Ảnh minh họa",)),
        ("Cầu Bính. Ảnh: Thanh Sơn", ("Cầu Bính",)),
        ("Minh Hảo (Hải Phòng)", ("Hải Phòng",)),
        ("Minh Hảo (Thu Hà)", ("Thu Hà",)),
        ("Trong ảnh: Thanh Sơn", ("Trong ảnh: Thanh Sơn",)),
        ("Tổng hợp", ("Tổng hợp",)),
        ("Minh Hảo (TTXVN, Hải Phòng)", ("TTXVN, Hải Phòng",)),
        ("Theo Bộ Y tế. Số ca tăng", ("Bộ Y tế. Số ca tăng",)),
        ("Theo Bộ Y tế: Ca tăng", ("Bộ Y tế: Ca tăng",)),
        ("Nguyễn Văn An Bình Minh Hoàng Gia", ("Nguyễn Văn An Bình Minh Hoàng Gia",)),
        ("Bài ảnh minh tâm", ("Bài ảnh minh tâm",)),
        ("Theo ông Minh", ("Theo ông Minh",)),
        ("Theo Luật Báo chí", ("Luật Báo chí",)),
        ("Theo đó, thành phố sẽ đầu tư.", ("Theo đó", "thành phố sẽ đầu tư")),
        ("minh tâm", ("minh tâm",)),
        ("Hải Phòng", ("Hải Phòng",)),
        ("0912345678", ("0912345678",)),
        ("Ông Minh Tâm", ("Ông Minh Tâm",)),
        ("Nhóm phóng viên đã có mặt", ("Nhóm phóng viên đã có mặt",)),
        ("Tòa soạn rất mong nhận được ý kiến", ("Tòa soạn rất mong nhận được ý kiến",)),
    ],
)
def test_what_is_not_written_like_a_name_makes_nobody(raw: str, unread: tuple[str, ...]) -> None:
    byline = read_byline(raw, REGISTER)
    assert byline.unread == unread
    assert byline.confidence == 0
    assert all(each.registered or each.kind != "person" for each in byline.contributions)


@pytest.mark.parametrize("raw", ["", "  ", "-", "…", "()", "Ảnh:", ":"])
def test_nothing_gives_nobody(raw: str) -> None:
    byline = read_byline(raw, REGISTER)
    assert (byline.raw, byline.contributions, byline.confidence) == (raw, (), 0)


def test_a_paragraph_is_not_taken_apart() -> None:
    text = "Minh Hảo, " * 40
    assert read_byline(text, REGISTER).unread == (text.strip(),)


PIECES = ("Minh Hảo", "Đàm Thanh", "Thu Hà", "TTXVN", "PV", "Ảnh:", "Bài và ảnh:", "Theo", "VTV", "TS.", "ảnh minh họa")
MARKS = (" - ", ". ", ", ", " (", ")", "/", " và ", "\n", "-", " ", "…", "tổng hợp", "lễ khai trương")


@given(st.lists(st.sampled_from((*PIECES, *MARKS)), max_size=9).map("".join))
def test_whatever_is_read_only_the_register_makes_a_person_certain(raw: str) -> None:
    byline = read_byline(raw, REGISTER)
    assert byline.raw == raw
    for each in byline.contributions:
        assert each.registered == (match_key(each.name) in REGISTER) or each.kind != "person"
        assert each.kind != "person" or each.registered == (each.confidence >= CONFIDENT)
        assert match_key(each.name) in match_key(raw.replace("\n", " ; "))
    assert byline.confidence == 0 or not byline.unread


@given(
    st.lists(st.sampled_from(["Minh Hảo", "Đàm Thanh", "Thanh Sơn"]), min_size=1, unique=True),
    st.sampled_from([", ", " - ", " – ", "; ", "/", " & ", "\n"]),
)
def test_a_list_is_read_back(names: list[str], separator: str) -> None:
    byline = read_byline(f"Bài và ảnh: {separator.join(names)}", REGISTER)
    assert told(byline) == [(name, role, "person") for name in names for role in ("text", "photo")]
