from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest

from migrator.errors import SetAside
from migrator.text.dates import Bounds, ReadDate, read_date
from migrator.text.dates_shapes import NEWSROOM_ZONE

FIRST = datetime(2004, 1, 1, tzinfo=NEWSROOM_ZONE)
LAST = datetime(2026, 12, 31, 23, 59, tzinfo=NEWSROOM_ZONE)
FETCHED = datetime(2024, 6, 20, 15, 39, tzinfo=NEWSROOM_ZONE)


def read(text: str, fetched_at: datetime | None = None) -> ReadDate:
    return read_date(text, fetched_at=fetched_at, not_before=FIRST, not_after=LAST)


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=NEWSROOM_ZONE)


def codes(found: ReadDate) -> list[str]:
    return [code for code, _ in found.warnings]


AFTERNOON = local(2024, 6, 20, 15, 39)


@pytest.mark.parametrize(
    ("text", "instant", "precision"),
    [
        ("14/05/2026 15:25", local(2026, 5, 14, 15, 25), "minute"),
        ("14/05/2026 - 15:25", local(2026, 5, 14, 15, 25), "minute"),
        ("14/05/2026, 15:25:07", local(2026, 5, 14, 15, 25, 7), "second"),
        ("14/05/2026-15:25", local(2026, 5, 14, 15, 25), "minute"),
        ("15:25 | 14/05/2026", local(2026, 5, 14, 15, 25), "minute"),
        ("15:25, 14/05/2026", local(2026, 5, 14, 15, 25), "minute"),
        ("15:39-20/06/2024", AFTERNOON, "minute"),
        ("15:39-20-06-2024", AFTERNOON, "minute"),
        ("15:39 -2024-06-20", AFTERNOON, "minute"),
        ("Thứ Năm, 20/06/2024 - 15:39", AFTERNOON, "minute"),
        ("Thứ năm, 20/6/2024, 15:39 (GMT+7)", AFTERNOON, "minute"),
        ("THỨ NĂM 20/06/2024 15:39", AFTERNOON, "minute"),
        ("Thứ 5, ngày 20/06/2024 15:39", AFTERNOON, "minute"),
        ("T5, 20/06/2024 15:39", AFTERNOON, "minute"),
        ("Chủ nhật, 23/6/2024 08:00", local(2024, 6, 23, 8), "minute"),
        ("CN, 23/6/2024 08:00", local(2024, 6, 23, 8), "minute"),
        ("Thứ bẩy, 22.06.2024", local(2024, 6, 22), "day"),
        ("Thứ Hai 17/06/2024", local(2024, 6, 17), "day"),
        ("Thứ Ba 18/06/2024", local(2024, 6, 18), "day"),
        ("Thứ tư 19/06/2024", local(2024, 6, 19), "day"),
        ("Thứ Sáu 21/06/2024", local(2024, 6, 21), "day"),
        ("20/06/2024 14:43 GMT+7", local(2024, 6, 20, 14, 43), "minute"),
        ("14:43 GMT+7, 20/06/2024", local(2024, 6, 20, 14, 43), "minute"),
        ("14:43 UTC+07:00 20/06/2024", local(2024, 6, 20, 14, 43), "minute"),
        ("20/06/2024 14:43 ICT", local(2024, 6, 20, 14, 43), "minute"),
        ("20-06-2024", local(2024, 6, 20), "day"),
        ("ngày 5-3-2019", local(2019, 3, 5), "day"),
        ("5 / 3 / 2019", local(2019, 3, 5), "day"),
        ("5.3.2019", local(2019, 3, 5), "day"),
        ("2019/3/5 7:05", local(2019, 3, 5, 7, 5), "minute"),
        ("03/04/2024", local(2024, 4, 3), "day"),
        ("20/06/2024 03:39 CH", AFTERNOON, "minute"),
        ("20/06/2024 3:39:00 CH", AFTERNOON, "second"),
        ("20/06/2024 15:39 CH", AFTERNOON, "minute"),
        ("20/06/2024 12:05 SA", local(2024, 6, 20, 0, 5), "minute"),
        ("20/06/2024 12:05 CH", local(2024, 6, 20, 12, 5), "minute"),
        ("20/06/2024 08:05SA", local(2024, 6, 20, 8, 5), "minute"),
        ("20/6/2024 3:39 PM", AFTERNOON, "minute"),
        ("15:39 Thứ Năm 20/06/2024 (GMT+7)", AFTERNOON, "minute"),
        ("20/06/2024 (GMT+7)", local(2024, 6, 20), "day"),
        ("20/6/2024 3:39 p.m.", AFTERNOON, "minute"),
        ("3:39 chiều 20/6/2024", AFTERNOON, "minute"),
        ("8:05 tối 20/6/2024", local(2024, 6, 20, 20, 5), "minute"),
        ("Thứ Năm, 20/06/2024, 15:39 [GMT+7]", AFTERNOON, "minute"),
        ("8h30 sáng ngày 20/6/2024", local(2024, 6, 20, 8, 30), "minute"),
        ("15h39 ngày 20/6/2024", AFTERNOON, "minute"),
        ("15h39' ngày 20/6/2024", AFTERNOON, "minute"),
        ("15g39, 20/6/2024", AFTERNOON, "minute"),
        ("15 giờ 39 phút, ngày 20 tháng 6 năm 2024", AFTERNOON, "minute"),
        ("15 giờ 39 phút 10 giây 20/6/2024", local(2024, 6, 20, 15, 39, 10), "second"),
        ("15 giờ ngày 20/6/2024", local(2024, 6, 20, 15), "hour"),
        ("15h, 20/6/2024", local(2024, 6, 20, 15), "hour"),
        ("Thứ Năm, ngày 20 tháng 06 năm 2024", local(2024, 6, 20), "day"),
        ("Thứ năm, 20 tháng năm 2021", local(2021, 5, 20), "day"),
        ("20 Tháng Sáu, 2024", local(2024, 6, 20), "day"),
        ("20 tháng mười hai năm 2023", local(2023, 12, 20), "day"),
        ("20 tháng mười một, 2023", local(2023, 11, 20), "day"),
        ("20 tháng mười, 2023", local(2023, 10, 20), "day"),
        ("Tháng Sáu 20, 2024", local(2024, 6, 20), "day"),
        ("Tháng 6 20, 2024", local(2024, 6, 20), "day"),
        ("20 thg 6, 2024", local(2024, 6, 20), "day"),
        ("20 Th6 2024", local(2024, 6, 20), "day"),
        ("20 tháng 6/2024", local(2024, 6, 20), "day"),
        ("Cập nhật lúc: 15:39, 20/06/2024", AFTERNOON, "minute"),
        ("Cập nhật: 20/06/2024 15:39", AFTERNOON, "minute"),
        ("Đăng lúc 15:39 ngày 20/06/2024", AFTERNOON, "minute"),
        ("Ngày đăng: 20/06/2024", local(2024, 6, 20), "day"),
        ("(20/06/2024 15:39)", AFTERNOON, "minute"),
        ("\u00a020/06/2024\u00a0\u00a015:39\n", AFTERNOON, "minute"),
        ("2024-06-20 15:39:00", AFTERNOON, "second"),
        ("2024-06-20T15:39", AFTERNOON, "minute"),
        ("2024-06-20T15:39:00.123", AFTERNOON, "second"),
        ("2024-06-20T15:39:00+07:00", AFTERNOON, "second"),
        ("2024-06-20T15:39:00+0700", AFTERNOON, "second"),
        ("2024-06-20 15:39:00+07", AFTERNOON, "second"),
        ("2024-06-20T15:39:00 +07:00", AFTERNOON, "second"),
        ("2024-06-20T03:39:00-05:00", AFTERNOON, "second"),
        ("2024-06-20T14:09:00+05:30", AFTERNOON, "second"),
        ("2024-06-20+0715:39:00", AFTERNOON, "second"),
        ("2024-06-20ICT15:39:00", AFTERNOON, "second"),
        ("Thu, 20 Jun 2024 15:39:00 +0700", AFTERNOON, "second"),
        ("20 June 2024", local(2024, 6, 20), "day"),
        ("June 20, 2024", local(2024, 6, 20), "day"),
        ("Sept. 5, 2023 15:39", local(2023, 9, 5, 15, 39), "minute"),
        ("Feb 29, 2024", local(2024, 2, 29), "day"),
    ],
)
def test_a_date_in_any_shape(text: str, instant: datetime, precision: str) -> None:
    found = read(text)
    assert (found.instant, found.precision, found.raw, found.warnings) == (instant, precision, text, ())
    assert found.instant.tzinfo is UTC
    assert read(unicodedata.normalize("NFD", text)).instant == instant


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no full date"),
        ("   ", "no full date"),
        ("đang cập nhật", "no full date"),
        ("15:39", "no full date"),
        ("14:43 GMT+7", "no full date"),
        ("20/06", "no full date"),
        ("20/06 15:39", "no full date"),
        ("06/2024", "no full date"),
        ("Tháng 6 năm 2024", "no full date"),
        ("2024", "no full date"),
        ("20240620", "no full date"),
        ("1718872740", "no full date"),
        ("Thứ Năm", "no full date"),
        ("12/31/2024", "there is no day 12/31/2024"),
        ("30/02/2024", "there is no day 30/2/2024"),
        ("29/02/2023", "there is no day 29/2/2023"),
        ("00/00/0000", "there is no day 00/0/0000"),
        ("0000-00-00 00:00:00", "there is no day 00/0/0000"),
        ("20/06/2024 25:39", "hour must be in 0..23"),
        ("20/06/2024 24:00", "hour must be in 0..23"),
        ("20/06/2024 15:61", "minute must be in 0..59"),
        ("20/06/2024 15:39 SA", "15 o'clock is not before noon"),
        ("20/06/2024 00:15 CH", "0 o'clock is not after noon"),
        ("12:15 tối 20/06/2024", "12 o'clock is not after noon"),
        ("20/06/2024 15:39 GMT+19", "there is no zone gmt+19"),
        ("Thứ Sáu, 20/06/2024 - 15:39", "20/06/2024 is another day of the week"),
        ("Chủ nhật, 20/06/2024", "20/06/2024 is another day of the week"),
        ("Mon, 20 Jun 2024 15:39:00 +0700", "20/06/2024 is another day of the week"),
        ("2024-06-20+0715:39", "is left over"),
        ("2024-06-20EST15:39:00", "is left over"),
        ("Thứ Năm, Thứ Sáu 20/06/2024", "'thứ sáu' is left over"),
        ("20/06/2024 - 21/06/2024", "is left over"),
        ("20/06/2024 15:39 (21/06/2024 08:00)", "is left over"),
        ("20/06/2024 15:39 - 16:00", "is left over"),
        ("20/06/2024 15.39", "is left over"),
        ("20/06/2024 15:39 EST", "'est' is left over"),
        ("20/06/2024 âm lịch", "'âm lịch' is left over"),
        ("mùng 5 tháng 3 năm 2019", "'mùng' is left over"),
        ("Số 1234, ngày 20/06/2024", "left over"),
        ("Hà Nội, 20/06/2024", "left over"),
        ("192.168.1.10", "no full date"),
        ("20/06/20245", "no full date"),
        ("120/06/2024", "no full date"),
        ("20/06-2024", "no full date"),
        ("02/01/0001 12:00:00 SA", "is before 01/01/2004 00:00"),
        ("01/01/0001 12:00:00 SA", "date value out of range"),
        ("01/01/1970 07:00", "is before 01/01/2004 00:00"),
        ("31/12/2003 23:59", "is before 01/01/2004 00:00"),
        ("31/12/2003", "is before 01/01/2004 00:00"),
        ("01/01/2027 00:00", "is after 31/12/2026 23:59"),
        ("20/06/9999", "is after 31/12/2026 23:59"),
        ("9999-12-31T23:59:00-05:00", "date value out of range"),
    ],
)
def test_what_is_no_date_for_certain_is_set_aside(text: str, why: str) -> None:
    with pytest.raises(SetAside) as refused:
        read(text)
    assert refused.value.code == "bad-date"
    assert why in refused.value.detail


