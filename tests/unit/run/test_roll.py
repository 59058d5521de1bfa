"""Who is taken for lost."""

from __future__ import annotations

import pytest

from migrator.run.engine.dask import Roll


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    return now


def test_who_is_heard_of_is_alive_whatever_clock_the_scheduler_has(clock: list[float]) -> None:
    roll = Roll(10)
    for second in range(60):
        clock[0] += 1
        roll.update({"a": -1e9 + second, "b": 1e9})
    assert roll.alive() == {"a"}
    assert roll.cause("b") == "silent for 10 s"
    roll.update({"a": 5, "b": 1e9 + 1})
    assert roll.alive() == {"a", "b"}


def test_who_left_the_scheduler_is_gone_at_once(clock: list[float]) -> None:
    roll = Roll(10)
    roll.update({"a": 1, "b": 1})
    roll.update({"b": 1})
    assert roll.alive() == {"b"}
    assert roll.cause("a") == "its connection to the scheduler ended"


def test_a_newcomer_is_alive_for_a_lease(clock: list[float]) -> None:
    roll = Roll(10)
    roll.update({"a": 1})
    clock[0] += 9
    assert roll.alive() == {"a"}
    clock[0] += 2
    assert not roll.alive()
