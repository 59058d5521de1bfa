"""What a server asks for with Retry-After."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from migrator.net import patience_s


@pytest.mark.parametrize(("asked", "wanted"), [("7", 7.0), (" 120 ", 120.0), ("", None), ("soon", None), ("-3", None)])
def test_it_is_a_number_of_seconds(asked: str, wanted: float | None) -> None:
    assert patience_s(asked) == wanted


def test_it_may_be_a_time() -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert 55 < (patience_s(moment) or 0) <= 60
    assert patience_s(format_datetime(datetime(2001, 1, 1, tzinfo=UTC))) == 0.0