@pytest.mark.parametrize("text", ["2024-06-20T15:39:00Z", "2024-06-20T15:39:00+00:00", "Thu, 20 Jun 2024 15:39:00 GMT"])
def test_a_date_that_says_utc_is_believed_with_a_warning(text: str) -> None:
    found = read(text)
    assert found.instant == datetime(2024, 6, 20, 15, 39, tzinfo=UTC)
    assert codes(found) == ["utc-unconfirmed"]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2 giờ trước", FETCHED - timedelta(hours=2)),
        ("2 tiếng trước", FETCHED - timedelta(hours=2)),
        ("khoảng 2 giờ trước", FETCHED - timedelta(hours=2)),
        ("một giờ trước", FETCHED - timedelta(hours=1)),
        ("5 phút trước", FETCHED - timedelta(minutes=5)),
        ("30 giây trước", FETCHED - timedelta(seconds=30)),
        ("3 ngày trước", FETCHED - timedelta(days=3)),
        ("2 tuần trước", FETCHED - timedelta(weeks=2)),
        ("4 tháng trước", local(2024, 2, 20, 15, 39)),
        ("1 năm trước", local(2023, 6, 20, 15, 39)),
        ("cách đây 2 giờ", FETCHED - timedelta(hours=2)),
        ("Cập nhật: 2 giờ trước", FETCHED - timedelta(hours=2)),
        ("2 hours ago", FETCHED - timedelta(hours=2)),
        ("vừa xong", FETCHED),
        ("Hôm nay", local(2024, 6, 20)),
        ("Hôm nay, 08:15", local(2024, 6, 20, 8, 15)),
        ("Hôm qua, 15:39", local(2024, 6, 19, 15, 39)),
        ("15h39 hôm qua", local(2024, 6, 19, 15, 39)),
        ("hôm kia", local(2024, 6, 18)),
        ("Yesterday 15:39", local(2024, 6, 19, 15, 39)),
    ],
)
def test_a_relative_date_counts_back_from_the_fetch_and_never_from_today(text: str, instant: datetime) -> None:
    found = read(text, FETCHED.astimezone(UTC))
    assert found.instant == instant
    assert codes(found) == ["relative-date"]
    with pytest.raises(SetAside, match="fetch time that is not known"):
        read(text)


