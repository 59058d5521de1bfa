"""M1: bytes that are lost, damaged, exchanged or left over are found; what is missing at the source is kept apart."""

import dataclasses
import hashlib
from pathlib import Path
from typing import Any

import pytest

from migrator.model.audit import AuditedEntity, Identity, Place
from migrator.model.content import ENTITIES
from migrator.model.finding import Check, Waiver
from migrator.ports import Baseline
from migrator.verify.magic import kind, state
from tests.unit.verify.world import FakeMedia, World, audit, key, load, sound

JPEG = b"\xff\xd8\xff\xe0 a picture of the port"
PNG = b"\x89PNG\r\n\x1a\n a map"
HTML = b"<!DOCTYPE html><html><body>404</body></html>"


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


FILES: dict[int, tuple[str, str, bytes | None]] = {
    1: ("uploads/a.jpg", "stored", JPEG),
    2: ("uploads/b.png", "stored", PNG),
    3: ("uploads/c.jpg", "stored", JPEG + b"c"),
    4: ("uploads/d.jpg", "missing", None),
    5: ("uploads/e.jpg", "empty", b""),
    6: ("uploads/f.jpg", "not-media", HTML),
    7: ("uploads/g.jpg", "wrong-extension", PNG + b"g"),
    8: ("uploads/copy.jpg", "stored", JPEG),
}


def illustrated() -> World:
    """Eight files of the inventory, four of them with something the matter at the source."""
    world = sound()
    asset = AuditedEntity("asset", "files", None, ("id",), identities=(Identity("path", Place("path")),), bare=("photographer",),
                          empty=("created_at", "taken_at"))  # fmt: skip
    world.statement = dataclasses.replace(audit(), entities={**audit().entities, "asset": asset})
    world.entities = ("section", "tag", "person", "asset", "article")
    world.source["asset"], world.media = {}, FakeMedia()
    for number, (path, said, data) in FILES.items():
        world.source["asset"][number] = {"id": number, "path": path}
        fields: dict[str, Any] = {"path": path, "file_state": said}
        if data is not None:
            world.media.files[path] = data
        if data is not None and said in {"stored", "wrong-extension"}:
            fields |= {"sha256": sha(data), "size_bytes": len(data)}
            world.media.store[sha(data)] = data
        load(world, "asset", number, fields)
    world.before = [Baseline(name, 0, None) for name in ENTITIES]
    world.entries, world.said = [], {}
    world.journal_entry(list(world.known))
    return world


def media(world: World) -> FakeMedia:
    assert world.media is not None
    return world.media


def check(world: World, folder: Path) -> Check:
    return next(each for each in world.examine(folder).checks if each.id == "M1")


def named(world: World) -> set[tuple[str, str, str]]:
    return {(d["key"], d["field"], d["kind"]) for d in world.differences() if d["check"] == "M1"}


def test_files_that_arrived(tmp_path: Path) -> None:
    world = illustrated()
    result = check(world, tmp_path)
    assert (result.holds, named(world)) == (True, set())
    assert world.findings() == {
        ("file-missing", key("asset", 4)), ("file-empty", key("asset", 5)), ("file-not-media", key("asset", 6)),
        ("file-wrong-extension", key("asset", 7)),
    }  # fmt: skip
    (account,) = world.examine(tmp_path).accounts.media
    assert account.states == {"stored": 4, "missing": 1, "empty": 1, "not-media": 1, "wrong-extension": 1}
    assert account.outcomes == {"compared": 5, "kept": 5, "absent": 1}
    found = ("missing", "empty", "not-media", "wrong-extension")
    world.waivers = [Waiver(f"file-{each}", "asset", 1, False, "?", "?") for each in found]
    assert world.examine(tmp_path).verdict == "accepted_with_waivers"


def test_a_file_that_was_lost(tmp_path: Path) -> None:
    world = illustrated()
    del media(world).store[sha(PNG)]
    assert check(world, tmp_path).holds is False
    assert named(world) == {(key("asset", 2), "sha256", "missing")}
    assert world.differences()[0]["detail"].startswith("lost")


def test_a_file_of_two_records_that_was_lost_is_two_differences(tmp_path: Path) -> None:
    world = illustrated()
    del media(world).store[sha(JPEG)]
    check(world, tmp_path)
    assert named(world) == {(key("asset", number), "sha256", "missing") for number in (1, 8)}


def test_one_flipped_bit_at_the_target(tmp_path: Path) -> None:
    world = illustrated()
    media(world).store[sha(PNG)] = PNG[:-1] + bytes([PNG[-1] ^ 1])
    check(world, tmp_path)
    assert named(world) == {(key("asset", 2), "sha256", "changed")}


def test_one_flipped_bit_at_the_source(tmp_path: Path) -> None:
    world = illustrated()
    media(world).files["uploads/b.png"] = PNG[:-1] + bytes([PNG[-1] ^ 1])
    check(world, tmp_path)
    assert named(world) == {(key("asset", 2), "sha256", "changed")}


