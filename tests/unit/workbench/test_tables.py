"""Tables go to a spreadsheet and come back as they were, or are refused with the cell that is not certain."""

from __future__ import annotations

import datetime
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.errors import ConfigurationError, Fault
from migrator.workbench.csv_table import guarded, read_csv, unguarded, write_csv
from migrator.workbench.spreadsheet import read_tables, write_sheets
from migrator.workbench.table import Sheet, demand_columns
from migrator.workbench.xlsx_write import sheet_names

CELLS = ["007", "1000000000000000000", "=1+1", "+84 225", "-1", "-1.50", "@x", "'quoted", "'=x", " edge ", "a;b,c\td", 'say "no"',
         "https://a.example/x", "two\nlines", "＝1", "TRUE", "1E5", "Đã xuất bản", ""]  # fmt: skip


def cells_of(path: Path, columns: Sequence[str] = ("a", "b")) -> list[list[str]]:
    (table,) = read_tables(path, columns)
    assert not [fault for line in table.lines for fault in line.broken.values()]
    return [[line.cells[column] for column in columns] for line in table.lines]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_every_text_comes_back_as_it_was(suffix: str, tmp_path: Path) -> None:
    rows = [[cell, "x"] for cell in CELLS]
    path = tmp_path / f"table.{suffix}"
    write_sheets(path, [Sheet("s", ["a", "b"], rows)])
    assert cells_of(path) == rows


@given(st.text(max_size=8), st.text(alphabet="'=+-@1\t\r\n＝", max_size=4))
@settings(max_examples=300)
def test_a_guard_comes_off_again_and_no_cell_is_a_formula(text: str, hard: str) -> None:
    for cell in (text, hard, hard + text):
        assert unguarded(guarded(cell)) == cell
        kept = guarded(cell)
        assert not kept.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝")) or kept.lstrip("-").isdigit()


def test_a_file_of_the_same_content_has_the_same_bytes(tmp_path: Path) -> None:
    sheet = Sheet("s", ["a", "count"], [["x", "3"]], {"a": ["x", "y"]}, frozenset({"count"}))
    write_sheets(tmp_path / "one.xlsx", [sheet])
    write_sheets(tmp_path / "two.xlsx", [sheet])
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("a,b\n1,Đà\n".encode(), [["1", "Đà"]]),
        ("\ufeffa;b\r\n1;Đà\r\n".encode(), [["1", "Đà"]]),
        ("a\tb\n1\tĐà\n".encode("utf-16"), [["1", "Đà"]]),
        ("a;b\n1;Đà\n".encode("utf-16-be"), [["1", "Đà"]]),
        ("a;b\n1;Đà\n".encode("utf-16-le"), [["1", "Đà"]]),
        (b"sep=;\r\na;b\r\n1,5;2\r\n", [["1,5", "2"]]),
        (b'"x,y";a;b\n1;2;3\n', [["2", "3"]]),  # more commas than wanted columns, yet the semicolon is right
        (b" A , B \n1,2\n\n , \n3\n", [["1", "2"], ["3", ""]]),
    ],
)  # fmt: skip
def test_csv_of_every_kind_is_read(data: bytes, expected: list[list[str]], tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(data)
    assert cells_of(tmp_path / "t.csv") == expected


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ("a,b\nx,Đ\n".encode("cp1258"), ":2: is not UTF-8"),
        (b"a,b\n1,2,3\n", ":2: has 3 cells, the header 2"),
        (b"a,a\n1,2\n", ":1: column 'a' stands twice"),
        (b"", ":1: has no header line"),
        (b'a,b\n"1,2\n' + b"x" * 140_000, "is not readable as CSV"),
    ],
)
def test_csv_that_cannot_be_trusted_is_refused(data: bytes, fault: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(data)
    with pytest.raises(ConfigurationError) as error:
        read_csv(tmp_path / "t.csv", ("a", "b"))
    assert fault in str(error.value.faults[0])


def test_rows_count_as_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b'sep=,\na,b\n"two\nlines",x\nlast,y\n')
    assert [line.row for line in read_csv(tmp_path / "t.csv", ("a", "b")).lines] == [3, 5]


def sheet(path: Path, cells: dict[str, object], formats: dict[str, str] | None = None, merge: str = "") -> Path:
    """A workbook as a person fills it in."""
    book = openpyxl.Workbook()
    page: Any = book.worksheets[0]
    page["A1"], page["B1"] = "a", "b"
    for address, value in cells.items():
        page[address] = value
    for address, number_format in (formats or {}).items():
        page[address].number_format = number_format
    if merge:
        page.merge_cells(merge)
    book.save(path)
    return path


def test_numbers_are_taken_where_their_digits_are_certain(tmp_path: Path) -> None:
    cells = {"A2": 7, "B2": 999_999_999_999_999, "A3": 1.5, "B3": True, "A4": 12.0, "B4": -3}
    assert cells_of(sheet(tmp_path / "t.xlsx", dict(cells))) == [
        ["7", "999999999999999"],
        ["1.5", "true"],
        ["12", "-3"],
    ]


