import pytest

from migrator.text.encodings import WINDOWS_1252
from migrator.text.mojibake import unscrambled
from tests.unit.text.sentences import GOOD, VIETNAMESE


def as_latin(text: str) -> str:
    return text.encode().decode("latin-1")


def as_windows(text: str) -> str:
    return as_latin(text).translate(WINDOWS_1252)


SCRAMBLED = [line for line in VIETNAMESE if not line.isascii()]


@pytest.mark.parametrize("text", SCRAMBLED)
def test_once_and_twice(text: str) -> None:
    for once in (as_latin, as_windows):
        assert unscrambled(once(text)) == (text, 1)
        for again in (as_latin, as_windows):
            assert unscrambled(again(once(text))) == (text, 2)


def test_lines_of_all_kinds_in_one_text() -> None:
    lines = [[line, as_windows(line), as_windows(as_windows(line))][place % 3] for place, line in enumerate(SCRAMBLED)]
    assert unscrambled("\n".join(lines))[0] == "\n".join(SCRAMBLED)


@pytest.mark.parametrize("text", GOOD)
def test_good_text_stays(text: str) -> None:
    assert unscrambled(text) == (text, 0)


@pytest.mark.parametrize(
    "text",
    [
        "“THỊ XÃ”",
        "“XÃ”",
        "XÃ\xa0HỘI",
        "«khoá»…",
        "“THỦ ĐÔ”",
        "CHÂU Â–ÂU",
        "l’été “à É”",
        "con\xad\xadnghe",
        "VẪN Ì»",
        "Â",
        "Ã  Ã",
    ],
)
def test_what_looks_like_it_but_is_good(text: str) -> None:
    assert unscrambled(text) == (text, 0)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("TÃ²a soáº¡n", "Tòa soạn"),
        ("Đường về: tÃ²a soáº¡n", "Đường về: tòa soạn"),
        ("“Thủ Đô” vÃ\xa0 “THá»Š XÃƒâ€\x9d", "“Thủ Đô” và “THỊ XÃ”"),
        ("TÃ²a soáº¡n &amp; báº¡n Ä‘á»\x8dc", "Tòa soạn &amp; bạn đọc"),
        ("hÃ ng lÃ  vÃ o thÃ¡ng", "hàng là vào tháng"),
        ("lÃ thÃ¡ng", "là tháng"),
        ("giáº£m â€“ 5Â°C ðŸ˜€", "giảm – 5°C 😀"),
        ("HoÌ€a", "Ho\u0300a"),
    ],
)
def test_parts_of_a_text(text: str, meant: str) -> None:
    assert unscrambled(text) == (meant, 1)


def test_what_lost_a_byte_is_left_as_it_is() -> None:
    assert unscrambled("báº¡n Ä‘á»c") == ("bạn đá»c", 1)
