"""Bytes of media and the vault as the auditor reads them."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from migrator.errors import AccessError
from migrator.load.media import MediaFolder
from migrator.load.sql.vault import SqlVault
from migrator.model.content import ENTITIES, Value
from migrator.model.record import Record
from migrator.ports import Withheld
from migrator.read.media import FolderFiles, MediaFolders
from migrator.read.sql.vault import SqlVaultReader

PICTURE = b"\xff\xd8\xff a picture"
SHA256 = hashlib.sha256(PICTURE).hexdigest()


@pytest.fixture
def folders(tmp_path: Path) -> MediaFolders:
    (tmp_path / "site/uploads").mkdir(parents=True)
    (tmp_path / "site/uploads/ảnh.jpg").write_bytes(PICTURE)
    (tmp_path / "secret.txt").write_text("x", encoding="utf-8")
    return MediaFolders(tmp_path / "media", {"web": FolderFiles(tmp_path / "site")})


def whole(pieces: Iterator[bytes] | None) -> bytes | None:
    return None if pieces is None else b"".join(pieces)


def test_files_of_the_source(folders: MediaFolders) -> None:
    assert list(folders.sources()) == ["web"]
    assert folders.has_all("web")
    assert (
        whole(folders.source("web", "uploads/ảnh.jpg")) == whole(folders.source("web", "/uploads/ảnh.jpg")) == PICTURE
    )
    for path in ("uploads/none.jpg", "uploads", "../secret.txt", "/../secret.txt", "a\0b", "x" * 5000):
        assert folders.source("web", path) is None


def test_the_target_s_store_is_read_as_it_is_written(folders: MediaFolders, tmp_path: Path) -> None:
    assert list(folders.stored()) == []
    assert folders.target(SHA256) is None

    class Source:
        def open(self, sha256: str):  # type: ignore[no-untyped-def]
            return (tmp_path / "site/uploads/ảnh.jpg").open("rb")

    assert MediaFolder(tmp_path / "media", [Source()]).bring(SHA256) == ""
    (tmp_path / "media/stray.jpg").write_bytes(b"x")
    (tmp_path / "media" / SHA256[:2] / "short").write_bytes(b"yy")
    assert dict(folders.stored()) == {SHA256: len(PICTURE), "stray.jpg": 1, f"{SHA256[:2]}/short": 2}
    assert whole(folders.target(SHA256)) == PICTURE
    assert whole(folders.target(f"{SHA256[:2]}/short")) == b"yy"


def test_a_file_that_cannot_be_read_stops_the_examination(
    folders: MediaFolders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> object:
        raise PermissionError(13, "Permission denied")

    pieces = folders.source("web", "uploads/ảnh.jpg")
    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(AccessError, match=r"ảnh\.jpg"):
        whole(pieces)


@pytest.mark.parametrize("engine", ["sqlite", "mariadb", "postgres"])
def test_the_vault_is_read_as_it_is_written(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/vault.sqlite" if engine == "sqlite" else request.getfixturevalue(f"{engine}_url")
    fields: dict[str, Value] = {
        field.name: () if field.kind.value in {"refs", "texts"} else None for field in ENTITIES["article"].fields
    }
    fields |= {
        "headline": "Bài bị gỡ", "is_locked": False, "tags": ("web:tag:1", "web:tag:2"),
        "published_at": datetime(2024, 3, 25, 0, 30, 1, 123456, tzinfo=UTC),
    }  # fmt: skip
    vault = SqlVault(url)
    vault.prepare()
    vault.keep([Withheld(Record("web:article:7", "article", fields), "retracted", "article.yaml:12")])
    vault.close()
    reader = SqlVaultReader(url)
    kept = reader.read(["web:article:7", "web:article:8"])
    assert list(reader.keys("article")) == ["web:article:7"]
    assert list(reader.keys("tag")) == []
    reader.close()
    assert list(kept) == ["web:article:7"]
    record = kept["web:article:7"]
    assert dict(record.fields) == fields
    assert (record.entity, record.reason) == ("article", "retracted")
    assert hashlib.sha256(record.said.encode()).hexdigest() == record.content_sha256