def broken(path: Path) -> list[Fault]:
    faults: list[Fault] = []
    for table in read_tables(path, ("a",)):
        demand_columns(table, ("a",), ("a",), faults)
    return faults


@pytest.mark.parametrize(
    ("value", "number_format", "problem"),
    [
        ("=1+1", "General", "cell A2 holds a formula"),
        (1_000_000_000_000_000, "General", "cell A2 holds a number of more than 15 digits"),
        (7, "000", "cell A2 shows a number in the format 000"),
        (1 / 3, "General", "no certain digits"),
        (datetime.date(2024, 5, 1), "yyyy-mm-dd", "cell A2 holds a date"),
        ("#N/A", "General", "cell A2 holds the error #N/A"),
    ],
)
def test_a_cell_that_is_not_certain_is_refused_by_its_address(
    value: object, number_format: str, problem: str, tmp_path: Path
) -> None:
    (fault,) = broken(sheet(tmp_path / "t.xlsx", {"A2": value}, {"A2": number_format}))
    assert problem in fault.message
    assert fault.line == 2
    assert fault.file.endswith("[Sheet]")


def test_what_stands_in_other_columns_does_not_matter(tmp_path: Path) -> None:
    assert broken(sheet(tmp_path / "t.xlsx", {"A2": "x", "B2": "=VLOOKUP(A2,C:D,2)"})) == []


def test_merged_cells_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as error:
        read_tables(sheet(tmp_path / "t.xlsx", {"A2": "x"}, merge="A2:A4"), ("a",))
    assert "A2:A4 are merged" in error.value.faults[0].message


def test_missing_columns_are_all_named(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    faults: list[Fault] = []
    assert not demand_columns(read_csv(tmp_path / "t.csv"), ("legacy", "target"), (), faults)
    assert [fault.message for fault in faults] == ["there is no column 'legacy'", "there is no column 'target'"]


@pytest.mark.parametrize("cell", ["x" * 32_768, "before _x000D_ after", "half \ud83d of a letter"])
def test_a_workbook_does_not_take_what_it_would_lose(cell: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as error:
        write_sheets(tmp_path / "t.xlsx", [Sheet("s", ["a"], [["good"], [cell]])])
    assert error.value.faults[0].line == 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["bomb.xlsx", "no.xlsx", "empty.xlsx"])
def test_a_file_that_is_no_workbook_is_an_error_with_a_next_step(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if name == "bomb.xlsx":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("x", "w") as entry:
            for _ in range(31):
                entry.write(bytes(10_000_000))
    elif name == "empty.xlsx":
        with zipfile.ZipFile(path, "w"):
            pass
    else:
        path.write_bytes(b"a,b\n1,2\n")
    with pytest.raises(ConfigurationError) as error:
        read_tables(path, ("a",))
    assert error.value.next_step


def read(path: Path) -> None:
    read_tables(path, ("a",))


def write(path: Path) -> None:
    write_sheets(path, [Sheet("s", ["a"], [])])


@pytest.mark.parametrize(("module", "act"), [("openpyxl", read), ("xlsxwriter", write)])
def test_without_the_library_csv_works_and_xlsx_says_what_to_install(
    module: str, act: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sheet(tmp_path / "t.xlsx", {"A2": "x"})
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ConfigurationError, match=module) as error:
        act(path)
    assert "migrator[reports]" in error.value.next_step
    write_sheets(tmp_path / "t.csv", [Sheet("s", ["a"], [["1"]])])
    assert cells_of(tmp_path / "t.csv", ["a"]) == [["1"]]


def test_a_csv_file_takes_one_table_and_other_endings_none(tmp_path: Path) -> None:
    two = [Sheet("one", ["a"], []), Sheet("two", ["a"], [])]
    with pytest.raises(ConfigurationError, match="one, two"):
        write_sheets(tmp_path / "t.csv", two)
    with pytest.raises(ConfigurationError, match=r"only \.csv and \.xlsx"):
        write_sheets(tmp_path / "t.xls", two)
    with pytest.raises(ConfigurationError, match="no file"):
        read_tables(tmp_path / "t.csv", ("a",))


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", ["a"], [["old"]])
    with pytest.raises(TypeError):
        write_csv(tmp_path / "t.csv", ["a"], [["new"], None])  # type: ignore[list-item]
    assert cells_of(tmp_path / "t.csv", ["a"]) == [["old"]]
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_sheet_names_are_what_excel_takes() -> None:
    names = ["status", "a" * 40, "a" * 35, "x/y", "x:y", "STATUS"]
    found = list(sheet_names(names).values())
    assert len({name.lower() for name in found}) == len(names)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in found)
