"""Crosswalks as spreadsheets write them."""

from pathlib import Path
from typing import Any

import pytest

from migrator.errors import Fault
from migrator.transform.check import check
from migrator.transform.crosswalk import read_crosswalk


@pytest.mark.parametrize(
    "text",
    [
        "legacy,target\n1,published\n4,draft\n",
        "\ufefflegacy;target;who\r\n1;published;Lan\r\n\r\n4;draft;\r\n",
        'legacy\ttarget\n"1"\t published \n4\tdraft',
    ],
)
def test_comma_semicolon_and_tab_are_read(tmp_path: Path, text: str) -> None:
    faults: list[Fault] = []
    (tmp_path / "status.csv").write_bytes(text.encode())
    crosswalk = read_crosswalk(tmp_path / "status.csv", faults)
    assert faults == []
    assert crosswalk
    assert (crosswalk.name, crosswalk.values) == ("status", {"1": "published", "4": "draft"})


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"", 1, "has no header line"),
        (b"legacy\n1\n", 1, "has only one column"),
        (b"legacy,target\n1,a\n1,b\n", 3, "legacy value '1' stands twice"),
        (b"legacy,target\n1\n", 2, "legacy value '1' has no second column"),
        (b"legacy,target\n\xe1,x\n", 2, "is not UTF-8"),
        (b'legacy,target\n"' + b"x" * 200_000, 2, "is not readable as CSV: field larger than field limit (131072)"),
    ],
)
def test_what_cannot_be_right_is_a_fault_with_its_line(tmp_path: Path, data: bytes, line: int, message: str) -> None:
    faults: list[Fault] = []
    path = tmp_path / "status.csv"
    path.write_bytes(data)
    assert read_crosswalk(path, faults) is None
    assert [(fault.file, fault.line, fault.message) for fault in faults] == [(str(path), line, message)]


def test_a_file_that_is_gone_is_a_fault(tmp_path: Path) -> None:
    faults: list[Fault] = []
    assert read_crosswalk(tmp_path / "status.csv", faults) is None
    assert "cannot be read" in faults[0].message


def test_a_broken_crosswalk_is_one_fault_and_the_mapping_around_it_none(project: Any) -> None:
    article = "entity: article\ntable: nv4_rows\nkey: id\nfields:\n  headline: {from: title}\n"
    article += "  status: {from: status, steps: [{crosswalk: status}]}\n"
    project.write({"article.yaml": article, "crosswalks/status.csv": "a,b\n1,x\n1,y\n"})
    assert project.faults() == ["crosswalks/status.csv:3: legacy value '1' stands twice – keep one of the lines"]


def test_the_project_folder_comes_before_the_preset(project: Any, tmp_path: Path) -> None:
    from migrator.transform.syntax import read_mappings

    article = "entity: tag\ntable: t\nkey: id\nfields: {name: {from: a, steps: [{crosswalk: x}, {crosswalk: y}]}}\n"
    project.write({"presets/nv/tag.yaml": article, "presets/nv/crosswalks/x.csv": "a,b\n1,preset\n"})
    project.write({"presets/nv/crosswalks/y.csv": "a,b\n1,preset\n", "crosswalks/x.csv": "a,b\n1,project\n"})
    folders = [project.folder, project.presets / "nv"]
    declarations, faults = read_mappings(folders, project.presets, "bao", {}, None)
    assert faults == []
    crosswalks = declarations["tag"].crosswalks
    assert (crosswalks["x"].values, crosswalks["y"].values) == ({"1": "project"}, {"1": "preset"})
    assert check(declarations, {}, lambda sql: ()) != []
