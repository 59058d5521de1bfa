"""A target on another machine: the next batch is prepared meanwhile, and what comes of it is the same."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from migrator.load.sql import SqlLoader
from migrator.model.record import SourceRow
from migrator.project.compose import Project
from migrator.run.batch import BatchWork, Prepared
from tests.unit.run.paper import FILES, LEGACY, Paper


@pytest.fixture
def remote(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SqlLoader, "capabilities", dataclasses.replace(SqlLoader.capabilities, remote=True))


@pytest.fixture
def here(tmp_path: Path) -> Paper:
    """The same paper once more, for a target on this machine."""
    folder = tmp_path / "here"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    made = Paper(folder)
    made.legacy(LEGACY)
    return made


def left_by(paper: Paper) -> dict[str, Any]:
    with Project(paper.folder) as project:
        items = [(i.key, i.bucket, i.reason, i.content, i.merged_into) for i in project.ledger.all_items()]
        roots = [(entry.count, entry.root) for entry in project.ledger.journal()]
    articles = paper.target("SELECT legacy_key, headline, section_id, is_stub FROM article ORDER BY legacy_key")
    return {"items": items, "roots": roots, "articles": articles}


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_it_ends_as_batch_by_batch(paper: Paper, here: Paper, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    here.run(batch=batch)
    threads = set()
    prepare = BatchWork.prepare

    def told(self: BatchWork, rows: Sequence[SourceRow], *, ahead: bool = False) -> Prepared:
        threads.add(threading.current_thread() is threading.main_thread())
        return prepare(self, rows, ahead=ahead)

    monkeypatch.setattr(BatchWork, "prepare", told)
    monkeypatch.setattr(SqlLoader, "capabilities", dataclasses.replace(SqlLoader.capabilities, remote=True))
    paper.run(batch=batch)
    assert False in threads
    assert left_by(paper) == left_by(here)


def test_a_stop_leaves_what_was_prepared_for_the_next_time(paper: Paper, here: Paper, remote: None) -> None:
    here.run(batch=1)
    stops = iter([False, True, False, False, True])
    assert paper.run(batch=1, stopping=lambda: next(stops, True)).ended == "stopped"
    while paper.run(batch=1, stopping=lambda: next(stops, False)).ended == "stopped":
        pass
    assert left_by(paper)["items"] == left_by(here)["items"]


def test_a_limit_counts_what_is_on_record(paper: Paper, here: Paper, remote: None) -> None:
    assert paper.run(batch=1, limit=2).ended == "limited"
    assert here.run(batch=1, limit=2).ended == "limited"
    assert left_by(paper) == left_by(here)


def test_what_fails_while_it_is_prepared_ends_the_run(
    paper: Paper, remote: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare, calls = BatchWork.prepare, 0

    def failing(self: BatchWork, rows: Sequence[SourceRow], *, ahead: bool = False) -> Prepared:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise RuntimeError("a step broke")
        return prepare(self, rows, ahead=ahead)

    with monkeypatch.context() as broken:
        broken.setattr(BatchWork, "prepare", failing)
        with pytest.raises(RuntimeError, match="a step broke"):
            paper.run(batch=1)
    assert paper.run(batch=1).ended == "done"
    assert set(paper.buckets().values()) >= {"created"}
