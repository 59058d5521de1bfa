"""The witness of a legacy database: the same questions on SQLite, MariaDB and PostgreSQL."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from migrator.db import parse_url
from migrator.model.audit import AuditedEntity, Copies, Identity, LinkPattern, Place, Pointer
from migrator.model.record import record_key
from migrator.model.source import Partition, Test
from migrator.ports import WitnessRow
from migrator.read.sql import SqlWitness

SCHEMA = (
    "CREATE TABLE news (id INTEGER PRIMARY KEY, title VARCHAR(200), status INTEGER, cat INTEGER, kind VARCHAR(20))",
    "CREATE TABLE news_1 (id INTEGER PRIMARY KEY, title VARCHAR(200), status INTEGER)",
    "CREATE TABLE news_old (id INTEGER PRIMARY KEY, title VARCHAR(200), status INTEGER)",
    "CREATE TABLE body_1 (id INTEGER PRIMARY KEY, html TEXT)",
    "CREATE TABLE body_2 (id INTEGER PRIMARY KEY, html TEXT)",
    "CREATE TABLE tagged (id INTEGER, tid INTEGER, pos INTEGER, kind VARCHAR(20))",
    "CREATE TABLE folder (did INTEGER, title VARCHAR(100), size INTEGER, PRIMARY KEY (did, title))",
)


@pytest.fixture(params=["sqlite", "mariadb", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/legacy.sqlite"
    server: str = request.getfixturevalue(f"{request.param}_url")
    return server


@pytest.fixture
def witness(url: str) -> Iterator[SqlWitness]:
    engine = sa.create_engine(parse_url(url))
    with engine.begin() as connection:
        for statement in SCHEMA:
            connection.exec_driver_sql(statement)
        insert(connection, "news", [(n, f"Bài {n}", n % 3, 0, None if n == 4 else "") for n in range(1, 11)])
        insert(
            connection,
            "news_1",
            [(n, f"Bài {n}" if n != 3 else "khác", n % 3 if n != 6 else None) for n in (3, 6, 9, 99)],
        )
        insert(connection, "body_1", [(n, f"<p>{n}</p>") for n in (1, 2, 3)])
        insert(connection, "body_2", [(5, "<p>5</p>")])
        insert(connection, "tagged", [(1, 7, 2, "x"), (1, 5, 1, "x"), (1, 6, 3, "y"), (2, 5, 1, "x")])
        insert(connection, "folder", [(d, f"{t}.jpg", d) for d in (1, 2) for t in ("a/b", "c", "ảnh")])
    engine.dispose()
    witness = SqlWitness(url, "web")
    yield witness
    witness.close()


def insert(connection: sa.Connection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    names = [column["name"] for column in sa.inspect(connection).get_columns(table)]
    shape = sa.table(table, *map(sa.column, names))
    connection.execute(sa.insert(shape), [dict(zip(names, row, strict=True)) for row in rows])


def audited(*where: Test, **other: Any) -> AuditedEntity:
    plain: dict[str, Any] = {"entity": "article", "table": "news", "sql": None, "key": ("id",), "where": where}
    return AuditedEntity(**{**plain, **other})


def everything(witness: SqlWitness, entity: AuditedEntity, batch: int = 3) -> Mapping[str, WitnessRow]:
    batches = list(witness.rows(entity, batch))
    assert all(0 < len(rows) <= batch for rows in batches)
    rows = [row for rows in batches for row in rows]
    assert len({row.key for row in rows}) == len(rows)
    return {row.key: row for row in rows}


def key(*parts: object) -> str:
    return record_key("web", "article", parts)


def test_tables_and_counts(witness: SqlWitness) -> None:
    assert list(witness.tables()) == ["body_1", "body_2", "folder", "news", "news_1", "news_old", "tagged"]
    assert witness.count("news") == witness.count_entity(audited()) == 10
    assert witness.count("news_old") == 0
    assert witness.count_entity(audited(table=None, sql="SELECT * FROM news WHERE id > 4")) == 6


CONDITIONS: list[tuple[Test, set[int]]] = [
    (Test("status", "in", (0,)), {3, 6, 9}),
    (Test("status", "in", (0, 1)), {1, 3, 4, 6, 7, 9, 10}),
    (Test("status", "not_in", (0, 1)), {2, 5, 8}),
    (Test("kind", "in", (None,)), {4}),
    (Test("kind", "not_in", ("",)), {4}),
    (Test("kind", "not_in", (None,)), {1, 2, 3, 5, 6, 7, 8, 9, 10}),
    (Test("kind", "empty", True), set(range(1, 11))),
    (Test("kind", "empty", False), set()),
    (Test("title", "like", "Bài 1%"), {1, 10}),
    (Test("title", "not_like", "Bài 1%"), {2, 3, 4, 5, 6, 7, 8, 9}),
    (Test("kind", "not_like", "x%"), set(range(1, 11))),
    (Test("id", "lt", 3), {1, 2}),
    (Test("id", "le", 3), {1, 2, 3}),
    (Test("id", "gt", 8), {9, 10}),
    (Test("id", "ge", 8), {8, 9, 10}),
    (Test("title", "matches", "[13]$"), {1, 3}),
    (Test("kind", "matches", ""), {1, 2, 3, 5, 6, 7, 8, 9, 10}),
    (Test("status", "empty", False), set(range(1, 11))),
]


@pytest.mark.parametrize(("test", "ids"), CONDITIONS)
def test_conditions_select_count_and_find_the_same_rows(witness: SqlWitness, test: Test, ids: set[int]) -> None:
    entity = audited(test)
    keys = {key(number) for number in ids}
    assert set(everything(witness, entity)) == keys
    assert witness.count_entity(entity) == witness.count("news", (test,)) == len(ids)
    assert witness.existing(entity, [key(number) for number in range(20)]) == keys


def test_values_come_raw_from_main_and_side_tables(witness: SqlWitness) -> None:
    tags = Place("tid", "tagged", on=(("id", "id"),), where=(Test("kind", "in", ("x",)),), order=("pos",), many=True)
    first = Place("tid", "tagged", on=(("id", "id"),), order=("-pos",))
    body = Place("html", "body_{n}", on=(("id", "id"),), partition=Partition("id", 4))
    entity = audited(
        identities=(
            Identity("headline", Place("title")), Identity("slug", Place("kind", default="title")),
            Identity("word_count", first),
        ),
        pointers=(Pointer("tags", "tag", tags), Pointer("section", "section", Place("cat"))),
        links=(LinkPattern("(?P<id>1)", "article"),), link_body=body, cell={"status": Identity("status", Place("status"))},
    )  # fmt: skip
    rows = everything(witness, entity)
    assert list(rows) == [key(number) for number in range(1, 11)]
    one, four, five = rows[key(1)], rows[key(4)], rows[key(5)]
    assert one.values == {"headline": "Bài 1", "slug": "Bài 1", "word_count": 6, "cell:status": 1, "body": "<p>1</p>"}
    assert one.pointers == {"tags": [5, 7], "section": [0]}
    assert (four.values["body"], four.values["word_count"], four.pointers["tags"]) == (None, None, [])
    assert five.values["body"] == "<p>5</p>"
    assert rows[key(9)].values["body"] is None  # the table body_3 does not exist


def test_a_side_query(witness: SqlWitness) -> None:
    place = Place(
        "label", sql="SELECT id, kind AS label, pos FROM tagged", on=(("id", "id"),), order=("pos desc",), many=True
    )
    rows = everything(witness, audited(pointers=(Pointer("tags", "tag", place),)))
    assert rows[key(1)].pointers["tags"] == ["y", "x", "x"]


def test_compound_keys(witness: SqlWitness) -> None:
    entity = audited(table="folder", key=("did", "title"), identities=(Identity("size", Place("size")),))
    rows = everything(witness, entity, 2)
    assert set(rows) == {key(d, f"{t}.jpg") for d in (1, 2) for t in ("a/b", "c", "ảnh")}
    assert key(1, "a/b.jpg") == "web:article:1|a/b.jpg"
    asked = [key(1, "a/b.jpg"), key(3, "c.jpg"), key("x", "c.jpg"), key(2, "ảnh.jpg"), key(1)]
    assert witness.existing(entity, asked) == {key(1, "a/b.jpg"), key(2, "ảnh.jpg")}


def test_a_declared_query_is_read_like_a_table(witness: SqlWitness) -> None:
    sql = "SELECT n.id AS number, n.title, t.tid FROM news n LEFT JOIN tagged t ON t.id = n.id AND t.pos = 1"
    entity = audited(table=None, sql=sql, key=("number",), identities=(Identity("tid", Place("tid")),))
    rows = everything(witness, entity, 4)
    assert [row.values["tid"] for row in rows.values()] == [5, 5, *[None] * 8]
    assert witness.existing(entity, [key(10), key(11), key("a")]) == {key(10)}


def test_nothing_exists_in_an_empty_table(witness: SqlWitness) -> None:
    entity = audited(table="news_old")
    assert everything(witness, entity) == {}
    assert witness.existing(entity, [key(1)]) == frozenset()


def test_copies_that_differ(witness: SqlWitness) -> None:
    drift = list(witness.copy_drift(audited(), Copies("news_[0-9]+", ("title", "status"))))
    assert drift == [
        (key(3), "news_1", "title", "Bài 3", "khác"),
        (key(6), "news_1", "status", "0", "∅"),
        (key(99), "news_1", "", "", ""),
    ]


def test_the_source_cannot_be_written(witness: SqlWitness) -> None:
    with pytest.raises(sa.exc.SQLAlchemyError), witness._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM news")
