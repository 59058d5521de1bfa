"""What is withheld is kept in the vault and nowhere else, with everything that belongs to it."""

import hashlib
import json
import sqlite3
from typing import Any

import pytest

from tests.unit.run.paper import Paper

VERSIONS = """
entity: version
table: versions
key: id
fields:
  article: {from: article, to: article, missing: follow}
  headline: {from: title}
"""
AUDIT = "version: {table: versions, key: id, identity: {headline: title}}\n"


@pytest.fixture
def kept(paper: Paper) -> Paper:
    """A paper with a vault and versions of its articles; article 2 is retracted, 9 is not there."""
    (paper.folder / "version.yaml").write_text(VERSIONS, encoding="utf-8")
    for name, text in (("audit.yaml", AUDIT), ("migration.yaml", "vault: {url: 'sqlite:///vault.sqlite'}\n")):
        with (paper.folder / name).open("a", encoding="utf-8") as file:
            file.write(text)
    paper.legacy(
        "CREATE TABLE versions (id INTEGER PRIMARY KEY, article INTEGER, title TEXT);"
        "INSERT INTO versions VALUES (1, 1, 'Một cũ'), (2, 2, 'Hai cũ'), (3, 9, 'Không ai'), (4, 4, 'Bốn cũ');"
    )
    paper.rule("article", "{name: retracted, when: {title: Hai}, then: withhold, reason: gỡ bài}")
    return paper


def vault(paper: Paper) -> dict[str, dict[str, Any]]:
    connection = sqlite3.connect(paper.folder / "vault.sqlite")
    connection.row_factory = sqlite3.Row
    rows = {row["key"]: dict(row) for row in connection.execute("SELECT * FROM withheld")}
    connection.close()
    return rows


def test_the_record_and_its_versions_are_in_the_vault_alone(kept: Paper) -> None:
    kept.run()
    assert kept.buckets()["article:2"] == "withheld retracted"
    assert kept.buckets()["version:2"] == "withheld with-article"
    assert kept.target("SELECT count(*) FROM article WHERE headline = 'Hai'") == [(0,)]
    assert kept.target("SELECT count(*) FROM version WHERE headline = 'Hai cũ'") == [(0,)]
    found = vault(kept)
    assert found.keys() == {"old:article:2", "old:version:2"}
    assert json.loads(found["old:article:2"]["record"])["headline"] == "Hai"
    assert found["old:article:2"]["reason"] == "retracted"
    for row in found.values():
        assert hashlib.sha256(row["record"].encode()).hexdigest() == row["content_sha256"]


def test_what_belongs_to_a_rejected_article_is_dropped_with_it_and_an_orphan_is_rejected(kept: Paper) -> None:
    kept.run()
    assert kept.buckets()["version:4"] == "dropped with-article"
    assert kept.buckets()["version:3"] == "rejected dangling-article"
    kept.legacy("INSERT INTO sections VALUES (7, NULL, 'Mới')")
    kept.run()
    assert (kept.buckets()["article:4"], kept.buckets()["version:4"]) == ("created", "created")


def test_a_second_run_leaves_the_vault_as_it_is(kept: Paper) -> None:
    kept.run()
    before = vault(kept)
    kept.run()
    assert vault(kept) == before


def test_what_is_withheld_no_longer_leaves_the_vault(kept: Paper) -> None:
    kept.run()
    kept.legacy("UPDATE articles SET title = 'Hai mới' WHERE id = 2")
    kept.run()
    assert vault(kept) == {}
    assert kept.buckets()["article:2"] == kept.buckets()["version:2"] == "created"
