"""The commands as a person and a machine use them: sentences in two languages, JSON, exit codes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from migrator.cli.app import migrator
from tests.unit.workbench.conftest import PRESET, Paper

AUDIT = """\
article:
  table: nv4_rows
  key: id
  identity: {headline: title}
section:
  table: nv4_cat
  key: catid
  identity: {name: title}
consumed: {nv4_detail: bodies, nv4_tags_id: tags}
out_of_scope: [{table: nv4_polls, reason: polls}]
"""


@pytest.fixture
def project(paper: Paper) -> Path:
    """A project that needs no preset."""
    paper.write({name.removeprefix("nuke/"): text for name, text in PRESET.items()})
    paper.write({
        "audit.yaml": AUDIT,
        "migration.yaml": f"sources:\n  bao: {{url: '{paper.url}', variables: {{prefix: nv4, lang: vi}}}}\n",
    })  # fmt: skip
    return paper.folder


def run(project: Path, *words: str | Path) -> Result:
    return CliRunner().invoke(migrator, ["mapping", *map(str, words), "--project", str(project)])


def answer(project: Path, *words: str | Path, code: int = 0) -> Any:
    result = run(project, *words, "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def test_check_is_content(project: Path) -> None:
    assert answer(project, "check")["entities"] == ["article", "section"]


def test_coverage_for_machines_and_for_people(project: Path) -> None:
    (found,) = answer(project, "coverage")
    assert found["source"] == "bao"
    assert {table["table"]: table["state"] for table in found["tables"]}["nv4_polls"] == "out of scope"
    assert found["crosswalks"][0]["unknown"] == {"7": 2, "007": 1}
    text = run(project, "coverage", "--lang", "vi", "--all").stdout
    assert "status: 2 giá trị chưa có quyết định, 3 dòng: '7' (2), '007' (1)" in text
    assert "nv4_rows.email  2: xx@xxxxxxx.xx (1)" in text
    assert "nv4_rows.title  ← article: rule blank, article.headline" in text
    assert "nv4_polls  2  không chuyển: polls" in text


def test_coverage_works_while_the_mapping_still_has_mistakes(project: Path) -> None:
    (project / "audit.yaml").write_text(AUDIT.replace("nv4_polls", "nv4_pools"), encoding="utf-8")
    (project / "section.yaml").write_text(
        "entity: section\ntable: nv4_cat\nkey: catid\nfields: {slug: {from: alais}}\n", encoding="utf-8"
    )
    result = run(project, "coverage", "--lang", "en")
    assert result.exit_code == 0
    assert "The mapping has mistakes" in result.stderr
    assert "Tables nobody accounts for:\n  nv4_polls  2\n" in result.stdout
    assert "section.name (required)" in result.stdout


def test_a_crosswalk_goes_and_comes(project: Path, tmp_path: Path) -> None:
    found = answer(project, "crosswalk", "status", "--export", tmp_path / "s.csv")
    assert found["status"]["unknown"] == {"7": 2, "007": 1}
    text = (tmp_path / "s.csv").read_text(encoding="utf-8-sig").replace("7,,2,", "7,archived,2,")
    (tmp_path / "s.csv").write_text(text, encoding="utf-8")
    result = run(project, "crosswalk", "status", "--import", tmp_path / "s.csv", "--who", "Lan", "--lang", "en")
    assert result.exit_code == 0
    assert "status: 1 decision(s) by Lan" in result.stdout
    assert "  7: ∅ → archived" in result.stdout
    assert answer(project, "crosswalk", "status", "--import", tmp_path / "s.csv")["status"]["changes"] == {}


def test_an_export_never_overwrites_what_somebody_may_have_filled_in(project: Path, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("legacy,target\n7,archived\n", encoding="utf-8")
    for tool in (("crosswalk", "status"), ("matrix",)):
        result = run(project, *tool, "--export", tmp_path / "s.csv")
        assert result.exit_code == 2
        assert "already there" in result.stderr
    assert "archived" in (tmp_path / "s.csv").read_text(encoding="utf-8")


def test_the_matrix_goes_and_comes(project: Path, tmp_path: Path) -> None:
    assert answer(project, "matrix", "--export", tmp_path / "m.csv")["required missing"] == 0
    before = (project / "article.yaml").read_bytes()
    assert answer(project, "matrix", "--import", tmp_path / "m.csv") == {"files": [], "fields": []}
    text = (tmp_path / "m.csv").read_text(encoding="utf-8-sig").replace(",hometext,", ",note,")
    (tmp_path / "m.csv").write_text(text, encoding="utf-8")
    assert answer(project, "matrix", "--import", tmp_path / "m.csv")["fields"] == ["article.standfirst"]
    after = (project / "article.yaml").read_bytes().decode().splitlines()
    assert [line for line in after if line not in before.decode().splitlines()][1:] == ["  standfirst: {from: note}"]


def test_a_case_is_written_run_and_broken(project: Path) -> None:
    assert "no cases" in run(project, "test", "--lang", "en").stdout
    (path,) = answer(project, "test", "--write", "bao:article:1")["written"]
    assert answer(project, "test") == {"cases": 1, "failed": 0, "mismatches": []}
    Path(path).write_text(
        Path(path).read_text(encoding="utf-8").replace("status: published", "status: draft"), encoding="utf-8"
    )
    (mismatch,) = answer(project, "test", code=3)["mismatches"]
    assert (mismatch["field"], mismatch["expected"], mismatch["found"]) == ("status", "draft", "published")
    assert run(project, "test", "--write", "bao:article:99").exit_code == 2


def test_diff_with_a_copy(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project, tmp_path / "before")
    (project / "article.yaml").write_text(
        (project / "article.yaml").read_text(encoding="utf-8").replace("hometext", "note"), encoding="utf-8"
    )
    found = {entry["entity"]: entry for entry in answer(project, "diff", "--against", tmp_path / "before")}
    assert found["article"]["fields"] == {"standfirst": 1}
    assert found["article"]["examples"][0] == {
        "key": "bao:article:1",
        "field": "standfirst",
        "before": "Sapo",
        "after": "a",
    }
    assert found["section"]["rows"] == 0
    assert answer(project, "diff", "--against", tmp_path / "before", "--entity", "section")[0]["entity"] == "section"


def test_diff_with_a_version_that_has_mistakes_names_it(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project, tmp_path / "before")
    (tmp_path / "before" / "article.yaml").write_text("entity: article\n", encoding="utf-8")
    error = answer(project, "diff", "--against", tmp_path / "before", code=2)["error"]
    assert str(tmp_path / "before") in error["message"]
    assert error["faults"]


def test_diff_follows_what_the_settings_said_then(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project, tmp_path / "before")
    settings = (tmp_path / "before" / "migration.yaml").read_text(encoding="utf-8")
    (tmp_path / "before" / "migration.yaml").write_text(settings.replace("lang: vi", "lang: en"), encoding="utf-8")
    found = {entry["entity"]: entry for entry in answer(project, "diff", "--against", tmp_path / "before")}
    assert found["article"]["fields"] == {"language": 1}
    (tmp_path / "before" / "migration.yaml").write_text(settings.replace("  bao:", "  web:"), encoding="utf-8")
    found = {entry["entity"]: entry for entry in answer(project, "diff", "--against", tmp_path / "before")}
    assert found["section"]["fields"] == {"(record)": 1}


def test_the_projects_own_code_runs_only_where_somebody_lets_it(project: Path, tmp_path: Path) -> None:
    article = (project / "article.yaml").read_text(encoding="utf-8")
    (project / "article.yaml").write_text(
        article.replace("from: author, steps: [nfc]", "from: author, steps: [python: 'pen:name']"), encoding="utf-8"
    )
    (project / "pen.py").write_text("def name(value):\n    return value.upper()\n", encoding="utf-8")
    shutil.copytree(project, tmp_path / "before")
    (project / "pen.py").write_text("def name(value):\n    return value.lower()\n", encoding="utf-8")
    assert run(project, "diff", "--against", tmp_path / "before").exit_code == 2
    found = {
        entry["entity"]: entry for entry in answer(project, "diff", "--against", tmp_path / "before", "--allow-python")
    }
    assert found["article"]["fields"] == {"byline": 1}
    assert (found["article"]["examples"][0]["before"], found["article"]["examples"][0]["after"]) == ("AN", "an")
    answer(project, "matrix", "--export", tmp_path / "m.csv", "--allow-python")
    text = (tmp_path / "m.csv").read_text(encoding="utf-8-sig").replace(",hometext,", ",note,")
    (tmp_path / "m.csv").write_text(text, encoding="utf-8")
    changed = answer(project, "matrix", "--import", tmp_path / "m.csv", "--allow-python")
    assert changed["fields"] == ["article.standfirst"]


def test_docs_in_two_languages_and_two_forms(project: Path, tmp_path: Path) -> None:
    assert run(project, "docs", "--lang", "en").stdout.startswith("# The mapping: ")
    assert answer(project, "docs", "-o", tmp_path / "m.html", "--lang", "vi")["format"] == "html"
    assert '<html lang="vi">' in (tmp_path / "m.html").read_text(encoding="utf-8")
    assert "<html" in run(project, "docs", "--format", "html").stdout


def ask(*words: str) -> Callable[[Path, Path], Result]:
    return lambda project, folder: run(project, *(word.replace("TMP", str(folder)) for word in words))


@pytest.mark.parametrize(("command", "said"), [
    (ask("crosswalk"), "--export"),
    (ask("crosswalk", "--export", "TMP/a.csv", "--import", "TMP/b.csv"), "--export"),
    (ask("crosswalk", "stauts", "--export", "TMP/a.csv"), "did you mean 'status'"),
    (ask("crosswalk", "status", "--export", "TMP/a.ods"), "only .csv and .xlsx"),
    (ask("crosswalk", "status", "--import", "TMP/no.csv"), "There is no file"),
    (ask("crosswalk", "status", "--source", "boa", "--export", "TMP/a.csv"), "did you mean 'bao'"),
    (ask("matrix"), "--export"),
    (ask("matrix", "--import", "TMP/no.xlsx"), "There is no file"),
    (ask("diff"), "Compare with what"),
    (ask("diff", "HEAD", "--entity", "articel"), "did you mean 'article'"),
])  # fmt: skip
def test_what_cannot_be_done_is_said_with_a_next_step(
    command: Callable[[Path, Path], Result], said: str, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    result = command(project, tmp_path)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "What to do" in result.stderr or "Việc cần làm" in result.stderr


@pytest.mark.parametrize("name", ["coverage", "crosswalk", "matrix", "test", "diff", "docs"])
def test_every_command_has_an_example_and_the_common_options(name: str) -> None:
    text = CliRunner().invoke(migrator, ["mapping", name, "--help"]).stdout
    assert f"migrator mapping {name}" in text.partition("Example")[2]
    assert all(option in text for option in ("--project", "--json", "--lang"))
