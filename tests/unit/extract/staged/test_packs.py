"""A pack is whole and what its name says, or it is named and refused."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from migrator.errors import EvidenceError, StopRun
from migrator.extract.staged.packs import PackStore

LINES = [b'["head"]', *(b"[%d]" % number for number in range(500))]


@pytest.fixture
def store(tmp_path: Path) -> PackStore:
    return PackStore(tmp_path / "packs")


def test_a_pack_is_named_by_its_content_private_and_readable_without_this_program(store: PackStore) -> None:
    digest, size, packed, new = store.keep(LINES)
    path = store.path(digest)
    content = gzip.decompress(path.read_bytes())
    assert hashlib.sha256(content).hexdigest() == digest
    assert (len(content), path.stat().st_size, packed) == (size, packed, new)
    assert store.lines(digest, size) == LINES
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
        assert {folder.stat().st_mode & 0o777 for folder in path.parents[:2]} == {0o700}


def test_the_same_rows_take_no_new_space(store: PackStore) -> None:
    first = store.keep(LINES)
    before = store.path(first[0]).read_bytes()
    assert store.keep(LINES) == (*first[:3], 0)
    assert store.path(first[0]).read_bytes() == before
    assert len(list(store.names())) == 1


def bend(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Callable[[Path, Path], object]] = {
    "a flipped bit in the middle": lambda path, _: bend(path, path.stat().st_size // 2),
    "a flipped bit in the head": lambda path, _: bend(path, 0),
    "a flipped bit at the end": lambda path, _: bend(path, -1),
    "cut off": lambda path, _: path.write_bytes(path.read_bytes()[:-9]),
    "cut off before the checksum": lambda path, _: path.write_bytes(path.read_bytes()[:-8]),
    "empty": lambda path, _: path.write_bytes(b""),
    "missing": lambda path, _: path.unlink(),
    "swapped": lambda path, other: shutil.copy(other, path),
    "longer": lambda path, _: path.write_bytes(path.read_bytes() + b"x"),
    "another pack behind it": lambda path, other: path.write_bytes(path.read_bytes() + other.read_bytes()),
    "a bomb": lambda path, _: path.write_bytes(gzip.compress(b"\x00" * 50_000_000)),
    "a folder": lambda path, _: make_folder(path),
    "no gzip": lambda path, _: path.write_bytes(b"[1]\n" * 100),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_pack_is_named_and_refused(store: PackStore, damage: str) -> None:
    digest, size, _, _ = store.keep(LINES)
    other, *_ = store.keep(LINES[::-1])
    DAMAGES[damage](store.path(digest), store.path(other))
    with pytest.raises(EvidenceError, match=digest):
        store.lines(digest, size)


@pytest.mark.parametrize("damage", [name for name in DAMAGES if name != "a folder"])
def test_staged_again_a_damaged_pack_is_mended(store: PackStore, damage: str) -> None:
    digest, size, packed, _ = store.keep(LINES)
    other, *_ = store.keep(LINES[::-1])
    DAMAGES[damage](store.path(digest), store.path(other))
    assert store.keep(LINES) == (digest, size, packed, packed)
    assert store.lines(digest, size) == LINES


def test_a_full_disk_is_a_clear_error_and_leaves_nothing_half_written(
    store: PackStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StopRun, match="No space left"):
        store.keep(LINES)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_packs_nobody_names_are_removed(store: PackStore) -> None:
    kept, *_ = store.keep(LINES)
    gone, *_ = store.keep(LINES[::-1])
    half = store.path(gone).with_name("x.123.part")
    half.write_bytes(b"")
    assert store.remove_all_but({kept}) == 1
    assert list(store.names()) == [kept]
    assert not half.exists()
