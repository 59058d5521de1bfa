"""Files by what they are: magic bytes, dimensions, and the content-addressed store."""

from __future__ import annotations

import errno
import hashlib
import struct
from pathlib import Path

import pytest

import legacy_newsroom
from migrator.errors import StopRun
from migrator.extract.site import Addresses, FileStore, FolderFetch, Known
from migrator.extract.site.files import Receiver
from migrator.extract.site.magic import dimensions, is_meant, mime_type
from migrator.net import TooLarge

PICTURES = Path(legacy_newsroom.__file__).parent / "pictures"


@pytest.mark.parametrize(
    ("head", "mime"),
    [
        ((PICTURES / "boats.jpg").read_bytes(), "image/jpeg"),
        ((PICTURES / "map.png").read_bytes(), "image/png"),
        (b"GIF89a\x01\x00\x01\x00", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
        (b"\x00\x00\x00\x18ftypavif", "image/avif"),
        (b"\xff\xfb\x90\x44", "audio/mpeg"),
        (b"ID3\x04", "audio/mpeg"),
        (b"%PDF-1.4", "application/pdf"),
        (b"PK\x03\x04", "application/zip"),
        (b"  \r\n<!DOCTYPE html><p>", "text/html"),
        (b"\xef\xbb\xbf<HTML>", "text/html"),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC '-'><html>", "text/html"),
        (b"<br />\n<b>Fatal error</b>: out of memory", "text/html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", "image/svg+xml"),
        (b"<?xml version='1.0'?><urlset/>", "application/xml"),
        (b"404 page not found\n", "text/plain"),
        ("Không tìm thấy".encode(), "text/plain"),
        (b"\x00\x01\x02\x03", None),
        (b"", None),
    ],
)
def test_what_the_first_bytes_say(head: bytes, mime: str | None) -> None:
    assert mime_type(head) == mime


@pytest.mark.parametrize(
    ("extension", "mime", "meant"),
    [
        ("jpg", "image/jpeg", True),
        ("jpg", "image/png", False),
        ("jpg", None, False),
        ("docx", "application/zip", True),
        ("doc", "application/rtf", True),
        ("", "text/html", True),
        ("xyz", None, True),
    ],
)
def test_what_a_name_promises(extension: str, mime: str | None, meant: bool) -> None:
    assert is_meant(extension, mime) is meant


def test_dimensions() -> None:
    assert dimensions((PICTURES / "boats.jpg").read_bytes(), "image/jpeg") == (320, 213)
    assert dimensions((PICTURES / "map.png").read_bytes(), "image/png") == (300, 200)
    assert dimensions(b"GIF89a" + struct.pack("<HH", 7, 9), "image/gif") == (7, 9)
    assert dimensions(b"BM" + b"\0" * 16 + struct.pack("<ii", 7, -9), "image/bmp") == (7, 9)
    vp8x = b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 8 + (6).to_bytes(3, "little") + (8).to_bytes(3, "little")
    assert dimensions(vp8x, "image/webp") == (7, 9)
    assert dimensions(b"\xff\xd8\xff\xe0\x00", "image/jpeg") is None
    assert dimensions(b"\xff\xd8" + b"\xff\xe0\x00\x00" * 100, "image/jpeg") is None
    assert dimensions(b"\x89PNG", "image/png") is None
    assert dimensions(b"%PDF", "application/pdf") is None


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    store = FileStore(tmp_path, tmp_path / ".tmp")
    store.prepare()
    return store


def kept(store: FileStore, data: bytes) -> str:
    with store.receiving() as receiver:
        receiver.write(data)
        return store.keep(receiver)


def test_bytes_lie_under_their_digest_once(store: FileStore, tmp_path: Path) -> None:
    digest = hashlib.sha256("ảnh".encode()).hexdigest()
    assert kept(store, "ảnh".encode()) == kept(store, "ảnh".encode()) == f"files/{digest[:2]}/{digest[2:]}"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [digest[2:]]
    file = store.open(digest)
    assert file is not None
    with file:
        assert file.read() == "ảnh".encode()
    assert store.is_whole(digest)
    assert store.open("0" * 64) is None
    with pytest.raises(ValueError, match="SHA-256"):
        store.open("../../etc/passwd")


def test_a_damaged_file_is_noticed_and_replaced(store: FileStore, tmp_path: Path) -> None:
    place = tmp_path / kept(store, b"whole")
    place.write_bytes(b"wrong")
    digest = hashlib.sha256(b"whole").hexdigest()
    assert not store.is_whole(digest)
    kept(store, b"whole")
    assert store.is_whole(digest)


def test_what_is_not_kept_is_gone(store: FileStore, tmp_path: Path) -> None:
    with store.receiving() as receiver:
        receiver.write(b"x")
        assert receiver.path.is_file()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_scratch_of_a_killed_harvest_is_removed(store: FileStore, tmp_path: Path) -> None:
    (tmp_path / ".tmp" / "receiving").write_bytes(b"half")
    store.prepare()
    assert list((tmp_path / ".tmp").iterdir()) == []


def test_a_full_disk_is_said(store: FileStore) -> None:
    class Full:
        def write(self, _data: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    receiver = Receiver(Full(), Path("/evidence/.tmp/receiving"))  # type: ignore[arg-type]
    with pytest.raises(StopRun, match="disk is full") as raised:
        receiver.write(b"x")
    assert "start 'migrator harvest' again" in raised.value.next_step


def test_a_really_full_device_is_said(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")
    file = open("/dev/full", "wb")  # noqa: SIM115 - closing it fails, which is the point
    receiver = Receiver(file, tmp_path / "receiving")
    receiver.write(b"x" * 10)
    with pytest.raises(StopRun, match="disk is full"):
        receiver.finish()
    with pytest.raises(OSError, match="No space"):
        file.close()


# --- a folder as a site -----------------------------------------------------------------------------------------------
ADDRESSES = Addresses("https://www.paper.example")


def fetched(root: Path, path: str, known: Known | None = None, largest: int = 1000) -> tuple[int, bytes]:
    with (root / "sink").open("w+b") as sink:
        answer = FolderFetch(ADDRESSES, root / "media").fetch(ADDRESSES.of_file(path), sink, known or Known(), largest)
        sink.seek(0)
        return answer.status, sink.read()


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    (folder / "uploads").mkdir(parents=True)
    (folder / "uploads" / "lũ.jpg").write_bytes(b"picture")
    (tmp_path / "secret").write_bytes(b"secret")
    (folder / "leads-out").symlink_to(tmp_path / "secret")
    return tmp_path


def test_a_file_of_the_folder(media: Path) -> None:
    assert fetched(media, "uploads/lũ.jpg") == (200, b"picture")
    decomposed = "uploads/lu\u0303.jpg"
    assert fetched(media, decomposed) == (200, b"picture")
    with (media / "sink").open("wb") as sink:
        url = ADDRESSES.of_file("uploads/lũ.jpg")
        version = FolderFetch(ADDRESSES, media / "media").fetch(url, sink, Known(), 1000).version
    assert fetched(media, "uploads/lũ.jpg", Known(version=version)) == (304, b"")
    (media / "media" / "uploads" / "lũ.jpg").write_bytes(b"another picture")
    assert fetched(media, "uploads/lũ.jpg", Known(version=version)) == (200, b"another picture")


@pytest.mark.parametrize(
    "path", ["uploads/none.jpg", "uploads", "../secret", "uploads/../../secret", "leads-out", "a\0b", ""]
)
def test_nothing_outside_the_folder(media: Path, path: str) -> None:
    assert fetched(media, path) == (404, b"")


def test_a_file_too_large_is_not_read(media: Path) -> None:
    with pytest.raises(TooLarge):
        fetched(media, "uploads/lũ.jpg", largest=3)
