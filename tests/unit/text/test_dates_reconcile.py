from __future__ import annotations

from datetime import UTC, datetime

import pytest

from migrator.errors import SetAside
from migrator.text.dates import ReadDate
from migrator.text.dates_in_ids import instant_in_id
from migrator.text.dates_reconcile import reconcile
from migrator.text.dates_shapes import NEWSROOM_ZONE

FIRST = datetime(2004, 1, 1, tzinfo=NEWSROOM_ZONE)
LAST = datetime(2026, 12, 31, 23, 59, tzinfo=NEWSROOM_ZONE)
LOCAL = datetime(2024, 6, 20, 15, 39, tzinfo=NEWSROOM_ZONE)
TRUE_UTC = datetime(2024, 6, 20, 15, 39, tzinfo=UTC)
Z = "2024-06-20T15:39:00Z"
ZERO = "2024-06-20T15:39:00+00:00"
NAIVE = "2024-06-20T15:39:00"
OWN = "2024-06-20T15:39:00+07:00"


def reconciled(iso: str, visible: str | None = None, identity: datetime | None = None) -> ReadDate:
    return reconcile(iso, visible, identity, not_before=FIRST, not_after=LAST)


@pytest.mark.parametrize(
    ("iso", "visible", "identity", "instant", "codes"),
    [
        (Z, "20/06/2024 15:39", None, LOCAL, ["local-marked-utc"]),
        (ZERO, "Thứ Năm, 20/06/2024 - 15:39", None, LOCAL, ["local-marked-utc"]),
        ("2024-06-20T15:39:42Z", "20/06/2024 15:39", None, LOCAL.replace(second=42), ["local-marked-utc"]),
        (Z, "20/06/2024 22:39", None, TRUE_UTC, []),
        (Z, "20/06/2024 15:39 GMT+0", None, TRUE_UTC, []),
        (Z, "20/06/2024", None, TRUE_UTC, ["utc-unconfirmed"]),
        ("2024-06-20T20:00:00Z", "20/06/2024", None, LOCAL.replace(hour=20, minute=0), ["local-marked-utc"]),
        ("2024-06-20T20:00:00Z", "21/06/2024", None, TRUE_UTC.replace(hour=20, minute=0), []),
        (Z, None, None, TRUE_UTC, ["utc-unconfirmed"]),
        (Z, " ", None, TRUE_UTC, ["utc-unconfirmed"]),
        (Z, "đang cập nhật", None, TRUE_UTC, ["visible-unreadable", "utc-unconfirmed"]),
        (Z, "2 giờ trước", None, TRUE_UTC, ["visible-unreadable", "utc-unconfirmed"]),
        (Z, None, LOCAL.replace(minute=31), LOCAL, ["local-marked-utc"]),
        (Z, None, TRUE_UTC.replace(minute=31), TRUE_UTC, []),
        (Z, None, LOCAL.replace(hour=9), TRUE_UTC, ["utc-unconfirmed"]),
        (Z, "20/06/2024", LOCAL, LOCAL, ["local-marked-utc"]),
        (Z, "20/06/2024 22:39", LOCAL, TRUE_UTC, []),
        (Z, "25/06/2024 08:00", LOCAL, LOCAL, ["dates-disagree", "local-marked-utc"]),
        (NAIVE, None, None, LOCAL, []),
        (NAIVE, "20/06/2024 15:39", None, LOCAL, []),
        (NAIVE, "20/06/2024 22:39", None, TRUE_UTC, ["utc-unmarked"]),
        (OWN, "20/06/2024 15:39", None, LOCAL, []),
        (OWN, "20/06/2024 22:39", None, LOCAL, ["dates-disagree"]),
        (OWN, "19/06/2024", None, LOCAL, ["dates-disagree"]),
        (OWN, None, None, LOCAL, []),
        ("2024-06-20T18:39:00+10:00", "20/06/2024 15:39", None, LOCAL, []),
        ("2024-06-20", "20/06/2024 15:39", None, LOCAL.replace(hour=0, minute=0), []),
    ],
)
def test_a_date_is_corrected_by_its_witnesses(
    iso: str, visible: str | None, identity: datetime | None, instant: datetime, codes: list[str]
) -> None:
    found = reconciled(iso, visible, identity)
    assert (found.instant, found.raw) == (instant, iso)
    assert [code for code, _ in found.warnings] == codes


@pytest.mark.parametrize(
    ("iso", "visible"),
    [
        (Z, "25/06/2024 08:00"),
        (NAIVE, "20/06/2024 15:41"),
        (NAIVE, "20/06/2024 15:38"),
        (Z, "19/06/2024"),
        ("hôm qua", None),
        ("", "20/06/2024"),
    ],
)
def test_what_stays_contradictory_or_unreadable_is_set_aside(iso: str, visible: str | None) -> None:
    with pytest.raises(SetAside, match="bad-date"):
        reconciled(iso, visible)


def test_the_bounds_hold_for_the_corrected_date() -> None:
    fetched = datetime(2024, 6, 20, 16, tzinfo=NEWSROOM_ZONE)
    found = reconcile(Z, "20/06/2024 15:39", None, fetched_at=fetched, not_before=FIRST, not_after=LAST)
    assert found.instant == LOCAL
    with pytest.raises(SetAside, match="is after 20/06/2024 16:00"):
        reconcile(Z, None, None, fetched_at=fetched, not_before=FIRST, not_after=LAST)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("185251230111427263", "2025-12-30T11:14:27.263"),
        ("https://bao.vn/lu-lut-185251230111427263.htm", "2025-12-30T11:14:27.263"),
        ("20240620153900123", "2024-06-20T15:39:00.123"),
        ("/xa-hoi/lu-lut-20240620153900123.htm", "2024-06-20T15:39:00.123"),
        ("/a-20240620153900123/b-20240620153900123.htm", "2024-06-20T15:39:00.123"),
    ],
)
def test_an_id_carries_the_time(text: str, told: str) -> None:
    assert instant_in_id(text) == datetime.fromisoformat(told).replace(tzinfo=NEWSROOM_ZONE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "541045",
        "185251330111427263",  # month 13
        "185250230111427263",  # 30 February
        "185251230251427263",  # 25 o'clock
        "18525123011142726",  # a digit short
        "1852512301114272631",  # a digit long
        "20241320153900123",
        "19240620153900123",
        "2024062015390012",
        "202406201539001234",
        "post802228",
        "/a-20240620153900123/b-20240621153900123.htm",
        "/a-20240620153900123/b-20249921153900123.htm",
    ],
)
def test_other_numbers_carry_no_time(text: str) -> None:
    assert instant_in_id(text) is None
