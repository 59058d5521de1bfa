"""Rows the source no longer has: reported, or taken back by policy, never more than the cap."""

from typing import Any

import pytest

from migrator.cli.progress import Silence
from migrator.project.compose import Project
from migrator.run.plan import PlannedStep, plan
from tests.unit.run.paper import Paper

ARTICLES = "SELECT legacy_key FROM article ORDER BY legacy_key"
GONE = "gone gone-at-source"


def allow(paper: Paper, policy: str) -> None:
    with (paper.folder / "migration.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"deletions: {policy}\n")


def planned(paper: Paper) -> dict[str, PlannedStep]:
    with Project(paper.folder) as project:
        steps = plan(
            project.extractors, project.mappings(), project.ledger, (), None, Silence(), project.settings.deletions
        )
    return {step.entity: step for step in steps}


def journal_entries(paper: Paper) -> int:
    with Project(paper.folder) as project:
        return sum(entry.count for entry in project.ledger.journal())


@pytest.fixture
def shrunk(paper: Paper) -> Paper:
    """A paper that was carried over, and then lost an article and the section only that one was in."""
    paper.run()
    paper.legacy("DELETE FROM articles WHERE id = 2; DELETE FROM sections WHERE id = 2;")
    return paper


def test_by_default_they_are_reported_and_stay(shrunk: Paper) -> None:
    shrunk.run()
    assert shrunk.buckets()["article:2"] == shrunk.buckets()["section:2"] == GONE
    assert ("old:article:2",) in shrunk.target(ARTICLES)
    assert shrunk.sections_of(1) == ["1", "2"], "a reference to a section that still stands stays"


def test_they_are_reported_once(shrunk: Paper) -> None:
    shrunk.run()
    before = journal_entries(shrunk)
    shrunk.run()
    unchanged = sum(1 for bucket in shrunk.buckets().values() if not bucket.startswith("gone"))
    assert journal_entries(shrunk) - before == unchanged


def test_by_policy_they_are_taken_back_and_remembered(shrunk: Paper) -> None:
    allow(shrunk, "{policy: withdraw, limit: 50%}")
    shrunk.legacy("UPDATE articles SET others = '1' WHERE id = 1")
    assert (planned(shrunk)["article"].gone, planned(shrunk)["article"].taken_back) == (1, 1)
    shrunk.run()
    assert shrunk.buckets()["article:2"] == shrunk.buckets()["section:2"] == GONE
    assert ("old:article:2",) not in shrunk.target(ARTICLES)
    assert ("old:section:2",) not in shrunk.target("SELECT legacy_key FROM section")
    with Project(shrunk.folder) as project, project.ledger._reading() as connection:
        images = connection.exec_driver_sql("SELECT key FROM undo WHERE op = 'withdraw'").scalars().all()
    assert set(images) == {"old:article:2", "old:section:2"}


def test_what_others_point_to_stays_until_they_no_longer_do(shrunk: Paper) -> None:
    allow(shrunk, "{policy: withdraw, limit: 50%}")
    shrunk.run()
    assert ("old:section:2",) in shrunk.target("SELECT legacy_key FROM section"), "article 1 is in it"
    with Project(shrunk.folder) as project:
        assert "IntegrityError" in project.ledger.items(["old:section:2"])["old:section:2"].detail
    shrunk.legacy("UPDATE articles SET others = '1' WHERE id = 1")
    shrunk.run()
    assert ("old:section:2",) not in shrunk.target("SELECT legacy_key FROM section")


def test_more_than_the_cap_are_only_reported(shrunk: Paper) -> None:
    allow(shrunk, "{policy: withdraw, limit: 0}")
    assert (planned(shrunk)["article"].gone, planned(shrunk)["article"].taken_back) == (1, 0)
    shrunk.run()
    assert ("old:article:2",) in shrunk.target(ARTICLES)
    with Project(shrunk.folder) as project:
        assert project.ledger.items(["old:article:2"])["old:article:2"].detail == (
            "1 records would be taken back, the limit is 0"
        )


def test_a_row_that_comes_back_is_loaded_again(shrunk: Paper) -> None:
    allow(shrunk, "{policy: withdraw, limit: 50%}")
    shrunk.run()
    shrunk.legacy("INSERT INTO articles VALUES (2, 'Hai', 'b', 1, '')")
    shrunk.run()
    assert shrunk.buckets()["article:2"] == "created"


def test_the_key_of_a_duplicate_that_is_gone_leads_nowhere(paper: Paper) -> None:
    paper.run()
    paper.legacy("DELETE FROM articles WHERE id = 3")
    allow(paper, "{policy: withdraw, limit: 50%}")
    paper.run()
    assert paper.buckets()["article:3"] == GONE
    assert paper.target("SELECT legacy_key FROM legacy_alias") == []


@pytest.mark.parametrize("options", [{"limit": 1}, {"only": ("old:article:1",)}, {"retry_failed": True}])
def test_a_run_that_does_not_read_everything_knows_nothing_of_deletions(shrunk: Paper, options: dict[str, Any]) -> None:
    shrunk.run(f"run {options}", **options)
    assert "gone" not in {bucket.split()[0] for bucket in shrunk.buckets().values()}


def test_fifty_changed_ten_new_five_deleted(paper: Paper) -> None:
    paper.legacy(
        "WITH RECURSIVE n(i) AS (VALUES(100) UNION ALL SELECT i + 1 FROM n WHERE i < 299)"
        " INSERT INTO articles SELECT i, 'Bài ' || i, 'thân ' || i, 1, '' FROM n;"
    )
    paper.run()
    paper.legacy(
        "UPDATE articles SET title = title || ' (sửa)' WHERE id BETWEEN 100 AND 149;"
        "DELETE FROM articles WHERE id BETWEEN 150 AND 154;"
        "WITH RECURSIVE n(i) AS (VALUES(300) UNION ALL SELECT i + 1 FROM n WHERE i < 309)"
        " INSERT INTO articles SELECT i, 'Bài ' || i, 'thân ' || i, 1, '' FROM n;"
    )
    step = planned(paper)["article"]
    assert (step.update, step.create, step.gone, step.taken_back) == (50, 10, 5, 0)
    paper.run()
    with Project(paper.folder) as project:
        counts = project.ledger.counts()["article"]
    assert (counts["updated"], counts["created"], counts["gone"]) == (50, 10, 5)
