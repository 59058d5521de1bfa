"""A dry run says field by field what a run would change at the target, and changes nothing anywhere."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from typing import Any

import pytest
from click.testing import CliRunner

from migrator.cli.app import migrator
from tests.unit.run.paper import FILES, Paper
from tests.unit.run.test_rollback import dump, target_of

MORE = """
UPDATE articles SET title = 'Hai mới', others = '1' WHERE id = 2;
UPDATE articles SET body = 'a mới' WHERE id = 1;
INSERT INTO sections VALUES (5, 6, 'Con'), (6, NULL, 'Cha');
INSERT INTO articles VALUES (5, 'Năm', 'e', 5, '6,5'), (6, 'Sáu', 'f', 8, '');
DELETE FROM articles WHERE id = 3;
"""


def files(paper: Paper) -> dict[str, str]:
    """Every file of the project but those SQLite only keeps while somebody reads, by its SHA-256."""
    return {
        str(path.relative_to(paper.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(paper.folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


def dry_run(paper: Paper, *words: str) -> Any:
    result = CliRunner().invoke(migrator, ["run", "--dry-run", *words, "--project", str(paper.folder), "--json"])
    assert result.exit_code in {0, 3}, result.output
    return json.loads(result.output)["entities"]


def edit(paper: Paper, sql: str) -> None:
    connection = sqlite3.connect(paper.folder / "target.sqlite")
    connection.executescript(sql)
    connection.close()


def test_before_the_first_run_everything_would_be_made(paper: Paper) -> None:
    before = files(paper)
    found = dry_run(paper)
    assert files(paper) == before
    assert found["section"]["buckets"] == {"created": 4}
    assert found["article"]["buckets"] == {"created": 2, "merged": 1, "rejected": 1}
    assert found["article"]["reasons"] == {"duplicate": 1, "dangling-section": 1}
    assert found["article"]["examples"]["created"][0]["fields"]["headline"] == [None, "Một"]


@pytest.mark.parametrize("target", ["sqlite", "postgres"])
def test_changes_are_shown_field_by_field_and_nothing_is_written(
    paper: Paper, target: str, request: pytest.FixtureRequest
) -> None:
    if target != "sqlite":
        with (paper.folder / "migration.yaml").open("a", encoding="utf-8") as settings:
            settings.write(f'target: {{url: "{request.getfixturevalue(f"{target}_url")}"}}\n')
    paper.run()
    paper.legacy(MORE)
    before, target_before = files(paper), dump(target_of(paper))
    found = dry_run(paper)
    assert files(paper) == before
    assert dump(target_of(paper)) == target_before
    article = found["article"]
    assert article["buckets"] == {"created": 1, "updated": 2, "rejected": 2, "gone": 1}
    assert article["fields"] == {"body_text": 1, "headline": 1, "sections": 1}
    assert {each["key"]: each["fields"] for each in article["examples"]["updated"]} == {
        "old:article:1": {"body_text": ["a", "a mới"]},
        "old:article:2": {"headline": ["Hai", "Hai mới"], "sections": ["old:section:2", "old:section:1"]},
    }
    paper.run()
    real = paper.buckets()
    assert sorted(real[f"article:{n}"] for n in (1, 2, 5)) == ["created", "updated", "updated"]
    assert {"old:" + key for key in real if real[key].startswith("rejected")} == {
        each["key"] for each in article["examples"]["rejected"]
    }


def test_it_agrees_with_the_run_that_follows(paper: Paper) -> None:
    (paper.folder / "migration.yaml").write_text(
        FILES["migration.yaml"] + "deletions: {policy: withdraw, limit: 50%}\n", "utf-8"
    )
    paper.run()
    paper.legacy(MORE)
    edit(paper, "UPDATE article SET headline = 'Của tòa soạn' WHERE legacy_key = 'old:article:2'")
    found = dry_run(paper)
    assert found["article"]["buckets"]["conflict"] == 1
    (conflict,) = found["article"]["examples"]["conflict"]
    assert conflict["fields"]["headline"] == ["Của tòa soạn", "Hai mới"]
    paper.run()
    counted: dict[str, dict[str, int]] = {}
    for key, said in paper.buckets().items():
        bucket = counted.setdefault(key.split(":")[0], {})
        bucket[said.split(" ")[0]] = bucket.get(said.split(" ")[0], 0) + 1
    assert {name: each["buckets"] for name, each in found.items()} == counted


def test_what_the_policy_takes_back_is_counted(paper: Paper) -> None:
    with (paper.folder / "migration.yaml").open("a", encoding="utf-8") as settings:
        settings.write("deletions: {policy: withdraw, limit: 50%}\n")
    paper.run()
    paper.legacy("DELETE FROM articles WHERE id = 2")
    before = files(paper)
    assert dry_run(paper)["article"]["taken_back"] == 1
    assert files(paper) == before


def test_one_row_and_a_limit(paper: Paper) -> None:
    paper.run()
    before = files(paper)
    (example,) = dry_run(paper, "--only", "old:article:2")["article"]["examples"]["updated"]
    assert example == {"key": "old:article:2", "fields": {}}
    assert sum(dry_run(paper, "--limit", "1")["article"]["buckets"].values()) == 1
    assert files(paper) == before


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_people_are_told(paper: Paper, lang: str) -> None:
    paper.run()
    paper.legacy(MORE)
    result = CliRunner().invoke(migrator, ["run", "--dry-run", "--project", str(paper.folder), "--lang", lang])
    assert "'Hai' → 'Hai mới'" in result.output
    assert {"vi": "Chưa ghi gì", "en": "Nothing was written"}[lang] in result.output
