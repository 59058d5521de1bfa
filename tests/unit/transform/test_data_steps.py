"""Steps that read numbers, PHP's and people's data: what they take, what they refuse, what they note."""

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.errors import SetAside
from migrator.text.encodings import encode
from migrator.transform.numbers import as_number, plain, read_number
from migrator.transform.php import LONGEST, unserialize
from migrator.transform.redaction import MARKS, redacted
from tests.unit.transform.trial import run


@pytest.mark.parametrize(
    ("text", "mark", "expected"),
    [
        ("1.234.567 đ", ",", 1234567),
        ("1.234.567,50 VNĐ", ",", Decimal("1234567.5")),
        ("đ 500.000", ",", 500000),
        ("₫1.000", ",", 1000),
        ("2 500 000đồng", ",", 2500000),
        ("2\u00a0500", ",", 2500),
        ("-12,5", ",", Decimal("-12.5")),
        ("1,5 tỷ đồng", ",", 1500000000),
        ("30 nghìn", ",", 30000),
        ("1,234,567.5", ".", Decimal("1234567.5")),
        ("007", ",", 7),
        ("  ", ",", None),
    ],
)
def test_numbers_as_people_write_them(text: str, mark: str, expected: Any) -> None:
    number = read_number(text, mark)
    assert (None if number is None else plain(number)) == expected


@pytest.mark.parametrize(
    "text", ["1.5", "1.23.456", "12.34", "1,2,3", "1.234 567", "abc", "5 kg", "1-2", "đ", "--1", "1 tỷ 2"]
)
def test_what_is_no_number_is_not_guessed(text: str) -> None:
    with pytest.raises(SetAside, match="bad-number"):
        read_number(text, ",")


@pytest.mark.parametrize("value", [True, "NaN", "1e3", "0x1", float("nan"), float("inf"), "١"])
def test_arithmetic_takes_plain_numbers_only(value: Any) -> None:
    with pytest.raises(SetAside, match="bad-number"):
        plain(as_number(value) or Decimal(0))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("N;", None),
        ("b:1;", True),
        ("i:-5;", -5),
        ("d:0.5;", 0.5),
        ('s:4:"Lũ!";', "Lũ!"),
        ('s:4:"";";";', '";";'),
        ("a:0:{}", []),
        ('a:2:{i:0;s:1:"a";i:1;a:1:{s:1:"k";N;}}', ["a", {"k": None}]),
        ('a:2:{i:1;s:1:"a";i:0;s:1:"b";}', {"1": "a", "0": "b"}),
        ('O:4:"Post":2:{s:2:"ID";i:7;s:7:"\0*\0name";s:1:"x";}', {"ID": 7, "name": "x"}),
        ('a:1:{s:13:"administrator";b:1;}', {"administrator": True}),
    ],
)
def test_what_php_wrote_is_read_as_plain_data(text: str, expected: Any) -> None:
    assert unserialize(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "i:5",
        "i:5;i:6;",
        's:5:"abc";',
        's:2:"Lũ";',
        's:2:"abc";',
        "a:2:{i:0;i:1;}",
        "a:1:{a:0:{}i:1;}",
        "a:1:{N;i:1;}",
        "a:999999999:{",
        "a:1:{i:0;R:1;}",
        'C:3:"Abc":2:{ab}',
        'O:3:"Abc":x:{}',
        "a:1:{i:0;" * 80 + "N;" + "}" * 80,
        's:9999999:"' + "a" * (LONGEST + 1),
    ],
)
def test_damaged_and_hostile_php_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"byte|entries"):
        unserialize(text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='aOsibdNRC:;{}"0123456789-.E\0é', max_size=60))
def test_no_text_makes_the_php_reader_do_anything_else(text: str) -> None:
    with suppress(ValueError):
        value = unserialize(text)
        assert value is None or isinstance(value, bool | int | float | str | list | dict)


