"""Many workers leave what one leaves: undisturbed, killed in any of its processes, or stopped and resumed."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from migrator.ledger import SqlLedger
from migrator.model.content import ENTITIES
from migrator.model.record import content_fingerprint
from migrator.read.sql.target import SqlReader
from tests import small_paper
from tests.e2e.outcome import PROGRAM, Left, fresh_copy, left_by, migrator, state

ARTICLES, BATCH = 150, 10
RUN = (*PROGRAM, "run", "--batch", str(BATCH), "--project")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_paper.prepare(tmp_path_factory.mktemp("prepared") / "paper", ARTICLES)


@pytest.fixture(scope="module")
def alone(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that one process carried over."""
    project = fresh_copy(prepared, tmp_path_factory.mktemp("alone") / "paper")
    migrator("run", "--project", project, "--batch", str(BATCH))
    return project


@pytest.fixture(scope="module")
def undisturbed(alone: Path) -> Left:
    left = left_by(alone)
    assert {bucket for bucket, _, _, _ in left.items.values()} >= {
        "created",
        "merged",
        "dropped",
        "rejected",
        "withheld",
    }
    return left


def journal(project: Path) -> list[tuple[int, int, bytes]]:
    """The batches in the order they were put on record: number, rows, Merkle root."""
    ledger = SqlLedger(f"sqlite:///{project}/ledger.sqlite")
    try:
        return [(entry.seq, entry.count, entry.root) for entry in ledger.journal()]
    finally:
        ledger.close()


