"""Counting back from a deadline: arithmetic that can be checked by hand, and the command on a small paper."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from migrator.cli.app import migrator
from migrator.cli.plan_deadline import moment_of
from migrator.errors import ConfigurationError
from migrator.model.rate import Rate
from migrator.run.schedule import Work, schedule, usual_rate
from tests.unit.run.paper import Paper

EVENING = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def work(name: str, rows: int | None, rate: float | None) -> Work:
    return Work("run", name, rows, 0, rate, "runs" if rate else "unknown")


def rate(run: int, rows: int, written: int, seconds: float) -> Rate:
    return Rate(run, "run", "article", rows, written, seconds, 0.0, "")


def test_each_start_leaves_time_for_all_that_follows() -> None:
    night = schedule([work("section", 3600, 1.0), work("article", 72_000, 10.0)], MORNING, EVENING, 0.0)
    assert [slot.latest_start for slot in night.slots] == [MORNING - timedelta(hours=3), MORNING - timedelta(hours=2)]
    assert (night.fits, night.seconds, night.spare_s) == (True, 3 * 3600.0, 4 * 3600.0)


def test_the_reserve_is_added_to_everything() -> None:
    night = schedule([work("article", 72_000, 10.0)], MORNING, EVENING, 0.5)
    assert night.latest_start == MORNING - timedelta(hours=3)


def test_too_long_is_too_long_whatever_else_is_unknown() -> None:
    works = [work("article", 10**6, 10.0), work("asset", 5, None)]
    assert schedule(works, MORNING, EVENING, 0.0).fits is False
    assert schedule(works[1:], MORNING, EVENING, 0.0).fits is None
    assert schedule([work("asset", 0, None)], MORNING, EVENING, 0.0).fits is True
    assert schedule([Work("harvest", "web", None, 0, None, "unknown")], MORNING, EVENING, 0.0).unknown


def test_rates_of_unchanged_rows_do_not_promise_a_fast_first_run() -> None:
    first, again = rate(1, 1000, 1000, 10.0), rate(2, 1000, 5, 0.5)
    assert usual_rate([first, again], again=False) == (100.0, (1,))
    assert usual_rate([first, again], again=True) == (2000.0, (2,))
    assert usual_rate([first], again=True) == (100.0, (1,))
    assert usual_rate([again], again=False) == (None, ())
    assert usual_rate([], again=False) == (None, ())


def test_the_latest_rates_are_weighed_by_their_rows() -> None:
    many = [rate(1, 10**6, 10**6, 1.0), rate(2, 10, 10, 10.0), rate(3, 980, 980, 80.0), rate(3, 10, 10, 10.0)]
    assert usual_rate(many, again=False) == (10.0, (2, 3))


def test_moments() -> None:
    now = datetime(2026, 11, 23, 22, 0).astimezone()
    assert moment_of("05:00", now) == datetime(2026, 11, 24, 5, 0).astimezone()
    assert moment_of("22:30", now) == datetime(2026, 11, 23, 22, 30).astimezone()
    assert moment_of("2026-12-01T05:00", now) == datetime(2026, 12, 1, 5, 0).astimezone()
    assert moment_of("2026-12-01T05:00+07:00", now) == datetime(2026, 11, 30, 22, 0, tzinfo=UTC)
    for wrong in ("2026-11-23T21:00", "tomorrow", "25:00", ""):
        with pytest.raises(ConfigurationError):
            moment_of(wrong, now)


# --- the command ---
def plan(paper: Paper, *more: str) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(migrator, ["plan", "--project", str(paper.folder), "--json", "--lang", "en", *more])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, json.loads(done.stdout)


def stages(answer: dict[str, Any]) -> dict[str, tuple[int, str, list[int]]]:
    return {f"{s['stage']} {s['name']}".strip(): (s["rows"], s["basis"], s["runs"]) for s in answer["stages"]}


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_before_the_first_run_nobody_knows(paper: Paper) -> None:
    before = digests(paper.folder)
    code, answer = plan(paper, "--deadline", "05:00")
    assert (code, answer["fits"]) == (0, None)
    assert stages(answer) == {
        "run section": (4, "unknown", []), "run article": (4, "unknown", []),
        "verify": (8, "unknown", []), "report": (8, "unknown", []),
    }  # fmt: skip
    assert digests(paper.folder) == before


def test_a_measurement_leaves_nothing_behind(paper: Paper) -> None:
    before = digests(paper.folder)
    _, answer = plan(paper, "--deadline", "05:00", "--measure", "2")
    assert stages(answer)["run article"] == (4, "measured", [])
    assert all(stage["seconds"] > 0 for stage in answer["stages"] if stage["stage"] == "run")
    assert digests(paper.folder) == before


def test_rates_of_runs_verify_and_report_are_used(paper: Paper) -> None:
    for command in (["run", "--limit", "2"], ["verify"], ["report"]):
        CliRunner().invoke(migrator, [*command, "--project", str(paper.folder)])
    code, answer = plan(paper, "--deadline", "2099-01-01T00:00", "--reserve", "0")
    assert (code, answer["fits"]) == (0, True)
    assert stages(answer) == {
        "run section": (4, "runs", [1]), "run article": (4, "runs", [1]),
        "verify": (8, "runs", [1]), "report": (8, "runs", [1]),
    }  # fmt: skip
    assert sum(stage["seconds"] for stage in answer["stages"]) == pytest.approx(answer["seconds"], abs=0.001)


def test_an_interrupted_run_has_less_left(paper: Paper) -> None:
    asked = iter([False, True])
    paper.run(stopping=lambda: next(asked), batch=1)
    _, answer = plan(paper, "--deadline", "05:00")
    assert stages(answer)["run section"][0] == 2
    assert stages(answer)["run article"][0] == 4


def test_one_question_at_a_time(paper: Paper) -> None:
    code, answer = plan(paper, "--deadline", "05:00", "--simulate", "5")
    assert (code, answer["error"]["code"]) == (2, "configuration")
