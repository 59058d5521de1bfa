"""The demo, made once for all tests that look at what it leaves behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.demo_made import ARTICLES, Demo, closing, opened
from tests.e2e.outcome import migrator


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`migrator demo` run to its end: a legacy newsroom made, harvested, carried over, verified and reported."""
    import os

    if os.environ.get("DEVDEMO"):
        from pathlib import Path

        with closing(opened(Path(os.environ["DEVDEMO"]), 0, "")) as made:
            yield made
        return
    folder = tmp_path_factory.mktemp("demo") / "demo"
    done = migrator("demo", folder, "--articles", str(ARTICLES), check=False)
    with closing(opened(folder, done.returncode, done.stdout + done.stderr)) as made:
        yield made