@pytest.mark.parametrize(
    ("text", "precision"),
    [("2 giờ trước", "hour"), ("1 tháng trước", "month"), ("2 năm trước", "year"), ("hôm qua", "day")],
)
def test_a_relative_date_is_as_exact_as_its_unit(text: str, precision: str) -> None:
    assert read(text, FETCHED).precision == precision


def test_months_back_end_where_the_month_ends() -> None:
    assert read("1 tháng trước", local(2024, 3, 31, 12)).instant == local(2024, 2, 29, 12)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("vài giờ trước", "vaguely"),
        ("mới đây", "vaguely"),
        ("2 giờ trước - 20/06/2024", "vaguely"),
        ("hôm qua lúc 25:00", "hour must be in 0..23"),
        ("hôm nay 23:59", "is after 20/06/2024 15:39"),
        ("9999 năm trước", "before all calendars"),
        ("9999 tuần trước", "is before 01/01/2004"),
        ("30 năm trước", "is before 01/01/2004"),
    ],
)
def test_a_vague_or_impossible_relative_date_is_set_aside(text: str, why: str) -> None:
    with pytest.raises(SetAside, match="bad-date") as refused:
        read(text, FETCHED)
    assert why in refused.value.detail


def test_no_date_is_newer_than_the_page_it_stands_on() -> None:
    assert read("20/06/2024 15:39", FETCHED).instant == FETCHED
    with pytest.raises(SetAside, match="is after 20/06/2024 15:39"):
        read("20/06/2024 15:40", FETCHED)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("5/3/05 7:05", local(2005, 3, 5, 7, 5)),
        ("05-03-19", local(2019, 3, 5)),
        ("20-Jun-24", local(2024, 6, 20)),
        ("Thứ Năm, 20/06/24", local(2024, 6, 20)),
        ("29/02/04", local(2004, 2, 29)),
    ],
)
def test_a_two_digit_year_is_read_by_the_lifetime_of_the_source(text: str, instant: datetime) -> None:
    found = read(text)
    assert found.instant == instant
    assert codes(found) == ["two-digit-year"]


