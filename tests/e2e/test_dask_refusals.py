"""What a run over Dask refuses: with what is wrong, and what to do."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from migrator.ledger import SqlLedger
from tests import small_paper
from tests.conftest import new_database
from tests.dask_cluster import Cluster, cluster
from tests.e2e.outcome import PROGRAM

NOBODY = "tcp://127.0.0.1:9"  # the port of "discard": nobody listens there


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_paper.prepare(tmp_path_factory.mktemp("prepared") / "paper", 60, site=False)


@pytest.fixture
def on_files(prepared: Path, tmp_path: Path) -> Path:
    """A project whose ledger and target are SQLite files."""
    return Path(shutil.copytree(prepared, tmp_path / "paper"))


@pytest.fixture(scope="module")
def ledger_url(postgres_server: URL) -> Iterator[str]:
    with new_database(postgres_server, "ENCODING 'UTF8' TEMPLATE template0", "WITH (FORCE)") as url:
        yield url


@pytest.fixture
def on_server(on_files: Path, ledger_url: str) -> Path:
    """A project whose ledger and target are on a server."""
    text = (on_files / "migration.yaml").read_text(encoding="utf-8")
    for name in ("target", "ledger"):
        text = text.replace(f"sqlite:///{name}.sqlite", ledger_url)
    (on_files / "migration.yaml").write_text(text, encoding="utf-8")
    return on_files


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("dask") / "cluster") as started:
        yield started


def refused(project: Path, *words: str, program: tuple[str, ...] = PROGRAM) -> str:
    """What is said; nothing was begun."""
    line = [*program, "run", "--project", str(project), *words]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "What to do:" in done.stderr or "Việc cần làm" in done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--engine", "dask"], "needs the address of a scheduler"),
        (["--scheduler", NOBODY], "goes with --engine dask"),
        (["--engine", "dask", "--scheduler", NOBODY, "--workers", "2"], "Leave --workers out"),
        (["--engine", "dask", "--scheduler", "nonsense"], "'nonsense' is not the address of a scheduler"),
        (["--engine", "dask", "--scheduler", NOBODY], "The ledger is an SQLite file"),
    ],
)
def test_contradictions_are_refused(words: list[str], said: str, on_files: Path) -> None:
    assert said in refused(on_files, *words)
    assert not (on_files / "ledger.sqlite").exists()


@pytest.mark.parametrize("place", ["target", "vault"])
def test_files_of_one_machine_are_refused(place: str, on_server: Path) -> None:
    settings = on_server / "migration.yaml"
    text = settings.read_text(encoding="utf-8")
    if place == "target":
        lines = [
            'target: {url: "sqlite:///target.sqlite"}' if x.startswith("target:") else x for x in text.splitlines()
        ]
        text = "\n".join(lines)
    else:
        text += '\nvault: {url: "sqlite:///vault.sqlite"}\n'
    settings.write_text(text, encoding="utf-8")
    assert f"The {place} is an SQLite file" in refused(on_server, "--engine", "dask", "--scheduler", NOBODY)


def test_without_the_extra_it_says_what_to_install(on_server: Path) -> None:
    without = (
        sys.executable,
        "-c",
        "import sys; sys.modules['distributed'] = None; from migrator.cli import main; main()",
    )
    said = refused(on_server, "--engine", "dask", "--scheduler", NOBODY, program=without)
    assert "Dask is not installed" in said
    assert "pip install 'migrator[dask]'" in said


@pytest.mark.parametrize("address", [NOBODY, "tcp://no-such-host.invalid:8786"])
def test_a_scheduler_that_does_not_answer_is_named(address: str, on_server: Path) -> None:
    assert f"No Dask scheduler answers at {address}" in refused(on_server, "--engine", "dask", "--scheduler", address)


def test_a_scheduler_that_says_nothing_is_not_waited_for(on_server: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        assert "No Dask scheduler answers" in refused(on_server, "--engine", "dask", "--scheduler", address)


def test_a_cluster_without_workers_is_refused(dask: Cluster, on_server: Path) -> None:
    assert "No worker is connected" in refused(on_server, "--engine", "dask", "--scheduler", dask.address)


def test_workers_that_do_not_fit_are_refused(on_server: Path, ledger_url: str, tmp_path: Path) -> None:
    other = Path(shutil.copytree(on_server, tmp_path / "other"))
    mapping = other / "article.yaml"
    mapping.write_text(mapping.read_text(encoding="utf-8").replace("nfc, squeeze", "squeeze, nfc"), encoding="utf-8")
    shim = tmp_path / "newer.py"
    shim.write_text("import migrator\n\nmigrator.__version__ = '99.0'\n", encoding="utf-8")
    kinds: list[tuple[str, list[str], dict[str, str]]] = [
        ("has migrator 99.0, this run", ["--preload", str(shim)], {}),
        ("has other mappings in", [], {"MIGRATOR_PROJECT": str(other)}),
        ("finds no project in /nowhere", [], {"MIGRATOR_PROJECT": "/nowhere"}),
        ("Is the same version of migrator installed there?", ["--preload", str(_broken(tmp_path))], {}),
    ]
    for number, (said, words, environment) in enumerate(kinds):
        with cluster(tmp_path / f"cluster-{number}") as started:
            started.worker("odd", *words, environment=environment)
            assert said in refused(on_server, "--engine", "dask", "--scheduler", started.address)
    ledger = SqlLedger(ledger_url)
    try:
        assert ledger.latest_run() is None
    finally:
        ledger.close()


def _broken(folder: Path) -> Path:
    """A worker in whose environment there is no migrator."""
    shim = folder / "without.py"
    shim.write_text("import sys\n\nsys.modules['migrator'] = None\n", encoding="utf-8")
    return shim