ALL = frozenset(MARKS)
PHONE, EMAIL, IP, ID = MARKS["phone"], MARKS["email"], MARKS["ip"], MARKS["id_number"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gọi 0912345678", f"Gọi {PHONE}"),
        ("0912.345.678 – 0912 345 679", f"{PHONE} – {PHONE}"),
        ("ĐT.0912345678/0987654321,0351234567", f"ĐT.{PHONE}/{PHONE},{PHONE}"),
        ("+84 912 345 678, 0084912345678, (+84) 912345678", f"{PHONE}, {PHONE}, {PHONE}"),
        ("01689 123 456 (trước 2018)", f"{PHONE} (trước 2018)"),
        ("(0225) 3842.123 hay 031.3842123", f"{PHONE} hay {PHONE}"),
        ("024 3826 2345", PHONE),
        ("a.b+c@mail.example.com.", f"{EMAIL}."),
        ("từ 203.0.113.7, 2001:db8::17", f"từ {IP}, {IP}"),
        ("CCCD số 031 201 012 345", f"CCCD số {ID}"),
        ("CMND: 031234567; hộ chiếu C1234567", f"CMND: {ID}; hộ chiếu {ID}"),
        ("chứng minh nhân dân 031234567", f"chứng minh nhân dân {ID}"),
        ("031201012345", ID),
    ],
)
def test_personal_data_is_taken_out(text: str, expected: str) -> None:
    assert redacted(text, ALL)[0] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Ngày 01.01.2020 lúc 12:30:45",
        "Giá 1.234.567 đồng, tăng 0,5 %",
        "Tổng đài 1900 6017, 18001090",
        "Tỷ số 0-0, 2-1; năm 2020-2021",
        "Phiên bản 1.2.3, mã 0123456789012345",
        "http://bao.vn/0912345678.html",
        "Nghị định 18/2014/NĐ-CP",
        "Bài: An @ Hà Nội :: tin nhanh",
        "Căn cước công dân gắn chip",
        "Số tài khoản 123456789012",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert redacted(text, ALL) == (text, {})


def test_the_note_counts_and_does_not_tell() -> None:
    text, context = run("redact", None, "0912345678, 0987654321, lan@example.vn")
    assert text == f"{PHONE}, {PHONE}, {EMAIL}"
    assert [(note.code, note.detail) for note in context.notes] == [("personal-data-redacted", "1 email, 2 phone")]
    assert run("redact", None, "không có gì")[1].notes == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2024, 6, 20, 15, 39), datetime(2024, 6, 20, 8, 39, tzinfo=UTC)),
        (datetime(2024, 6, 20, 15, 39, tzinfo=UTC), datetime(2024, 6, 20, 15, 39, tzinfo=UTC)),
        (date(2024, 6, 20), datetime(2024, 6, 19, 17, tzinfo=UTC)),
        (Decimal("1718872740"), datetime(2024, 6, 20, 8, 39, tzinfo=UTC)),
        (1718872740.25, datetime(2024, 6, 20, 8, 39, tzinfo=UTC)),
        (b"2024-06-20 15:39", datetime(2024, 6, 20, 8, 39, tzinfo=UTC)),
        ("202406201539", datetime(2024, 6, 20, 8, 39, tzinfo=UTC)),
        ("0001-01-01T00:00:00", None),
        ("00000000", None),
        (" ", None),
    ],
)
def test_dates_of_all_shapes(value: Any, expected: datetime | None) -> None:
    assert run("date", None, value)[0] == expected


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("20241320", "is not a date"),
        ("123456789", "is not a date"),
        (-1, "no full date in it"),
        ("31/02/2024", "there is no day 31/2/2024"),
        ("20/06/1989", "is before 01/01/1990"),
        (datetime(2150, 1, 1), "is after 31/12/2100"),
        (99999999999, "is not a date"),
        ("hôm qua", "counts from a fetch time that is not known"),
        ("Thứ Sáu, 20/06/2024", "is another day of the week"),
        (True, "no full date in it"),
    ],
)
def test_a_date_that_cannot_be_used_says_why(value: Any, why: str) -> None:
    with pytest.raises(SetAside) as refused:
        run("date", None, value)
    assert refused.value.code == "bad-date"
    assert why in refused.value.detail


def test_a_two_digit_year_is_noted() -> None:
    value, context = run("date", None, "20/06/24 15:39")
    assert value == datetime(2024, 6, 20, 8, 39, tzinfo=UTC)
    assert [note.code for note in context.notes] == ["two-digit-year"]


