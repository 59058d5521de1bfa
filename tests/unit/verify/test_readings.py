"""The auditor's own readings."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from migrator.model.finding import DifferenceKind as Kind
from migrator.verify.readings import NAMES, Unreadable, read, reading

CASES: list[tuple[str, Any, Any, Kind | None]] = [
    ("html-entities", "A &amp; B &#x2F;", "A & B /", Kind.ESCAPE),
    ("html-entities", "&amp;#7845;", "&#7845;", Kind.ESCAPE),
    ("html-entities-twice", "&amp;#7845;", "ấ", Kind.ESCAPE),
    ("html-entities", "sạch", "sạch", None),
    ("url-decode", "%E1%BA%A3nh.jpg", "ảnh.jpg", Kind.ESCAPE),
    ("nfc", "a\u0301", "á", Kind.UNICODE_FORM),
    ("spaces", "  a\u00a0\n b ", "a b", Kind.WHITESPACE),
    ("trim", " a  b ", "a  b", Kind.WHITESPACE),
    ("line-breaks", "a\r\nb\rc", "a\nb\nc", Kind.WHITESPACE),
    ("no-invisible", "a\u200bb\ufeff", "ab", Kind.INVISIBLE),
    ("no-markup", "<p>A &amp; <b>B</b></p><p>C<br>D</p><script>x</script>", "A & B C D", Kind.MARKUP),
    ("repair-mojibake", "Háº£i", "Hải", Kind.MOJIBAKE),
    ("repair-mojibake", "Hải", "Hải", None),
    ("repair-mojibake", "Cảng Háº£i PhÃ²ng", "Cảng Hải Phòng", Kind.MOJIBAKE),
    ("repair-mojibake", "THỊ XÃ”", "THỊ XÃ”", None),
    ("legacy-letters", "B¸o H¶i Phßng ngµy nay", "Báo Hải Phòng ngày nay", Kind.MOJIBAKE),
    ("legacy-letters", "Baùo Haûi Phoøng", "Báo Hải Phòng", Kind.MOJIBAKE),
    ("legacy-letters", "Báo Hải Phòng", "Báo Hải Phòng", None),
    ("legacy-letters", "H¶i", "H¶i", None),
    ("lower-case", "ĐẠI", "đại", Kind.CASE),
    ("unix", 1700000000, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC), None),
    ("unix", "0", datetime(1970, 1, 1, tzinfo=UTC), None),
    ("local-time", "2020-01-01 07:00:00", datetime(2020, 1, 1, tzinfo=UTC), None),
    ("local-time", datetime(2020, 1, 1, 7), datetime(2020, 1, 1, tzinfo=UTC), None),
    ("local-time", date(2020, 1, 1), datetime(2019, 12, 31, 17, tzinfo=UTC), None),
    ("utc-time", "2020-01-01 07:00:00", datetime(2020, 1, 1, 7, tzinfo=UTC), None),
    ("utc-time", "2020-01-01T07:00:00+07:00", datetime(2020, 1, 1, tzinfo=UTC), None),
    ("year", datetime(2019, 12, 31, 18, tzinfo=UTC), "2020", None),
    ("integer", "12", 12, None),
    ("boolean", 0, False, None),
    ("boolean", "t", True, None),
    ("text", 5, "5", None),
    ("text", "phở".encode(), "phở", None),
    ("empty-is-null", "  ", None, None),
    ("empty-is-null", "a", "a", None),
    ("zero-is-null", 0, None, None),
    ("zero-is-null", "0000-00-00 00:00:00", None, None),
    ("zero-is-null", 7, 7, None),
    ("first-of-list", "a, b", "a", Kind.TRUNCATED),
    ("first-of-list=;", " a;b", "a", Kind.TRUNCATED),
    ("rest-of-list", "a, b,c", ("b", "c"), None),
    ("list", "a, b,,c", ("a", "b", "c"), None),
    ("at-most=3", "abcdef", "abc", Kind.TRUNCATED),
    ("without-prefix=/uploads/", "/uploads/a.jpg", "a.jpg", None),
    ("default=x", None, "x", None),
    ("default=x", "", "x", Kind.DEFAULT_FILLED),
]


@pytest.mark.parametrize(("name", "raw", "expected", "announced"), CASES)
def test_a_reading(name: str, raw: Any, expected: Any, announced: Kind | None) -> None:
    answer = read(raw, (reading(name),), optional=False)
    assert answer.value == expected
    assert type(answer.value) is type(expected)
    if announced is not None:
        assert answer.announced == (announced,)
    elif name != "default=x":
        assert answer.announced == ()


def test_every_reading_has_a_case() -> None:
    assert {name.partition("=")[0] for name, _, _, _ in CASES} == {name.rstrip("=") for name in NAMES}


@pytest.mark.parametrize("name", sorted(name for name in NAMES if "=" not in name))
def test_null_stays_null(name: str) -> None:
    assert read(None, (reading(name),), optional=False).value is None


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("unix", "soon"),
        ("unix", 10**30),
        ("local-time", "2 giờ trước"),
        ("integer", "x"),
        ("boolean", "2"),
        ("year", 5),
    ],
)
def test_what_cannot_be_read_is_said(name: str, raw: Any) -> None:
    with pytest.raises(Unreadable):
        read(raw, (reading(name),), optional=False)


def test_optional_readings_wait_to_be_asked() -> None:
    readings = (reading("html-entities"), reading("html-entities?"))
    assert read("&amp;lt;", readings, optional=False).value == "&lt;"
    assert read("&amp;lt;", readings, optional=True).value == "<"


@pytest.mark.parametrize(
    ("name", "error"), [("unheard", KeyError), ("at-most=x", ValueError), ("default=", ValueError)]
)
def test_readings_that_are_none(name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        reading(name)
