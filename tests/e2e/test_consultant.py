"""A consultant's day without Python: the commands of docs/consultant.md, in their order, hand work in between."""

from __future__ import annotations

import csv
import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import legacy_newsroom
from migrator.read.sql.target import SqlReader

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "consultant.md"
KEY = "web:article:120"
STRANGE = "77"


def day() -> Iterator[tuple[str, str]]:
    """The page in its order: ("command", line) and ("hand", file)."""
    text = PAGE.read_text(encoding="utf-8")
    for block in re.finditer(r"```sh\n(.*?)```|<!-- by hand: (.*?) -->", text, re.DOTALL):
        if block[2]:
            yield "hand", block[2]
        else:
            yield from (("command", line) for line in block[1].splitlines())


@dataclass
class Desk:
    """A shell in a folder, with `migrator` on its path."""

    folder: Path
    environment: dict[str, str]
    outputs: dict[str, str] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            line,
            shell=True,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def follow(self, line: str) -> None:
        """A line of the page. What it says and its exit code are kept."""
        if line.startswith("export LEGACY_URL"):
            return
        if line.startswith("cd "):
            self.folder /= line.removeprefix("cd ")
            return
        done = self.run(line)
        self.outputs[line] = done.stdout + done.stderr
        self.codes[line] = done.returncode


def environment(folder: Path, legacy: Path) -> dict[str, str]:
    script = folder / "bin" / "migrator"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "from migrator.cli import main; main()" "$@"\n')
    script.chmod(0o755)
    author = {f"GIT_{who}_{what}": "lan@example.vn" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return {
        **os.environ, **author, "PATH": f"{script.parent}:{os.environ['PATH']}", "LANG": "en_US.UTF-8",
        "LEGACY_URL": f"sqlite:///{legacy}", "GIT_CONFIG_GLOBAL": os.devnull,
    }  # fmt: skip


def make_legacy(folder: Path) -> Path:
    """The maker's paper, with three articles in a state that the preset has never heard of."""
    legacy_newsroom.make(folder, articles=120, site=False)
    connection = sqlite3.connect(folder / "legacy.sqlite")
    newest = "SELECT id FROM nv4_vi_news_rows WHERE status = 1 ORDER BY id DESC LIMIT 3"
    connection.execute(f"UPDATE nv4_vi_news_rows SET status = ? WHERE id IN ({newest})", (STRANGE,))
    connection.commit()
    connection.close()
    return folder / "legacy.sqlite"


def known_key(legacy: Path) -> str:
    """A published article with a section, for the one the page takes as its example."""
    connection = sqlite3.connect(legacy)
    (number,) = connection.execute(
        "SELECT r.id FROM nv4_vi_news_rows r "
        "JOIN nv4_vi_news_cat c ON c.catid = r.catid JOIN nv4_vi_news_detail d ON d.id = r.id "
        "WHERE r.status = 1 AND r.publtime > 0 AND d.bodyhtml <> '' AND r.title NOT LIKE '%&%' ORDER BY r.id LIMIT 1"
    ).fetchone()
    connection.close()
    return f"web:article:{number}"


# --- what a person does in the spreadsheet and in the editor ---
def columns(page: Any) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in page[1]}


