"""`run --until`: the next time the clock shows, and a run that is stopped there and goes on."""

from datetime import datetime, time, timedelta
from pathlib import Path

from migrator.cli.console import Console
from migrator.cli.run import carry_out, next_time
from migrator.project.compose import Project
from tests.unit.run.paper import FILES, LEGACY, Paper


def test_the_next_morning_and_the_same_evening() -> None:
    evening = datetime(2026, 11, 23, 22, 0)
    assert next_time(time(5, 0), evening) == datetime(2026, 11, 24, 5, 0)
    assert next_time(time(23, 30), evening) == datetime(2026, 11, 23, 23, 30)


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
