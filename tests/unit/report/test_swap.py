"""Replacing an older report: whole or not at all."""

from pathlib import Path

import pytest

from migrator.errors import ConfigurationError
from migrator.report.swap import replacing


def write(folder: Path, text: str) -> None:
    (folder / "report.json").write_text(text)
    (folder / "lists").mkdir()
    (folder / "lists" / f"{text}.csv").write_text(text)


def test_the_new_report_takes_the_place_of_the_old(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "report"
    for text in ("old", "new"):
        with replacing(out) as folder:
            write(folder, text)
    assert (out / "report.json").read_text() == "new"
    assert [file.name for file in (out / "lists").iterdir()] == ["new.csv"]
    assert [entry.name for entry in out.parent.iterdir()] == ["report"]


def test_a_failure_leaves_the_old_report(tmp_path: Path) -> None:
    out = tmp_path / "report"
    with replacing(out) as folder:
        write(folder, "old")

    def fail() -> None:
        with replacing(out) as folder:
            write(folder, "half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (out / "report.json").read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report"]


def test_what_people_put_beside_a_report_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "report"
    with replacing(out) as folder:
        write(folder, "old")
    (out / "bien-ban-da-ky.pdf").write_text("signed")
    (out / "index.en.html").write_text("old page")
    with replacing(out) as folder:
        write(folder, "new")
    assert sorted(entry.name for entry in out.iterdir()) == ["bien-ban-da-ky.pdf", "lists", "report.json"]


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_is_no_report_is_not_replaced(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out"
    if kind == "folder":
        out.mkdir()
        (out / "thesis.txt").write_text("mine")
    else:
        out.write_text("mine")
    with pytest.raises(ConfigurationError, match="not a report"), replacing(out):
        pass
    assert out.exists()
