"""A demo project prepared, run and examined once; every test works on a copy of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tamper.newsroom import Examined, copy, examine, prepare, run


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has not run."""
    return prepare(tmp_path_factory.mktemp("prepared") / "demo")


@pytest.fixture(scope="session")
def migrated(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same project after its run. Not to be changed."""
    project = copy(prepared, tmp_path_factory.mktemp("migrated") / "demo")
    run(project)
    return project


@pytest.fixture(scope="session")
def clean(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Examined:
    """What is said of the project nobody touched."""
    return examine(copy(migrated, tmp_path_factory.mktemp("clean") / "demo"))


@pytest.fixture
def project(migrated: Path, tmp_path: Path) -> Path:
    """A migrated project of the test's own."""
    return copy(migrated, tmp_path / "demo")
