"""How two values differ: a table of cases, each named once."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest

from migrator.model.content import Value
from migrator.model.finding import DifferenceKind as Kind
from migrator.verify.kinds import classify, classify_references
from migrator.verify.shown import LONGEST, shown

T = datetime(2020, 5, 17, 21, 30, 15, 123456, tzinfo=UTC)
VIET = "Hải Phòng đón 1.000 khách"
LONG = "Một câu dài " * 40


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def misread(text: str, encoding: str = "cp1252") -> str:
    """UTF-8 read as another encoding; bytes it leaves open become control characters."""
    return "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in text.encode())


CASES: list[tuple[Value, Value, Kind, str]] = [
    # nothing on one side
    ("a", None, Kind.MISSING, ""),
    ("a", "", Kind.MISSING, "empty text"),
    (("a",), (), Kind.MISSING, ""),
    (T, None, Kind.MISSING, ""),
    (0, None, Kind.MISSING, ""),
    (None, "something", Kind.EXTRA, "null"),
    (None, T, Kind.EXTRA, ""),
    ((), ("a",), Kind.EXTRA, ""),
    (None, "", Kind.DEFAULT_FILLED, "empty text instead of null"),
    ("", None, Kind.DEFAULT_FILLED, "null instead of empty text"),
    (None, 0, Kind.DEFAULT_FILLED, ""),
    (None, False, Kind.DEFAULT_FILLED, ""),
    (None, "NULL", Kind.DEFAULT_FILLED, ""),
    (None, "0000-00-00", Kind.DEFAULT_FILLED, ""),
    (None, datetime(1970, 1, 1, tzinfo=UTC), Kind.DEFAULT_FILLED, ""),
    (T, datetime(1970, 1, 1, tzinfo=UTC), Kind.DEFAULT_FILLED, "Unix"),
    # texts
    ("abc", "xyz", Kind.CHANGED, ""),
    ("a|b", "a|c", Kind.CHANGED, ""),
    (VIET, nfd(VIET), Kind.UNICODE_FORM, ""),
    (nfd(VIET), VIET, Kind.UNICODE_FORM, ""),
    ("hòa", "hoà", Kind.CHANGED, ""),
    ("x", "x ", Kind.WHITESPACE, "end"),
    ("a b", "a\u00a0b", Kind.WHITESPACE, "no-break space"),
    ("a\nb", "a\r\nb", Kind.WHITESPACE, "carriage return"),
    ("a  b", "a b", Kind.WHITESPACE, ""),
    ("ab", "a\u200bb", Kind.INVISIBLE, ""),
    ("ab", "\ufeffab", Kind.INVISIBLE, ""),
    ("ab", "a\u00adb", Kind.INVISIBLE, ""),
    ("ab", "a\x00b", Kind.INVISIBLE, ""),
    (LONG, LONG[:255], Kind.TRUNCATED, "at 255"),
    (VIET, VIET[:9], Kind.TRUNCATED, "at 9"),
    (VIET, VIET[:9] + "…", Kind.TRUNCATED, "at 9"),
    (VIET, VIET[:9] + "...", Kind.TRUNCATED, "at 9"),
    (VIET, VIET[4:], Kind.TRUNCATED, "front"),
    ("A & B", "A &amp; B", Kind.ESCAPE, ""),
    ("A & B", "A &amp;amp; B", Kind.ESCAPE, ""),
    ("A &amp; B", "A & B", Kind.ESCAPE, ""),
    ("Phòng", "Ph&ograve;ng", Kind.ESCAPE, ""),
    ('"a"', '\\"a\\"', Kind.ESCAPE, ""),
    ("ảnh lễ.jpg", "%E1%BA%A3nh%20l%E1%BB%85.jpg", Kind.ESCAPE, ""),
    ("Đại học", misread("Đại học", "latin-1"), Kind.MOJIBAKE, "latin-1"),
    ("đường", misread("đường"), Kind.MOJIBAKE, "cp1252"),
    ("café", misread(misread("café")), Kind.MOJIBAKE, "twice"),
    (VIET, "H?i Ph?ng ??n 1.000 kh?ch", Kind.MOJIBAKE, "replaced"),
    (VIET, VIET.replace("ả", "\ufffd"), Kind.MOJIBAKE, ""),
    (VIET, "Hai Phong don 1.000 khach", Kind.MOJIBAKE, "without their marks"),
    ("Hải Phòng", "HẢI PHÒNG", Kind.CASE, ""),
    ("<p>Hải Phòng</p>", "Hải Phòng", Kind.MARKUP, ""),
    ("<p>a <b>b</b></p>", '<p class="x">a <i>b</i></p>', Kind.MARKUP, ""),
    ("một hai ba", "ba một hai", Kind.ORDER, ""),
    (f"{VIET} x", nfd(VIET).upper() + " X", Kind.CASE, "unicode-form-only"),
    # instants
    (T, T + timedelta(hours=7), Kind.TIME_SHIFT, "+7 h"),
    (T, T - timedelta(hours=7), Kind.TIME_SHIFT, "-7 h"),
    (T, T + timedelta(minutes=330), Kind.TIME_SHIFT, "+5.5 h"),
    (T, T.replace(microsecond=0), Kind.TRUNCATED, "fraction"),
    (T.replace(microsecond=0), T.replace(second=0, microsecond=0), Kind.TRUNCATED, "seconds"),
    (T, T.replace(hour=0, minute=0, second=0, microsecond=0), Kind.TRUNCATED, "time of day"),
    (T, T + timedelta(seconds=61), Kind.CHANGED, "+61 s"),
    (T, T + timedelta(hours=24), Kind.CHANGED, ""),
    (T, T.replace(tzinfo=None), Kind.CHANGED, "zone"),
    # numbers and types
    (1, 2, Kind.CHANGED, ""),
    (True, False, Kind.CHANGED, ""),
    (1, True, Kind.CHANGED, "bool instead of int"),
    (5, "5", Kind.CHANGED, "str instead of int"),
    # lists
    (("a", "b"), ("b", "a"), Kind.ORDER, ""),
    (("a", "b"), ("a", "b", "b"), Kind.DUPLICATE_OF, "twice: b"),
    (("a", "b"), ("a",), Kind.MISSING, "lacking: b"),
    (("a",), ("a", "c"), Kind.EXTRA, "too many: c"),
    (("a", "Phòng"), ("a", "PHÒNG"), Kind.CASE, "PHÒNG instead of Phòng"),
    (("a", "b"), ("c", "d"), Kind.CHANGED, "lacking: a, b"),
]


@pytest.mark.parametrize(("expected", "found", "kind", "detail"), CASES)
def test_the_most_telling_kind_is_given(expected: Value, found: Value, kind: Kind, detail: str) -> None:
    named = classify(expected, found)
    assert named[0] is kind
    assert detail in named[1]


def test_every_kind_has_a_case() -> None:
    # What a twin or the body gave is no kind of two values: test_twins.py, test_from_body.py.
    assert {kind for _, _, kind, _ in CASES} == set(Kind) - {Kind.TWIN, Kind.BODY}


@pytest.mark.parametrize(
    ("expected", "found", "kind", "detail"),
    [
        ("web:tag:1", "web:tag:12", Kind.CHANGED, ""),
        ("web:tag:12", "web:tag:1", Kind.CHANGED, ""),
        ("web:tag:1", None, Kind.MISSING, ""),
        (None, "?:tag:4", Kind.EXTRA, "tag:4 has no legacy key"),
        ("web:tag:1", "!:tag:9", Kind.CHANGED, "tag:9 does not exist"),
        (("web:tag:12",), ("web:tag:1",), Kind.CHANGED, "web:tag:1 instead of web:tag:12"),
        (("web:tag:1", "web:tag:2"), ("web:tag:2", "web:tag:1"), Kind.ORDER, ""),
        (("web:tag:1",), ("web:tag:1", "!:tag:3"), Kind.EXTRA, "tag:3 does not exist"),
    ],
)
def test_keys_are_the_same_or_not(expected: Value, found: Value, kind: Kind, detail: str) -> None:
    named = classify_references(expected, found)
    assert named[0] is kind
    assert detail in named[1]


def test_long_values_are_shown_where_they_begin_to_differ() -> None:
    one, other = LONG + "a" + LONG, LONG + "b" + LONG
    for text, opposite, letter in ((one, other, "a"), (other, one, "b")):
        piece = shown(text, opposite)
        assert len(piece) <= LONGEST + 2
        assert piece.startswith("…")
        assert piece.endswith("…")
        assert f"dài {letter}Một" in piece
    assert shown(LONG, None) == LONG[:LONGEST] + "…"


def test_what_cannot_be_printed_is_shown_as_an_escape() -> None:
    assert shown("a\u200bb\ud800\u00a0") == "a\\u200bb\\ud800\\xa0"
    assert shown(None) == "∅"
    assert shown(()) == "()"
