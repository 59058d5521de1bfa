"""Dask workers leave what one process leaves: undisturbed, killed, frozen and woken, or gone on with by another engine."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import URL

from migrator.ledger import SqlLedger
from tests import small_paper
from tests.conftest import new_database
from tests.dask_cluster import Cluster, Worker, cluster, is_stopped
from tests.e2e.outcome import PROGRAM, Left, fresh_copy, left_at, migrator

ARTICLES, BATCH = 60, 15
PRELOAD = Path(__file__).with_name("freezing_worker.py")
WAIT_S = 90.0
KILL_EVERY_S = float(os.environ.get("MIGRATOR_TEST_KILL_EVERY_S", "4"))
KILLED_ARTICLES = int(os.environ.get("MIGRATOR_TEST_KILLED_ARTICLES", "60"))


@dataclass(frozen=True)
class Paper:
    """A project folder whose ledger, vault and target are databases of a server."""

    folder: Path
    ledger_url: str
    target_url: str

    def left(self) -> Left:
        """What a run left, the vault included."""
        with connected(self.ledger_url) as connection:
            withheld: dict[str, str] = dict(
                connection.execute(sa.text("SELECT key, content_sha256 FROM withheld")).all()
            )
        return replace(left_at(self.ledger_url, self.target_url), withheld=withheld)

    def journal(self) -> list[tuple[int, int, bytes]]:
        """The batches in the order they were put on record: number, rows, Merkle root."""
        ledger = SqlLedger(self.ledger_url)
        try:
            return [(entry.seq, entry.count, entry.root) for entry in ledger.journal()]
        finally:
            ledger.close()

    def batches(self) -> int:
        """Batches on record; the ledger's tables may not be there yet."""
        with connected(self.ledger_url) as connection:
            if not sa.inspect(connection).has_table("journal"):
                return 0
            return int(connection.execute(sa.text("SELECT count(*) FROM journal")).scalar_one())

    def versions(self) -> dict[str, list[tuple[str, ...]]]:
        """Every row of the target and the ledger with the transaction that wrote it: even the same words again would show."""
        found = {}
        for url in {self.target_url, self.ledger_url}:
            with connected(url) as connection:
                for name in sa.inspect(connection).get_table_names():
                    rows = connection.execute(sa.text(f'SELECT t.xmin::text, t.ctid::text FROM "{name}" t ORDER BY 2'))
                    found[f"{url}/{name}"] = [tuple(row) for row in rows]
        return found


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def placed(prepared: Path, folder: Path, server: URL) -> Iterator[Paper]:
    """A copy of a prepared project, with databases of its own."""
    options = ("ENCODING 'UTF8' TEMPLATE template0", "WITH (FORCE)")
    with new_database(server, *options) as ledger_url, new_database(server, *options) as target_url:
        project = fresh_copy(prepared, folder)
        text = (project / "migration.yaml").read_text(encoding="utf-8")
        text = text.replace("sqlite:///target.sqlite", target_url).replace("sqlite:///ledger.sqlite", ledger_url)
        (project / "migration.yaml").write_text(f'{text}\nvault: {{url: "{ledger_url}"}}\n', encoding="utf-8")
        yield Paper(project, ledger_url, target_url)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_paper.prepare(tmp_path_factory.mktemp("prepared") / "paper", ARTICLES)


@pytest.fixture
def paper(prepared: Path, tmp_path: Path, postgres_server: URL) -> Iterator[Paper]:
    with placed(prepared, tmp_path / "paper", postgres_server) as made:
        yield made


@pytest.fixture(scope="module")
def alone(prepared: Path, tmp_path_factory: pytest.TempPathFactory, postgres_server: URL) -> Iterator[Paper]:
    """A project that one process carried over."""
    with placed(prepared, tmp_path_factory.mktemp("alone") / "paper", postgres_server) as made:
        migrator("run", "--project", made.folder, "--batch", str(BATCH))
        yield made


@pytest.fixture(scope="module")
def undisturbed(alone: Paper) -> Left:
    left = alone.left()
    assert {bucket for bucket, _, _, _ in left.items.values()} >= {
        "created",
        "merged",
        "dropped",
        "rejected",
        "withheld",
    }
    assert left.withheld
    return left


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Cluster]:
    with cluster(tmp_path / "cluster") as started:
        yield started


