"""Crosswalks go out with what the source has, and come back as decisions with a name and a time."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import openpyxl
import pytest

from migrator.errors import ConfigurationError
from migrator.model.record import SourceRow
from migrator.ports import Decided, Transformed
from migrator.transform.crosswalk import read_crosswalk
from migrator.workbench.arrivals import arrivals, uses_of
from migrator.workbench.bench import Bench
from migrator.workbench.crosswalks import export, import_crosswalks, look_up, names_of
from tests.unit.workbench.conftest import Paper


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def edit(path: Path, cells: Mapping[str, object]) -> None:
    """Change cells as a person does, by legacy value: `{"7": "archived"}` is the target of 7."""
    book = openpyxl.load_workbook(path)
    page = cast(Any, book["status"])
    columns = {page.cell(1, number).value: number for number in range(1, page.max_column + 1)}
    rows = {str(page.cell(number, columns["legacy"]).value): number for number in range(2, page.max_row + 1)}
    for name, value in cells.items():
        legacy, _, column = name.partition(".")
        page.cell(rows[legacy], columns[column or "target"]).value = value
    book.save(path)


def imported(bench: Bench, path: Path, who: str = "Lan") -> dict[str, tuple[str, str]]:
    (done,) = import_crosswalks(bench, ["status"], path, who)
    return dict(done.changes)


def faults(bench: Bench, path: Path) -> list[str]:
    with pytest.raises(ConfigurationError) as error:
        import_crosswalks(bench, ["status"], path, "Lan")
    return [f"{fault.line}: {fault.message}" for fault in error.value.faults]


def test_the_export_has_every_value_of_the_source_with_its_rows(paper: Paper, tmp_path: Path) -> None:
    export(paper.bench(), ["status"], tmp_path / "status.csv")
    assert [(row["legacy"], row["target"], row["count"], row["label"]) for row in lines(tmp_path / "status.csv")] == [
        ("1", "published", "1", "Xuất bản"),
        ("4", "draft", "1", "Nháp"),
        ("7", "", "2", ""),
        ("007", "", "1", ""),
    ]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_round_trip_without_an_edit_changes_no_byte(suffix: str, paper: Paper, tmp_path: Path) -> None:
    path = tmp_path / f"status.{suffix}"
    export(paper.bench(), ["status"], path)
    assert imported(paper.bench(), path) == {}
    assert list(paper.folder.rglob("*")) == []
    edited = paper.folder / "crosswalks" / "status.csv"
    paper.write({"crosswalks/status.csv": "\ufeffmã;mới;ghi chú\r\n1;published;=A1\r\n'-x;draft;\r\n"})
    before = edited.read_bytes()
    export(paper.bench(), ["status"], path)
    assert imported(paper.bench(), path) == {}
    assert edited.read_bytes() == before


def test_a_decision_keeps_who_took_it_and_when(paper: Paper, tmp_path: Path) -> None:
    path = tmp_path / "status.xlsx"
    export(paper.bench(), ["status"], path)
    edit(path, {"7": "archived", "7.note": "tin cũ", "007": "inactive", "007.who": "Minh"})
    assert imported(paper.bench(), path) == {"7": ("", "archived"), "007": ("", "inactive")}
    rows = {row["legacy"]: row for row in lines(paper.folder / "crosswalks" / "status.csv")}
    assert (rows["7"]["target"], rows["7"]["who"], rows["7"]["note"]) == ("archived", "Lan", "tin cũ")
    assert rows["007"]["who"] == "Minh"
    assert datetime.fromisoformat(rows["7"]["when"]).tzinfo is not None
    assert (rows["1"]["target"], rows["1"]["label"], rows["1"]["who"]) == ("published", "Xuất bản", "")
    export(paper.bench(), ["status"], path)
    edit(path, {"1.note": "như cũ"})
    assert imported(paper.bench(), path, "Hoa") == {"1": ("published", "published")}
    again = {row["legacy"]: row for row in lines(paper.folder / "crosswalks" / "status.csv")}
    assert again["7"] == rows["7"]
    assert again["1"]["who"] == "Hoa"


def test_the_mapping_reads_what_was_imported(paper: Paper, tmp_path: Path) -> None:
    path = tmp_path / "status.xlsx"
    export(paper.bench(), ["status"], path)
    edit(path, {"7": "archived", "007": "inactive"})
    imported(paper.bench(), path)
    rows = {row.position[0]: row for row in read_all(paper)}
    made = {key: paper.mapping().transform(row) for key, row in rows.items()}
    assert [status(made[key]) for key in (1, 2, 3, 5)] == ["published", "archived", "archived", "inactive"]
    assert isinstance(made[4], Decided)


def read_all(paper: Paper) -> list[SourceRow]:
    return list(paper.bench().extractor.read(paper.mapping().selection, None, 100))


def status(made: object) -> object:
    assert isinstance(made, Transformed)
    return made.record.fields["status"]


def test_values_that_a_spreadsheet_would_execute_come_back_as_they_were(paper: Paper, tmp_path: Path) -> None:
    hard = ["=1+1", "+84", "-5", "'x", "'=", "@a", "-x"]
    connection = sqlite3.connect(paper.url.removeprefix("sqlite:///"))
    connection.executemany("INSERT INTO nv4_rows (title, status) VALUES ('t', ?)", [(value,) for value in hard])
    connection.commit()
    connection.close()
    path = tmp_path / "status.csv"
    export(paper.bench(), ["status"], path)
    text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    assert "\n=" not in text
    assert "\n+" not in text
    path.write_text(text.replace(",,1,", ",draft,1,"), encoding="utf-8")
    assert imported(paper.bench(), path).keys() == {*hard, "007"}
    stored = paper.folder / "crosswalks" / "status.csv"
    crosswalk = read_crosswalk(stored, [])
    assert crosswalk is not None
    assert all(crosswalk.values[value] == "draft" for value in hard)
    assert "\n=" not in stored.read_text(encoding="utf-8-sig")
    assert look_up(paper.bench(), "status").unknown == {"7": 2}


def test_all_faults_are_told_at_once_with_their_rows(paper: Paper, tmp_path: Path) -> None:
    path = tmp_path / "status.csv"
    path.write_text("legacy;target\n1;publised\n1;draft\n7;draft\nx;nothing\n", encoding="utf-8")
    assert faults(paper.bench(), path) == [
        "3: legacy value '1' stands twice",
        "2: the target cannot be 'publised'",
        "5: the target cannot be 'nothing'",
    ]
    assert list(paper.folder.rglob("*")) == []


@pytest.mark.parametrize("legacy", ["7.0", "7,0", "7E+0", "0007"])
def test_a_spelling_a_spreadsheet_lost_is_found_out(legacy: str, paper: Paper, tmp_path: Path) -> None:
    path = tmp_path / "status.csv"
    path.write_text(f"legacy;target\n1;published\n4;draft\n7;draft\n{legacy};draft\n", encoding="utf-8")
    assert faults(paper.bench(), path) == [f"5: legacy value {legacy!r} was '007'"]


def test_a_value_the_source_does_not_have_yet_may_be_decided(paper: Paper, tmp_path: Path) -> None:
    path = tmp_path / "status.csv"
    path.write_text("legacy;target\n7;draft\n007;draft\n8;archived\n", encoding="utf-8")
    assert imported(paper.bench(), path).keys() == {"7", "007", "8"}


def test_a_cell_a_person_typed_as_a_number_is_text_again(paper: Paper, tmp_path: Path) -> None:
    path = tmp_path / "status.xlsx"
    export(paper.bench(), ["status"], path)
    edit(path, {"1": 12, "4": "=A2"})
    assert faults(paper.bench(), path) == ["3: cell B3 holds a formula", "2: the target cannot be '12'"]


def test_a_column_that_was_taken_out_stays_as_it_was(paper: Paper, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("target,legacy\ndraft,1\n", encoding="utf-8")
    assert imported(paper.bench(), tmp_path / "s.csv") == {"1": ("published", "draft")}
    first = lines(paper.folder / "crosswalks" / "status.csv")[0]
    assert (first["legacy"], first["target"], first["label"]) == ("1", "draft", "Xuất bản")


def test_a_value_without_a_line_keeps_what_was_decided(paper: Paper, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("legacy,target\n7,archived\n", encoding="utf-8")
    (done,) = import_crosswalks(paper.bench(), ["status"], tmp_path / "s.csv", "Lan")
    assert done.missing == 2
    assert [row["legacy"] for row in lines(paper.folder / "crosswalks" / "status.csv")] == ["1", "4", "7"]


def test_a_value_nobody_decided_is_not_written(paper: Paper, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("legacy,target,note\n7,,\n007,,hỏi tòa soạn\n", encoding="utf-8")
    assert imported(paper.bench(), tmp_path / "s.csv").keys() == {"007"}


def test_a_crosswalk_that_does_not_exist_yet_is_made_from_the_source(paper: Paper, tmp_path: Path) -> None:
    paper.write(
        {"article.yaml": "extends: nuke/article\nentity: article\nfields:\n  byline: {steps: [{crosswalk: pen}]}\n"}
    )
    assert names_of(paper.bench()) == ["pen", "status"]
    export(paper.bench(), ["pen"], tmp_path / "pen.csv")
    assert [(row["legacy"], row["count"]) for row in lines(tmp_path / "pen.csv")] == [
        ("", "2"),
        ("An", "2"),
        ("Bình", "1"),
    ]
    text = (tmp_path / "pen.csv").read_text(encoding="utf-8-sig")
    (tmp_path / "pen.csv").write_text(text.replace("An,,", "An,Hoài An,"), encoding="utf-8")
    (done,) = import_crosswalks(paper.bench(), ["pen"], tmp_path / "pen.csv", "Lan")
    assert done.changes == {"An": ("", "Hoài An")}
    assert look_up(paper.bench(), "pen").unknown == {"": 2, "Bình": 1}


FIELDS = {
    "the steps before it": ("byline: {from: author, steps: [trim, {split: n}, {crosswalk: x}]}", {"A": 2, "Bì": 1, "h": 1}),
    "a side": ("byline: {from: detail.bodyhtml, steps: [{crosswalk: x}]}", {"<p>Một</p>": 1, "<p>Hai</p>": 1}),
    "a side with many rows": ('byline: {from: "tags[].tid", steps: [{crosswalk: x}, first]}', {"5": 2, "6": 1}),
    "several columns": ("byline: {from: [hometext, author], steps: [coalesce, {crosswalk: x}]}",
                        {"Sapo": 1, "Bình": 1, "x": 1}),
    "the same as another field": ("byline: {same: standfirst, steps: [{crosswalk: x}]}", {"Sapo": 1, "": 2, "x": 1}),
    "a constant": ("byline: {constant: chung, steps: [{crosswalk: x}]}", {"chung": 5}),
}  # fmt: skip


@pytest.mark.parametrize("what", FIELDS)
def test_values_are_counted_as_they_arrive(what: str, paper: Paper) -> None:
    text, expected = FIELDS[what]
    paper.write(
        {
            "article.yaml": f"extends: nuke/article\nentity: article\nfields:\n  {text.replace('byline: {', 'byline: {', 1)}\n"
        }
    )
    bench = paper.bench()
    (use,) = [use for use in uses_of(bench.declarations["article"]) if use.crosswalk == "x"]
    found = arrivals(bench, use)
    assert found is not None
    assert dict(found.values) == expected


def test_a_workbook_brings_several_crosswalks(paper: Paper, tmp_path: Path) -> None:
    paper.write({"crosswalks/region.csv": "legacy,target\nHP,Hải Phòng\n"})
    path = tmp_path / "all.xlsx"
    export(paper.bench(), ["region", "status"], path)
    edit(path, {"7": "archived"})
    done = import_crosswalks(paper.bench(), ["region", "status"], path, "Lan")
    assert {each.name: dict(each.changes) for each in done} == {"region": {}, "status": {"7": ("", "archived")}}
    book = openpyxl.load_workbook(path)
    book["region"].title = "regoin"
    book.save(path)
    with pytest.raises(ConfigurationError) as error:
        import_crosswalks(paper.bench(), ["region", "status"], path, "Lan")
    assert "did you mean 'region'" in str(error.value.faults[0])
    with pytest.raises(ConfigurationError, match="does not say which crosswalk"):
        import_crosswalks(paper.bench(), ["region", "status"], csv_of(tmp_path), "Lan")


def csv_of(folder: Path) -> Path:
    (folder / "s.csv").write_text("legacy,target\n7,archived\n", encoding="utf-8")
    return folder / "s.csv"


def test_the_choices_of_the_field_are_offered_in_the_workbook(paper: Paper, tmp_path: Path) -> None:
    export(paper.bench(), ["status"], tmp_path / "s.xlsx")
    (offered,) = openpyxl.load_workbook(tmp_path / "s.xlsx")["status"].data_validations.dataValidation
    assert "published" in str(offered.formula1)
