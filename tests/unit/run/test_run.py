"""The loop on a small paper of its own: what becomes of rows that are new, changed, wrong, doubled or pointed to."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from migrator.cli.progress import Silence
from migrator.errors import ConfigurationError
from migrator.ledger import SqlLedger
from migrator.project.compose import Project
from migrator.run.loop import Options, run
from migrator.run.plan import plan
from tests.unit.run.paper import Paper

FIRST = {
    "section:1": "created", "section:2": "created", "section:3": "created", "section:4": "created",
    "article:1": "created", "article:2": "created", "article:3": "merged duplicate", "article:4": "rejected dangling-section",
}  # fmt: skip


WITHOUT_REFERENCES = """
entity: article
table: articles
key: id
fields:
  headline: {from: title, steps: [squeeze]}
  body_text: {from: body}
  status: {constant: published}
"""


def test_every_row_ends_in_its_bucket(paper: Paper) -> None:
    result = paper.run()
    assert (result.ended, result.set_aside) == ("done", 1)
    assert paper.buckets() == FIRST
    assert paper.target("SELECT legacy_key FROM article ORDER BY 1") == [("old:article:1",), ("old:article:2",)]
    assert paper.notes() >= {("old:section:4", "reference-dropped"), ("old:article:2", "reference-dropped")}


def test_a_parent_that_comes_later_is_a_stub_only_for_a_while(paper: Paper) -> None:
    paper.run(batch=1)
    assert paper.target("SELECT count(*) FROM section WHERE is_stub") == [(0,)]
    child = (
        "SELECT p.legacy_key FROM section s JOIN section p ON p.id = s.parent_id WHERE s.legacy_key = 'old:section:1'"
    )
    assert paper.target(child) == [("old:section:3",)]


def test_a_changed_row_is_updated_and_what_stood_there_is_kept(paper: Paper) -> None:
    paper.run()
    paper.legacy(
        "UPDATE articles SET title = 'Hai mới' WHERE id = 2; INSERT INTO articles VALUES (5, 'Năm', 'e', 2, '')"
    )
    paper.run()
    assert paper.buckets() == {
        **dict.fromkeys(FIRST, "unchanged"), "article:2": "updated", "article:5": "created",
        "article:3": "merged duplicate", "article:4": "rejected dangling-section",
    }  # fmt: skip
    assert paper.target("SELECT headline FROM article WHERE legacy_key = 'old:article:2'") == [("Hai mới",)]
    ledger = sqlite3.connect(paper.folder / "ledger.sqlite")
    ((image,),) = ledger.execute("SELECT before FROM undo WHERE before IS NOT NULL").fetchall()
    ledger.close()
    assert '"headline":"Hai"' in zlib.decompress(image).decode()


def test_a_duplicate_that_changes_becomes_a_record_of_its_own(paper: Paper) -> None:
    paper.run()
    assert paper.target("SELECT legacy_key FROM legacy_alias") == [("old:article:3",)]
    paper.legacy("UPDATE articles SET body = 'nay khác' WHERE id = 3")
    paper.run()
    assert paper.buckets()["article:3"] == "created"
    assert paper.target("SELECT count(*) FROM legacy_alias") == [(0,)]


def test_what_was_set_aside_is_tried_again(paper: Paper) -> None:
    paper.run()
    paper.legacy("INSERT INTO sections VALUES (7, NULL, 'Mới')")
    paper.run("run section", entities=("section",))
    result = paper.run("run --retry-failed", retry_failed=True)
    assert result.set_aside == 0
    assert paper.buckets()["article:4"] == "created"


def test_one_row_alone(paper: Paper) -> None:
    paper.run("run --only", only=("old:section:3",))
    assert paper.buckets() == {"section:3": "created"}


def test_a_limit_ends_the_run_and_the_rest_follows(paper: Paper) -> None:
    assert paper.run("run --limit 1", limit=1).ended == "limited"
    assert set(paper.buckets()) == {"section:1", "article:1"}
    assert paper.target("SELECT legacy_key FROM section WHERE is_stub ORDER BY 1") == [
        ("old:section:2",),
        ("old:section:3",),
    ]
    paper.run()
    assert set(paper.buckets()) == set(FIRST)
    assert paper.target("SELECT count(*) FROM section WHERE is_stub") == [(0,)]


def test_a_stopped_run_goes_on_behind_its_last_batch(paper: Paper) -> None:
    calls: Iterator[bool] = iter([False, True])
    stopped = paper.run(batch=1, stopping=lambda: next(calls))
    assert stopped.ended == "stopped"
    assert len(paper.buckets()) == 2
    again = paper.run(batch=1)
    assert again.run.id == stopped.run.id
    assert again.run.sessions == 2
    assert paper.buckets() == FIRST


def test_a_changed_mapping_is_another_run_and_writes_only_what_it_changes(paper: Paper) -> None:
    paper.run()
    text = (paper.folder / "article.yaml").read_text(encoding="utf-8")
    (paper.folder / "article.yaml").write_text(
        text.replace("{from: body}", '{from: body, steps: [{prefix: ""}]}'), "utf-8"
    )
    before = (paper.folder / "target.sqlite").read_bytes()
    assert paper.run().run.id == 2
    assert paper.buckets()["article:1"] == "unchanged"
    assert (paper.folder / "target.sqlite").read_bytes() == before


def test_a_lost_ledger_doubles_nothing(paper: Paper) -> None:
    paper.run()
    for path in paper.folder.glob("ledger.sqlite*"):
        path.unlink()
    with pytest.raises(ConfigurationError, match="did not write"):
        paper.run()
    paper.run(adopt=True)
    assert paper.buckets()["article:1"] == "updated"
    assert paper.target("SELECT count(*) FROM article") == [(2,)]


def test_a_plan_says_what_a_run_does_and_writes_nothing(paper: Paper) -> None:
    with Project(paper.folder) as project:
        steps = {
            s.entity: s
            for s in plan(project.extractors, project.mappings(), None, (), None, Silence(), project.settings.deletions)
        }
    assert (steps["article"].rows, steps["article"].create, steps["article"].partitions) == (4, 4, 1)
    assert not (paper.folder / "target.sqlite").exists()
    assert not (paper.folder / "ledger.sqlite").exists()


def test_two_runs_at_once_are_refused_and_a_dead_one_is_taken_over(paper: Paper) -> None:
    first = SqlLedger(f"sqlite:///{paper.folder}/ledger.sqlite")
    first.begin("run", "digest", "")
    with pytest.raises(ConfigurationError, match="Another run is going on"):
        paper.run()
    gone = subprocess.Popen([sys.executable, "-c", "pass"])
    gone.wait()
    connection = sqlite3.connect(paper.folder / "ledger.sqlite")
    connection.execute("UPDATE lease SET pid = ?", (gone.pid,))
    connection.commit()
    connection.close()
    paper.run()
    assert paper.buckets() == FIRST
    first.close()


def test_a_reference_that_was_left_out_comes_back_with_what_it_points_to(paper: Paper) -> None:
    paper.run()
    assert paper.sections_of(2) == ["2"]
    paper.legacy("INSERT INTO sections VALUES (99, NULL, 'Nay có')")
    paper.run()
    assert paper.sections_of(2) == ["2", "99"]
    assert paper.buckets()["article:2"] == "updated"


def test_a_reference_to_what_is_kept_out_now_is_left_out(paper: Paper) -> None:
    paper.run()
    paper.rule("section", "{name: closed, when: {name: 'Đời sống'}, then: drop, reason: closed}")
    paper.legacy("UPDATE articles SET section = 1 WHERE id = 2")
    paper.run()
    assert paper.sections_of(1) == ["1"]
    assert paper.buckets()["section:2"] == "failed target-refused", "articles pointed to it when it was its turn"
    paper.run("run --retry-failed", retry_failed=True)
    assert paper.buckets()["section:2"] == "dropped closed"
    assert paper.target("SELECT count(*) FROM section WHERE name = 'Đời sống'") == [(0,)]


def test_what_a_rule_withholds_later_is_taken_back_and_remembered(paper: Paper) -> None:
    paper.run()
    paper.rule("article", "{name: retracted, when: {title: Hai}, then: withhold, reason: gỡ bài}")
    paper.run()
    assert paper.buckets()["article:2"] == "withheld retracted"
    assert paper.target("SELECT count(*) FROM article WHERE headline = 'Hai'") == [(0,)]
    ledger = sqlite3.connect(paper.folder / "ledger.sqlite")
    kept = ledger.execute("SELECT op, before FROM undo WHERE before IS NOT NULL AND key = 'old:article:2'").fetchall()
    ledger.close()
    assert [op for op, _ in kept] == ["withdraw"]
    assert '"headline":"Hai"' in zlib.decompress(kept[0][1]).decode()


def test_a_placeholder_of_a_row_that_turns_out_bad_goes_away(paper: Paper) -> None:
    paper.run("run article", entities=("article",))
    assert ("old:section:2",) in paper.target("SELECT legacy_key FROM section WHERE is_stub")
    paper.legacy("UPDATE sections SET name = NULL WHERE id = 2; UPDATE articles SET section = 1 WHERE id = 2")
    paper.run()
    paper.run("run --retry-failed", retry_failed=True)
    assert paper.buckets()["section:2"] == "rejected missing-name"
    assert paper.target("SELECT count(*) FROM section WHERE is_stub") == [(0,)]


@pytest.mark.parametrize("batch", [1, 500])
def test_a_row_merged_into_one_that_changes_is_looked_at_again(paper: Paper, batch: int) -> None:
    paper.run(batch=batch)
    assert paper.buckets()["article:3"] == "merged duplicate"
    paper.legacy("UPDATE articles SET title = 'Một khác' WHERE id = 1")
    paper.run(batch=batch)
    assert paper.buckets()["article:3"] == "created"
    assert paper.target("SELECT headline FROM article WHERE legacy_key LIKE '%:3'") == [("Một",)]


def test_a_row_with_a_lower_key_than_its_survivor_is_looked_at_again_too(paper: Paper) -> None:
    paper.run("run --only", only=("old:article:3",))
    paper.run("run article", entities=("article",), batch=1)
    assert paper.buckets()["article:1"] == "merged duplicate"
    paper.legacy("UPDATE articles SET title = 'Một khác' WHERE id = 3")
    paper.run("run article", entities=("article",), batch=1)
    assert paper.target("SELECT headline FROM article WHERE legacy_key LIKE '%:1'") == [("Một",)]


def test_one_row_named_is_written_again_whatever_happened_to_it(paper: Paper) -> None:
    paper.run()
    connection = sqlite3.connect(paper.folder / "target.sqlite")
    connection.execute("UPDATE article SET headline = 'Sửa lén' WHERE legacy_key = 'old:article:2'")
    connection.commit()
    connection.close()
    paper.run("run --only", only=("old:article:2",))
    assert paper.target("SELECT headline FROM article WHERE legacy_key = 'old:article:2'") == [("Hai",)]


def test_a_survivor_that_was_deleted_at_the_target_sets_the_duplicate_aside(paper: Paper) -> None:
    paper.run("run --only", only=("old:article:1",))
    connection = sqlite3.connect(paper.folder / "target.sqlite")
    connection.executescript("DELETE FROM article_sections; DELETE FROM article;")
    connection.close()
    paper.run("run --only 3", only=("old:article:3",))
    assert paper.buckets()["article:3"] == "failed target-refused"


def test_a_number_no_database_holds_sets_one_row_aside(paper: Paper) -> None:
    with (paper.folder / "section.yaml").open("a", encoding="utf-8") as mapping:
        mapping.write(
            "  position: {from: name, steps: [{replace: {pattern: '.*Kinh.*', by: '9'}}, integer], default: 0}\n"
        )
    paper.legacy(
        "UPDATE sections SET name = '9' WHERE id IN (1, 2, 4); UPDATE sections SET name = '99999999999999999999999' WHERE id = 3"
    )
    paper.run("run section", entities=("section",))
    buckets = paper.buckets()
    assert buckets["section:2"] == "created"
    assert buckets["section:3"].split()[0] in {"failed", "rejected"}


def test_a_limit_holds_over_an_interruption(paper: Paper) -> None:
    calls: Iterator[bool] = iter([False, False, True])
    paper.run("run --limit 2", limit=2, batch=1, stopping=lambda: next(calls))
    ended = paper.run("run --limit 2", limit=2, batch=1)
    assert ended.ended == "limited"
    assert set(paper.buckets()) == {"section:1", "section:2", "article:1", "article:2"}


def test_what_a_crash_left_of_a_row_that_is_gone_is_taken_back(paper: Paper) -> None:
    with Project(paper.folder) as project:
        parts = project.parts()
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(SqlLedger, "confirm", crash)
            with pytest.raises(ZeroDivisionError):
                run(parts, Options("run", project.mapping_digest()), Silence())
    assert paper.target("SELECT count(*) FROM section") == [(4,)]
    paper.legacy("DELETE FROM sections WHERE id = 4")
    paper.run()
    assert paper.target("SELECT count(*) FROM section") == [(3,)]
    with Project(paper.folder) as project:
        assert project.ledger.open_intent_count() == 0


def crash(*_: Any, **__: Any) -> None:
    raise ZeroDivisionError


def test_a_process_of_the_same_number_is_another_one(paper: Paper) -> None:
    first = SqlLedger(f"sqlite:///{paper.folder}/ledger.sqlite")
    first.begin("run", "digest", "")
    first.close()
    connection = sqlite3.connect(paper.folder / "ledger.sqlite")
    connection.execute("UPDATE lease SET pid = 1, born = 'another boot 7'")
    connection.commit()
    connection.close()
    paper.run()
    assert paper.buckets() == FIRST


def test_a_text_that_is_no_utf8_sets_its_row_aside(paper: Paper) -> None:
    paper.legacy(
        "UPDATE articles SET title = CAST(X'48E161' AS TEXT) WHERE id = 2;"
        "UPDATE articles SET body = CAST(X'FF' AS TEXT) WHERE id = 1"
    )
    paper.run()
    buckets = paper.buckets()
    assert (buckets["article:1"], buckets["article:2"]) == ("rejected bad-text", "rejected bad-text")
    assert buckets["article:3"] == "created"
    again = paper.run()
    assert again.set_aside == 3


def test_a_record_that_cannot_point_anywhere_is_not_made_again_for_what_others_lead_to(paper: Paper) -> None:
    (paper.folder / "article.yaml").write_text(WITHOUT_REFERENCES, encoding="utf-8")
    paper.legacy("INSERT INTO articles VALUES (5, '', 'e', 2, '')")  # set aside behind the others: it leads nowhere
    paper.run(batch=1)
    assert paper.buckets()["article:5"] == "rejected missing-headline"
    made = _made(paper)
    assert len(made) == 4
    paper.run(batch=1)
    assert _made(paper) == made
    assert paper.buckets()["article:1"] == "unchanged"


def _made(paper: Paper) -> dict[str, int]:
    """In which journal entry each article that stands at the target was last transformed."""
    with Project(paper.folder) as project:
        return {i.key: i.transformed_seq for i in project.ledger.all_items("article") if i.content is not None}
