"""The model against what queues are known to do, and the command around it."""

from __future__ import annotations

import json
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from migrator.cli.app import migrator
from migrator.run.simulation import REQUESTS_AT_MOST, Platform, Stage, simulate
from tests.unit.run.paper import Paper

CALM = Platform(error_share=0.0, files=0.0, article_ms=0.0)


def stage(name: str, articles: int, platform: Platform) -> Stage:
    return next(found for found in simulate(articles, platform) if found.name == name)


def test_a_rate_limit_decides_where_it_is_the_slowest() -> None:
    found = stage("articles", 5_000, replace(CALM, requests_per_s=10, concurrency=8))
    assert found.seconds == pytest.approx(500, rel=0.01)
    assert found.bottleneck == "limit"


def test_connections_decide_where_answers_are_slow() -> None:
    found = stage("articles", 10_000, replace(CALM, requests_per_s=0, latency_ms=400, concurrency=4))
    assert found.seconds == pytest.approx(10_000 * 0.4 / 4, rel=0.02)
    assert found.bottleneck == "connections"


def test_the_client_decides_where_it_is_slow() -> None:
    found = stage("articles", 5_000, replace(CALM, requests_per_s=0, latency_ms=1, cpu_ms=20, workers=2, concurrency=8))
    assert found.seconds == pytest.approx(5_000 * 0.02 / 2, rel=0.02)
    assert found.bottleneck == "client"


def test_the_line_decides_where_files_are_large() -> None:
    found = stage(
        "media", 2_000, replace(CALM, requests_per_s=0, files=1, file_kb=2_500, line_mbit=100, concurrency=16)
    )
    assert found.seconds == pytest.approx(2_000 * 2.5 * 8 / 100, rel=0.02)
    assert found.bottleneck == "line"


def test_batches_share_a_request() -> None:
    assert stage("articles", 1_001, replace(CALM, batch=100)).requests == 11


def test_errors_are_sent_again_and_some_given_up() -> None:
    found = stage("articles", 20_000, replace(CALM, error_share=0.1, attempts=3, requests_per_s=0))
    assert found.retries == pytest.approx(20_000 * (0.1 + 0.01), rel=0.1)
    assert found.given_up == pytest.approx(20_000 * 0.001, rel=0.6)
    assert found.requests == 20_000 + found.retries


def test_the_same_figures_give_the_same_answer_and_less_trouble_is_faster() -> None:
    wild = Platform(error_share=0.2, batch=7, concurrency=3)
    assert simulate(3_000, wild) == simulate(3_000, wild)
    assert sum(s.seconds for s in simulate(3_000, replace(wild, error_share=0.0))) < sum(
        s.seconds for s in simulate(3_000, wild)
    )


def test_ten_million_articles_take_the_memory_of_a_few() -> None:
    tracemalloc.start()
    try:
        found = stage(
            "articles", 10_000_000, replace(CALM, requests_per_s=50, batch=10, concurrency=32, error_share=0.01)
        )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found.share == pytest.approx(REQUESTS_AT_MOST / 1_000_000)
    assert found.seconds == pytest.approx(1_000_000 * 1.01 / 50, rel=0.01)
    assert peak < 2_000_000


def test_nothing_takes_no_time() -> None:
    harvest = stage("harvest", 1_000, CALM)
    assert (harvest.seconds, harvest.bottleneck) == (0.0, None)
    assert stage("media", 1_000, CALM).seconds == 0.0
    assert stage("harvest", 7_200, replace(CALM, harvest_per_s=2)).seconds == 3_600


# --- the command ---
def plan(folder: Path, *more: str) -> tuple[int, Any]:
    done = CliRunner().invoke(migrator, ["plan", "--project", str(folder), "--json", "--lang", "en", *more])
    return done.exit_code, json.loads(done.stdout)


def test_it_says_that_it_is_a_model_and_from_which_figures(tmp_path: Path) -> None:
    (tmp_path / "platform.yaml").write_text("requests_per_s: 5\nbatch: 10\n", encoding="utf-8")
    code, answer = plan(
        tmp_path, "--simulate", "1000", "--platform", str(tmp_path / "platform.yaml"), "--set", "batch=20"
    )
    assert (code, answer["is_model"]) == (0, True)
    assert answer["figures"]["requests_per_s"] == {"value": 5, "from": "file"}
    assert answer["figures"]["batch"] == {"value": 20, "from": "option"}
    assert answer["figures"]["latency_ms"]["from"] == "assumed"
    said = (
        CliRunner().invoke(migrator, ["plan", "--project", str(tmp_path), "--simulate", "1000", "--lang", "en"]).stdout
    )
    assert said.startswith("A MODEL of 1,000 articles")
    assert "requests_per_s = 10" in said


def test_a_projects_own_runs_say_what_the_client_takes(paper: Paper) -> None:
    CliRunner().invoke(migrator, ["run", "--project", str(paper.folder)])
    _, answer = plan(paper.folder, "--simulate", "10")
    assert answer["figures"]["cpu_ms"]["from"] == "runs"


def test_every_mistake_of_a_platform_is_told(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("requests_per_sec: 5\nbatch: many\nerror_share: 1\n", encoding="utf-8")
    code, answer = plan(
        tmp_path, "--simulate", "10", "--platform", str(tmp_path / "p.yaml"), "--set", "workers=0", "--set", "x"
    )
    assert code == 2
    assert [fault["message"] for fault in answer["error"]["faults"]] == [
        "there is no figure 'requests_per_sec'", "batch must be a number", "error_share must be from 0 to 0.95",
        "workers must be from 1 to 1e+09", "there is no figure 'x'",
    ]  # fmt: skip