def started(project: Path, workers: int = 2) -> subprocess.Popen[str]:
    """A run in a process group of its own."""
    words = [*RUN, str(project), "--workers", str(workers)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def workers_of(run: subprocess.Popen[str]) -> list[int]:
    """Process ids of the workers that are alive."""
    found = []
    for pid in Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split():
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if b"spawn_main" in words:
            found.append(int(pid))
    return found


def batches_in(project: Path) -> int:
    """Batches on record, read without touching the ledger the run is making."""
    try:
        with closing(sqlite3.connect(f"file:{project}/ledger.sqlite?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM journal").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def at_work(run: subprocess.Popen[str], project: Path, batches: int) -> bool:
    """Wait until so many batches are on record; False where the run ended before."""
    while run.poll() is None:
        if batches_in(project) >= batches:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("workers", [2, 5])
def test_what_workers_leave_is_what_one_process_leaves(
    workers: int, prepared: Path, alone: Path, undisturbed: Left, tmp_path: Path
) -> None:
    project = fresh_copy(prepared, tmp_path / "paper")
    migrator("run", "--project", project, "--batch", str(BATCH), "--workers", str(workers))
    assert left_by(project) == undisturbed
    assert journal(project) == journal(alone)


def test_workers_share_a_server(prepared: Path, undisturbed: Left, postgres_url: str, tmp_path: Path) -> None:
    project = fresh_copy(prepared, tmp_path / "paper")
    settings = (project / "migration.yaml").read_text(encoding="utf-8")
    for place in ("target", "ledger"):
        settings = settings.replace(f"sqlite:///{place}.sqlite", postgres_url)
    (project / "migration.yaml").write_text(settings, encoding="utf-8")
    migrator("run", "--project", project, "--batch", str(BATCH), "--workers", "3")
    ledger, reader = SqlLedger(postgres_url), SqlReader(postgres_url)
    try:
        items = {i.key: (i.bucket.value, i.reason, i.content, i.merged_into) for i in ledger.all_items()}
        assert items == undisturbed.items
        for entity, records in undisturbed.records.items():
            keys = [key for key, _, _ in records if key is not None]
            found = {r.key: content_fingerprint(ENTITIES[entity], r.fields) for r in reader.read(entity, keys)}
            assert found == {key: content for key, content, _ in records}
    finally:
        ledger.close()
        reader.close()


def test_a_second_run_with_workers_finds_nothing_to_do(alone: Path, tmp_path: Path) -> None:
    ours, theirs = (fresh_copy(alone, tmp_path / name) for name in ("ours", "theirs"))
    migrator("run", "--project", ours, "--workers", "2")
    migrator("run", "--project", theirs)
    assert left_by(ours) == left_by(theirs)
    assert journal(ours) == journal(theirs)
    assert (ours / "target.sqlite").read_bytes() == (alone / "target.sqlite").read_bytes()


def test_a_limit_counts_rows_whoever_carries_them(prepared: Path, tmp_path: Path) -> None:
    ours, theirs = (fresh_copy(prepared, tmp_path / name) for name in ("ours", "theirs"))
    for _ in range(2):  # a limited run has ended: the second one begins at the beginning, and finds its rows unchanged
        migrator("run", "--project", ours, "--batch", "7", "--limit", "25", "--workers", "2")
        migrator("run", "--project", theirs, "--batch", "7", "--limit", "25")
        assert left_by(ours) == left_by(theirs)
        assert journal(ours) == journal(theirs)


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_worker_is_replaced(seed: int, prepared: Path, undisturbed: Left, tmp_path: Path) -> None:
    chance = random.Random(seed)
    project = fresh_copy(prepared, tmp_path / "paper")
    run = started(project)
    assert at_work(run, project, batches=chance.randint(1, 25))
    time.sleep(chance.uniform(0, 0.05))
    os.kill(chance.choice(workers_of(run)), signal.SIGKILL)
    said, warned = run.communicate(timeout=120)
    assert run.returncode in {0, 3}, warned
    assert "1 worker(s) died" in warned + said
    assert left_by(project) == undisturbed


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_conductor_leaves_no_worker_and_is_resumed(
    seed: int, prepared: Path, undisturbed: Left, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    project = fresh_copy(prepared, tmp_path / "paper")
    for _ in range(3):
        run = started(project)
        if not at_work(run, project, batches=batches_in(project) + chance.randint(1, 9)):
            break
        workers = workers_of(run)
        run.kill()
        run.communicate(timeout=30)
        until = time.monotonic() + 10
        while any(Path(f"/proc/{pid}").exists() for pid in workers):
            assert time.monotonic() < until, "a worker outlived its run"
            time.sleep(0.02)
    migrator("run", "--project", project, "--batch", str(BATCH), "--workers", str(chance.randint(1, 3)))
    assert left_by(project) == undisturbed


def test_ctrl_c_stops_between_batches_and_the_run_is_resumed(prepared: Path, undisturbed: Left, tmp_path: Path) -> None:
    project = fresh_copy(prepared, tmp_path / "paper")
    run = started(project)
    assert at_work(run, project, batches=5)
    os.killpg(run.pid, signal.SIGINT)
    _, warned = run.communicate(timeout=60)
    assert run.returncode == 130, warned
    assert "Traceback" not in warned
    assert left_by(project).open_intents == 0
    migrator("run", "--project", project, "--batch", str(BATCH), "--workers", "2")
    assert left_by(project) == undisturbed


def test_a_row_that_kills_every_worker_stops_the_run_with_a_sentence(prepared: Path, tmp_path: Path) -> None:
    project = fresh_copy(prepared, tmp_path / "paper")
    (project / "deadly.py").write_text(
        "import os\n\n\ndef die(value, context):\n    if context.row.position[0] > 60:\n        os.kill(os.getpid(), 9)\n"
        "    return value\n"
    )
    mapping = (project / "article.yaml").read_text(encoding="utf-8")
    assert mapping.count("nfc, squeeze]}") == 1
    mapping = mapping.replace("nfc, squeeze]}", "nfc, squeeze, {python: deadly:die}]}")
    (project / "article.yaml").write_text(mapping, encoding="utf-8")
    done = migrator("run", "--project", project, "--batch", "10", "--workers", "2", "--allow-python", check=False)
    assert done.returncode == 1, done.stderr
    assert "3 workers died one after the other" in done.stderr
    assert "SIGKILL" in done.stderr
    assert state(project) == "at work"
