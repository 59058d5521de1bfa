"""Killed at any moment, resumed: as if nothing had happened."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import small_paper
from tests.e2e.outcome import PROGRAM, Left, fresh_copy, left_by, migrator, state

ARTICLES, BATCH = 150, 25
KILLS = 24

POINTS = [
    f"{place}:{moment}"
    for place in (
        "ledger.intend",
        "loader.write",
        "ledger.confirm",
        "loader._relink",
        "ledger._move_mark",
        "loader._ids",
    )
    for moment in ("before", "after")
]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo project that has not run yet."""
    folder = tmp_path_factory.mktemp("prepared") / "demo"
    return small_paper.prepare(folder, ARTICLES)


@pytest.fixture(scope="module")
def undisturbed(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Left:
    """What a run leaves behind that nobody disturbs."""
    project = fresh_copy(prepared, tmp_path_factory.mktemp("undisturbed") / "demo")
    migrator("run", "--project", project, "--batch", str(BATCH))
    left = left_by(project)
    assert len(left.records["article"]) > ARTICLES * 0.7
    assert left.open_intents == 0
    return left


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("number", [1, 4, 9])
def test_a_run_killed_at_a_point_of_a_batch_is_resumed(
    point: str, number: int, prepared: Path, undisturbed: Left, tmp_path: Path
) -> None:
    project = fresh_copy(prepared, tmp_path / "demo")
    killed = subprocess.run(
        [sys.executable, Path(__file__).with_name("killed_run.py"), project, point, str(number), str(BATCH)],
        check=False, timeout=120,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    migrator("run", "--project", project, "--batch", str(BATCH))
    assert left_by(project) == undisturbed


def test_a_run_killed_at_random_moments_is_resumed(prepared: Path, undisturbed: Left, tmp_path: Path) -> None:
    kills = kill_and_resume(prepared, undisturbed, tmp_path, KILLS, random.Random(74))
    assert kills >= 20


def kill_and_resume(
    prepared: Path,
    undisturbed: Left,
    folder: Path,
    wanted: int,
    chance: random.Random,
    *,
    make: Callable[[Path, Path], Path] = fresh_copy,
    batch: int = 10,
) -> int:
    """Kill runs at random moments until so many died at work; whatever was killed is resumed and ends as undisturbed."""
    kills = rounds = 0
    longest_s = whole_run_s(make(prepared, folder / "whole"), batch)
    while kills < wanted:
        rounds += 1
        project = make(prepared, folder / f"round-{rounds}")
        while state(project) != "ended":
            run = subprocess.Popen(
                [*PROGRAM, "run", "--project", str(project), "--batch", str(batch)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                run.wait(timeout=chance.uniform(longest_s / 10, longest_s * 0.8))
                assert run.returncode in {0, 3}
            except subprocess.TimeoutExpired:
                run.kill()
                run.wait()
                kills += state(project) == "at work"
        assert left_by(project) == undisturbed
        shutil.rmtree(project)
    return kills


def whole_run_s(project: Path, batch: int) -> float:
    """How long a run takes that nobody kills."""
    began = time.monotonic()
    migrator("run", "--project", project, "--batch", str(batch))
    return time.monotonic() - began


def test_a_second_run_writes_nothing(prepared: Path, tmp_path: Path) -> None:
    project = fresh_copy(prepared, tmp_path / "demo")
    migrator("run", "--project", project)
    before, touched = (project / "target.sqlite").read_bytes(), (project / "target.sqlite").stat().st_mtime_ns
    time.sleep(0.02)  # so that a write would show in the time stamp
    migrator("run", "--project", project)
    assert (project / "target.sqlite").read_bytes() == before
    assert (project / "target.sqlite").stat().st_mtime_ns == touched
    buckets = {bucket for bucket, _, _, _ in left_by(project).items.values()}
    assert buckets <= {"unchanged", "merged", "dropped", "withheld", "rejected"}
