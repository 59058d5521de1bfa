"""Taking runs back: the target is as it was, byte for byte, but for what somebody changed since."""

from __future__ import annotations

import hashlib
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from migrator.cli.app import migrator
from migrator.cli.progress import Silence
from migrator.db import parse_url
from migrator.errors import ConfigurationError
from migrator.load.sql import SqlLoader
from migrator.load.sql.restore import SqlRestorer
from migrator.ports import WriteResult
from migrator.project.compose import Project
from migrator.project.rollback import Asked, rollback_tools, settled
from migrator.run.rollback import Account, carry_out, preview
from tests.unit.run.paper import Paper

MORE = """
UPDATE articles SET title = 'Hai mới', others = '1' WHERE id = 2;
UPDATE articles SET body = 'nay khác' WHERE id = 3;
UPDATE sections SET parent = 2 WHERE id = 4;
INSERT INTO sections VALUES (5, 6, 'Con'), (6, NULL, 'Cha');
INSERT INTO articles VALUES (5, 'Năm', 'e', 5, '6,5');
DELETE FROM articles WHERE id = 1;
"""


POINTS = [
    "ledger.give_up", "ledger.begin_undo", "loader.write", "restorer.restore", "restorer.loosen", "ledger.confirm_undo",
]  # fmt: skip


def rollback(paper: Paper, stopping: Callable[[], bool] = lambda: False, **asked: Any) -> Account:
    with Project(paper.folder) as project, rollback_tools(project) as tools:
        full, wanted = settled(project.ledger, Asked(**asked))
        project.ledger.begin(full.words(), "", "")
        account = carry_out(tools, wanted, Silence(), stopping)
        project.ledger.release() if account.is_stopped else project.ledger.end("done")
        return account


def foreseen(paper: Paper, **asked: Any) -> Account:
    with Project(paper.folder) as project, rollback_tools(project) as tools:
        return preview(tools, settled(project.ledger, Asked(**asked))[1])


