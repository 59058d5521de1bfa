"""The mapping goes to a spreadsheet as one table; what is edited there comes back into the paper's own files, and no more."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrator.errors import ConfigurationError, Fault, MigratorError
from migrator.transform.document import read_document
from migrator.workbench.field_blocks import Decided, with_field
from migrator.workbench.flow import as_cell, in_flow
from migrator.workbench.matrix import COLUMNS, export
from migrator.workbench.matrix_import import Changed, import_matrix
from tests.unit.workbench.conftest import Paper

HARD = [
    "",
    "yes",
    "007",
    "1.50",
    "~",
    "a: b",
    "x #y",
    "- z",
    "[a]",
    "{lang}",
    '"',
    "'",
    "\\d+",
    "tags[].tid",
    "null",
    "1e5",
    "@x",
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(max_size=12)
    | st.sampled_from(HARD),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def parsed(text: str, folder: Path) -> object:
    (folder / "cell.yaml").write_text(text, encoding="utf-8", errors="surrogatepass")
    faults: list[Fault] = []
    tree = read_document(folder / "cell.yaml", "cell", faults)
    assert tree is not None, faults
    assert faults == []
    plain = tree.plain()
    assert isinstance(plain, dict)
    return plain["cell"]


@given(value=VALUES)
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_value_written_in_one_line_is_read_as_the_same_value(value: object, tmp_path: Path) -> None:
    assert parsed(f"cell: {in_flow([value])}", tmp_path) == [value]
    assert parsed(f"cell: {as_cell(value)}", tmp_path) == value


# --- round trip ---
def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def edited(paper: Paper, tmp_path: Path, cells: Mapping[str, str], who: str = "Lan") -> Changed:
    """Export, change cells (`article.byline.from`), import."""
    path = tmp_path / "matrix.csv"
    export([paper.bench()], path)
    table = rows(path)
    for place, value in cells.items():
        entity, field, column = place.split(".")
        (row,) = [row for row in table if (row["entity"], row["field"]) == (entity, field)]
        row[column] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerows(table)
    return import_matrix([paper.bench()], path, who)


def faults(paper: Paper, tmp_path: Path, cells: Mapping[str, str]) -> list[str]:
    before = {path: path.read_bytes() for path in paper.folder.rglob("*.yaml")}
    with pytest.raises(ConfigurationError) as error:
        edited(paper, tmp_path, cells)
    assert {path: path.read_bytes() for path in paper.folder.rglob("*.yaml")} == before
    return [fault.message for fault in error.value.faults]


def own(paper: Paper, entity: str = "article") -> str:
    return (paper.folder / f"{entity}.yaml").read_bytes().decode()


def without_decisions(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if "# decided" not in line)


def test_every_target_field_has_a_row_with_its_status(paper: Paper, tmp_path: Path) -> None:
    paper.write({"section.yaml": "extends: nuke/section\nentity: section\nfields: {name: null}\n"})
    counts = export([paper.bench()], tmp_path / "m.csv")
    table = {(row["entity"], row["field"]): row for row in rows(tmp_path / "m.csv")}
    assert table["section", "name"]["status"] == "required missing"
    assert table["section", "slug"]["status"] == "mapped"
    assert table["article", "topic"]["status"] == "unmapped"
    assert table["article", "status"]["steps"] == "[{crosswalk: status}]"
    assert table["article", "status"]["crosswalk"] == "status"
    assert table["article", "language"]["constant"] == '"{lang}"'
    assert table["article", "section"]["kind"] == "ref → section"
    assert counts["required missing"] == 1
    assert sum(counts.values()) == len(table)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "files", [{}, {"article.yaml": "extends: nuke/article\n# mine\nfields:\n    slug:\n      from: id # why\n"}]
)
def test_a_round_trip_without_an_edit_changes_no_byte(
    suffix: str, files: dict[str, str], paper: Paper, tmp_path: Path
) -> None:
    paper.write(files)
    before = {path: path.read_bytes() for path in paper.folder.rglob("*.yaml")}
    export([paper.bench()], tmp_path / f"m.{suffix}")
    assert import_matrix([paper.bench()], tmp_path / f"m.{suffix}", "Lan") == Changed((), ())
    assert {path: path.read_bytes() for path in paper.folder.rglob("*.yaml")} == before


def test_only_what_differs_from_the_preset_is_written(paper: Paper, tmp_path: Path) -> None:
    changed = edited(paper, tmp_path, {
        "article.byline.from": "hometext",
        "article.standfirst.steps": "[nfc]",
        "article.section.none": "",
        "article.genre.constant": "page",
        "article.body_html.from": "",
    })  # fmt: skip
    assert changed.files == (paper.folder / "article.yaml",)
    assert without_decisions(own(paper)) == (
        "# What this paper decided, over and above the preset.\n"
        "extends: nuke/article\n"
        "entity: article\n"
        "fields:\n"
        "  standfirst: {steps: [nfc]}\n"
        "  body_html: null\n"
        "  genre: {constant: page}\n"
        "  byline: {from: hometext}\n"
        "  section: {none: null}\n"
    )
    fields = paper.mapping().pipelines
    assert "body_html" not in {pipeline.name for pipeline in fields}


def test_what_has_no_column_of_its_own_stands_in_other(paper: Paper, tmp_path: Path) -> None:
    edited(paper, tmp_path, {"article.byline.other": "{when: {status: [1, 4]}}"})
    assert "  byline: {when: {status: [1, 4]}}\n" in own(paper)
    export([paper.bench()], tmp_path / "m.csv")
    (row,) = [row for row in rows(tmp_path / "m.csv") if (row["entity"], row["field"]) == ("article", "byline")]
    assert row["other"] == "{when: {status: [1, 4]}}"
    edited(paper, tmp_path, {"article.byline.other": ""})
    assert "when:" not in own(paper)


def test_a_field_that_is_as_the_preset_again_leaves_the_file(paper: Paper, tmp_path: Path) -> None:
    edited(paper, tmp_path, {"article.byline.from": "hometext"})
    edited(paper, tmp_path, {"article.byline.from": "author"})
    assert without_decisions(own(paper)).endswith("entity: article\nfields: {}\n")
    edited(paper, tmp_path, {"article.byline.constant": "x", "article.byline.from": "", "article.byline.steps": ""})
    assert without_decisions(own(paper)).endswith("fields:\n  byline: {constant: x}\n")
    assert own(paper).count("# decided byline") == 1


FILE = """\
# Our paper
extends: nuke/article   # the preset
where: {zero: 0}        # all of them

