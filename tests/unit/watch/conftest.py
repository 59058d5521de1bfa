from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.run.paper import FILES, LEGACY, Paper
from tests.unit.watch.sinks import Mailbox, Posts, mail_server, web_server


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    paper = Paper(tmp_path)
    paper.legacy(LEGACY)
    return paper


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server(Mailbox()) as box:
        yield box


@pytest.fixture
def posts() -> Iterator[Posts]:
    with web_server(Posts()) as posts:
        yield posts
