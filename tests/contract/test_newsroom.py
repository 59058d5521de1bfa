"""The newsroom platform on every database: what the Loader puts, the Reader finds – and they share no code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from migrator.db import parse_url
from migrator.errors import AccessError
from migrator.load.sql import SqlLoader
from migrator.model.content import ENTITIES, Value
from migrator.model.record import Record, content_fingerprint
from migrator.ports import Write
from migrator.read.sql.target import SqlReader

INSTANT = datetime(2024, 3, 25, 17, 30, 5, 123456, tzinfo=UTC)


@dataclass
class Newsroom:
    url: str
    loader: SqlLoader
    reader: SqlReader

    def put(self, *records: Record) -> list[str]:
        results = self.loader.write([Write("put", r.key, r.entity, record=r) for r in records])
        return [result.error for result in results]

    def execute(self, statement: str) -> None:
        engine = sa.create_engine(parse_url(self.url))
        with engine.begin() as connection:
            connection.execute(sa.text(statement))
        engine.dispose()


@pytest.fixture(params=["sqlite", "mariadb", "postgres"])
def newsroom(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Newsroom]:
    url = (
        f"sqlite:///{tmp_path}/t.sqlite"
        if request.param == "sqlite"
        else request.getfixturevalue(f"{request.param}_url")
    )
    loader = SqlLoader(url)
    loader.prepare()
    reader = SqlReader(url)
    yield Newsroom(url, loader, reader)
    loader.close()
    reader.close()


def record(entity: str, number: int, **fields: Value) -> Record:
    blank: dict[str, Value] = {
        f.name: () if f.kind.value in {"refs", "texts"} else None for f in ENTITIES[entity].fields
    }
    return Record(f"web:{entity}:{number}", entity, blank | fields)


def section(number: int, name: str) -> Record:
    return record("section", number, name=name)


def article(number: int, **fields: Value) -> Record:
    return record("article", number, **{"headline": f"Bài {number}", "status": "published", **fields})


FULL = article(
    7, headline="Lễ hội hoa phượng đỏ 🎉 – “tỏa sáng”", body_html="<p>hoà ≠ hòa</p>" * 9000, word_count=3, is_locked=False,
    published_at=INSTANT, section="web:section:2", sections=("web:section:2", "web:section:1"), tags=("web:tag:1",),
)  # fmt: skip


def test_a_record_comes_back_as_it_was_sent(newsroom: Newsroom) -> None:
    assert newsroom.put(section(1, "Kinh tế"), section(2, "Đời sống")) == ["", ""]
    tag = record("tag", 1, name="hoà bình", synonyms=("hòa bình", "Hòa Bình"))
    assert newsroom.put(tag) == [""]
    assert newsroom.put(FULL) == [""]
    for sent in (FULL, tag):
        (found,) = newsroom.reader.read(sent.entity, [sent.key])
        assert dict(found.fields) == dict(sent.fields)
        fingerprints = {content_fingerprint(ENTITIES[sent.entity], fields) for fields in (found.fields, sent.fields)}
        assert len(fingerprints) == 1


def test_writing_twice_leaves_one_record(newsroom: Newsroom) -> None:
    newsroom.put(section(1, "A"), section(2, "B"))
    one = article(1, sections=("web:section:1", "web:section:2"))
    newsroom.put(one)
    newsroom.put(one)
    changed = article(1, headline="Khác", sections=("web:section:2",))
    newsroom.put(changed)
    assert [key for _, key, _ in newsroom.reader.enumerate("article")] == ["web:article:1"]
    assert dict(newsroom.reader.read("article", ["web:article:1"])[0].fields) == dict(changed.fields)


def test_a_stub_becomes_the_record(newsroom: Newsroom) -> None:
    child = record("section", 5, name="Cảng", parent="web:section:4")
    results = newsroom.loader.write(
        [Write("stub", "web:section:4", "section"), Write("put", child.key, "section", record=child)]
    )
    assert [result.error for result in results] == ["", ""]
    assert newsroom.loader.standing("section", ["web:section:4", "web:section:5"]).keys() == {"web:section:5"}
    assert {(key, stub) for _, key, stub in newsroom.reader.enumerate("section")} == {
        ("web:section:4", True),
        ("web:section:5", False),
    }
    newsroom.put(section(4, "Kinh tế biển"))
    assert len(list(newsroom.reader.enumerate("section"))) == 2
    assert newsroom.reader.read("section", ["web:section:5"])[0].fields["parent"] == "web:section:4"


def test_a_merged_key_leads_to_its_survivor(newsroom: Newsroom) -> None:
    newsroom.put(article(1))
    alias = Write("alias", "web:article:2", "article", survivor="web:article:1")
    assert [r.error for r in newsroom.loader.write([alias, alias])] == ["", ""]
    assert newsroom.reader.aliases(["web:article:2", "web:article:3"]) == {"web:article:2": "web:article:1"}
    assert list(newsroom.reader.all_aliases()) == [("web:article:2", "web:article:1")]
    newsroom.loader.write(
        [Write("unalias", "web:article:2", "article"), Write("put", "web:article:2", "article", record=article(2))]
    )
    assert newsroom.reader.aliases(["web:article:2"]) == {}


def test_what_the_database_refuses_does_not_stop_the_others(newsroom: Newsroom) -> None:
    gone = article(2, section="web:section:99")
    errors = newsroom.put(article(1), gone, article(3))
    assert [bool(error) for error in errors] == [False, True, False]
    assert "web:section:99" in errors[1]
    assert len(list(newsroom.reader.enumerate("article"))) == 2


def test_a_before_image_holds_what_stood_there(newsroom: Newsroom) -> None:
    newsroom.put(section(1, "A"))
    newsroom.put(article(1, sections=("web:section:1",)))
    images = newsroom.loader.before_images("article", ["web:article:1", "web:article:2"])
    assert images.keys() == {"web:article:1"}
    assert '"headline":"Bài 1"' in images["web:article:1"]
    assert '"sections":[' in images["web:article:1"]


def test_preparing_again_changes_nothing_and_strangers_are_refused(newsroom: Newsroom) -> None:
    newsroom.put(article(1))
    newsroom.loader.prepare()
    assert [b.rows for b in newsroom.loader.baseline(["article"])] == [1]
    newsroom.execute("DROP TABLE legacy_alias")
    newsroom.execute("CREATE TABLE legacy_alias (x INTEGER)")
    with pytest.raises(AccessError, match="legacy_alias"):
        newsroom.loader.prepare()


def test_the_reader_cannot_write(newsroom: Newsroom) -> None:
    newsroom.put(article(1))
    with pytest.raises(sa.exc.SQLAlchemyError), newsroom.reader._engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM article"))
