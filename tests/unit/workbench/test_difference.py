"""Another version of a mapping is tried on every source row; what changes is counted and shown."""

from __future__ import annotations

import sqlite3
import subprocess
import zipfile
from pathlib import Path

import pytest

from migrator.errors import ConfigurationError
from migrator.transform.compile import CompiledMapping
from migrator.workbench.difference import MERGE, RECORD, Change, Summary, compare, excerpts
from migrator.workbench.revision import older_mapping
from tests.unit.workbench.conftest import Paper

LOADED, UNREAD = "a record", "not read"
STATUS = "legacy,target\n1,published\n4,draft\n7,archived\n007,draft\n"


def mapping(paper: Paper, article: str = "") -> CompiledMapping:
    text = f"extends: nuke/article\nentity: article\n{article}"
    paper.write({"article.yaml": text, "crosswalks/status.csv": STATUS})
    return paper.mapping()


def changes(paper: Paper, before: str, after: str, sample: int | None = None) -> dict[str, tuple[object, object]]:
    """`key.field` -> (before, after)."""
    old, new = mapping(paper, before), mapping(paper, after)
    found = [change for row in compare(old, new, paper.bench().extractor, sample) for change in row]
    return {f"{c.key.split(':')[2]}.{c.field}": (c.before, c.after) for c in found}


def test_nothing_changes_where_the_mapping_says_the_same(paper: Paper) -> None:
    assert changes(paper, "", "fields: {byline: {from: author, steps: [nfc]}}\n") == {}


def test_fields_that_change_are_named_with_both_values(paper: Paper) -> None:
    assert changes(paper, "", "fields: {byline: {steps: [nfc, {prefix: 'Bài: '}]}}\n") == {
        "1.byline": ("An", "Bài: An"), "2.byline": ("Bình", "Bài: Bình"), "5.byline": ("An", "Bài: An"),
    }  # fmt: skip


def test_rows_that_are_kept_out_by_one_version(paper: Paper) -> None:
    rules = "rules: [{name: noted, when: {note: b}, then: withhold}]\n"
    assert changes(paper, "", rules) == {
        f"2.{RECORD}": ("a record", "withheld: noted"), f"4.{RECORD}": ("dropped: blank", "withheld: noted"),
    }  # fmt: skip


def test_a_crosswalk_counts_as_a_part_of_the_mapping(paper: Paper) -> None:
    old = mapping(paper)
    paper.write({"crosswalks/status.csv": STATUS.replace("7,archived", "7,expired")})
    found = [c for row in compare(old, paper.mapping(), paper.bench().extractor, None) for c in row]
    assert {(c.key, c.field, c.before, c.after) for c in found} == {
        (f"bao:article:{number}", "status", "archived", "expired") for number in (2, 3)
    }


@pytest.mark.parametrize(("before", "after", "expected"), [
    ("", "where: {id: {lt: 3}}\n", {"3": (LOADED, UNREAD), "4": ("dropped: blank", UNREAD), "5": (LOADED, UNREAD)}),
    ("where: {id: {lt: 5}}\n", "where: {id: {gt: 3}}\n",
     {"1": (LOADED, UNREAD), "2": (LOADED, UNREAD), "3": (LOADED, UNREAD), "5": (UNREAD, LOADED)}),
])  # fmt: skip
def test_rows_that_only_one_version_reads(
    before: str, after: str, expected: dict[str, tuple[str, str]], paper: Paper
) -> None:
    assert changes(paper, before, after) == {f"{key}.{RECORD}": values for key, values in expected.items()}


def test_another_side_is_read_for_the_older_version(paper: Paper) -> None:
    found = changes(paper, "", "sides: {detail: {where: {id: 1}}}\n")
    assert found == {"2.body_html": ("<p>Hai</p>", None)}


def test_an_entity_only_one_version_has(paper: Paper) -> None:
    new = mapping(paper)
    extractor = paper.bench().extractor
    added = [c for row in compare(None, new, extractor, None) for c in row]
    gone = [c for row in compare(new, None, extractor, None) for c in row]
    assert [(c.before, c.after) for c in added] == [("not read", "a record")] * 3 + [("not read", "dropped: blank")] + [
        ("not read", "a record")
    ]
    assert [(c.after, c.before) for c in gone] == [(c.before, c.after) for c in added]


def test_another_way_to_tell_duplicates(paper: Paper) -> None:
    found = changes(paper, "", "merge: {on: [headline]}\n")
    assert found.keys() == {f"{number}.{MERGE}" for number in (1, 2, 3, 5)}


def test_a_sample_is_spread_over_the_keys(paper: Paper) -> None:
    connection = sqlite3.connect(paper.url.removeprefix("sqlite:///"))
    connection.executemany(
        "INSERT INTO nv4_rows (id, title, status, author, publtime) VALUES (?, 't', 1, 'x', 1200000000)",
        [(n,) for n in range(100, 2100)],
    )
    connection.commit()
    connection.close()
    old, new = mapping(paper), mapping(paper, "fields: {byline: {steps: [nfc, {prefix: y}]}}\n")
    summary = Summary()
    keys = []
    for row in compare(old, new, paper.bench().extractor, 50):
        summary.add(row)
        keys += [int(change.key.split(":")[2]) for change in row]
    assert 40 <= summary.rows <= 60
    assert summary.records == len(keys) == len(set(keys))
    assert min(keys) < 200
    assert max(keys) > 1700