@pytest.mark.parametrize("text", ["20/06/57", "20/06/99", "01/01/27"])
def test_a_two_digit_year_outside_the_lifetime_is_set_aside(text: str) -> None:
    with pytest.raises(SetAside, match="no century"):
        read(text)


def test_a_two_digit_year_with_two_centuries_is_set_aside() -> None:
    with pytest.raises(SetAside, match="or more than one"):
        read_date("20/06/19", not_before=local(1900, 1, 1), not_after=LAST)


def test_a_mere_day_counts_as_inside_when_part_of_it_is() -> None:
    opening = local(2004, 1, 1, 10)
    assert read_date("01/01/2004", not_before=opening, not_after=LAST).instant == local(2004, 1, 1)
    with pytest.raises(SetAside, match="is before"):
        read_date("01/01/2004 09:00", not_before=opening, not_after=LAST)


@pytest.mark.parametrize(
    ("first", "last", "fetched"),
    [
        (datetime(2004, 1, 1), LAST, None),
        (FIRST, datetime(2026, 1, 1), None),
        (FIRST, LAST, datetime(2024, 6, 20)),
        (LAST, FIRST, None),
        (FIRST, LAST, FIRST - timedelta(days=1)),
    ],
)
def test_bounds_without_a_zone_or_the_wrong_way_round_are_a_mistake(
    first: datetime, last: datetime, fetched: datetime | None
) -> None:
    with pytest.raises(ValueError, match=r"zone|later than"):
        Bounds.of(first, last, fetched)


def test_a_fetch_time_in_another_zone_is_the_same_moment() -> None:
    elsewhere = FETCHED.astimezone(timezone(timedelta(hours=-5)))
    assert read("hôm qua", elsewhere).instant == local(2024, 6, 19)
