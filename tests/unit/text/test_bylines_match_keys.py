"""Keys by which names are looked up in the register."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.text.match_keys import fold_tone_placement, match_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lê Hoà", "Lê Hòa"),
        ("THUỶ", "Thủy"),
        ("khoẻ", "khỏe"),
        ("thuý", "thúy"),
        ("quý", "qúy"),
        ("hoàn", "hòan"),
        ("loè", "lòe"),
        ("Minh  Hảo", " minh\u00a0hảo "),
        ("Minh\u200bHảo", "MinhHảo"),
        ("Đàm", "ĐÀM"),
        ("Straße", "STRASSE"),
        ("Tiếng Việt", unicodedata.normalize("NFD", "Tiếng Việt")),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoa", "Hoà"),
        ("Hoá", "Hoà"),
        ("Hảo", "Hào"),
        ("Đàm", "Dàm"),
        ("Quý", "Quí"),
        ("Mai Hoa", "MaiHoa"),
        ("Hân", "Hăn"),
        ("Hoà Hảo", "Hoả Hào"),
        ("résumé", "resumé"),
        ("tư\u00adliệu", "tưliệu"),
    ],
)
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert match_key(one) != match_key(other)


@given(st.text(alphabet="aăâeêioôơuưyđhnqgktALÊ -\u0300\u0301\u0303\u0309\u0323", max_size=20))
def test_a_key_is_its_own_key_whatever_the_form(text: str) -> None:
    key = match_key(text)
    assert match_key(key) == key
    assert match_key(unicodedata.normalize("NFD", text)) == key
    assert match_key(unicodedata.normalize("NFC", text).upper()) == key


@given(st.text(max_size=30))
def test_folding_keeps_every_letter_and_mark(text: str) -> None:
    assert sorted(unicodedata.normalize("NFD", fold_tone_placement(text))) == sorted(unicodedata.normalize("NFD", text))