def dump(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every table of a database, row by row."""
    engine = sa.create_engine(parse_url(url))
    found = sa.MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        tables = {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in found.sorted_tables
        }
    engine.dispose()
    return tables


def target_of(paper: Paper) -> str:
    with Project(paper.folder) as project:
        return project.settings.target_url


def made_empty(paper: Paper) -> dict[str, list[tuple[Any, ...]]]:
    with Project(paper.folder) as project:
        project.parts()
    return dump(target_of(paper))


def edit(paper: Paper, sql: str) -> None:
    connection = sqlite3.connect(paper.folder / "target.sqlite")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.executescript(sql)
    connection.close()


@pytest.fixture(params=["sqlite", "mariadb", "postgres"])
def anywhere(request: pytest.FixtureRequest, paper: Paper) -> Paper:
    if request.param != "sqlite":
        with (paper.folder / "migration.yaml").open("a", encoding="utf-8") as settings:
            settings.write(f'target: {{url: "{request.getfixturevalue(f"{request.param}_url")}"}}\n')
    with (paper.folder / "migration.yaml").open("a", encoding="utf-8") as settings:
        settings.write("deletions: {policy: withdraw, limit: 50%}\n")
    return paper


def test_a_full_run_is_taken_back_whole(anywhere: Paper) -> None:
    empty = made_empty(anywhere)
    anywhere.run(batch=1)  # with placeholders
    expected = foreseen(anywhere)
    account = rollback(anywhere)
    assert dump(target_of(anywhere)) == empty
    assert (account.done, account.left) == (expected.done, [])
    assert set(anywhere.buckets().values()) == {"pending rolled-back"}
    anywhere.run()
    assert anywhere.buckets()["article:1"] == "created"
    assert anywhere.buckets()["article:4"] == "rejected dangling-section"


def test_updates_deletions_and_merges_are_taken_back(anywhere: Paper) -> None:
    anywhere.run()
    before, buckets = dump(target_of(anywhere)), anywhere.buckets()
    anywhere.legacy(MORE)
    anywhere.run(batch=1)
    after = dump(target_of(anywhere))
    assert anywhere.buckets()["article:1"] == "gone gone-at-source"
    account = rollback(anywhere)
    assert (account.runs, account.left) == ((2,), [])
    assert dump(target_of(anywhere)) == before
    now = anywhere.buckets()
    assert now["article:2"] == now["article:3"] == now["article:5"] == now["section:5"] == "pending rolled-back"
    assert now["article:1"] == "gone rolled-back"
    assert now["section:1"] == "unchanged"
    assert buckets["section:1"] == "created"
    anywhere.run()
    assert {k: len(v) for k, v in dump(target_of(anywhere)).items()} == {k: len(v) for k, v in after.items()}
    rollback(anywhere)
    assert dump(target_of(anywhere)) == before


def test_runs_are_taken_back_one_after_the_other(anywhere: Paper) -> None:
    empty = made_empty(anywhere)
    anywhere.run()
    anywhere.legacy(MORE)
    anywhere.run()
    expected = foreseen(anywhere, since=1)
    account = rollback(anywhere, since=1)
    assert account.runs == (2, 1)
    assert dump(target_of(anywhere)) == empty
    assert account.done == expected.done
    with Project(anywhere.folder) as project:
        assert [run.result for run in project.ledger.runs()] == ["rolled_back", "rolled_back", "done"]


def test_a_run_between_leaves_alone_what_a_later_one_changed(paper: Paper) -> None:
    paper.run()
    paper.legacy(MORE)
    paper.run()
    account = rollback(paper, run=1)
    assert {left.key for left in account.left if left.why == "later-run"} >= {"old:article:2", "old:article:3"}
    assert paper.target("SELECT headline FROM article WHERE legacy_key = 'old:article:2'") == [("Hai mới",)]


def test_what_an_editor_changed_since_is_left_alone_unless_asked(paper: Paper) -> None:
    empty = made_empty(paper)
    paper.run()
    edit(paper, "UPDATE article SET headline = 'Của tòa soạn' WHERE legacy_key = 'old:article:2'")
    expected = foreseen(paper)
    account = rollback(paper)
    assert [(left.key, left.why) for left in account.left if left.why == "edited"] == [("old:article:2", "edited")]
    refused = {left.key for left in account.left if left.why == "refused"}
    assert refused == {"old:section:2"}, "the edited article points to it"
    assert expected.left_count["edited"] == 1
    assert paper.target("SELECT legacy_key FROM article") == [("old:article:2",)]
    assert paper.buckets()["article:2"] == "created"
    account = rollback(paper, run=1, even_edited=True)
    assert account.left == []
    assert dump(target_of(paper)) == empty


def test_what_an_editor_deleted_stays_deleted(paper: Paper) -> None:
    paper.run()
    paper.legacy("UPDATE articles SET title = 'Hai mới' WHERE id = 2")
    paper.run()
    edit(paper, "DELETE FROM article_sections WHERE article_id = 2; DELETE FROM article WHERE id = 2")
    account = rollback(paper)
    assert [(left.key, left.why) for left in account.left] == [("old:article:2", "deleted")]
    assert paper.target("SELECT count(*) FROM article WHERE id = 2") == [(0,)]


def test_what_only_claims_to_be_back_is_not_believed(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    """A target that says yes and does nothing: the keys stay to be taken back, and are named."""
    paper.run()
    paper.legacy(
        "UPDATE articles SET title = 'Hai mới' WHERE id = 2; INSERT INTO articles VALUES (5, 'Năm', 'e', 1, NULL)"
    )
    paper.run()
    before = dump(target_of(paper))
    with monkeypatch.context() as lying:
        lying.setattr(SqlRestorer, "restore", lambda _, entity, images: [WriteResult(key, "1") for key in images])
        lying.setattr(SqlLoader, "write", lambda _, writes: [WriteResult(write.key, None) for write in writes])
        account = rollback(paper)
    assert dump(target_of(paper)) == before
    assert {(left.key.partition(":")[2], left.why, left.detail) for left in account.left} == {
        ("article:2", "refused", "it was put back, and stands otherwise"),
        ("article:5", "refused", "it still stands there"),
    }
    account = rollback(paper, run=2)
    assert account.left == []
    assert paper.target("SELECT headline FROM article WHERE legacy_key = 'old:article:2'") == [("Hai",)]
    assert paper.target("SELECT count(*) FROM article WHERE legacy_key = 'old:article:5'") == [(0,)]


def test_an_editors_own_records_keep_what_they_point_to(paper: Paper) -> None:
    paper.run()
    edit(paper, "INSERT INTO article (headline, is_stub, status, section_id) VALUES ('Của tòa soạn', 0, 'draft', 1)")
    account = rollback(paper)
    assert [left.why for left in account.left] == ["refused"]
    assert len(paper.target("SELECT * FROM article")) == 1


def test_a_stopped_rollback_goes_on(paper: Paper) -> None:
    empty = made_empty(paper)
    paper.run()
    assert rollback(paper, stopping=lambda: True).is_stopped
    with Project(paper.folder) as project:
        run = project.ledger.latest_run()
        assert run is not None
        assert (run.command, run.result) == ("rollback --run 1", "")
    assert not rollback(paper).is_stopped
    assert dump(target_of(paper)) == empty
    with pytest.raises(ConfigurationError, match="nothing to take back"):
        rollback(paper)


def test_a_stopped_run_is_taken_back_and_the_next_begins_anew(paper: Paper) -> None:
    empty = made_empty(paper)
    calls = iter([False, True])
    paper.run(batch=1, stopping=lambda: next(calls))
    rollback(paper)
    assert dump(target_of(paper)) == empty
    assert paper.run().run.id == 3
    assert paper.buckets()["section:1"] == "created"


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("point", POINTS)
def test_killed_and_started_again_it_ends_as_if_undisturbed(paper: Paper, point: str, moment: str) -> None:
    paper.run()
    before = dump(target_of(paper))
    paper.legacy(MORE)
    paper.run()
    killed = subprocess.run(
        [sys.executable, Path(__file__).with_name("killed_rollback.py"), paper.folder, f"{point}:{moment}", "1"],
        check=False, timeout=60,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    account = rollback(paper)
    assert account.left == []
    assert dump(target_of(paper)) == before


@pytest.mark.parametrize("point", ["ledger.intend:after", "loader.write:after", "ledger.confirm:before"])
def test_a_killed_run_is_taken_back(paper: Paper, point: str) -> None:
    paper.run()
    before = dump(target_of(paper))
    paper.legacy(MORE)
    program = Path(__file__).parents[2] / "e2e" / "killed_run.py"
    killed = subprocess.run([sys.executable, program, paper.folder, point, "2", "2"], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    expected = foreseen(paper)
    account = rollback(paper)
    assert (account.left, account.done) == ([], expected.done)
    assert dump(target_of(paper)) == before
    with Project(paper.folder) as project:
        assert project.ledger.open_intent_count() == 0
    paper.run()
    assert paper.buckets()["article:2"] == "updated"


def test_the_command_asks_shows_and_does(paper: Paper) -> None:
    paper.run()
    folder = ["--project", str(paper.folder), "--lang", "en"]
    untouched = [hashlib.sha256((paper.folder / name).read_bytes()).hexdigest() for name in ("target.sqlite",)]
    shown = CliRunner().invoke(migrator, ["rollback", "--dry-run", *folder])
    assert "removed" in shown.output, shown.output
    refused = CliRunner().invoke(migrator, ["rollback", *folder])
    assert refused.exit_code == 2
    assert "--yes" in refused.output
    assert [hashlib.sha256((paper.folder / "target.sqlite").read_bytes()).hexdigest()] == untouched
    done = CliRunner().invoke(migrator, ["rollback", "--yes", "--json", *folder])
    assert done.exit_code == 0, done.output
    assert paper.target("SELECT count(*) FROM section") == [(0,)]
