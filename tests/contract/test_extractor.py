"""Every SQL source behaves alike: SQLite, MariaDB, PostgreSQL."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from migrator.db import parse_url
from migrator.errors import AccessError
from migrator.extract.sql import SqlExtractor
from migrator.model.source import Partition, Selection, Side, Test

ROWS = 23


def fill(url: str) -> None:
    """A little legacy database: articles, bodies in numbered tables, tags; a compound key; names that need quotes."""
    engine = sa.create_engine(parse_url(url))
    meta = sa.MetaData()
    rows = sa.Table("stories", meta, sa.Column("id", sa.Integer, primary_key=True), sa.Column("title", sa.String(200)),
                    sa.Column("status", sa.Integer), sa.Column("order", sa.Integer))  # fmt: skip
    bodies = [
        sa.Table(f"body_{n}", meta, sa.Column("id", sa.Integer, primary_key=True), sa.Column("html", sa.Text))
        for n in (1, 3)
    ]
    # a number there, a text here: legacy systems do that
    tags = sa.Table(
        "tags",
        meta,
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column("tag", sa.String(50), primary_key=True),
    )
    odd = sa.Table(
        "odd", meta, sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("uid", sa.Uuid, unique=True)
    )
    files = sa.Table(
        "files",
        meta,
        sa.Column("dir", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50), primary_key=True),
    )
    meta.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sa.insert(rows), [
            {"id": n * 3, "title": f"Tiêu đề {n}" if n % 5 else None, "status": n % 4, "order": -n} for n in range(1, ROWS + 1)
        ])  # fmt: skip
        connection.execute(sa.insert(bodies[0]), [{"id": n * 3, "html": f"<p>{n}</p>"} for n in range(1, 7)])
        connection.execute(sa.insert(bodies[1]), [{"id": n * 3, "html": f"<p>{n}</p>"} for n in range(14, 20)])
        connection.execute(sa.insert(tags), [{"id": "3", "tag": t} for t in ("cảng", "biển", "a")])
        connection.execute(
            sa.insert(files), [{"dir": d, "name": name} for d in (1, 2) for name in ("a.jpg", "b/c.jpg", "d|e.jpg")]
        )
        connection.execute(sa.insert(odd), [{"id": n << 33, "uid": uuid.UUID(int=n << 60)} for n in range(1, 6)])
    engine.dispose()


@pytest.fixture(params=["sqlite", "mariadb", "postgres"])
def extractor(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlExtractor]:
    own = request.param == "sqlite"
    url: str = f"sqlite:///{tmp_path}/legacy.sqlite" if own else request.getfixturevalue(f"{request.param}_url")
    fill(url)
    extractor = SqlExtractor(url, "old")
    yield extractor
    extractor.close()


ARTICLES = Selection("old", "article", ("id",), table="stories")


def test_pages_in_key_order_cover_every_row_once(extractor: SqlExtractor) -> None:
    seen: list[str] = []
    position = None
    while True:
        rows = extractor.read(ARTICLES, position, 5)
        seen += [row.key for row in rows]
        if len(rows) < 5:
            break
        position = rows[-1].position
    assert seen == [f"old:article:{n * 3}" for n in range(1, ROWS + 1)]


@pytest.mark.parametrize("selection", [ARTICLES, Selection("old", "asset", ("dir", "name"), table="files")])
def test_pages_may_begin_at_the_largest_key(extractor: SqlExtractor, selection: Selection) -> None:
    backwards = dataclasses.replace(selection, is_descending=True)
    seen: list[str] = []
    position = None
    while rows := extractor.read(backwards, position, 4):
        seen += [row.key for row in rows]
        position = rows[-1].position
    forwards = [row.key for row in extractor.read(selection, None, 100)]
    assert len(seen) > 5
    assert seen == forwards[::-1]


def test_conditions_are_done_by_the_database(extractor: SqlExtractor) -> None:
    chosen = Selection(
        "old", "article", ("id",), table="stories", where=(Test("status", "in", (1, 2)), Test("title", "empty", False))
    )
    rows = extractor.read(chosen, None, 100)
    assert [row.values["id"] // 3 for row in rows] == [n for n in range(1, ROWS + 1) if n % 4 in (1, 2) and n % 5]
    other = Selection("old", "article", ("id",), table="stories", where=(Test("title", "not_in", ("Tiêu đề 1",)),))
    assert len(extractor.read(other, None, 100)) == ROWS - 1


def test_side_tables_come_with_their_row(extractor: SqlExtractor) -> None:
    sides = (
        Side("body", (("id", "id"),), table="body_{n}", partition=Partition("id", 20)),
        Side("tags", (("id", "id"),), table="tags", many=True, order=("tag",)),
    )
    rows = extractor.read(Selection("old", "article", ("id",), table="stories", sides=sides), None, 100)
    with_body = [row.values["id"] // 3 for row in rows if row.sides["body"]]
    assert with_body == [*range(1, 7), *range(14, 20)]
    assert [tag["tag"] for tag in rows[0].sides["tags"]] == ["a", "biển", "cảng"]
    assert not rows[1].sides["tags"]


def test_a_declared_query_is_read_like_a_table(extractor: SqlExtractor) -> None:
    query = Selection(
        "old", "article", ("number",), sql="SELECT id AS number, concat(title, ': x') AS t FROM stories WHERE id > 9;"
    )
    rows = extractor.read(query, (12,), 3)
    assert [(row.key, row.values["t"]) for row in rows][-1] == ("old:article:21", "Tiêu đề 7: x")
    assert extractor.columns(str(query.sql)) == ("number", "t")
    with pytest.raises(AccessError):
        extractor.columns("SELECT nothing FROM nowhere")


def test_rows_are_found_by_key_and_unknown_keys_are_left_out(extractor: SqlExtractor) -> None:
    keys = ["old:article:6", "old:article:3", "old:article:4", "old:article:word"]
    assert [row.key for row in extractor.fetch(ARTICLES, keys)] == ["old:article:3", "old:article:6"]
    assert extractor.existing(ARTICLES, keys) == {"old:article:3", "old:article:6"}


def test_compound_keys_page_and_are_found_again(extractor: SqlExtractor) -> None:
    files = Selection("old", "asset", ("dir", "name"), table="files")
    first = extractor.read(files, None, 4)
    rest = extractor.read(files, first[-1].position, 4)
    keys = [row.key for row in [*first, *rest]]
    assert keys[0] == "old:asset:1|a.jpg"
    assert len(set(keys)) == 6
    assert {row.key for row in extractor.fetch(files, keys)} == set(keys)


def test_partitions_cover_the_selection(extractor: SqlExtractor) -> None:
    ranges = extractor.partitions(ARTICLES, 10)
    assert [r.rows for r in ranges] == [10, 10, 3]
    assert [r.after for r in ranges] == [None, ranges[0].upto, ranges[1].upto]


def test_the_marker_counts_and_the_source_cannot_be_written(extractor: SqlExtractor) -> None:
    assert extractor.marker([ARTICLES]).entities == (("article", ROWS, str(ROWS * 3)),)
    with pytest.raises(sa.exc.SQLAlchemyError), extractor._engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM stories"))


@pytest.mark.parametrize("key", ["id", "uid"])
def test_large_numbers_and_uuids_are_keys_like_others(extractor: SqlExtractor, key: str) -> None:
    odd = Selection("old", "asset", (key,), table="odd")
    first = extractor.read(odd, None, 3)
    rest = extractor.read(odd, first[-1].position, 3)
    keys = [row.key for row in [*first, *rest]]
    assert len(set(keys)) == 5
    assert [row.key for row in extractor.fetch(odd, keys)] == keys
    assert extractor.marker([odd]).entities[0][1] == 5


def test_the_marker_of_a_declared_query_is_that_of_its_rows_and_asked_again_it_is_new(extractor: SqlExtractor) -> None:
    declared = Selection("old", "article", ("number",), sql="SELECT id AS number FROM stories WHERE id > 9")
    rows = extractor.read(declared, None, 1000)
    first = extractor.marker([declared]).entities
    assert first == (("article", len(rows), str(rows[-1].values["number"])),)
    assert extractor.marker([declared]).entities == first
    nothing = Selection("old", "tag", ("number",), sql="SELECT id AS number FROM stories WHERE id < 0")
    assert extractor.marker([nothing]).entities == (("tag", 0, ""),)
