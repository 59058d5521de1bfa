"""How many calls are under way at once."""

from __future__ import annotations

import threading
import time

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
