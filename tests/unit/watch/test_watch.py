"""Rates in the ledger, the log and the metrics, of real runs of a small paper."""

from __future__ import annotations

import json
import os
import re
import stat
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from migrator.cli.app import migrator
from migrator.project.compose import Project
from migrator.watch.log import EventLog
from migrator.watch.metrics import Metrics, rendered, write
from tests.unit.run.paper import Paper
from tests.unit.watch.test_notify import BREAKS

_LABELS = r'(?P<labels>(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)*)'
SAMPLE = re.compile(r"(?P<name>[a-z_]+)\{" + _LABELS + r"\} (?P<value>-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)")
LABEL = re.compile(r'([a-z]+)="((?:[^"\\\n]|\\["\\n])*)"')


def parsed(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """The text format by its own rules: HELP, TYPE, samples of one family together, a line feed at the end."""
    assert text.endswith("\n")
    found: dict[tuple[str, frozenset[tuple[str, str]]], float] = {}
    family, seen = "", set()
    for line in text.splitlines():
        if line.startswith("# HELP "):
            family = line.split(" ")[2]
            assert family not in seen
            seen.add(family)
        elif line.startswith("# TYPE "):
            assert line == f"# TYPE {family} gauge"
        else:
            sample = SAMPLE.fullmatch(line)
            assert sample, line
            assert sample["name"] == family
            key = (family, frozenset(LABEL.findall(sample["labels"])))
            assert key not in found
            found[key] = float(sample["value"])
    return found


def run(paper: Paper, *more: str) -> Result:
    return CliRunner().invoke(migrator, ["run", "--project", str(paper.folder), "--lang", "en", *more])


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_rates_are_kept_entity_by_entity(paper: Paper) -> None:
    run(paper)
    run(paper)
    with Project(paper.folder) as project:
        rates = project.ledger.rates()
    assert [(r.run, r.stage, r.entity, r.rows, r.written) for r in rates] == [
        (1, "run", "section", 4, 4), (1, "run", "article", 4, 4),
        (2, "run", "section", 4, 0), (2, "run", "article", 4, 2),
    ]  # fmt: skip
    assert all(
        r.seconds > 0 and r.cpu_s >= 0 and datetime.fromisoformat(r.ended_at).utcoffset() is not None for r in rates
    )


def test_the_log_says_what_happened_and_no_word_of_it(paper: Paper) -> None:
    log = paper.folder / "night.log"
    assert run(paper, "--log", str(log)).exit_code == 3
    said = lines(log)
    assert [line["event"] for line in said] == [
        "run_started", "entity_started", "entity_ended", "entity_started", "entity_ended", "run_ended",
    ]  # fmt: skip
    assert {line["run"] for line in said} == {1}
    assert all(datetime.fromisoformat(line["time"]).utcoffset() is not None for line in said)
    last = said[-1]
    assert (last["ended"], last["exit_code"], last["error"], last["level"]) == ("done", 3, None, "info")
    assert last["reasons"] == {"article": {"dangling-section": 1}}
    assert last["buckets"]["section"] == {"created": 4}
    text = log.read_text(encoding="utf-8")
    assert not any(word in text for word in ("Cảng", "Bốn", "old:article", "sqlite:"))
    run(paper, "--log", str(log))
    assert len(lines(log)) == 2 * len(said)


def test_a_run_that_breaks_off_is_in_the_log_and_the_metrics(paper: Paper) -> None:
    paper.legacy(BREAKS)
    log, metrics = paper.folder / "night.log", paper.folder / "m.prom"
    assert run(paper, "--log", str(log), "--metrics", str(metrics), "--batch", "1").exit_code == 1
    last = lines(log)[-1]
    assert (last["event"], last["ended"], last["error"], last["level"]) == ("run_ended", "failed", "stopped", "error")
    own = frozenset({("project", "Báo Thử")})
    found = parsed(metrics.read_text(encoding="utf-8"))
    assert found["migrator_exit_code", own] == 1
    assert found["migrator_running", own] == 0
    assert ("migrator_last_success_timestamp_seconds", own) not in found


def test_settings_name_log_and_metrics_too(paper: Paper) -> None:
    with (paper.folder / "migration.yaml").open("a", encoding="utf-8") as file:
        file.write("log: night.log\nmetrics: migrator.prom\n")
    assert run(paper).exit_code == 3
    found = parsed((paper.folder / "migrator.prom").read_text(encoding="utf-8"))
    own = ("project", "Báo Thử")
    assert found["migrator_rows_total", frozenset({own, ("entity", "article"), ("bucket", "created")})] == 2
    assert found["migrator_rows_total", frozenset({own, ("entity", "article"), ("bucket", "rejected")})] == 1
    assert found["migrator_rows_per_second", frozenset({own, ("entity", "article")})] > 0
    only = frozenset({own})
    assert found["migrator_exit_code", only] == 3
    assert found["migrator_open_intents", only] == 0
    ended = found["migrator_run_ended_timestamp_seconds", only]
    assert (
        found["migrator_run_started_timestamp_seconds", only] <= found["migrator_last_success_timestamp_seconds", only]
    )
    assert found["migrator_last_success_timestamp_seconds", only] <= ended
    assert lines(paper.folder / "night.log")[-1]["event"] == "run_ended"


def test_while_a_run_works_there_is_no_exit_code() -> None:
    found = parsed(rendered(Metrics("x", started_at=1.5)))
    assert {name for name, _ in found} == {
        "migrator_open_intents", "migrator_running", "migrator_run_started_timestamp_seconds",
    }  # fmt: skip
    assert found["migrator_running", frozenset({("project", "x")})] == 1


def test_names_are_escaped() -> None:
    name = 'a "b" \\ c\nd'
    (key,) = {labels for _, labels in parsed(rendered(Metrics(name, started_at=0.0)))}
    assert key == frozenset({("project", 'a \\"b\\" \\\\ c\\nd')})


def test_the_file_is_replaced_whole_and_can_be_read_by_others(tmp_path: Path) -> None:
    path = tmp_path / "migrator.prom"
    write(path, Metrics("x", started_at=0.0))
    with path.open() as before:
        write(path, Metrics("x", started_at=1.0))
        assert before.read() != path.read_text()
    assert [p.name for p in tmp_path.iterdir()] == ["migrator.prom"]
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask


def test_a_metrics_folder_that_is_gone_is_told_once(paper: Paper) -> None:
    done = run(paper, "--metrics", str(paper.folder / "gone" / "m.prom"), "--batch", "1")
    assert done.exit_code == 3
    assert done.stderr.count("metrics file") == 1


def test_a_log_that_cannot_be_opened_is_known_before_anything_is_begun(paper: Paper) -> None:
    assert run(paper, "--log", str(paper.folder / "gone" / "n.log")).exit_code == 2
    assert not (paper.folder / "ledger.sqlite").exists()


def test_a_log_is_bounded(tmp_path: Path) -> None:
    errors: list[OSError] = []
    log = EventLog(tmp_path / "n.log", errors.append, file_bytes=2_000, kept=2)
    for number in range(200):
        log.tell("progress", entity="article", rows=number)
    log.close()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["n.log", "n.log.1", "n.log.2"]
    assert all(p.stat().st_size <= 2_000 for p in tmp_path.iterdir())
    assert lines(tmp_path / "n.log")[-1]["rows"] == 199
    assert errors == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_ends_the_log_and_not_the_run(paper: Paper) -> None:
    done = run(paper, "--log", "/dev/full")
    assert done.exit_code == 3
    assert done.stderr.count("log /dev/full") == 1
