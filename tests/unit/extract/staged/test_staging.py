"""Read once: killed, stopped, slowed down and done again, with the same packs in the end."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from migrator.cli.progress import Silence
from migrator.errors import AccessError, EvidenceError, StopRun
from migrator.extract.sql import SqlExtractor
from migrator.extract.staged import Catalogue, Plan, Staged, StagedExtractor, Staging, packs_in, read_catalogue, values
from migrator.extract.staged.progress import StagingProgress
from migrator.model.source import Selection
from tests.unit.extract.staged.killed_staging import PLACES, PLAN

ROWS = 3000
NEWS = Selection("old", "article", ("id",), table="news")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("legacy") / "legacy.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE news (id INTEGER PRIMARY KEY, title TEXT, body TEXT)")
        connection.execute("CREATE TABLE tag (word TEXT)")
        rows = ((n, f"Tin {n}", f"{n * n} chữ " * (n % 97 + 50)) for n in range(1, ROWS + 1))
        connection.executemany("INSERT INTO news VALUES (?, ?, ?)", rows)
        connection.executemany("INSERT INTO tag VALUES (?)", ((f"từ {n}",) for n in range(500)))
    return path


@pytest.fixture
def live(database: Path) -> Iterator[SqlExtractor]:
    extractor = SqlExtractor(f"sqlite:///{database}", "old")
    yield extractor
    extractor.close()


def stage(live: SqlExtractor, folder: Path, plan: Plan = PLAN) -> Staged:
    return Staging("old", live, folder, plan).carry_out(Silence())


def packs_of(folder: Path) -> list[tuple[str, list[str]]]:
    catalogue = read_catalogue(folder)
    assert catalogue is not None
    return [(each.name, [pack.digest for pack in each.packs]) for each in catalogue.copy.relations]


@pytest.fixture(scope="module")
def whole(database: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, list[str]]]:
    """The packs of a staging that nobody disturbed."""
    folder = tmp_path_factory.mktemp("whole") / "copy"
    extractor = SqlExtractor(f"sqlite:///{database}", "old")
    staged = stage(extractor, folder)
    extractor.close()
    assert staged.rows == ROWS + 500 + ROWS // 2
    found = packs_of(folder)
    assert len(found[0][1]) > 3
    return found


@pytest.mark.parametrize("point", [f"{place}:{moment}" for place in PLACES for moment in ("before", "after")])
@pytest.mark.parametrize("number", [1, 3])
def test_killed_anywhere_it_goes_on(
    point: str, number: int, database: Path, live: SqlExtractor, whole: list[tuple[str, list[str]]], tmp_path: Path
) -> None:
    if point.startswith(("catalogue", "remove")) and number > 1:
        pytest.skip("that happens once")
    folder = tmp_path / "copy"
    words = [
        sys.executable,
        "-m",
        "tests.unit.extract.staged.killed_staging",
        str(database),
        str(folder),
        point,
        str(number),
    ]
    killed = subprocess.run(words, capture_output=True, check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    packs = packs_in(folder)
    for digest in packs.names():  # whole, or not there
        assert packs.path(digest).stat().st_size > 0
        with pytest.raises(EvidenceError, match="more or less"):
            packs.content(digest, 1)
    stage(live, folder)
    assert packs_of(folder) == whole
    assert sorted(packs.names()) == sorted({digest for _, digests in whole for digest in digests})
    assert list(folder.rglob("*.part")) == []
    assert not (folder / "progress.sqlite").exists()


def test_stopped_it_keeps_what_is_in_packs(
    live: SqlExtractor, whole: list[tuple[str, list[str]]], tmp_path: Path
) -> None:
    calls = iter(range(10**6))
    stopped = Staging("old", live, tmp_path / "copy", PLAN, stopping=lambda: next(calls) > 2).carry_out(Silence())
    assert stopped.catalogue is None
    assert 0 < stopped.rows < ROWS
    assert read_catalogue(tmp_path / "copy") is None
    done = stage(live, tmp_path / "copy")
    assert done.catalogue is not None
    assert (done.catalogue.copy.sessions, done.catalogue.copy.consistent) == (2, False)
    assert done.catalogue.copy.at_end == {"news": ROWS, "tag": 500}
    assert packs_of(tmp_path / "copy") == whole


def test_staged_again_nothing_is_new_and_a_changed_row_makes_one_pack(
    live: SqlExtractor, database: Path, tmp_path: Path
) -> None:
    before = stage(live, tmp_path / "copy")
    assert before.new_bytes > 0
    assert stage(live, tmp_path / "copy").new_bytes == 0
    other = tmp_path / "other.sqlite"
    other.write_bytes(database.read_bytes())
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("DELETE FROM news WHERE id = 41")
    changed = SqlExtractor(f"sqlite:///{other}", "old")
    known = set(packs_in(tmp_path / "copy").names())
    again = stage(changed, tmp_path / "copy")
    changed.close()
    assert again.catalogue is not None
    news = again.catalogue.copy.relations[0].packs
    assert sum(pack.digest not in known for pack in news) <= 2 < len(news)
    assert again.rows == before.rows - 1


def test_a_rate_is_kept(live: SqlExtractor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    staged = Staging("old", live, tmp_path / "copy", PLAN, rate=100).carry_out(Silence())
    assert now[0] == pytest.approx(staged.rows / 100, abs=0.1)


def test_two_cannot_stage_the_same_source(live: SqlExtractor, tmp_path: Path) -> None:
    other = StagingProgress(tmp_path / "copy" / "progress.sqlite")
    with pytest.raises(AccessError, match="Another process"):
        stage(live, tmp_path / "copy")
    other.close()
    assert stage(live, tmp_path / "copy").catalogue is not None


def test_another_plan_begins_again_and_columns_may_be_left_out(live: SqlExtractor, tmp_path: Path) -> None:
    Staging("old", live, tmp_path / "copy", PLAN, stopping=lambda: True).carry_out(Silence())
    staged = stage(live, tmp_path / "copy", Plan(("news",), {}, {"news": ("body",)}))
    assert staged.catalogue is not None
    extractor = StagedExtractor(tmp_path / "copy", staged.catalogue)
    assert [dict(row.values) for row in extractor.read(NEWS, None, 1)] == [{"id": 1, "title": "Tin 1"}]
    assert extractor.tables()["news"].columns == ("id", "title")
    extractor.close()
    assert b"ch\xe1\xbb\xaf" not in b"".join(
        packs_in(tmp_path / "copy").content(pack.digest, pack.size) for pack in staged.catalogue.copy.relations[0].packs
    )


@pytest.mark.parametrize("number", [0, -1])
def test_reading_a_damaged_pack_ends_the_reading(live: SqlExtractor, tmp_path: Path, number: int) -> None:
    catalogue = whole_catalogue(stage(live, tmp_path / "copy"))
    extractor = StagedExtractor(tmp_path / "copy", catalogue)
    assert len(extractor.read(NEWS, None, ROWS)) == ROWS
    extractor.close()
    pack = catalogue.copy.relations[0].packs[number]
    path = packs_in(tmp_path / "copy").path(pack.digest)
    path.write_bytes(path.read_bytes()[:-20])
    extractor = StagedExtractor(tmp_path / "copy", catalogue)
    with pytest.raises(EvidenceError, match=pack.digest):  # the view knows the keys; what they stand for is read anew
        extractor.read(NEWS, None, ROWS)
    extractor.close()


def whole_catalogue(staged: Staged) -> Catalogue:
    assert staged.catalogue is not None
    return staged.catalogue


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"format": 99}', b"\xff"])
def test_a_damaged_catalogue_is_refused(live: SqlExtractor, tmp_path: Path, data: bytes) -> None:
    stage(live, tmp_path / "copy")
    (tmp_path / "copy" / "catalogue.json").write_bytes(data)
    with pytest.raises(EvidenceError, match=r"catalogue\.json"):
        read_catalogue(tmp_path / "copy")
    assert stage(live, tmp_path / "copy").new_bytes == 0


def test_a_value_without_an_exact_form_is_named(
    live: SqlExtractor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(row: list[object]) -> bytes:
        raise TypeError("Range has no exact form in a pack")

    real = values.line
    monkeypatch.setattr(values, "line", lambda row: refuse(row) if "Tin 1" in row else real(row))
    with pytest.raises(StopRun, match=r"news\.title: Range"):
        stage(live, tmp_path / "copy")
