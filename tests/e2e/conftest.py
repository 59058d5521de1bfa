"""The demo, and the small paper in WordPress: made once for all tests that look at what they leave behind."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import wordpress_paper
from tests.e2e.demo_made import ARTICLES, Demo, closing, opened
from tests.e2e.outcome import migrator
from tests.wordpress_site import WordPress


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`migrator demo` run to its end: a legacy newsroom made, harvested, carried over, verified and reported."""
    import os

    if os.environ.get("DEVDEMO"):
        with closing(opened(Path(os.environ["DEVDEMO"]), 0, "")) as made:
            yield made
        return
    folder = tmp_path_factory.mktemp("demo") / "demo"
    done = migrator("demo", folder, "--articles", str(ARTICLES), check=False)
    with closing(opened(folder, done.returncode, done.stdout + done.stderr)) as made:
        yield made


@pytest.fixture(scope="session")
def paper_prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has not run yet."""
    return wordpress_paper.prepare(tmp_path_factory.mktemp("prepared") / "paper", wordpress_paper.ARTICLES)


@pytest.fixture(scope="session")
def paper_arrived(
    paper_prepared: Path, wordpress_site: WordPress, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any]]:
    """A project carried over in one go, and what is left by it; the WordPress is kept as it then was."""
    wordpress_site.reset()
    project = wordpress_paper.aim(paper_prepared, tmp_path_factory.mktemp("arrived") / "paper", wordpress_site.url)
    done = wordpress_paper.migrator(wordpress_site.password, "run", "--project", project)
    assert "Left out, as migration.yaml says: version – bản lưu cũ ở lại hệ thống cũ" in done.stdout
    wordpress_site.remember("arrived")
    return project, wordpress_paper.left_by(project, wordpress_site)


@pytest.fixture
def paper_carried(paper_arrived: tuple[Path, dict[str, Any]], wordpress_site: WordPress, tmp_path: Path) -> Path:
    """A copy of that project; its WordPress stands as the run left it."""
    wordpress_site.reset("arrived")
    project = tmp_path / "paper"
    shutil.copytree(paper_arrived[0], project)
    return project
