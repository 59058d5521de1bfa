"""Temporary folders go with their owner: at its end, or, where it was killed, when the next one begins."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from migrator.scratch import Scratch, sweep

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no flock")
OWNER = """
import sys
from pathlib import Path
from migrator.scratch import Scratch
scratch = Scratch(Path(sys.argv[1]))
(scratch.path / "rows.sqlite").write_text("rows of a legacy system")
print(scratch.path, flush=True)
sys.stdin.read()
"""


def test_a_killed_owner_s_folder_goes_when_the_next_begins_and_a_living_one_s_stays(tmp_path: Path) -> None:
    words = [sys.executable, "-c", OWNER, str(tmp_path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        folder = Path(owner.stdout.readline().strip())
        os.utime(folder, (0, 0))
        sweep(tmp_path)
        assert (folder / "rows.sqlite").is_file()
        owner.send_signal(signal.SIGKILL)
        owner.wait(30)
    assert folder.is_dir()
    os.utime(folder)
    Scratch(tmp_path).close()
    assert folder.is_dir(), "so young a folder may be one whose owner has not locked it yet"
    os.utime(folder, (0, 0))
    Scratch(tmp_path).close()
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_a_scratch_folder_stays(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "owner").write_bytes(b"")
    folder = tmp_path / "tmp"
    folder.mkdir()
    (folder / "migrator-someone").mkdir()  # no owner file
    (folder / "migrator-file").write_text("a file")
    (folder / "migrator-link").symlink_to(elsewhere)
    (folder / "other").mkdir()
    for path in folder.iterdir():
        os.utime(path, (0, 0), follow_symlinks=False)
    sweep(folder)
    assert len(list(folder.iterdir())) == 4
    assert (elsewhere / "owner").is_file()


def test_it_is_for_this_user_alone_and_goes_at_the_end(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    assert scratch.path.stat().st_mode & 0o777 == 0o700
    scratch.close()
    assert list(tmp_path.iterdir()) == []