def fill_in_status(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    page: Any = book.worksheets[0]
    at = columns(page)
    (row,) = [row for row in page.iter_rows(min_row=2) if row[at["legacy"] - 1].value == STRANGE]
    assert row[at["count"] - 1].value == 3
    row[at["target"] - 1].value = "archived"
    row[at["note"] - 1].value = "tin lưu trữ của hệ thống cũ"
    book.save(path)


def change_the_matrix(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    page: Any = book.worksheets[0]
    at = columns(page)
    rows = {(row[0].value, row[1].value): row for row in page.iter_rows(min_row=2)}
    assert rows["asset", "title"][at["status"] - 1].value == "unmapped"
    rows["asset", "title"][at["from"] - 1].value = "title"
    rows["asset", "title"][at["steps"] - 1].value = "[nfc]"
    rows["article", "standfirst"][at["steps"] - 1].value = "[strip_tags, nfc, squeeze]"
    rows["article", "edition"][at["note"] - 1].value = "báo này không có số in trong hệ thống cũ"
    book.save(path)


def keep_what_is_sure(path: Path) -> None:
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if "      " not in line or "      status" in line
            or "      headline" in line or "      published_at" in line]  # fmt: skip
    assert len(kept) == 7
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")


HANDS: Mapping[str, Callable[[Path], None]] = {
    "status.xlsx": fill_in_status,
    "matrix.xlsx": change_the_matrix,
    "expected/web-article-120.yaml": keep_what_is_sure,
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The desk in the evening, when the whole page was followed."""
    folder = tmp_path_factory.mktemp("consultant")
    legacy = make_legacy(folder / "legacy")
    desk = Desk(folder, environment(folder, legacy))
    key = known_key(legacy)
    done = 0
    for what, said in day():
        said = said.replace(KEY, key).replace(KEY.replace(":", "-"), key.replace(":", "-"))
        if what == "hand":
            HANDS[said if said in HANDS else "expected/web-article-120.yaml"](desk.folder / said)
            done += 1
        else:
            desk.follow(said)
    assert done == len(HANDS)
    desk.environment["KEY"] = key
    return desk


TOOLS = ("check", "coverage", "crosswalk", "matrix", "preview", "test", "diff", "docs")
NOT_DONE = {"migrator run --limit 50": 3, "migrator verify": 4}


def test_every_command_of_the_page_ends_as_it_should(desk: Desk) -> None:
    assert desk.codes == {line: NOT_DONE.get(line, 0) for line in desk.codes}, desk.outputs
    assert desk.codes.keys() >= NOT_DONE.keys()
    assert {line.split()[2] for line in desk.codes if line.startswith("migrator mapping ")} == set(TOOLS)


def test_coverage_finds_the_values_nobody_decided(desk: Desk) -> None:
    assert (
        f"status: 1 value(s) without a decision, 3 row(s): '{STRANGE}' (3)" in desk.outputs["migrator mapping coverage"]
    )
    assert "status: every value in the source is decided." in desk.run("migrator mapping coverage").stdout


def test_the_decision_stands_with_who_and_when(desk: Desk) -> None:
    with (desk.folder / "crosswalks" / "status.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = [row for row in csv.DictReader(file) if row["legacy"] == STRANGE]
    assert (row["target"], row["who"], row["note"]) == ("archived", "Nguyễn Lan", "tin lưu trữ của hệ thống cũ")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00", row["when"])


def test_the_files_say_only_what_is_different(desk: Desk) -> None:
    article = (desk.folder / "article.yaml").read_text(encoding="utf-8")
    assert "extends: nukeviet/article" in article
    assert "  standfirst: {steps: [strip_tags, nfc, squeeze]}" in article
    assert "by Nguyễn Lan: báo này không có số in" in article
    assert "headline" not in article
    assert "  title: {from: title, steps: [nfc]}" in (desk.folder / "asset.yaml").read_text(encoding="utf-8")


def test_preview_shows_the_step_that_was_added(desk: Desk) -> None:
    shown = desk.outputs[f"migrator mapping preview --key {desk.environment['KEY']}"]
    assert "squeeze:" in shown.partition("field  standfirst")[2].partition("field  ")[0]


def test_a_case_that_is_wrong_says_where(desk: Desk) -> None:
    (path,) = (desk.folder / "expected").glob("*.yaml")
    right = path.read_text(encoding="utf-8")
    try:
        path.write_text(right.replace("status: published", "status: draft"), encoding="utf-8")
        done = desk.run("migrator mapping test")
        assert done.returncode == 3
        assert f"expected/{path.name}:6" in done.stdout
        path.write_text(right.replace("status:", "stauts:"), encoding="utf-8")
        done = desk.run("migrator mapping test")
        assert done.returncode == 2
        assert f"{path.name}:6: article has no field 'stauts'" in done.stderr
    finally:
        path.write_text(right, encoding="utf-8")


def test_diff_tells_what_the_morning_changed(desk: Desk) -> None:
    said = desk.outputs["migrator mapping diff HEAD --csv changes.csv"]
    assert "web:section: the mapping is the same" in said
    with (desk.folder / "changes.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    decided = [row for row in rows if row["field"] == "(record)"]
    assert [(row["before"], row["after"]) for row in decided] == [("rejected: unmapped-value", "a record")] * 3
    titles = [row for row in rows if (row["entity"], row["field"]) == ("asset", "title")]
    connection = sqlite3.connect(desk.environment["LEGACY_URL"].removeprefix("sqlite:///"))
    (files,) = connection.execute("SELECT count(*) FROM nv4_upload_file").fetchone()
    connection.close()
    assert len(titles) == files
    assert {row["before"] for row in titles} == {"∅"}
    assert "No record changes." in desk.run("migrator mapping diff HEAD").stdout


def test_diff_with_a_copy_says_the_same(desk: Desk) -> None:
    older = desk.folder.parent / "older"
    older.mkdir()
    (older / "migration.yaml").write_bytes((desk.folder / "migration.yaml").read_bytes())
    done = desk.run(f"migrator mapping diff --against {shlex.quote(str(older))} --json")
    found = {entry["entity"]: entry for entry in json.loads(done.stdout)}
    assert found["article"]["fields"]["(record)"] == 3
    assert found["asset"]["records"] == found["asset"]["fields"]["title"] == found["asset"]["rows"]
    assert found["section"]["rows"] == 0


def test_the_document_says_it_in_words(desk: Desk) -> None:
    page = (desk.folder / "mapping.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "cột <code>hometext</code>; bỏ thẻ HTML, giữ chữ" in page
    assert "Nguyễn Lan" in page
    assert f"<td><code>{STRANGE}</code></td><td><code>archived</code></td>" in page
    english = desk.run("migrator mapping docs --lang en").stdout
    assert "| Standfirst (`standfirst`) | column `hometext`; make plain text of HTML" in english


def test_the_small_piece_is_loaded_and_reported(desk: Desk) -> None:
    assert "pending" in (desk.outputs["migrator run --limit 50"] + desk.outputs["migrator verify"]).lower()
    assert (desk.folder / "report" / "index.html").is_file()
    reader = SqlReader(f"sqlite:///{desk.folder}/target.sqlite")
    try:
        assets = list(reader.enumerate("asset"))
        (first,) = reader.fetch("asset", [assets[0][0]])
    finally:
        reader.close()
    assert 0 < len(assets) <= 50
    assert first.fields["title"] == first.fields["file_name"]


# --- four papers, one preset ---
PAPERS = {
    "haiphong": {},
    "haiduong": {"article.yaml": "extends: nukeviet/article\nfields:\n  byline: {constant: Báo Hải Dương}\n"},
    "hungyen": {"article.yaml": "extends: nukeviet/article\nwhere: {status: {not_in: [4]}}\nfields:\n  topic: null\n",
                "crosswalks/status.csv": f"legacy,target\n1,archived\n{STRANGE},archived\n"},
    "thaibinh": {"section.yaml": "extends: nukeviet/section\nfields:\n  name: {steps: [nfc, {prefix: 'TB '}]}\n"},
}  # fmt: skip


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """One project: four papers of the same legacy system, each with a folder for what is different there."""
    folder = tmp_path_factory.mktemp("papers")
    legacy = make_legacy(folder / "legacy")
    lines = ["name: Tòa soạn chung", "sources:"]
    for name, files in PAPERS.items():
        lines.append(f"  {name}: {{url: 'env:LEGACY_URL', preset: nukeviet, mapping: {name}}}")
        (folder / "project" / name).mkdir(parents=True)
        for path, text in files.items():
            (folder / "project" / name / path).parent.mkdir(exist_ok=True)
            (folder / "project" / name / path).write_text(text, encoding="utf-8")
    (folder / "project" / "migration.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Desk(folder / "project", environment(folder, legacy))


def made(desk: Desk, key: str) -> dict[str, Any]:
    done = desk.run(f"migrator mapping preview --key {key} --json")
    assert done.returncode == 0, done.stderr
    outcome: dict[str, Any] = json.loads(done.stdout)[-1]["outcome"]
    return dict(outcome["fields"]) if "fields" in outcome else outcome


def test_four_papers_share_a_preset_and_differ_where_they_say_so(papers: Desk) -> None:
    assert papers.run("migrator mapping check").returncode == 0
    number = known_key(Path(papers.environment["LEGACY_URL"].removeprefix("sqlite:///"))).rpartition(":")[2]
    articles = {name: made(papers, f"{name}:article:{number}") for name in PAPERS}
    own = {name: fields.pop("byline") for name, fields in articles.items()}
    assert own["haiduong"] == "Báo Hải Dương"
    assert own["haiphong"] == own["hungyen"] == own["thaibinh"] != "Báo Hải Dương"
    assert {name: fields.pop("status") for name, fields in articles.items()} == {
        "haiphong": "published", "haiduong": "published", "hungyen": "archived", "thaibinh": "published",
    }  # fmt: skip
    assert articles.pop("hungyen")["topic"] is None
    same = [json.dumps(fields, sort_keys=True).replace(f'"{name}:', '"') for name, fields in articles.items()]
    assert len(set(same)) == 1
    names = {name: made(papers, f"{name}:section:1")["name"] for name in PAPERS}
    assert names["thaibinh"] == f"TB {names['haiphong']}"
    assert names["haiduong"] == names["hungyen"] == names["haiphong"]


def test_a_decision_of_one_paper_stays_there(papers: Desk, tmp_path: Path) -> None:
    papers = replace(papers, folder=shutil.copytree(papers.folder, tmp_path / "project"))  # the others are not touched
    before = {path: path.read_bytes() for path in papers.folder.rglob("*.*") if path.suffix in (".yaml", ".csv")}
    assert papers.run("migrator mapping matrix --export m.xlsx").returncode == 0
    book = openpyxl.load_workbook(papers.folder / "m.xlsx")
    assert book.sheetnames == list(PAPERS)
    page: Any = book["haiphong"]
    at = columns(page)
    (row,) = [row for row in page.iter_rows(min_row=2) if (row[0].value, row[1].value) == ("article", "byline")]
    row[at["from"] - 1].value = "hometext"
    book.save(papers.folder / "m.xlsx")
    assert papers.run("migrator mapping matrix --import m.xlsx --who Lan").returncode == 0
    changed = {path for path in papers.folder.rglob("*.yaml") if before.get(path) != path.read_bytes()}
    assert changed == {papers.folder / "haiphong" / "article.yaml"}
    done = papers.run("migrator mapping crosswalk status --export s.csv")
    assert done.returncode == 2
    assert "--source" in done.stderr
    assert papers.run("migrator mapping crosswalk status --source hungyen --export s.csv").returncode == 0
    with (papers.folder / "s.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["legacy"]: row["target"] for row in csv.DictReader(file)}["1"] == "archived"
