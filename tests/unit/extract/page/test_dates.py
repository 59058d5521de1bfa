"""Dates of pages: what readers see, what machines are told, and what is no date."""

from datetime import UTC, datetime
from typing import Any

import pytest

from migrator.extract.page.dates import Calendar, date_within, page_date, updated_date
from migrator.extract.page.record import as_record

CALENDAR = Calendar()
FETCHED = datetime(2024, 6, 21, 3, 0, tzinfo=UTC)
BODY = "<div id='news-bodyhtml'><p>" + "Đây là một đoạn văn đủ dài để là thân bài của một bài báo. " * 3 + "</p></div>"


@pytest.mark.parametrize(
    ("shown", "instant"),
    [
        ("14/05/2026 15:25", "2026-05-14T08:25"),
        ("14/05/2026 - 15:25", "2026-05-14T08:25"),
        ("15:25 | 14/05/2026", "2026-05-14T08:25"),
        ("Thứ Năm, 20/06/2024 - 15:39", "2024-06-20T08:39"),
        ("Thứ năm, 20/6/2024, 15:39 (GMT+7)", "2024-06-20T08:39"),
        ("20/06/2024 14:43 GMT+7", "2024-06-20T07:43"),
        ("20-06-2024", "2024-06-19T17:00"),
        ("20-06-2024 - 03:39 CH", "2024-06-20T08:39"),
        ("20-06-2024 - 03:39 SA", "2024-06-19T20:39"),
        ("7/5/05 9:05", "2005-05-07T02:05"),
        ("7/5/2005 9:5", "2005-05-07T02:05"),
        ("7/5/05 9:5", "2005-05-07T02:05"),
        ("2024-06-20T15:39:00+07:00", "2024-06-20T08:39"),
        ("Ngày 20 tháng 6 năm 2024", "2024-06-19T17:00"),
    ],
)
def test_dates_readers_see(shown: str, instant: str) -> None:
    found = page_date([], [shown], None, CALENDAR)
    assert found.instant is not None
    assert (found.instant.strftime("%Y-%m-%dT%H:%M"), found.raw) == (instant, shown)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Đăng bởi admin | 20/06/2024 - 15:39 | 12 lượt xem", "20/06/2024 - 15:39"),
        ("Thứ năm, 20/06/2024, 15:39 [GMT+7]", "Thứ năm, 20/06/2024, 15:39 [GMT+7]"),
        ("Sun, 11/05/2023 - 08:20", ""),
        ("Submitted on 20/06/2024", "20/06/2024"),
        ("Lúc 15h39, ngày 20/06/2024 – Hải Phòng", "15h39, ngày 20/06/2024"),
        ("Lượt xem: 1.234", ""),
        ("Số 12/2024/QĐ-UB", ""),
    ],
)
def test_a_date_among_other_words(text: str, date: str) -> None:
    assert date_within(text, CALENDAR).strip(" ,") == date


@pytest.mark.parametrize(
    ("machine", "shown", "url", "instant", "code"),
    [
        ("2024-06-20T15:39:00Z", "20/06/2024 15:39", None, "08:39", "local-marked-utc"),
        ("2024-06-20T08:39:00Z", "20/06/2024 15:39", None, "08:39", None),
        ("2024-06-20T15:39:00+00:00", None, "/x-185240620153900123.htm", "08:39", "local-marked-utc"),
        ("2024-06-20T15:39:00Z", None, None, "15:39", "utc-unconfirmed"),
        ("2024-06-20T15:39:00+07:00", "20/06/2024 15:39", None, "08:39", None),
        ("2024-06-19T10:00:00+07:00", "20/06/2024 15:39", None, "08:39", None),
        ("2024-06-20+0715:39:00", "Thứ năm - 20/06/2024 15:39", None, "08:39", None),
        ("not a date", "20/06/2024 15:39", None, "08:39", "machine-date-ignored"),
    ],
)
def test_machines_and_readers(machine: str, shown: str | None, url: str | None, instant: str, code: str | None) -> None:
    found = page_date([machine], [shown] if shown else [], url, CALENDAR)
    assert found.instant is not None
    assert found.instant.strftime("%H:%M") == instant
    assert {each for each, _ in found.warnings} == ({code} if code else set())