def words(paper: Paper, dask: Cluster, *more: str, batch: int = BATCH) -> list[str]:
    place = ["--project", str(paper.folder), "--batch", str(batch)]
    return ["run", *place, "--engine", "dask", "--scheduler", dask.address, *more]


def started(paper: Paper, dask: Cluster, *more: str, batch: int = BATCH) -> subprocess.Popen[str]:
    """A run in a process group of its own."""
    return subprocess.Popen(
        [*PROGRAM, *words(paper, dask, *more, batch=batch)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def ended(run: subprocess.Popen[str]) -> str:
    """What the run said, when it came to its end as it should."""
    said, warned = run.communicate(timeout=WAIT_S)
    assert run.returncode in {0, 3}, said + warned
    return said + warned


def at_work(run: subprocess.Popen[str], paper: Paper, batches: int) -> None:
    """Wait until so many batches are on record."""
    until = time.monotonic() + WAIT_S
    while paper.batches() < batches:
        assert run.poll() is None, run.communicate()
        assert time.monotonic() < until, f"no {batches} batches in {WAIT_S} s"
        time.sleep(0.05)


def freezing(dask: Cluster, folder: Path, point: str, call: int) -> tuple[Worker, Path]:
    """A worker that freezes at a point, and where it says so."""
    folder.mkdir()
    environment = {
        "MIGRATOR_FREEZE": point,
        "MIGRATOR_FREEZE_CALL": str(call),
        "MIGRATOR_FREEZE_FOLDER": str(folder),
    }
    return dask.worker("freezing", "--preload", str(PRELOAD), environment=environment), folder


def wait_for(path: Path) -> str:
    """The text of a file, as soon as it is there."""
    until = time.monotonic() + WAIT_S
    while not path.is_file():
        assert time.monotonic() < until, f"no {path.name} in {WAIT_S} s"
        time.sleep(0.05)
    return path.read_text(encoding="utf-8")


def test_what_dask_workers_leave_is_what_one_process_leaves(
    paper: Paper, alone: Paper, undisturbed: Left, dask: Cluster
) -> None:
    for name in ("first", "second"):
        dask.worker(name)
    migrator(*words(paper, dask))
    assert paper.left() == undisturbed
    assert paper.journal() == alone.journal()


def test_a_worker_that_comes_later_takes_part(paper: Paper, alone: Paper, dask: Cluster) -> None:
    first = dask.worker("first")
    run = started(paper, dask, "--lease", "3")
    at_work(run, paper, 3)
    dask.worker("second")
    pid = first.send(signal.SIGSTOP)
    said = ended(run)
    assert pid is not None
    os.kill(pid, signal.SIGCONT)
    assert "1 worker(s) died" in said
    assert [(seq, count) for seq, count, _ in paper.journal()] == [(seq, count) for seq, count, _ in alone.journal()]


@pytest.mark.slow
def test_workers_killed_again_and_again_lose_and_double_nothing(
    tmp_path: Path, postgres_server: URL, dask: Cluster
) -> None:
    made = small_paper.prepare(tmp_path / "made", KILLED_ARTICLES, site=False)
    chance = random.Random(5)
    workers = [dask.worker(name) for name in ("first", "second")]
    with (
        placed(made, tmp_path / "disturbed", postgres_server) as disturbed,
        placed(made, tmp_path / "calm", postgres_server) as calm,
    ):
        migrator("run", "--project", calm.folder, "--batch", "5")
        run = started(disturbed, dask, batch=5)
        kills, seen = 0, 1
        while run.poll() is None:
            if disturbed.batches() <= seen:  # three that die without anything getting done end a run
                time.sleep(0.1)
                continue
            kills += chance.choice(workers).send(signal.SIGKILL) is not None
            seen = disturbed.batches()
            with suppress(subprocess.TimeoutExpired):
                run.wait(KILL_EVERY_S)
        ended(run)
        print(f"{kills} workers killed")
        assert kills >= 2
        assert disturbed.left() == calm.left()
        assert [row[:2] for row in disturbed.journal()] == [row[:2] for row in calm.journal()]


@pytest.mark.slow
@pytest.mark.parametrize(
    "point",
    [
        "before-the-turn",
        "between-intent-and-act",
        "within-the-act",
        "between-act-and-confirmation",
        "within-the-confirmation",
    ],
)
def test_a_frozen_worker_writes_nothing_when_it_wakes(
    point: str, paper: Paper, undisturbed: Left, dask: Cluster, tmp_path: Path
) -> None:
    _, said = freezing(dask, tmp_path / "said", point, call=3)
    dask.worker("other")
    run = started(paper, dask, "--lease", "3")
    pid = int(wait_for(said / "frozen"))
    ended(run)
    assert is_stopped(pid)
    assert paper.left() == undisturbed
    before = paper.versions()
    os.kill(pid, signal.SIGCONT)
    assert wait_for(said / "woken") in {"Superseded", "StopRun"}
    assert paper.versions() == before


@pytest.mark.slow
@pytest.mark.parametrize("point", ["between-intent-and-act", "within-the-confirmation"])
def test_a_worker_that_wakes_while_the_run_goes_on_takes_part_again(
    point: str, paper: Paper, undisturbed: Left, dask: Cluster, tmp_path: Path
) -> None:
    _, said = freezing(dask, tmp_path / "said", point, call=3)
    dask.worker("other")
    run = started(paper, dask, "--lease", "3", batch=5)
    pid = int(wait_for(said / "frozen"))
    at_work(run, paper, paper.batches() + 2)
    os.kill(pid, signal.SIGCONT)
    assert wait_for(said / "woken") == "Superseded"
    ended(run)
    assert paper.left() == undisturbed


@pytest.mark.slow
def test_a_worker_that_outlives_its_run_is_kept_out_by_the_next_one(
    paper: Paper, undisturbed: Left, dask: Cluster, tmp_path: Path
) -> None:
    _, said = freezing(dask, tmp_path / "said", "between-intent-and-act", call=4)
    run = started(paper, dask)
    pid = int(wait_for(said / "frozen"))
    run.kill()
    run.communicate(timeout=30)
    migrator("run", "--project", paper.folder, "--batch", str(BATCH))  # one process goes on with it
    assert paper.left() == undisturbed
    before = paper.versions()
    os.kill(pid, signal.SIGCONT)
    assert wait_for(said / "woken") == "Superseded"
    assert paper.versions() == before


def test_a_killed_conductor_leaves_a_run_that_dask_goes_on_with(paper: Paper, undisturbed: Left, dask: Cluster) -> None:
    dask.worker("only")
    run = started(paper, dask)
    at_work(run, paper, 4)
    run.kill()
    run.communicate(timeout=30)
    migrator(*words(paper, dask))
    assert paper.left() == undisturbed


@pytest.mark.parametrize("how", ["Ctrl-C", "migrator stop"])
def test_a_run_that_is_stopped_is_gone_on_with_by_local_workers(
    how: str, paper: Paper, undisturbed: Left, dask: Cluster
) -> None:
    dask.worker("only")
    run = started(paper, dask)
    at_work(run, paper, 4)
    if how == "Ctrl-C":
        os.killpg(run.pid, signal.SIGINT)
    else:
        migrator("stop", "--project", paper.folder)
    said, warned = run.communicate(timeout=WAIT_S)
    assert run.returncode == 130, said + warned
    assert "Traceback" not in warned
    assert paper.left().open_intents == 0
    migrator("run", "--project", paper.folder, "--batch", str(BATCH), "--workers", "2")
    assert paper.left() == undisturbed


def test_a_scheduler_that_dies_stops_the_run_with_a_sentence(paper: Paper, undisturbed: Left, dask: Cluster) -> None:
    dask.worker("only")
    run = started(paper, dask)
    at_work(run, paper, 4)
    dask.scheduler.kill()
    _, warned = run.communicate(timeout=WAIT_S)
    assert run.returncode == 1, warned
    assert "The Dask scheduler does not answer any more." in warned
    assert "Traceback" not in warned
    migrator("run", "--project", paper.folder, "--batch", str(BATCH))
    assert paper.left() == undisturbed