@pytest.mark.parametrize(
    ("verb", "arguments", "value", "notes"),
    [
        ("decode", "tcvn3", "B¸o H¶i Phßng", [("legacy-encoding", "TCVN3: 'B¸o H¶i Phßng' → 'Báo Hải Phòng'")]),
        ("decode", "tcvn3", "Báo Hải Phòng", [("decoding-doubt", "TCVN3: 'Báo Hải Phòng' is better as it is")]),
        ("decode", "tcvn3", "Bao", []),
        ("decode", None, "Thành phố Hải Phòng", []),
        ("decode", None, "La forêt a été détruite", []),
        ("repair_text", None, "Thành phố Hải Phòng", []),
        ("repair_text", None, "A &amp; B", [("entities", "HTML entities: 'A &amp; B' → 'A & B'")]),
        ("byline", None, "Minh Hảo. 5 giờ chiều mưa", [("byline-unread", "Minh Hảo. 5 giờ chiều mưa")]),
        ("byline", None, "Minh Hảo", []),
        ("substring", {"length": 3}, "abcdef", [("cut", "3 of 6 characters left out")]),
        ("substring", {"length": 3, "quiet": True}, "abcdef", []),
        ("shorten", 4, "abc", []),
        ("unique", True, ["Huế", "huế"], [("repeated-value", "'huế' is 'Huế'")]),
        ("note", "old-rubric", "Chuyện lạ", [("old-rubric", "Chuyện lạ")]),
        ("note", "old-rubric", "", []),
        ("html_remove", "i", "<p>a<i>b</i><i>c</i>", [("element-dropped", "2 × i")]),
    ],
)
def test_what_a_step_notes(verb: str, arguments: Any, value: Any, notes: list[tuple[str, str]]) -> None:
    assert [(note.code, note.detail) for note in run(verb, arguments, value)[1].notes] == notes


def test_bytes_in_an_encoding_from_before_unicode_are_decoded() -> None:
    for name in ("TCVN5712-1", "VISCII", "VPS"):
        assert run("decode", name.lower(), encode("Hải Phòng, Đồ Sơn", name))[0] == "Hải Phòng, Đồ Sơn"


def test_a_register_makes_names_certain() -> None:
    alone, _ = run("byline", None, "Minh Hảo")
    known, _ = run("byline", {"register": "names"}, "minh hảo")
    assert (alone.is_certain, known.is_certain) == (False, True)


@pytest.mark.parametrize(
    ("verb", "arguments", "message"),
    [
        ("decode", "tcvn4", "step 'decode': there is no encoding 'tcvn4': tcvn3, tcvn5712-1, vni, vps, viscii, cp1258, detect"),
        ("decode", {"capitals": True}, "step 'decode': capitals needs an encoding"),
        ("redact", "phones", "step 'redact': there is no kind 'phones': email, id_number, ip, phone"),
        ("pseudonym", {"secret": "env:PERSONAL_KEY", "digits": 3}, "step 'pseudonym': digits must be between 6 and 64"),
        ("extract", {"pattern": "a", "group": 1}, "step 'extract': the pattern 'a' has no group 1"),
        ("extract", {"pattern": "(?P<x>a)", "group": "y"}, "step 'extract': the pattern '(?P<x>a)' has no group 'y'"),
        ("pad", {"length": 3, "fill": "ab"}, "step 'pad': fill must be one character"),
        ("substring", 0, "step 'substring': characters are counted from 1"),
        ("substring", {"length": -1}, "step 'substring': length must not be negative"),
        ("shorten", 1, "step 'shorten': length has no room for the ending"),
        ("number", ";", "step 'number': decimal must be a comma or a point"),
        ("add", "1", "step 'add': number must be a number – remove the quotes"),
        ("divide", 0, "step 'divide': nothing can be divided by 0"),
        ("round", 21, "step 'round': digits must be between -20 and 20"),
        ("map_range", {"ranges": {"a": 1}}, "step 'map_range': each range begins with a number, each number once"),
        ("sort", "size", "step 'sort': by must be text or number"),
        ("url_part", "port", "step 'url_part': there is no part 'port': scheme, host, path, query, fragment"),
        ("url_part", {"part": "path", "parameter": "id"}, "step 'url_part': a parameter is a part of the query"),
        ("note", "Old Rubric", "step 'note': 'Old Rubric' is not a code: small letters, digits and hyphens"),
        ("date", "1.1.2020", "step 'date': time data '1.1.2020' does not match format '%Y-%m-%d'"),
        ("date", {"not_before": "2020-01-01", "not_after": "2019-01-01"}, "step 'date': not_before"),
        ("html_select", "p[", "step 'html_select': 'p[' is not a CSS selector"),
        ("html_remove", "p::x", "step 'html_remove': 'p::x' is not a CSS selector"),
        ("format_each", "{A}", "step 'format_each': '{A}' has a brace"),
    ],
)  # fmt: skip
def test_arguments_that_do_not_fit_are_faults(verb: str, arguments: Any, message: str) -> None:
    with pytest.raises(AssertionError) as told:
        run(verb, arguments, None)
    assert message in str(told.value)
