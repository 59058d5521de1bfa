"""Records an editor changed at the target while the legacy system changed them too: nothing is overwritten in silence."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from migrator.project.compose import Project
from tests.unit.run.paper import Paper

EDITED = "UPDATE article SET headline = 'Hai, bản tòa soạn' WHERE legacy_key = 'old:article:2'"
CHANGED = "UPDATE articles SET title = 'Hai mới', body = 'b mới' WHERE id = 2"
HEADLINE = "SELECT headline, body_text FROM article WHERE legacy_key = 'old:article:2'"


def set_policy(paper: Paper, policy: str) -> None:
    with (paper.folder / "migration.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"conflicts: {policy}\n")


def edit(paper: Paper, sql: str) -> None:
    connection = sqlite3.connect(paper.folder / "target.sqlite")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.executescript(sql)
    connection.close()


def conflict_notes(paper: Paper, code: str) -> dict[str, dict[str, str | None]]:
    with Project(paper.folder) as project:
        return {n.field: json.loads(n.detail) for _, n in project.ledger.notes("article") if n.code == code}


def changed_on_both_sides(paper: Paper, policy: str = "") -> None:
    if policy:
        set_policy(paper, policy)
    paper.run()
    edit(paper, EDITED)
    paper.legacy(CHANGED)


def test_by_default_the_editors_version_stays_and_the_record_is_set_aside(paper: Paper) -> None:
    changed_on_both_sides(paper)
    before = paper.target("SELECT * FROM article")
    result = paper.run()
    assert result.set_aside == 2  # with the article whose section is missing
    assert paper.buckets()["article:2"] == "conflict edited-at-target"
    assert paper.target("SELECT * FROM article") == before
    assert conflict_notes(paper, "conflict") == {
        "headline": {"legacy": "Hai mới", "last": None, "editor": "Hai, bản tòa soạn"},
        "body_text": {"legacy": "b mới", "last": "b", "editor": "b"},
    }
    assert paper.run().set_aside == 2  # it stays one until a person decides
    assert paper.target("SELECT * FROM article") == before


def test_a_record_in_conflict_is_still_pointed_to_and_comes_back_when_the_editor_gives_way(paper: Paper) -> None:
    changed_on_both_sides(paper)
    paper.run()
    edit(paper, "UPDATE article SET headline = 'Hai' WHERE legacy_key = 'old:article:2'")
    paper.run()
    assert paper.buckets()["article:2"] == "updated"
    assert paper.target(HEADLINE) == [("Hai mới", "b mới")]


def test_an_editor_who_makes_the_same_change_is_in_conflict_with_nobody(paper: Paper) -> None:
    changed_on_both_sides(paper)
    edit(paper, "UPDATE article SET headline = 'Hai mới', body_text = 'b mới' WHERE legacy_key = 'old:article:2'")
    paper.run()
    assert paper.buckets()["article:2"] == "updated"


def test_overwriting_is_put_on_record(paper: Paper) -> None:
    changed_on_both_sides(paper, "overwrite")
    paper.run()
    assert paper.buckets()["article:2"] == "updated"
    assert paper.target(HEADLINE) == [("Hai mới", "b mới")]
    assert conflict_notes(paper, "conflict-overwritten")["headline"]["editor"] == "Hai, bản tòa soạn"


def test_fields_the_editor_left_alone_are_updated_now_and_later(paper: Paper) -> None:
    changed_on_both_sides(paper, "merge-fields")
    paper.run()
    assert paper.buckets()["article:2"] == "updated"
    assert paper.target(HEADLINE) == [("Hai, bản tòa soạn", "b mới")]
    assert conflict_notes(paper, "conflict-merged").keys() == {"headline"}
    paper.legacy("UPDATE articles SET title = 'Hai mới nữa', body = 'b mới nữa', others = '1' WHERE id = 2")
    paper.run()
    assert paper.target(HEADLINE) == [("Hai, bản tòa soạn", "b mới nữa")]
    assert paper.sections_of(2) == ["1"]
    paper.legacy("UPDATE articles SET title = 'Chỉ tiêu đề' WHERE id = 2")
    paper.run()
    assert paper.buckets()["article:2"] == "unchanged"
    assert paper.target(HEADLINE) == [("Hai, bản tòa soạn", "b mới nữa")]


def test_links_an_editor_changed_are_his(paper: Paper) -> None:
    set_policy(paper, "merge-fields")
    paper.run()
    edit(
        paper,
        "DELETE FROM article_sections WHERE article_id IN (SELECT id FROM article WHERE legacy_key = 'old:article:1')",
    )
    paper.legacy("UPDATE articles SET body = 'a mới' WHERE id = 1")
    paper.run()
    assert paper.sections_of(1) == []
    assert paper.target("SELECT body_text FROM article WHERE legacy_key = 'old:article:1'") == [("a mới",)]


@pytest.mark.parametrize(
    ("policy", "bucket", "standing"),
    [("keep", "conflict deleted-at-target", 0), ("merge-fields", "conflict deleted-at-target", 0), ("overwrite", "created", 1)],
)  # fmt: skip
def test_what_an_editor_deleted_is_not_brought_back_unasked(
    paper: Paper, policy: str, bucket: str, standing: int
) -> None:
    set_policy(paper, policy)
    paper.run()
    edit(paper, "DELETE FROM article_sections WHERE article_id = 2; DELETE FROM article WHERE id = 2")
    paper.legacy(CHANGED)
    paper.run()
    assert paper.buckets()["article:2"] == bucket
    assert paper.target("SELECT count(*) FROM article WHERE legacy_key = 'old:article:2'") == [(standing,)]


def test_an_edit_alone_is_no_conflict_and_one_row_can_be_written_again(paper: Paper) -> None:
    paper.run()
    edit(paper, EDITED)
    paper.run()
    assert paper.buckets()["article:2"] == "unchanged"
    assert paper.target(HEADLINE) == [("Hai, bản tòa soạn", "b")]
    paper.run("run --only", only=("old:article:2",))
    assert paper.target(HEADLINE) == [("Hai", "b")]


def test_an_unknown_policy_is_a_mistake(paper: Paper) -> None:
    set_policy(paper, "guess")
    with pytest.raises(Exception, match="mistake"):
        Project(paper.folder)


def test_what_the_source_deleted_and_an_editor_changed_is_not_taken_back(paper: Paper) -> None:
    with (paper.folder / "migration.yaml").open("a", encoding="utf-8") as settings:
        settings.write("deletions: {policy: withdraw, limit: 100%}\n")
    paper.run()
    edit(paper, EDITED)
    paper.legacy("DELETE FROM articles WHERE id IN (1, 2)")
    for _ in range(2):
        paper.run()
        standing = {key for (key,) in paper.target("SELECT legacy_key FROM article")}
        assert ("old:article:2" in standing, "old:article:1" in standing) == (True, False)
        with Project(paper.folder) as project:
            item = project.ledger.items(["old:article:2"])["old:article:2"]
        assert (item.bucket, item.detail) == ("gone", "changed by an editor at the target, not taken back")


@pytest.mark.parametrize("changes", ["", "{article: scan}", "{article: {mark: changed}}"])
def test_what_a_killed_run_wrote_is_put_right_even_where_the_source_went_back(paper: Paper, changes: str) -> None:
    paper.legacy("ALTER TABLE articles ADD COLUMN changed INTEGER; UPDATE articles SET changed = 1700000000")
    if changes:
        (paper.folder / "migration.yaml").write_text(
            f'sources: {{old: {{url: "sqlite:///legacy.sqlite", changes: {changes}}}}}\n', "utf-8"
        )
    paper.run()
    paper.legacy("UPDATE articles SET title = 'Hai mới', changed = 1700099999 WHERE id = 2")
    program = Path(__file__).parents[2] / "e2e" / "killed_run.py"
    subprocess.run([sys.executable, program, paper.folder, "loader.write:after", "1", "9"], check=False, timeout=60)
    assert paper.target(HEADLINE) == [("Hai mới", "b")]
    paper.legacy("UPDATE articles SET title = 'Hai', changed = 1700000000 WHERE id = 2")
    paper.run()
    assert paper.target(HEADLINE) == [("Hai", "b")]
    with Project(paper.folder) as project:
        assert project.ledger.open_intent_count() == 0
