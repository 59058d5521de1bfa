"""What changed is found by its mark or by a scan; what did not is neither transformed nor put on record again."""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from migrator.db import parse_url
from migrator.errors import ConfigurationError
from migrator.ledger import SqlLedger
from migrator.ledger.changes import high_water_rows
from migrator.ports import HighWater
from migrator.project.compose import Project
from migrator.run.delta import lowered
from tests.unit.run.paper import Paper

ROWS, NOW = 1000, 1_700_000_000
SCAN = "{article: scan}"
MARK = "{article: {mark: changed, overlap: 10m, scan: 7d}}"


def settings(paper: Paper, changes: str, more: str = "", url: str = "sqlite:///legacy.sqlite") -> None:
    (paper.folder / "migration.yaml").write_text(
        f'sources: {{old: {{url: "{url}", changes: {changes}}}}}\n{more}\n', encoding="utf-8"
    )


@pytest.fixture
def large(paper: Paper) -> Paper:
    """A paper of a thousand articles, each with the time of its last change."""
    rows = ", ".join(f"({n}, 'Bài {n}', 'b{n}', 1, '', {NOW + n})" for n in range(1, ROWS + 1))
    paper.legacy(
        f"DELETE FROM articles; ALTER TABLE articles ADD COLUMN changed INTEGER;INSERT INTO articles VALUES {rows};"
    )
    return paper


def on_record(paper: Paper) -> Counter[str]:
    """Outcomes of articles the newest run put on record."""
    connection = sqlite3.connect(paper.folder / "ledger.sqlite")
    newest = "(SELECT max(id) FROM run)"
    said = connection.execute(
        "SELECT json_extract(said, '$.bucket') FROM outcome JOIN journal USING (seq) "
        f"WHERE run = {newest} AND json_extract(said, '$.key') LIKE 'old:article:%'"
    ).fetchall()
    connection.close()
    return Counter(bucket for (bucket,) in said)


def change(paper: Paper, *, later: int = 100_000) -> None:
    """A hundred changes, ten new rows, five deletions."""
    new = ", ".join(f"({n}, 'Mới {n}', 'm{n}', 2, '', {NOW + later + n})" for n in range(2001, 2011))
    paper.legacy(
        f"UPDATE articles SET body = body || ' mới', changed = {NOW + later} WHERE id BETWEEN 301 AND 400;"
        f"INSERT INTO articles VALUES {new}; DELETE FROM articles WHERE id BETWEEN 501 AND 505;"
    )


@pytest.mark.parametrize("policy", [SCAN, MARK])
def test_changes_new_rows_and_deletions_are_found_and_nothing_else(large: Paper, policy: str) -> None:
    settings(large, policy, "deletions: {policy: withdraw, limit: 1%}")
    large.run()
    assert on_record(large) == {"created": ROWS}
    change(large)
    large.run()
    assert on_record(large) == {"updated": 100, "created": 10, "gone": 5}
    assert large.target("SELECT count(*) FROM article") == [(ROWS + 10 - 5,)]
    assert large.target("SELECT count(*) FROM article WHERE body_text LIKE '% mới'") == [(100,)]
    assert large.target("SELECT count(*) FROM article WHERE legacy_key IN ('old:article:501', 'old:article:505')") == [
        (0,)
    ]
    large.run()
    assert on_record(large) == {}


def test_a_late_row_is_found_by_its_key_and_a_late_change_by_the_next_scan(large: Paper) -> None:
    settings(large, MARK)
    large.run()
    change(large)
    large.run()
    large.legacy(
        f"INSERT INTO articles VALUES (3000, 'Muộn', 'muộn', 1, '', {NOW - 90_000});"  # came by another way
        f"UPDATE articles SET body = 'đổi lùi giờ', changed = {NOW - 90_000} WHERE id = 7"
    )
    large.run()
    assert on_record(large) == {"created": 1}
    connection = sqlite3.connect(large.folder / "ledger.sqlite")
    week = (datetime.now(UTC) - timedelta(days=8)).isoformat()
    connection.execute("UPDATE high_water SET scanned_at = ?", [week])
    connection.commit()
    connection.close()
    large.run()
    assert on_record(large) == {"updated": 1}
    assert large.target("SELECT body_text FROM article WHERE legacy_key = 'old:article:7'") == [("đổi lùi giờ",)]


