"""Round trips: an instant written in a shape is read back; anything else is a date within bounds or set aside."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.errors import SetAside
from migrator.text.dates import read_date
from migrator.text.dates_in_ids import instant_in_id
from migrator.text.dates_reconcile import reconcile
from migrator.text.dates_shapes import NEWSROOM_ZONE

FIRST = datetime(1990, 1, 1, tzinfo=NEWSROOM_ZONE)
LAST = datetime(2060, 1, 1, tzinfo=NEWSROOM_ZONE)
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
SHORT_WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
MONTHS = "Một Hai Ba Tư Năm Sáu Bảy Tám Chín Mười Mười_Một Mười_Hai"
ENGLISH_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

moments = st.datetimes(datetime(1990, 1, 1), datetime(2059, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=NEWSROOM_ZONE)
)
DATES = ("20/06/2024", "2024-06-20T", "20", "6", "99", "2 giờ trước", "hôm qua", "Thứ Năm", "tháng", "năm", "Jun")
TIMES = ("15:39", "Z", "+07:00", "GMT", "giờ", "trước", "SA", "CH", "/", "-", ":", ",", "(", "x", "ngày", "cập nhật")
words = st.lists(st.sampled_from((*DATES, *TIMES)), max_size=8).map(" ".join)


def month_word(moment: datetime) -> str:
    return MONTHS.split()[moment.month - 1].replace("_", " ")


def twelve(moment: datetime) -> str:
    return f"{moment.hour % 12 or 12}:{moment:%M:%S} {'SA' if moment.hour < 12 else 'CH'}"


TO_THE_MINUTE: list[Callable[[datetime], str]] = [
    lambda m: f"{m:%d/%m/%Y %H:%M}",
    lambda m: f"{m:%d/%m/%Y} - {m:%H:%M}",
    lambda m: f"{m:%H:%M} | {m:%d/%m/%Y}",
    lambda m: f"{m:%H:%M}-{m:%d-%m-%Y}",
    lambda m: f"{m.day}/{m.month}/{m.year} {m.hour}:{m:%M}",
    lambda m: f"{WEEKDAYS[m.weekday()]}, {m:%d/%m/%Y} - {m:%H:%M}",
    lambda m: f"{SHORT_WEEKDAYS[m.weekday()]}, {m:%d.%m.%Y} {m:%H:%M} GMT+7",
    lambda m: f"{m.hour}h{m:%M} ngày {m.day}-{m.month}-{m.year}",
    lambda m: f"{m.hour} giờ {m.minute} phút, ngày {m.day} tháng {m.month} năm {m.year}",
    lambda m: f"{m.day} Tháng {month_word(m)}, {m.year} {m:%H:%M}",
    lambda m: f"Tháng {month_word(m)} {m.day}, {m.year} {m:%H:%M}",
    lambda m: f"Cập nhật lúc {m:%H:%M}, {WEEKDAYS[m.weekday()].upper()} {m:%d/%m/%Y} (GMT+7)",
]
TO_THE_SECOND: list[Callable[[datetime], str]] = [
    lambda m: m.isoformat(),
    lambda m: m.replace(tzinfo=None).isoformat(sep=" "),
    lambda m: m.astimezone(UTC).isoformat(),
    lambda m: m.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    lambda m: f"{m:%d/%m/%Y} {twelve(m)}",
    lambda m: f"{m:%Y-%m-%d}+07{m:%H:%M:%S}",
    lambda m: f"{ENGLISH_DAYS[m.weekday()]}, {m.day} {ENGLISH_MONTHS[m.month - 1]} {m.year} {m:%H:%M:%S} +0700",
]


@pytest.mark.parametrize("shape", TO_THE_MINUTE)
@given(moment=moments)
def test_to_the_minute(shape: Callable[[datetime], str], moment: datetime) -> None:
    found = read_date(shape(moment), not_before=FIRST, not_after=LAST)
    assert (found.instant, found.precision) == (moment.replace(second=0), "minute")


@pytest.mark.parametrize("shape", TO_THE_SECOND)
@given(moment=moments)
def test_to_the_second(shape: Callable[[datetime], str], moment: datetime) -> None:
    found = read_date(unicodedata.normalize("NFD", shape(moment)), not_before=FIRST, not_after=LAST)
    assert (found.instant, found.precision) == (moment, "second")


@pytest.mark.parametrize("shape", [TO_THE_MINUTE[5], TO_THE_SECOND[-1]])
@given(moment=moments, days=st.integers(1, 6))
def test_a_weekday_that_is_wrong_is_never_read(shape: Callable[[datetime], str], moment: datetime, days: int) -> None:
    right = shape(moment)
    wrong = shape(moment + timedelta(days=days)).split(",")[0] + "," + right.split(",", 1)[1]
    with pytest.raises(SetAside, match="another day of the week"):
        read_date(wrong, not_before=FIRST, not_after=LAST)


@given(moment=moments)
def test_a_two_digit_year_in_a_lifetime_shorter_than_a_century(moment: datetime) -> None:
    assert read_date(f"{moment:%d/%m/%y %H:%M:%S}", not_before=FIRST, not_after=LAST).instant == moment


@given(text=words)
def test_any_text_is_a_date_within_the_bounds_or_set_aside(text: str) -> None:
    fetched = datetime(2024, 6, 20, 15, 39, tzinfo=UTC)
    try:
        found = read_date(text, fetched_at=fetched, not_before=FIRST, not_after=LAST)
    except SetAside:
        return
    assert FIRST <= found.instant <= fetched
    assert found.raw == text


@given(moment=moments, mark=st.sampled_from(["Z", "+00:00"]))
def test_local_time_marked_as_utc_is_found_out_by_the_visible_date(moment: datetime, mark: str) -> None:
    iso = f"{moment:%Y-%m-%dT%H:%M:%S}{mark}"
    found = reconcile(iso, f"{moment:%d/%m/%Y %H:%M}", None, not_before=FIRST, not_after=LAST)
    assert found.instant == moment
    assert [code for code, _ in found.warnings] == ["local-marked-utc"]


@given(moment=moments)
def test_true_utc_is_left_alone(moment: datetime) -> None:
    iso = f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    found = reconcile(iso, f"{moment:%H:%M | %d/%m/%Y}", None, not_before=FIRST, not_after=LAST)
    assert (found.instant, found.warnings) == (moment, ())


@given(moment=moments.filter(lambda moment: moment.year >= 2000), thousandths=st.integers(0, 999))
def test_the_time_in_an_id(moment: datetime, thousandths: int) -> None:
    expected = moment.replace(microsecond=thousandths * 1000)
    assert instant_in_id(f"/a-185{moment:%y%m%d%H%M%S}{thousandths:03}.htm") == expected
    assert instant_in_id(f"/a-{moment:%Y%m%d%H%M%S}{thousandths:03}.htm") == expected