def test_the_second_machine_date_is_asked_where_the_first_contradicts_the_page() -> None:
    found = page_date(["2026-11-23T11:50:00+07:00", "2024-06-20T15:39:00+07:00"], ["20/06/2024 15:39"], None, CALENDAR)
    assert found.raw == "2024-06-20T15:39:00+07:00"


@pytest.mark.parametrize(
    ("shown", "reason"),
    [
        ("2 giờ trước", "fetch time"),
        ("Thứ Hai, 20/06/2024 - 15:39", "another day of the week"),
        ("31/02/2024", "no day"),
        ("20/06/1975", "before"),
    ],
)
def test_what_cannot_be_read_is_no_date(shown: str, reason: str) -> None:
    found = page_date([], [shown], None, CALENDAR)
    assert found.instant is None
    assert reason in found.reason
    assert found.raw == shown


def test_no_date_at_all() -> None:
    found = page_date([], [], None, CALENDAR)
    assert (found.instant, found.raw, found.reason) == (None, "", "the page shows no date")


def test_relative_dates_need_the_fetch_time() -> None:
    found = page_date([], ["2 giờ trước"], None, Calendar(fetched_at=FETCHED))
    assert found.instant == datetime(2024, 6, 21, 1, 0, tzinfo=UTC)
    assert (found.precision, found.warnings[0][0]) == ("hour", "relative-date")


def test_nothing_is_later_than_the_fetch() -> None:
    found = page_date([], ["22/06/2024 10:00"], None, Calendar(fetched_at=FETCHED))
    assert found.instant is None
    assert "after" in found.reason


def test_a_change_is_in_the_same_wrong_zone_as_the_publication() -> None:
    published = page_date(["2024-06-20T15:39:00Z"], ["20/06/2024 15:39"], None, CALENDAR)
    found = updated_date(["2024-06-20T16:05:00Z"], [], published, None, CALENDAR)
    assert found.instant == datetime(2024, 6, 20, 9, 5, tzinfo=UTC)
    assert [code for code, _ in found.warnings] == ["local-marked-utc"]


def test_a_change_before_the_publication_is_told() -> None:
    published = page_date([], ["20/06/2024 15:39"], None, CALENDAR)
    found = updated_date(["2024-06-19T15:39:00+07:00"], [], published, None, CALENDAR)
    assert [code for code, _ in found.warnings] == ["updated-before-published"]


def test_profiles_say_when_machine_dates_are_local() -> None:
    calendar = Calendar(machine_dates_are_local=True)
    found = page_date(["2024-06-20T15:39:00+00:00"], [], None, calendar)
    assert found.instant == datetime(2024, 6, 20, 8, 39, tzinfo=UTC)


def test_the_only_date_may_be_called_a_change(read: Any) -> None:
    record = as_record(read(f"<h1>Tiêu đề của bài</h1><p class=date>Cập nhật lúc 15:39, 20/06/2024</p>{BODY}"))
    assert (record["published_at"], record["updated_at"]) == ("2024-06-20T15:39:00+07:00", None)
    assert record["published_warnings"][0]["code"] == "labelled-as-change"


def test_a_change_shown_beside_the_publication(read: Any) -> None:
    head = '<meta property="article:published_time" content="2024-06-20T15:39:00+07:00">'
    shown = '<span class="date">Cập nhật: 20/06/2024 18:00</span>'
    record = as_record(read(f"{head}<h1>Tiêu đề của bài</h1>{shown}{BODY}"))
    assert record["published_at"] == "2024-06-20T15:39:00+07:00"
    assert record["updated_at"] == "2024-06-20T18:00:00+07:00"


def test_dates_of_comments_and_other_articles_are_not_those_of_the_page(read: Any) -> None:
    others = (
        '<ul><li><span class="date">01/01/2023</span></li></ul><div class="comments"><p class="time">02/02/2023 10:00</p></div>'
        '<div class="sidebar"><time>03/03/2023</time></div>'
    )
    record = as_record(read(f"<h1>Tiêu đề của bài</h1>{BODY}{others}"))
    assert (record["published_at"], record["published_reason"]) == (None, "the page shows no date")