def test_a_change_within_the_overlap_is_found(large: Paper) -> None:
    settings(large, MARK)
    large.run()
    large.legacy(f"UPDATE articles SET body = 'vừa kịp', changed = {NOW + ROWS - 599} WHERE id = 9")
    large.run()
    assert on_record(large)["updated"] == 1


def test_a_row_without_a_mark_is_always_looked_at(large: Paper) -> None:
    settings(large, MARK)
    large.legacy("UPDATE articles SET changed = NULL WHERE id = 9")
    large.run()
    large.legacy("UPDATE articles SET body = 'không giờ' WHERE id = 9")
    large.run()
    assert on_record(large) == {"updated": 1}


def test_a_mark_in_the_future_does_not_hide_what_comes_before_it(large: Paper) -> None:
    settings(large, MARK)
    large.legacy(f"UPDATE articles SET changed = {NOW + 10**9} WHERE id = 9")
    large.run()
    change(large)
    large.run()
    assert on_record(large)["updated"] == 100


@pytest.mark.parametrize("policy", [SCAN, MARK])
def test_a_changed_mapping_redoes_that_entity_alone(large: Paper, policy: str) -> None:
    settings(large, policy.replace("}", ", section: scan}", 1) if policy == SCAN else policy)
    large.run()
    text = (large.folder / "article.yaml").read_text(encoding="utf-8")
    (large.folder / "article.yaml").write_text(
        text.replace("{from: body}", '{from: body, steps: [{prefix: "x "}]}'), "utf-8"
    )
    large.run()
    assert on_record(large) == {"updated": ROWS}
    if policy == SCAN:
        sections = Counter(large.buckets()[f"section:{n}"] for n in range(1, 5))
        assert sections == {"created": 3, "unchanged": 1}, "one points to a section that is not there, and is looked at"


@pytest.mark.parametrize("policy", [SCAN, MARK])
def test_what_points_to_something_that_moved_is_looked_at(large: Paper, policy: str) -> None:
    settings(large, policy)
    large.legacy("UPDATE articles SET section = 9 WHERE id = 5")
    large.run()
    assert large.buckets()["article:5"] == "rejected dangling-section"
    large.legacy("INSERT INTO sections VALUES (9, NULL, 'Mới')")
    large.run()
    assert large.buckets()["article:5"] == "created"


def test_only_a_run_that_came_to_its_end_raises_the_mark(large: Paper) -> None:
    settings(large, MARK)
    calls = iter([False, True, True])
    assert large.run(batch=400, stopping=lambda: next(calls)).ended == "stopped"
    with Project(large.folder) as project:
        assert project.ledger.high_water("old", "article") is None
    large.run(batch=400)
    with Project(large.folder) as project:
        high = project.ledger.high_water("old", "article")
        assert high is not None
        assert high.mark is None, "it was resumed: some rows were read before"
    large.run()
    with Project(large.folder) as project:
        high = project.ledger.high_water("old", "article")
        assert high is not None
        assert high.mark == NOW + ROWS
    large.run("run --limit 10", limit=10)
    change(large)
    large.run()
    assert on_record(large)["updated"] == 100


def test_a_stopped_scan_goes_on(large: Paper) -> None:
    settings(large, SCAN)
    large.run()
    change(large)
    large.run(stopping=lambda: True)
    large.run()
    assert large.target("SELECT count(*) FROM article WHERE body_text LIKE '% mới'") == [(100,)]
    assert Counter(large.buckets().values())["gone gone-at-source"] == 5


