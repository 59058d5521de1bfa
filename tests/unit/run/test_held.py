"""Targets that cannot hold everything: what has no place is kept out with a reason, and taken back if it stood there."""

from __future__ import annotations

import pytest

from migrator.load.sql import SqlLoader
from migrator.model.record import Record
from migrator.ports import LoaderCapabilities
from tests.unit.run.paper import Paper


def refuse(monkeypatch: pytest.MonkeyPatch, *keys: str) -> None:
    """The target cannot hold these records."""

    def cannot_hold(self: SqlLoader, record: Record) -> str:
        return "no place for it" if record.key.removeprefix("old:") in keys else ""

    monkeypatch.setattr(SqlLoader, "cannot_hold", cannot_hold)


def test_what_the_target_cannot_hold_is_dropped_with_its_reason(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "section:2")
    paper.run()
    buckets = paper.buckets()
    assert buckets["section:2"] == "dropped target-cannot-hold"
    assert buckets["article:2"] == "rejected dangling-section"
    assert paper.sections_of(1) == ["1"]
    assert paper.target("SELECT count(*) FROM section WHERE legacy_key = 'old:section:2'") == [(0,)]


def test_a_duplicate_does_not_go_down_with_what_cannot_be_held(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "article:1")
    paper.run()
    assert paper.buckets()["article:1"] == "dropped target-cannot-hold"
    assert paper.buckets()["article:3"] == "created"


def test_what_can_be_held_no_longer_is_taken_back(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    paper.run()
    refuse(monkeypatch, "article:2")
    paper.run("run --only", only=("old:article:2",))
    assert paper.buckets()["article:2"] == "dropped target-cannot-hold"
    assert paper.target("SELECT legacy_key FROM article") == [("old:article:1",)]


def test_without_placeholders_a_reference_waits_for_the_next_run(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = (
        "SELECT p.legacy_key FROM section s JOIN section p ON p.id = s.parent_id WHERE s.legacy_key = 'old:section:1'"
    )
    able = LoaderCapabilities(stubs=True, batch=1, unstubbed=frozenset({"section"}))
    monkeypatch.setattr(SqlLoader, "capabilities", able)
    paper.run()
    assert paper.target(parent) == []
    assert ("old:section:1", "reference-dropped") in paper.notes()
    paper.run()
    assert paper.target(parent) == [("old:section:3",)]
