from pathlib import Path

import pytest

from tests.unit.run.paper import FILES, LEGACY, Paper


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    paper = Paper(tmp_path)
    paper.legacy(LEGACY)
    return paper
