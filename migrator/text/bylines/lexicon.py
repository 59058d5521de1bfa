"""Words of bylines: labels, actions, titles, agencies. All in lower case; matched without regard to case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from migrator.text.bylines.model import Role
from migrator.text.match_keys import match_key

LABELS: Mapping[str, Role] = {
    **dict.fromkeys(
        (
            "bài",
            "tin",
            "bài viết",
            "tác giả",
            "nhóm tác giả",
            "nhóm phóng viên",
            "nhóm pv",
            "phóng viên",
            "pv",
            "ctv",
            "nội dung",
            "lời",
            "kịch bản",
        ),
        "text",
    ),
    **dict.fromkeys(("ảnh", "hình", "hình ảnh", "photo", "ảnh tư liệu", "ảnh minh họa", "ảnh minh hoạ"), "photo"),
    **dict.fromkeys(("video", "clip", "phim", "quay phim", "dựng phim", "dựng", "đạo diễn"), "video"),
    **dict.fromkeys(("âm thanh", "thu âm", "giọng đọc"), "audio"),
    **dict.fromkeys(
        ("đồ họa", "đồ hoạ", "infographic", "infographics", "thiết kế", "trình bày", "minh họa", "minh hoạ", "tranh"),
        "graphics",
    ),
    **dict.fromkeys(("dịch", "người dịch", "biên dịch", "lược dịch", "chuyển ngữ", "dịch giả"), "translation"),
    **dict.fromkeys(("tổng hợp", "biên soạn", "sưu tầm"), "compiled"),
    **dict.fromkeys(("biên tập",), "editing"),
    **dict.fromkeys(
        ("thực hiện", "người thực hiện", "nhóm thực hiện", "tổ chức thực hiện", "sản xuất", "tổ chức sản xuất"),
        "production",
    ),
}
"""What stands before a colon and names, and what it says the names did."""

SOURCE_LABELS = ("nguồn", "nguồn tin", "nguồn ảnh")
"""What stands before a colon and another publication."""

ACTIONS: Mapping[str, Role] = {
    **dict.fromkeys(("ghi", "lược ghi", "thực hiện"), "text"),
    **dict.fromkeys(("dịch", "lược dịch", "biên dịch", "chuyển ngữ"), "translation"),
    **dict.fromkeys(("tổng hợp", "biên soạn", "sưu tầm"), "compiled"),
}
"""What stands after names, with or without brackets."""

BRACKETED_ACTIONS: Mapping[str, Role] = {
    **dict.fromkeys(("st", "th", "t/h", "t.h", "t.h."), "compiled"),
    **dict.fromkeys(("ảnh",), "photo"),
    **dict.fromkeys(("video", "clip"), "video"),
    **dict.fromkeys(("biên tập",), "editing"),
}
"""What stands after names only in brackets: elsewhere these are initials, or parts of other names."""

ACADEMIC = (
    r"(?:(?:pgs|gs|tskh|ts|th\.?s|bsck\s?(?:ii|i|2|1)|bsnt|bs|kts|nsnd|nsưt|ngnd|ngưt|ttnd|ttưt)(?:[\s.,-]+)"
    r"|(?:cn|ks|ds|ls|cki{1,2})\.\s*)+"
)
WORD_TITLES = (
    r"(?:nhà báo|nhà văn|nhà thơ|nhạc sĩ|nhạc sỹ|họa sĩ|hoạ sĩ|họa sỹ|luật sư|bác sĩ|bác sỹ|dược sĩ|kỹ sư|kiến trúc sư"
    r"|tiến sĩ|tiến sỹ|thạc sĩ|giáo sư|phó giáo sư|đại tá|thượng tá|trung tá|thiếu tá|đại úy|đại uý|thượng úy|trung úy"
    r"|thiếu tướng|trung tướng|đại đức|thượng tọa|phóng viên|cộng tác viên|biên tập viên|pv|ctv|btv)[.,:]?\s+"
)
"""Patterns of what may stand before a name."""

_STAFF = r"(?:pv|p\.v\.?|phóng viên|ctv|c\.t\.v\.?|cộng tác viên|btv|biên tập viên)"
_DESK = (
    r"(?:thời sự|kinh tế|xã hội|chính trị|văn hóa|văn hoá|văn xã|quốc tế|thế giới|thể thao|pháp luật|bạn đọc|điện tử"
    r"|nội chính|ảnh|truyền hình|phát thanh|thư ký|biên tập|phóng viên)"
)
GROUP = (
    rf"(?:(?:nhóm|tổ)\s+(?:{_STAFF}|tác giả|thực hiện)(?:\s+{_DESK})?"
    rf"|(?:ban|phòng|tổ)\s+{_DESK}|ban biên tập|tòa soạn|toà soạn|bbt|bạn đọc)(?!\w)"
)
"""How a group without names begins; names of papers and places may follow."""

STAFF = rf"(?:các\s+)?{_STAFF}(?:\s*(?:[,/&+–-]|và)\s*{_STAFF})*(?:\s+(?:thường trú|{_DESK}))?(?!\w)"
"""How unnamed staff is called. The name of a paper may follow; any other name makes this a title."""

SOURCE_BEGINNING = r"(?:báo|tạp chí|đài|cổng|truyền hình)\s+"
SITE = r"(?:[\w-]+\.)+(?:vn|com|net|org|info|cn|uk|ru)"


def _keys(words: str) -> frozenset[str]:
    return frozenset(map(match_key, words.split("|")))


AGENCIES = _keys(
    "ttxvn|thông tấn xã việt nam|ttx việt nam|vna|bnews|reuters|afp|ap|upi|xinhua|tân hoa xã|thx|kyodo|kyodo news|jiji"
    "|yonhap|tass|itar-tass|ria novosti|sputnik|bloomberg|getty images|getty|epa|efe|dpa|ani|ians|anadolu|bernama|antara"
)
# Publications with "và" in their names are here so that they are not cut there.
SOURCES = _keys(
    "vtv|vtv1|vtv8|vtv9|vov|htv|thp|antv|qpvn|vietnam+|vietnamplus|vnexpress|vietnamnet|dân trí|tuổi trẻ|thanh niên"
    "|tiền phong|lao động|người lao động|nhân dân|qđnd|cand|sggp|zing|znews|bbc|cnn|rt|cna|internet|facebook"
    "|thể thao & văn hóa|thể thao và văn hóa|gia đình & xã hội|gia đình và xã hội|sức khỏe & đời sống|sức khỏe và đời sống"
    "|thế giới & việt nam|thế giới và việt nam|pháp luật & xã hội|pháp luật và xã hội|lao động & xã hội|tri thức & cuộc sống"
    "|tri thức và cuộc sống|kinh tế & đô thị|kinh tế và đô thị"
)

NOT_NAMES = _keys(
    "hết|còn nữa|còn tiếp|kỳ tới|ảnh|ảnh minh họa|ảnh tư liệu|minh họa|xem thêm|tin liên quan|bài liên quan|video|clip"
    "|infographic|việt nam|hà nội|hải phòng|đà nẵng|huế|cần thơ|thành phố hồ chí minh|tp hồ chí minh|tp.hcm"
)
"""What looks like a name and is none, unless the register has it."""

NOT_FIRST = _keys(
    "ông|bà|chị|em|cụ|bé|đ/c|cầu|cảng|đường|phố|chợ|đền|chùa|đảo|vịnh|biển|sông|núi|khu|xã|phường|quận|huyện|tỉnh|tp|tp."
    "|trường|làng|bến|ga|tàu|tượng|ubnd|hđnd"
)
"""First words of captions and headings in which every word may have a capital, unless the register has the name."""

NOT_A_SOURCE = _keys(
    "ông|bà|anh|chị|luật|nghị|quyết|thông tư|kế|đồng|chủ|phó|giám|bí|đại|các|những|một|quy|điều|lịch|dự|ts|ts.|bs|bs."
    "|pgs|pgs.|gs|gs."
)
"""First words after "theo" that introduce what somebody says, not a publication."""


def alternatives(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first; a space stands for any white space."""
    escaped = (r"\s+".join(_escaped(part) for part in word.split()) for word in sorted(words, key=len, reverse=True))
    return "|".join(escaped)


def _escaped(word: str) -> str:
    return word.replace(".", r"\.")
