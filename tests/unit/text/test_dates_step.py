"""What the step page_date says besides the instant; its examples are run with those of all steps."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from migrator.model.record import SourceRow
from migrator.transform.pipeline import Context
from migrator.transform.steps import page_date


def run(value: Any) -> tuple[Any, Context]:
    context = Context(SourceRow("bao:article:1", (1,), {}))
    return page_date.make("2004-01-01", "2025-12-31")(value, context), context


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("20/06/2024 15:39", []),
        ("20/06/24 15:39", ["two-digit-year"]),
        ("2024-06-20T08:39:00Z", ["utc-unconfirmed"]),
        ("Thu, 20 Jun 24 08:39:00 GMT", ["two-digit-year", "utc-unconfirmed"]),
    ],
)
def test_what_was_concluded_is_noted(text: str, codes: list[str]) -> None:
    instant, context = run(text)
    assert instant == datetime(2024, 6, 20, 8, 39, tzinfo=UTC)
    assert [note.code for note in context.notes] == codes


@pytest.mark.parametrize("value", ["31/12/2025 23:59:59", "01/01/2004 00:00"])
def test_the_first_and_the_last_day_are_inside(value: str) -> None:
    assert run(value)[0] is not None


def test_dates_of_a_driver_are_read_as_text() -> None:
    assert run(datetime(2024, 6, 20, 15, 39))[0] == datetime(2024, 6, 20, 8, 39, tzinfo=UTC)
    assert run(date(2024, 6, 20))[0] == datetime(2024, 6, 19, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last"), [("2004", "2025-12-31"), ("2004-01-01", "hôm nay"), ("2026-01-01", "2025-12-31")]
)
def test_a_lifetime_that_is_none_is_a_mistake(first: str, last: str) -> None:
    with pytest.raises(ValueError, match=r"does not match|is later than"):
        page_date.make(first, last)
