"""Bytes of media: whole under their SHA-256, or not there."""

import hashlib
import io
from pathlib import Path
from typing import BinaryIO

import pytest

from migrator.errors import AccessError
from migrator.load.media import MediaFolder

PICTURE = b"\x89PNG" + bytes(range(256)) * 40
NAME = hashlib.sha256(PICTURE).hexdigest()


class Shelf:
    """A source of files that may lie."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files, self.asked = files, 0

    def open(self, sha256: str) -> BinaryIO | None:
        self.asked += 1
        return io.BytesIO(self.files[sha256]) if sha256 in self.files else None


def test_bytes_are_brought_once_and_stand_under_their_name(tmp_path: Path) -> None:
    shelf = Shelf({NAME: PICTURE})
    folder = MediaFolder(tmp_path / "media", [Shelf({}), shelf])
    assert (folder.bring(NAME), folder.bring(NAME)) == ("", "")
    assert (tmp_path / "media" / NAME[:2] / NAME[2:]).read_bytes() == PICTURE
    assert shelf.asked == 1


def test_other_bytes_than_announced_are_refused_and_leave_nothing(tmp_path: Path) -> None:
    folder = MediaFolder(tmp_path, [Shelf({NAME: PICTURE[:-1]})])
    assert folder.bring(NAME) == f"the source's bytes are not those of {NAME}"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_bytes_nobody_has_are_named(tmp_path: Path) -> None:
    assert MediaFolder(tmp_path, [Shelf({})]).bring(NAME) == f"no source has the bytes of {NAME}"


def test_a_folder_that_cannot_be_written_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "media").write_bytes(b"a file in the way")
    with pytest.raises(AccessError, match="cannot be written"):
        MediaFolder(tmp_path / "media", [Shelf({NAME: PICTURE})]).bring(NAME)