def test_somebody_who_wants_it_all_gets_it_all(large: Paper) -> None:
    settings(large, SCAN)
    large.run()
    large.run("run --full", full=True)
    assert on_record(large) == {"unchanged": ROWS}


@pytest.mark.parametrize("server", ["mariadb_url", "postgres_url"])
@pytest.mark.parametrize("kind", ["INTEGER", "TIMESTAMP"])
def test_marks_of_real_servers(paper: Paper, server: str, kind: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(server)
    settings(paper, "{article: {mark: changed, overlap: 1h}}", "", url)
    engine = sa.create_engine(parse_url(url))

    def at(hour: int) -> str:
        return str(NOW + 3600 * hour) if kind == "INTEGER" else f"'2023-11-14 {hour:02}:00:00'"

    def execute(*statements: str) -> None:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))

    execute(
        "CREATE TABLE sections (id INTEGER PRIMARY KEY, parent INTEGER, name VARCHAR(50))",
        f"CREATE TABLE articles (id INTEGER PRIMARY KEY, title VARCHAR(50), body TEXT, section INTEGER, others TEXT,"
        f" changed {kind} NULL)",
        "INSERT INTO sections VALUES (1, NULL, 'Cảng')",
        *(f"INSERT INTO articles VALUES ({n}, 'Bài {n}', 'b{n}', 1, '', {at(n)})" for n in range(1, 11)),
    )  # fmt: skip
    paper.run()
    execute(
        f"UPDATE articles SET body = 'mới', changed = {at(12)} WHERE id IN (2, 4)",
        "UPDATE articles SET body = 'không dấu' WHERE id = 6",
        f"INSERT INTO articles VALUES (11, 'Mới', 'm', 1, '', {at(13)}), (12, 'Muộn', 'm', 1, '', {at(0)})",
        "DELETE FROM articles WHERE id = 9",
    )
    paper.run()
    engine.dispose()
    assert on_record(paper) == {"updated": 2, "created": 2, "gone": 1}


@pytest.mark.parametrize(
    ("mark", "less"),
    [
        (1000, 400), (1000.5, 400.5), (Decimal(1000), Decimal(400)), ("bản 7", "bản 7"),
        (datetime(2026, 1, 1, tzinfo=UTC), datetime(2025, 12, 31, 23, 50, tzinfo=UTC)),
        ("2026-01-01 00:00:00", "2025-12-31 23:50:00"), ("2026-01-01T00:00:00.123456", "2025-12-31T23:50:00.123456"),
        ("2026-01-01", "2025-12-31"),
    ],
)  # fmt: skip
def test_marks_of_every_kind_are_lowered(mark: Any, less: Any) -> None:
    assert lowered(mark, timedelta(minutes=10)) == less


def test_marks_are_read_back_as_they_were(paper: Paper) -> None:
    ledger = SqlLedger(f"sqlite:///{paper.folder}/ledger.sqlite")
    for mark in (7, 1.5, "x", Decimal("1.50"), datetime(2026, 1, 1, 2), datetime(2026, 1, 1, tzinfo=UTC), b"\x00\x07"):
        ledger.begin("run", "", "")
        ledger.end("done", [HighWater("old", "article", mark, 1, datetime.now(UTC))])
        found = ledger.high_water("old", "article")
        assert found is not None
        assert found.mark == mark
    assert high_water_rows([HighWater("old", "article", object(), 1, datetime.now(UTC))])[0]["mark"] is None
    ledger.close()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ("{article: {mark: nowhere}}", "no column"), ("{artikel: scan}", "mistake"),
        ("{article: {overlap: soon, mark: id}}", "mistake"),
    ],
)  # fmt: skip
def test_mistakes_in_the_settings_are_said(paper: Paper, changes: str, said: str) -> None:
    settings(paper, changes)
    with pytest.raises(ConfigurationError, match=said):
        paper.run()
