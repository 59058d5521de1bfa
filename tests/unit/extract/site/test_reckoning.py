"""What follows from all pages together, the read side of the evidence, and reading pages again."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

import pytest

import legacy_newsroom
from migrator.cli.progress import Silence
from migrator.errors import AccessError, ConfigurationError, EvidenceError
from migrator.extract.site import Addresses, Evidence, EvidenceStore, Pages, Rules
from migrator.extract.site.lock import locked
from migrator.extract.site.reckoning import compare, inventory_paths, reckon, take_inventory
from migrator.extract.site.rereading import reread
from migrator.extract.site.rules import Judge
from migrator.extract.site.summary import summary_of
from tests.unit.extract.site.bench import PUBLIC, Bench, article, read, sitemap
from tests.unit.extract.site.server import Reply, Server

PICTURE = (Path(legacy_newsroom.__file__).parent / "pictures" / "boats.jpg").read_bytes()
JPG = Reply(PICTURE, content_type="image/jpeg")


@pytest.fixture
def bench(server: Server, tmp_path: Path) -> Bench:
    """Three articles: one the database has, one it has not, and one without an id; each shows a picture."""
    server.pages |= {
        "/sitemap.xml": sitemap("/news/x/a-1.html", "/news/x/b-2.html", "/gioi-thieu.html"),
        "/news/x/a-1.html": article("Một", '<p>Chữ.</p><img src="/uploads/a.jpg"><img src="/uploads/ftp.jpg">'),
        "/news/x/b-2.html": article("Hai", '<p>Chữ.</p><img src="/uploads/b.jpg"><img src="/uploads/a.jpg">'),
        "/gioi-thieu.html": article("Giới thiệu"),
        **{f"/uploads/{name}.jpg": JPG for name in ("a", "b", "ftp")},
    }
    bench = Bench(tmp_path, server)
    bench.harvest()
    return bench


def has(ids: Collection[str]) -> list[str]:
    return [legacy_id for legacy_id in ids if legacy_id == "1"]


def test_until_a_database_was_asked_nothing_is_known(bench: Bench) -> None:
    assert bench.rows("SELECT DISTINCT also_in FROM page") == [("?",)]
    assert bench.rows("SELECT legacy_id FROM page WHERE wanted = 1 ORDER BY legacy_id") == [("1",), ("2",)]
    store = EvidenceStore(bench.database)
    assert summary_of(store).only_on_site is None
    store.close()


def test_what_a_database_has_is_left_to_it(bench: Bench) -> None:
    store = EvidenceStore(bench.database)
    take_inventory(store, "web", [("uploads/a.jpg", "77"), ("uploads/b.jpg", ""), ("uploads/a.jpg", "78")])
    compare(store, "web", has)
    assert bench.rows("SELECT legacy_id, also_in, wanted FROM page WHERE kind = 'article' ORDER BY legacy_id") == [
        ("1", "web", 0),
        ("2", "", 1),
    ]
    # a.jpg and b.jpg are shown by the recovered article; ftp.jpg no inventory names
    assert bench.rows("SELECT path, also_in, also_id, wanted FROM file ORDER BY path") == [
        ("uploads/a.jpg", "web", "77", 1), ("uploads/b.jpg", "web", "", 1), ("uploads/ftp.jpg", "", "", 1)
    ]  # fmt: skip
    assert list(inventory_paths(store)) == ["uploads/a.jpg", "uploads/b.jpg"]
    summary = summary_of(store)
    assert (summary.articles, summary.only_on_site, summary.files, summary.bytes_kept) == (
        2, 1, {"stored": 3}, len(PICTURE),
    )  # fmt: skip
    # the database got the article in the meantime: its picture is wanted no longer
    compare(store, "web", lambda ids: ids)
    assert bench.rows("SELECT path, wanted FROM file ORDER BY path") == [
        ("uploads/a.jpg", 0), ("uploads/b.jpg", 0), ("uploads/ftp.jpg", 1)
    ]  # fmt: skip
    take_inventory(store, "web", [])
    compare(store, "web", None)
    assert bench.rows("SELECT DISTINCT also_in FROM page UNION SELECT DISTINCT also_in FROM file") == [("",)]
    store.close()


def test_reckoning_twice_gives_the_same(bench: Bench) -> None:
    before = bench.rows("SELECT * FROM page ORDER BY url"), bench.rows("SELECT * FROM file ORDER BY path")
    store = EvidenceStore(bench.database)
    reckon(store)
    store.close()
    assert (bench.rows("SELECT * FROM page ORDER BY url"), bench.rows("SELECT * FROM file ORDER BY path")) == before


def test_pages_are_read_again_without_asking_anybody(bench: Bench, server: Server) -> None:
    import re

    server.asked.clear()
    rules = Rules(articles=(re.compile(r"-(?P<id>\d+)\.html$"), re.compile(r"^/gioi-thieu\.html$")))
    addresses = Addresses(PUBLIC)
    before = bench.rows("SELECT url, fetched_at, sha256, found_in FROM page ORDER BY url")
    store = EvidenceStore(bench.database)
    number = reread(store, Pages(addresses, rules, read), Judge(addresses, rules), Silence())
    store.close()
    assert number == len(before)
    assert server.asked == []
    assert bench.rows("SELECT url, fetched_at, sha256, found_in FROM page ORDER BY url") == before
    assert bench.rows("SELECT headline, record_id, wanted FROM page WHERE path = '/gioi-thieu.html'") == [
        ("Giới thiệu", "/gioi-thieu.html", 1)
    ]


def test_a_damaged_original_is_said(bench: Bench) -> None:
    with closing(sqlite3.connect(bench.database)) as connection:
        connection.execute("UPDATE raw SET body = x'00112233'")
        connection.commit()
    store = EvidenceStore(bench.database)
    addresses = Addresses(PUBLIC)
    with pytest.raises(EvidenceError, match="damaged"):
        reread(store, Pages(addresses, Rules(), read), Judge(addresses, Rules()), Silence())
    store.close()


# --- the read side ----------------------------------------------------------------------------------------------------
def test_files_are_found_by_path_and_by_digest(bench: Bench) -> None:
    evidence = Evidence(bench.database)
    found = evidence.find("uploads/a.jpg")
    assert found is not None
    assert found.is_kept
    assert found.size_bytes == len(PICTURE)
    assert found.sha256 is not None
    for file in (evidence.open(found.sha256), evidence.open_path("uploads/a.jpg")):
        assert file is not None
        with file:
            assert file.read() == PICTURE
    assert evidence.find("uploads/none.jpg") is None
    assert evidence.open_path("uploads/none.jpg") is None
    assert list(evidence.damaged()) == []
    (bench.folder / "files" / found.sha256[:2] / found.sha256[2:]).write_bytes(b"x")
    assert list(evidence.damaged()) == ["uploads/a.jpg", "uploads/b.jpg", "uploads/ftp.jpg"]
    evidence.close()


def test_one_file_is_left_that_anybody_may_read(bench: Bench) -> None:
    assert sorted(path.name for path in bench.folder.iterdir()) == ["files", "web.sqlite"]
    header = bench.database.read_bytes()[18:20]
    assert header == b"\x01\x01"  # rollback journal, not WAL (sqlite.org/fileformat.html, 1.3.3)


def test_evidence_of_another_version_is_refused(bench: Bench) -> None:
    with closing(sqlite3.connect(bench.database)) as connection:
        connection.execute("UPDATE meta SET value = '99'")
        connection.commit()
    with pytest.raises(EvidenceError, match="another version"):
        EvidenceStore(bench.database)


def test_two_harvests_at_once_are_refused(tmp_path: Path) -> None:
    with (
        locked(tmp_path / "web.lock"),
        pytest.raises(ConfigurationError, match="Another harvest"),
        locked(tmp_path / "web.lock"),
    ):
        pass
    with locked(tmp_path / "web.lock"):
        pass
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(AccessError), locked(tmp_path / "file" / "web.lock"):
        pass