def test_the_summary_counts_all_and_keeps_a_few() -> None:
    summary = Summary()
    for number in range(10):
        summary.add([Change(f"k{number}", "article", "byline", "a", "b")] if number % 2 else [])
    assert (summary.rows, summary.records, summary.fields["article", "byline"]) == (10, 5, 5)
    assert [change.key for change in summary.examples["article", "byline"]] == ["k1", "k3", "k5"]


@pytest.mark.parametrize(("before", "after", "expected"), [
    (None, "", ("∅", "")),
    (True, 1, ("true", "1")),
    (("a", "b"), (), ("[a, b]", "[]")),
    ("x" * 500 + "A" + "y" * 500, "x" * 500 + "B" + "y" * 500,
     ("…" + "x" * 40 + "A" + "y" * 79 + "…", "…" + "x" * 40 + "B" + "y" * 79 + "…")),
    ("a" * 200, "a" * 200 + "b", ("…" + "a" * 40, "…" + "a" * 40 + "b")),
])  # fmt: skip
def test_long_values_are_shown_where_they_part(before: object, after: object, expected: tuple[str, str]) -> None:
    assert excerpts(before, after) == expected  # type: ignore[arg-type]


# --- older states ---
def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=T", "-c", "user.email=t@example.vn", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A project in a subfolder of a repository, with something in it that is no mapping."""
    folder = tmp_path / "repo" / "bài" / "paper"
    (folder / "crosswalks").mkdir(parents=True)
    (folder / "migration.yaml").write_text("name: one\n", encoding="utf-8")
    (folder / "crosswalks" / "tình trạng.csv").write_text("legacy,target\n", encoding="utf-8")
    (folder / "legacy.sqlite").write_bytes(b"x" * 100)
    (folder / "pen.py").write_text("code\n", encoding="utf-8")
    (folder / "big.csv").write_bytes(b"x" * 6_000_000)
    (folder / "link.yaml").symlink_to("/etc/hostname")
    git(tmp_path / "repo", "init", "-q")
    git(tmp_path / "repo", "add", "-A")
    git(tmp_path / "repo", "commit", "-qm", "one")
    git(tmp_path / "repo", "tag", "v1")
    (folder / "migration.yaml").write_text("name: two\n", encoding="utf-8")
    return folder


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("revision", ["v1", "HEAD"])
def test_a_git_revision_gives_its_mapping_files(revision: str, repository: Path) -> None:
    with older_mapping(repository, revision, None) as folder:
        assert files(folder) == {"migration.yaml": "name: one\n", "crosswalks/tình trạng.csv": "legacy,target\n"}
    assert not folder.exists()
    with older_mapping(repository, revision, None, with_python=True) as folder:
        assert files(folder)["pen.py"] == "code\n"


@pytest.mark.parametrize(
    "revision", ["nothing", "-h", "--help", "--output=/tmp/x", "HEAD; touch x", "HEAD:migration.yaml", ""]
)
def test_what_is_no_revision_is_an_error(revision: str, repository: Path) -> None:
    with pytest.raises(ConfigurationError) as error, older_mapping(repository, revision, None):
        pass
    assert error.value.next_step
    assert not (repository / "x").exists()


def test_a_folder_outside_git_and_a_machine_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(ConfigurationError, match="no git revision"), older_mapping(tmp_path, "HEAD", None):
        pass
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        pytest.raises(ConfigurationError, match="git is not installed") as error,
        older_mapping(tmp_path, "HEAD", None),
    ):
        pass
    assert "--against" in error.value.next_step


def test_a_folder_is_taken_as_it_is(repository: Path) -> None:
    with older_mapping(repository, None, repository) as folder:
        assert folder == repository
    with pytest.raises(ConfigurationError, match="Compare with what"), older_mapping(repository, "HEAD", repository):
        pass


def test_a_zip_file_is_unpacked_where_its_settings_are(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        archive.writestr("old/paper/migration.yaml", "name: one\n")
        archive.writestr("old/paper/crosswalks/s.csv", "legacy,target\n")
        archive.writestr("old/other.yaml", "x: 1\n")
        archive.writestr("old/paper/legacy.sqlite", "x")
    with older_mapping(tmp_path, None, tmp_path / "old.zip") as folder:
        assert files(folder) == {"migration.yaml": "name: one\n", "crosswalks/s.csv": "legacy,target\n"}


@pytest.mark.parametrize("name", ["../evil.yaml", "/tmp/evil.yaml", "big.yaml"])
def test_a_zip_file_writes_nowhere_else_and_not_too_much(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "old.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, bytes(6_000_000) if name == "big.yaml" else b"x: 1\n")
    with pytest.raises(ConfigurationError), older_mapping(tmp_path, None, tmp_path / "old.zip"):
        pass
    assert not (tmp_path.parent / "evil.yaml").exists()


def test_what_is_neither_folder_nor_zip_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no")
    with pytest.raises(ConfigurationError, match="neither"), older_mapping(tmp_path, None, tmp_path / "x.zip"):
        pass