fields:
    # the sapo is in another column
    standfirst:
        # asked the editors
        from: note      # 2024
        steps:
            - nfc

    slug: {from: id}    # no alias here
    # the end
rules: []               # none
"""


def test_comments_and_everything_else_survive(paper: Paper, tmp_path: Path) -> None:
    paper.write({"article.yaml": FILE})
    edited(paper, tmp_path, {"article.standfirst.steps": "[squeeze]", "article.genre.constant": "page"})
    assert (
        without_decisions(own(paper))
        == """\
# Our paper
extends: nuke/article   # the preset
where: {zero: 0}        # all of them

fields:
    # the sapo is in another column
    # asked the editors
    # 2024
    standfirst: {from: note, steps: [squeeze]}

    slug: {from: id}    # no alias here
    genre: {constant: page}
    # the end
rules: []               # none
"""
    )


@pytest.mark.parametrize(("name", "text"), [
    ("CRLF", "extends: nuke/article\r\nfields:\r\n  slug: {from: id}\r\n"),
    ("no line end", "extends: nuke/article\nfields:\n  slug: {from: id}"),
    ("a byte order mark", "\ufeffextends: nuke/article\nfields:\n  slug: {from: id}\n"),
    ("a text of several lines", "extends: nuke/article\nfields:\n  slug:\n    constant: |\n      a\n      b\n\n# end\n"),
    ("no fields", "extends: nuke/article\nentity: article"),
    ("fields in the middle", "fields:\n  slug: {from: id}\nextends: nuke/article\n"),
])  # fmt: skip
def test_a_file_keeps_its_form(name: str, text: str, paper: Paper, tmp_path: Path) -> None:
    paper.write({"article.yaml": text})
    edited(paper, tmp_path, {"article.genre.constant": "page"})
    written = own(paper)
    new = [line for line in written.splitlines() if "genre" in line or line == "fields:"]
    kept = [line for line in written.splitlines() if "genre" not in line]
    assert [line for line in kept if line != "fields:"] == [line for line in text.splitlines() if line != "fields:"]
    assert new[-1].strip() == "genre: {constant: page}"
    assert ("\r\n" in written) == ("\r\n" in text)
    assert written.count("\r") in (0, written.count("\n"))
    edited(paper, tmp_path, {"article.slug.from": "title", "article.slug.constant": ""})
    assert "  slug: {from: title}" in own(paper)


def test_a_file_in_braces_is_refused(paper: Paper, tmp_path: Path) -> None:
    for text in ("extends: nuke/article\nfields: {slug: {from: id}}\n", "{extends: nuke/article}\n"):
        paper.write({"article.yaml": text})
        with pytest.raises(ConfigurationError, match="between braces"):
            edited(paper, tmp_path, {"article.genre.constant": "page"})
        assert own(paper) == text


# --- who and when ---
def test_each_decision_carries_who_when_and_why(paper: Paper, tmp_path: Path) -> None:
    edited(paper, tmp_path, {
        "article.byline.from": "hometext", "article.byline.note": "hỏi chị Hoa:\nđúng",
        "article.slug.from": "id", "article.slug.decided by": "Minh: trưởng ban",
    })  # fmt: skip
    export([paper.bench()], tmp_path / "m.csv")
    table = {row["field"]: row for row in rows(tmp_path / "m.csv") if row["entity"] == "article"}
    assert (table["byline"]["decided by"], table["byline"]["note"]) == ("Lan", "hỏi chị Hoa: đúng")
    assert table["slug"]["decided by"] == "Minh trưởng ban"
    assert table["byline"]["when"].startswith("20")
    assert table["headline"]["decided by"] == table["headline"]["when"] == ""


def test_a_note_alone_is_a_decision_too(paper: Paper, tmp_path: Path) -> None:
    changed = edited(
        paper, tmp_path, {"article.topic.note": "báo này không có dòng sự kiện", "article.byline.note": "đúng"}
    )
    assert changed.fields == ("article.topic", "article.byline") or set(changed.fields) == {
        "article.topic",
        "article.byline",
    }
    assert "topic:" not in without_decisions(own(paper))
    export([paper.bench()], tmp_path / "m.csv")
    table = {row["field"]: row for row in rows(tmp_path / "m.csv") if row["entity"] == "article"}
    assert (table["topic"]["note"], table["topic"]["status"]) == ("báo này không có dòng sự kiện", "unmapped")
    assert table["byline"]["from"] == "author"


# --- what is refused ---
@pytest.mark.parametrize(("cells", "expected"), [
    ({"article.byline.from": "authro"}, ["article.byline: table 'nv4_rows' has no column 'authro'"]),
    ({"article.byline.steps": "[nfcc]"}, ["article.byline: unknown step 'nfcc'"]),
    ({"article.byline.steps": "nfc"}, ["article.byline: steps must be a list, not the text 'nfc'"]),
    ({"article.byline.steps": "[nfc"}, ["column 'steps': a bracket is not closed"]),
    ({"article.byline.steps": "[nfc]\nfrom: x"}, ["column 'steps': the structure breaks here"]),
    ({"article.headline.from": "", "article.headline.steps": ""}, ["article.headline is required"]),
    ({"article.section.to": "topic"}, ["article.section: 'section' points to a section, not to 'topic'"]),
    ({"article.byline.other": "{from: x}"}, ["column 'other': 'from' cannot stand here"]),
    ({"article.byline.other": "x"}, ["column 'other' must be a mapping"]),
    ({"article.byline.kind": "number"}, ["column 'kind' is not read back"]),
    ({"article.byline.entity": "articel"}, ["there is no field articel.byline"]),
    ({"article.slug.entity": "section"}, ["section.slug stands twice"]),
    ({"article.body_text.same": "body_html", "article.body_html.from": ""},
     ["article.body_text: `same` names 'body_html', which is not filled"]),
])  # fmt: skip
def test_a_mistake_is_refused_at_its_row(
    cells: dict[str, str], expected: list[str], paper: Paper, tmp_path: Path
) -> None:
    found = faults(paper, tmp_path, cells)
    assert [message for message in found if any(message.startswith(each) for each in expected)], found
    assert len(found) == len(expected)


def test_all_mistakes_are_told_at_once_with_their_rows(paper: Paper, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as error:
        edited(
            paper,
            tmp_path,
            {"article.byline.from": "authro", "article.slug.from": "alais", "section.slug.from": "alais"},
        )
    lines = [fault.line for fault in error.value.faults]
    with (tmp_path / "matrix.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file, delimiter=";"))
    assert {(table[line - 2]["entity"], table[line - 2]["field"]) for line in lines} == {
        ("article", "byline"), ("article", "slug"), ("section", "slug"),
    }  # fmt: skip
    assert len(lines) == 3


def test_a_field_that_another_needs_cannot_go(paper: Paper, tmp_path: Path) -> None:
    paper.write({"article.yaml": "extends: nuke/article\nfields:\n  body_text: {same: body_html}\n"})
    assert faults(paper, tmp_path, {"article.body_html.from": ""}) == [
        "article.body_html: `same` names 'body_html', which is not filled"
    ]


def test_a_mistake_that_was_there_before_does_not_stand_in_the_way(paper: Paper, tmp_path: Path) -> None:
    paper.write({"article.yaml": "extends: nuke/article\nfields:\n  slug: {from: alais}\n"})
    edited(paper, tmp_path, {"article.genre.constant": "page"})
    assert "genre: {constant: page}" in own(paper)


def test_a_workbook_comes_back_too(paper: Paper, tmp_path: Path) -> None:
    path = tmp_path / "m.xlsx"
    export([paper.bench()], path)
    book = openpyxl.load_workbook(path)
    page = book["bao"]
    head = {cell.value: cell.column for cell in page[1]}
    for row in page.iter_rows(min_row=2):
        if (row[0].value, row[1].value) == ("article", "is_locked"):
            page.cell(row[0].row or 0, head["constant"] or 0).value = True
    book.save(path)
    assert import_matrix([paper.bench()], path, "Lan").fields == ("article.is_locked",)
    assert "is_locked: {constant: true}" in own(paper)


def test_an_edit_that_would_change_more_is_not_made(
    monkeypatch: pytest.MonkeyPatch, paper: Paper, tmp_path: Path
) -> None:
    monkeypatch.setattr("migrator.workbench.matrix_import.with_field", lambda text, *_, **__: text + "where: {id: 1}\n")
    with pytest.raises(MigratorError, match="without changing more"):
        edited(paper, tmp_path, {"article.genre.constant": "page"})
    assert not (paper.folder / "article.yaml").exists()


def test_an_entry_too_long_for_a_line_stands_on_several() -> None:
    text = with_field(
        "entity: x\n", "body", {"from": "a" * 70, "steps": ["b" * 70]}, stands=True, decided=Decided("L", "2024")
    )
    assert (
        text
        == f"entity: x\nfields:\n  # decided body 2024 by L\n  body:\n    from: {'a' * 70}\n    steps: [{'b' * 70}]\n"
    )
