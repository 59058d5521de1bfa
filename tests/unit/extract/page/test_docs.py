"""The commands in docs/pages.md run, and its profile is one."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from migrator.extract.page import load_profile
from migrator.extract.page.model import REASONS
from migrator.extract.page.profile import FIELDS
from pages import page

TEXT = (Path(__file__).resolve().parents[4] / "docs" / "pages.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = [line for kind, block in BLOCKS if not kind for line in block.splitlines()]
(PROFILE,) = [block for kind, block in BLOCKS if kind == "yaml"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    article = page("nukeviet", 1)
    (tmp_path / "old-article.html").write_bytes(article.data)
    (tmp_path / "copied-text.txt").write_text("Một dòng chữ chép lại từ trang cũ.\nMinh Hảo\n", encoding="utf-8")
    (tmp_path / "my-paper.yaml").write_text(PROFILE, encoding="utf-8")
    lines = [json.dumps({"id": number, "url": article.url, "html": article.data.decode()}) for number in range(3)]
    (tmp_path / "pages.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_run(command: str, folder: Path) -> None:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        command, shell=True, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    if "articles.jsonl" in command:
        answers = (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(answer)["id"] for answer in answers] == [0, 1, 2]
    else:
        assert done.stdout.strip()


def test_the_profile_is_one(folder: Path, sites: Path) -> None:
    profile = load_profile(folder / "my-paper.yaml", sites)
    assert profile.marks.css == ("div.my-detail", "#my-tags")
    assert profile.rules["byline"][0].pick == "last"


def test_everything_is_told(sites: Path) -> None:
    named = set(re.findall(r"`([\w-]+)`", TEXT))
    assert {path.stem for path in sites.glob("*.yaml")} <= named
    assert set(REASONS) <= named
    (fields,) = re.findall(r"`(headline standfirst [^`]+)`", TEXT)
    assert set(fields.split()) == set(FIELDS)
