"""A rollback takes vault rows and media files back as well, and what is verified and reported afterwards is right."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from migrator.cli.app import migrator
from tests.unit.run.paper import Paper
from tests.unit.run.test_rollback import rollback

BYTES = [b"mot", b"hai"]
SHA = [hashlib.sha256(data).hexdigest() for data in BYTES]
ASSET = """
entity: asset
table: files
key: id
fields:
  path: {from: path}
  sha256: {from: sha}
"""
SETTINGS = """
vault: {url: "sqlite:///vault.sqlite"}
media: {folder: media}
"""


@pytest.fixture
def kept(paper: Paper) -> Paper:
    """A paper with a vault, and two files of which the second is there before the first run."""
    (paper.folder / "asset.yaml").write_text(ASSET, encoding="utf-8")
    for name, text in (("migration.yaml", SETTINGS), ("audit.yaml", "asset: {table: files, key: id}\n")):
        with (paper.folder / name).open("a", encoding="utf-8") as file:
            file.write(text)
    for data, sha256 in zip(BYTES, SHA, strict=True):
        place = paper.folder / "evidence" / "files" / sha256[:2] / sha256[2:]
        place.parent.mkdir(parents=True)
        place.write_bytes(data)
    there = stored(paper, SHA[1])
    there.parent.mkdir(parents=True)
    there.write_bytes(BYTES[1])
    rows = ", ".join(f"({number}, 'a/{number}.jpg', '{sha256}')" for number, sha256 in enumerate(SHA))
    paper.legacy(f"CREATE TABLE files (id INTEGER PRIMARY KEY, path TEXT, sha TEXT); INSERT INTO files VALUES {rows};")
    paper.rule("article", "{name: retracted, when: {title: Hai}, then: withhold, reason: gỡ bài}")
    return paper


def stored(paper: Paper, sha256: str) -> Path:
    return paper.folder / "media" / sha256[:2] / sha256[2:]


def vault(paper: Paper) -> list[Any]:
    connection = sqlite3.connect(paper.folder / "vault.sqlite")
    rows = connection.execute("SELECT key FROM withheld").fetchall()
    connection.close()
    return rows


def told(paper: Paper, *words: str) -> Any:
    result = CliRunner().invoke(migrator, [*words, "--project", str(paper.folder), "--json"])
    return json.loads(result.output)


def test_the_vault_and_the_files_of_a_run_are_taken_back(kept: Paper) -> None:
    kept.run()
    assert vault(kept) == [("old:article:2",)]
    assert all(stored(kept, sha256).is_file() for sha256 in SHA)
    account = rollback(kept)
    assert (account.files, account.left) == (1, [])
    assert vault(kept) == []
    assert not stored(kept, SHA[0]).exists()
    assert stored(kept, SHA[1]).read_bytes() == BYTES[1], "it was there before"


def test_a_file_somebody_else_names_stays(kept: Paper) -> None:
    kept.run()
    connection = sqlite3.connect(kept.folder / "target.sqlite")
    connection.execute("INSERT INTO asset (is_stub, path, sha256) VALUES (0, 'của tòa soạn', ?)", [SHA[0]])
    connection.commit()
    connection.close()
    assert rollback(kept).files == 0
    assert stored(kept, SHA[0]).is_file()


def test_the_vault_keeps_what_it_kept_before_the_run(kept: Paper) -> None:
    kept.run()
    kept.legacy("UPDATE articles SET body = 'nay khác' WHERE id = 2")
    kept.run()
    rollback(kept)
    assert vault(kept) == [("old:article:2",)]
    assert kept.buckets()["article:2"] == "withheld retracted"


def test_after_a_rollback_the_figures_hold(kept: Paper) -> None:
    kept.run()
    first = told(kept, "verify")
    kept.legacy("UPDATE articles SET body = 'a mới' WHERE id = 1; INSERT INTO articles VALUES (5, 'Năm', 'e', 2, '')")
    kept.run()
    rollback(kept)
    status = told(kept, "status")
    assert status["run"]["command"] == "rollback --run 2"
    assert status["buckets"]["article"]["pending"] == 3
    again = told(kept, "verify")
    totals = again["entities"]["article"]
    assert sum(totals["buckets"].values()) == totals["source"] == 5
    failing = {check["id"] for check in again["checks"] if check["holds"] is False}
    assert failing <= {check["id"] for check in first["checks"] if check["holds"] is False}, again["checks"]
    assert again["verdict"] == "not_verified", "rows are pending"
    CliRunner().invoke(migrator, ["report", "--project", str(kept.folder)])
    report = json.loads((kept.folder / "report" / "report.json").read_text(encoding="utf-8"))
    assert report["entities"]["article"]["buckets"]["pending"] == 3
    kept.run()
    last = told(kept, "verify")
    assert last["entities"]["article"]["buckets"]["pending"] == 0
    assert {check["id"] for check in last["checks"] if check["holds"] is False} <= {
        check["id"] for check in first["checks"] if check["holds"] is False
    }


def test_a_conflict_is_in_status_messages_and_report(paper: Paper) -> None:
    paper.run()
    connection = sqlite3.connect(paper.folder / "target.sqlite")
    connection.execute("UPDATE article SET headline = 'Của tòa soạn' WHERE legacy_key = 'old:article:2'")
    connection.commit()
    connection.close()
    paper.legacy("UPDATE articles SET title = 'Hai mới' WHERE id = 2")
    paper.run()
    assert told(paper, "status")["buckets"]["article"]["conflict"] == 1
    (said,) = told(paper, "messages", "--bucket", "conflict")
    assert said["fields"] == [{"field": "headline", "legacy": "Hai mới", "last": None, "editor": "Của tòa soạn"}]
    shown = CliRunner().invoke(
        migrator, ["messages", "--bucket", "conflict", "--project", str(paper.folder), "--lang", "vi"]
    )
    assert "tòa soạn: 'Của tòa soạn'" in shown.output
    verified = told(paper, "verify")
    totals = verified["entities"]["article"]
    assert sum(totals["buckets"].values()) == totals["source"]
    assert verified["set_aside"]["edited-at-target"]["open"] == 1
    failing = {check["id"] for check in verified["checks"] if check["holds"] is False and check["entity"] == "article"}
    assert {"F1", "F2"} <= failing
    assert not failing & {"C1", "C2", "C3", "C4", "C5", "I1", "R1"}
    for lang in ("vi", "en"):
        CliRunner().invoke(migrator, ["report", "--project", str(paper.folder), "--lang", lang])
    conflicts = (paper.folder / "report" / "lists" / "conflicts.csv").read_text(encoding="utf-8-sig")
    assert "old:article:2,headline,conflict,Hai mới,,Của tòa soạn," in conflicts
    pages = "".join(path.read_text(encoding="utf-8") for path in (paper.folder / "report").glob("*.html"))
    assert "Xung đột với tòa soạn" in pages
    assert "Edited at the target" in pages
