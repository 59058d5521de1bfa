"""How many calls are under way at once."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from migrator.load.wordpress.client import LONGEST_PATIENCE_S, _patience
from migrator.load.wordpress.pace import Pace


def test_no_more_calls_are_under_way_than_may_be() -> None:
    pace, under_way, most, lock = Pace(3), 0, 0, threading.Lock()

    def call() -> None:
        nonlocal under_way, most
        with pace.turn():
            with lock:
                under_way += 1
                most = max(most, under_way)
            time.sleep(0.005)
            with lock:
                under_way -= 1

    threads = [threading.Thread(target=call) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert most == 3
    assert under_way == 0


def test_a_slow_server_gets_fewer_calls_and_a_quick_one_all_again() -> None:
    pace = Pace(8)
    for _ in range(10):
        pace.answered(0.1)
    assert pace.limit == 8
    for _ in range(6):
        pace.answered(5.0)
    assert pace.limit < 8
    slow = pace.limit
    for _ in range(200):
        pace.answered(0.1)
    assert pace.limit == 8 > slow


def test_a_server_that_asks_for_patience_gets_it() -> None:
    pace = Pace(8)
    pace.hold(0.2)
    assert pace.limit == 4
    began = time.monotonic()
    with pace.turn():
        assert time.monotonic() - began >= 0.19
    for _ in range(10):
        pace.hold(0.0)
    assert pace.limit == 1


@pytest.mark.parametrize(
    ("asked", "wanted"), [("7", 7.0), ("", 2.0), ("soon", 2.0), ("999999", LONGEST_PATIENCE_S), ("-3", 2.0)]
)
def test_retry_after_is_a_number_of_seconds(asked: str, wanted: float) -> None:
    assert _patience(asked, 2.0) == wanted


def test_retry_after_may_be_a_time() -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert 55 < _patience(moment, 2.0) <= 60
    assert _patience(format_datetime(datetime(2001, 1, 1, tzinfo=UTC)), 2.0) == 0.0
