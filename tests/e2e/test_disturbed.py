"""A run whose way to its database is disturbed ends as if nobody had disturbed it: no loss, nothing doubled."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from migrator import db
from migrator.cli.progress import Silence
from migrator.errors import AccessError, MigratorError, StopRun
from migrator.project.compose import Project
from migrator.run.loop import Options, run
from tests import small_paper
from tests.e2e.outcome import Left, fresh_copy, left_at, migrator
from tests.proxy import Action, Fault, Kind, Proxy, faults

ARTICLES, BATCH = 60, 15
MOST_STARTS = 30  # what breaks while a run begins ends it; it is tried again only once there is something to lose


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has not run yet."""
    return small_paper.prepare(tmp_path_factory.mktemp("prepared") / "paper", ARTICLES)


@pytest.fixture(scope="module")
def undisturbed(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Left:
    """What a run leaves behind that nobody disturbs, SQLite to SQLite."""
    project = fresh_copy(prepared, tmp_path_factory.mktemp("undisturbed") / "paper")
    migrator("run", "--project", project, "--batch", str(BATCH))
    return left_at(f"sqlite:///{project}/ledger.sqlite", f"sqlite:///{project}/target.sqlite")


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits that suit a test."""
    monkeypatch.setattr(db, "RETRY_AFTER_S", (0.01, 0.1, 0.5))


def disturbed(project: Path, place: str, server: str, planned: list[Fault]) -> tuple[int, list[Fault]]:
    """Run a project whose target or ledger is behind a proxy, until it ends; how often it was started, and the faults."""
    settings = project / "migration.yaml"
    text, stops = settings.read_text(encoding="utf-8"), list[MigratorError]()
    with Proxy(server, planned) as proxy:
        settings.write_text(text.replace(f"sqlite:///{place}.sqlite", proxy.url), encoding="utf-8")
        for start in range(1, MOST_STARTS + 1):
            try:
                with Project(project) as opened:
                    parts = opened.parts()
                    assert run(parts, Options("run", opened.mapping_digest(), batch=BATCH), Silence()).ended == "done"
            except (AccessError, StopRun) as error:
                stops.append(error)
                continue
            assert all(error.next_step for error in stops)
            return start, proxy.done
    raise AssertionError(f"not ended after {MOST_STARTS} starts: {proxy.done}")


def left_of(project: Path, place: str, server: str) -> Left:
    """What it left, read past the proxy."""
    urls = {name: f"sqlite:///{project}/{name}.sqlite" for name in ("ledger", "target")} | {place: server}
    return left_at(urls["ledger"], urls["target"])


PLACES = [("target", "mariadb_url"), ("target", "postgres_url"), ("ledger", "postgres_url")]
KINDS: tuple[Kind, ...] = ("read", "write", "commit")
ACTIONS: tuple[Action, ...] = ("drop", "reset", "delay", "lose-answer", "go-away")


@pytest.mark.parametrize(("place", "server"), PLACES, ids=lambda value: value.removesuffix("_url"))
def test_every_kind_of_statement_disturbed_in_every_way(
    place: str, server: str, prepared: Path, undisturbed: Left, tmp_path: Path, hasty: None,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    url = request.getfixturevalue(server)
    project = fresh_copy(prepared, tmp_path / "paper")
    planned = [Fault(kind, 3 + 4 * turn, action) for kind in KINDS for turn, action in enumerate(ACTIONS)]
    _, done = disturbed(project, place, url, [*planned, Fault("connect", 4, "drop")])
    assert set(done) >= set(planned)
    assert left_of(project, place, url) == undisturbed


@pytest.mark.parametrize(("place", "server"), PLACES, ids=lambda value: value.removesuffix("_url"))
def test_disturbed_at_random(
    place: str, server: str, prepared: Path, undisturbed: Left, tmp_path: Path, hasty: None,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    url = request.getfixturevalue(server)
    project = fresh_copy(prepared, tmp_path / "paper")
    _, done = disturbed(project, place, url, faults(random.Random(74), 24, 40))
    assert len(done) >= 8
    assert left_of(project, place, url) == undisturbed


def test_without_trying_again_the_run_stops_with_a_sentence_and_goes_on(
    prepared: Path, undisturbed: Left, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    monkeypatch.setattr(db, "RETRY_AFTER_S", ())
    project = fresh_copy(prepared, tmp_path / "paper")
    planned = [Fault("write", 9, "reset"), Fault("commit", 20, "lose-answer")]
    starts, done = disturbed(project, "target", postgres_url, planned)
    assert (starts, len(done)) == (3, 2)
    assert left_of(project, "target", postgres_url) == undisturbed