def test_a_file_no_record_speaks_of(tmp_path: Path) -> None:
    world = illustrated()
    media(world).store |= {sha(b"?"): b"?", "notes.txt": b"x"}
    check(world, tmp_path)
    assert named(world) == {(f"target:asset:{sha(b'?')}", "", "extra"), ("target:asset:notes.txt", "", "extra")}


WRONG: dict[str, tuple[int, dict[str, Any], str, str]] = {
    "lost, though the source has it": (1, {"file_state": "missing", "sha256": None}, "file_state", "missing"),
    "HTML in a JPEG called a picture": (
        6, {"file_state": "stored", "sha256": sha(HTML), "size_bytes": len(HTML)}, "file_state", "changed",
    ),
    "a PNG called by another name": (7, {"file_state": "stored"}, "file_state", "changed"),
    "nothing called something": (5, {"file_state": "not-media"}, "file_state", "changed"),
    "another size": (2, {"size_bytes": 7}, "size_bytes", "changed"),
    "stored without bytes": (2, {"sha256": None}, "sha256", "missing"),
    "no bytes, but a digest": (4, {"sha256": sha(JPEG)}, "sha256", "extra"),
    "bytes the source does not have": (4, {"file_state": "stored", "sha256": sha(JPEG)}, "file_state", "extra"),
    "the bytes of another file": (2, {"sha256": sha(JPEG), "size_bytes": len(JPEG)}, "sha256", "changed"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_record_that_says_something_else(what: str, tmp_path: Path) -> None:
    number, fields, field, kind_of = WRONG[what]
    world = illustrated()
    if "HTML" in what:
        media(world).store[sha(HTML)] = HTML
    world.send("asset", number, **fields)
    assert check(world, tmp_path).holds is False
    assert (key("asset", number), field, kind_of) in named(world)
    assert {name for name, _, _ in named(world)} <= {key("asset", number), f"target:asset:{sha(PNG)}"}


def test_a_source_whose_files_nobody_has(tmp_path: Path) -> None:
    world = illustrated()
    media(world).readable = ()
    result = check(world, tmp_path)
    assert "not compared with the source, whose files nobody has given: web" in result.statement
    del media(world).store[sha(PNG)]
    assert check(world, tmp_path).holds is False


def test_a_source_that_kept_only_some_bytes(tmp_path: Path) -> None:
    world = illustrated()
    media(world).whole = False
    for path in ("uploads/e.jpg", "uploads/f.jpg"):
        del media(world).files[path]
    assert check(world, tmp_path).holds is True
    media(world).whole = True
    assert check(world, tmp_path).holds is False


def test_records_nobody_looked_at_were_not_compared(tmp_path: Path) -> None:
    world = illustrated()
    world.send("asset", 1, file_state=None, sha256=None)
    assert check(world, tmp_path).not_compared == 1


def test_without_files_nothing_is_claimed(tmp_path: Path) -> None:
    world = illustrated()
    world.media = None
    examination = world.examine(tmp_path)
    assert not [each for each in examination.checks if each.id == "M1"]
    assert "M1: no files of media are brought over" in examination.not_checked


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (JPEG, "jpeg"), (PNG, "png"), (b"GIF89a..", "gif"), (b"RIFF\0\0\0\0WEBPVP8 ", "webp"), (b"%PDF-1.7", "pdf"),
        (b"\0\0\0\x18ftypmp42", "iso"), (b"ID3\x04", "mp3"), (b"\xff\xfb\x90\x00", "mp3"), (b"OggS", "ogg"),
        (b"PK\x03\x04", "zip"), (HTML, "html"), (b"  \r\n<HTML>", "html"), (b"<?xml version='1.0'?><html>", "html"),
        (b"<svg xmlns='x'>", "svg"), (b"Not Found", "text"), (b"\x00\x01\x02", ""), (b"", ""),
    ],
)  # fmt: skip
def test_what_bytes_are(head: bytes, expected: str) -> None:
    assert kind(head) == expected


@pytest.mark.parametrize(
    ("head", "path", "expected"),
    [
        (JPEG, "a/b.JPG", "stored"), (PNG, "a.jpg", "wrong-extension"), (HTML, "a.jpg", "not-media"), (b"", "a.jpg", "empty"),
        (b"Not Found", "a.jpg", "not-media"), (HTML, "a", "not-media"), (HTML, "a.html", "stored"), (b"x,y", "a.csv", "stored"),
        (b"\x00\x01", "a.mp4", "wrong-extension"), (JPEG, "a.jpg?w=600", "stored"), (b"{\\rtf1", "a.doc", "stored"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_file(head: bytes, path: str, expected: str) -> None:
    assert state(head, len(head), path) == expected
