"""`run --until`: the next time the clock shows, and a run that is stopped there and goes on."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from migrator.cli.app import migrator
from migrator.cli.console import Console
from migrator.cli.run import carry_out, next_time
from migrator.errors import ExitCode
from migrator.project.compose import Project
from tests.unit.run.paper import FILES, LEGACY, Paper


def test_the_next_morning_and_the_same_evening() -> None:
    evening = datetime(2026, 11, 23, 22, 0)
    assert next_time(time(5, 0), evening) == datetime(2026, 11, 24, 5, 0)
    assert next_time(time(23, 30), evening) == datetime(2026, 11, 23, 23, 30)


def test_a_time_that_has_passed_today_means_tomorrow() -> None:
    assert next_time(time(5, 0), datetime(2026, 11, 23, 5, 0, 0, 1)) == datetime(2026, 11, 24, 5, 0)
    assert next_time(time(5, 0), datetime(2026, 11, 23, 5, 0)) == datetime(2026, 11, 24, 5, 0)
    assert next_time(time(5, 0), datetime(2026, 12, 31, 5, 1)) == datetime(2027, 1, 1, 5, 0)


def test_a_run_whose_time_is_over_stops_after_a_batch_and_goes_on(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    paper = Paper(tmp_path)
    paper.legacy(LEGACY)
    console = Console(as_json=True, language="en")
    with Project(tmp_path) as project:
        assert carry_out(project, console, batch=1, until=datetime.now() - timedelta(seconds=1)).ended == "stopped"
    assert set(paper.buckets()) == {"section:1"}
    with Project(tmp_path) as project:
        assert carry_out(project, console).ended == "done"
    assert len(paper.buckets()) == 8


def test_the_command_says_what_to_do_next_and_another_time_goes_on_with_the_same_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    Paper(tmp_path).legacy(LEGACY)
    run = ["run", "--project", str(tmp_path), "--lang", "en", "--batch", "1", "--until"]
    with monkeypatch.context() as patched:  # the clock cannot be turned back, so the answer is
        patched.setattr("migrator.cli.run.next_time", lambda *_: datetime.now() - timedelta(seconds=1))
        stopped = CliRunner().invoke(migrator, [*run, "05:00"])
    assert stopped.exit_code == ExitCode.INTERRUPTED
    assert "Start the same command again" in stopped.stdout
    with Project(tmp_path) as project:
        (begun,) = project.ledger.runs()
        assert (begun.result, project.ledger.open_intent_count(), project.ledger.is_running()) == ("", 0, False)
    minute_ago = (datetime.now() - timedelta(minutes=1)).strftime("%H:%M")
    done = CliRunner().invoke(migrator, [*run, minute_ago])
    assert done.exit_code == ExitCode.SET_ASIDE
    with Project(tmp_path) as project:
        (same,) = project.ledger.runs()
    assert (same.id, same.sessions, same.result) == (begun.id, 2, "set_aside")
