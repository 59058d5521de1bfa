"""Writes by others while a run reads: not seen where the engine has snapshots; measured and told where it has none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from migrator.cli.progress import Silence
from migrator.db import parse_url
from migrator.extract.sql import SqlExtractor
from migrator.model.source import Selection, Side
from migrator.project.compose import Project
from migrator.report.wording import Wording
from migrator.run.loop import Options, run

ROWS = 20
SIDE = Side("body", (("id", "id"),), table="body")
STORIES = Selection("old", "article", ("id",), table="story", sides=(SIDE,))
FILES = {
    "migration.yaml": "name: t\nsources: {old: {url: 'env:TEST_SERVER_URL'}}\n",
    "tag.yaml": "entity: tag\ntable: story\nkey: id\nsides: {body: {table: body, on: {id: id}}}\n"
    "fields: {name: {from: body.html}}\n",
    "audit.yaml": "tag: {table: story, key: id}\n",
}


@contextmanager
def somebody(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(parse_url(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def fill(url: str, engine: str = "") -> None:
    with somebody(url) as other:
        for table, column in (("story", "title"), ("body", "html")):
            other.exec_driver_sql(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, {column} VARCHAR(50)) {engine}")
            values = ", ".join(f"({number}, 'cũ {number}')" for number in range(1, ROWS + 1))
            other.exec_driver_sql(f"INSERT INTO {table} VALUES {values}")


def disturb(url: str) -> None:
    """Rewrite, add and delete, in a row that was read and in rows that were not."""
    with somebody(url) as other:
        for statement in (
            "UPDATE story SET title = 'mới'", "UPDATE body SET html = 'mới'", "DELETE FROM story WHERE id IN (3, 15)",
            "DELETE FROM body WHERE id = 16", "INSERT INTO story VALUES (99, 'mới')",
        ):  # fmt: skip
            other.exec_driver_sql(statement)


@pytest.mark.parametrize("server", ["mariadb_url", "postgres_url"])
def test_a_run_sees_one_state_of_the_source(server: str, request: pytest.FixtureRequest) -> None:
    url: str = request.getfixturevalue(server)
    fill(url)
    extractor = SqlExtractor(url, "old")
    marker = extractor.marker([STORIES])
    first = extractor.read(STORIES, None, 8)
    disturb(url)
    rows = [*first, *extractor.read(STORIES, first[-1].position, 100)]
    assert [(row.values["title"], [side["html"] for side in row.sides["body"]]) for row in rows] == [
        (f"cũ {number}", [f"cũ {number}"]) for number in range(1, ROWS + 1)
    ]
    assert extractor.fetch(STORIES, ["old:article:3"])[0].values["title"] == "cũ 3"
    assert extractor.marker([STORIES]) == marker
    assert marker.consistent
    assert extractor.is_one_snapshot
    assert not extractor.touched()
    extractor.close()


@pytest.mark.parametrize("engine", ["ENGINE=MyISAM", "ENGINE=InnoDB"])
def test_a_source_without_snapshots_has_its_drift_on_record(
    engine: str, mariadb_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(mariadb_url, engine)
    monkeypatch.setenv("TEST_SERVER_URL", mariadb_url)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with Project(tmp_path) as project:
        parts = project.parts()
        options = Options("run", project.mapping_digest(), batch=8, stopping=lambda: disturb_once())
        once = iter([disturb])

        def disturb_once() -> bool:
            for work in once:
                work(mariadb_url)
            return False

        run(parts, options, Silence())
        ended = parts.ledger.latest_run()
    assert ended is not None
    held = json.loads(ended.marker)["old"]
    assert held["entities"] == [["tag", ROWS, str(ROWS)]]
    said = Wording("en").marker(ended.marker)
    if "InnoDB" in engine:
        assert (held["consistent"], held["at_end"], held["touched"]) == (True, None, [])
        assert "consistent snapshot" in said
    else:
        assert (held["consistent"], held["at_end"], held["touched"]) == (False, [["tag", 19, "99"]], ["body", "story"])
        assert "at the end of the run" in said
        assert "body, story" in said
