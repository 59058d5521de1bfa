"""The lists: safe in a spreadsheet, readable by anyone, and their digests are right."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from migrator.ports import Baseline
from migrator.report.byhand import chain_command, chain_program
from migrator.report.lists import ListFolder, list_name, safe_cell
from tests.unit.report.conftest import Build, Built
from tests.unit.report.newsroom import BEFORE, FakeLedger


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert safe_cell(f"{start}HYPERLINK()") == f"'{start}HYPERLINK()"


@pytest.mark.parametrize(
    ("value", "cell"), [(None, ""), (-7, "-7"), (True, "true"), ("a=b", "a=b"), ("", ""), ("'=x", "'=x")]
)
def test_other_cells_stay_as_they_are(value: object, cell: str) -> None:
    assert safe_cell(value) == cell


def test_rows_survive_quotes_line_ends_and_half_characters(tmp_path: Path) -> None:
    with ListFolder(tmp_path) as lists:
        writer = lists.open("lists/x.csv", ("a", "b"))
        writer.add('nói "thật", rồi', "dòng 1\r\ndòng 2")
        writer.add("\ud800", "Ả")
    data = (tmp_path / "lists" / "x.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfa,b\r\n")
    with (tmp_path / "lists" / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1:] == [['nói "thật", rồi', "dòng 1\r\ndòng 2"], ["\\ud800", "Ả"]]
    assert [(file.path, file.rows) for file in lists.files] == [("lists/x.csv", 2)]


def test_a_name_from_data_stays_in_its_folder() -> None:
    assert list_name("C1", "../../etc/passwd") == "lists/C1-.._.._etc_passwd.csv"
    assert list_name("J1", "") == "lists/J1-all.csv"


def test_formulas_in_the_ledger_arrive_as_text(build: Build) -> None:
    built = build()
    assert "'=HYPERLINK" in (built.out / "lists" / "differences.csv").read_text(encoding="utf-8-sig")
    for file in (built.out / "lists").iterdir():
        with file.open(encoding="utf-8-sig", newline="") as lines:
            assert not [
                c for row in csv.reader(lines) for c in row if c[:1] in ("=", "+", "@", "\t") or c.startswith("-=")
            ]


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum here")
def test_the_sums_hold_and_break_when_a_list_is_touched(build: Build) -> None:
    built = build()
    command = ["sha256sum", "--quiet", "-c", "SHA256SUMS"]
    assert subprocess.run(command, cwd=built.out, capture_output=True).returncode == 0
    with (built.out / "lists" / "totals.csv").open("a", encoding="utf-8") as file:
        file.write("x")
    assert subprocess.run(command, cwd=built.out, capture_output=True).returncode == 1


def _chain(tool: str, built: Built) -> tuple[int, str]:
    """Check the journal as the page says: exit code and last line."""
    beginning = built.content["journal_beginning"]
    command = {"sh": ["-c", chain_command(beginning)], sys.executable: ["-I", "-c", chain_program(beginning)]}[tool]
    done = subprocess.run([tool, *command], cwd=built.out, capture_output=True, text=True)
    return done.returncode, done.stdout.strip().splitlines()[-1] if done.stdout else ""


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


TOOLS = pytest.mark.parametrize(
    "tool",
    [
        pytest.param("sh", marks=pytest.mark.skipif(not (shutil.which("sh") and shutil.which("awk")), reason="no awk")),
        sys.executable,
    ],
)


@TOOLS
def test_the_journal_can_be_checked_without_the_tool(build: Build, tool: str) -> None:
    built = build()
    assert built.content["journal_beginning"] != "00" * 32
    assert _chain(tool, built) == (0, built.content["journal_head"])
    journal = built.out / "lists" / "journal.csv"
    lines = journal.read_text(encoding="utf-8").splitlines(keepends=True)
    journal.write_text("".join(lines[:3] + lines[4:]), encoding="utf-8")
    assert _chain(tool, built)[0] != 0


@TOOLS
def test_the_first_entry_must_follow_from_what_was_there_before(build: Build, tool: str) -> None:
    built = build()
    journal = built.out / "lists" / "journal.csv"
    lines = journal.read_text(encoding="utf-8").splitlines(keepends=True)
    journal.write_text("".join(lines[:1] + lines[2:]), encoding="utf-8")
    assert _chain(tool, built)[0] != 0


@TOOLS
@pytest.mark.parametrize("before", [(), BEFORE])
def test_an_empty_journal_ends_at_its_beginning(build: Build, tool: str, before: tuple[Baseline, ...]) -> None:
    def empty(ledger: FakeLedger) -> None:
        ledger.entries, ledger.before = [], before

    built = build(change=empty)
    assert _chain(tool, built) == (0, built.content["journal_beginning"])
    assert built.content["journal_head"] == built.content["journal_beginning"]


def test_the_program_notices_another_baseline(build: Build) -> None:
    built = build()
    _edit(built.out / "lists" / "baseline.csv", "article,1200,", "article,1201,")
    assert _chain(sys.executable, built)[0] != 0


def test_the_program_notices_a_changed_entry(build: Build) -> None:
    built = build()
    _edit(built.out / "lists" / "journal.csv", ",500,", ",499,")
    assert _chain(sys.executable, built)[0] != 0


def test_the_page_prints_what_was_tried_here(build: Build) -> None:
    built = build()
    assert built.content["baseline"] == [
        {"entity": "article", "rows": 1200, "largest_id": "1311"},
        {"entity": "tag", "rows": 0, "largest_id": None},
        {"entity": "section", "rows": 3, "largest_id": "7"},
    ]
    assert built.page().count(built.content["journal_beginning"]) == 3
