"""The newsroom database read back from tables made by hand, damage included."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from migrator.errors import AccessError
from migrator.model.content import ENTITIES, Kind
from migrator.read.sql import SqlReader

MOMENT = datetime(2024, 3, 25, 0, 30, 1, 123456, tzinfo=UTC)


def create(connection: sqlite3.Connection) -> None:
    """The schema as the content model means it, without any help from the Loader."""
    for entity in ENTITIES.values():
        columns = ["id INTEGER PRIMARY KEY", "legacy_key TEXT", "is_stub BOOLEAN"]
        for field in entity.fields:
            if field.kind is Kind.REF:
                columns.append(f"{field.name}_id INTEGER")
            elif field.kind is Kind.REFS:
                pointer = f"to_{field.to}_id" if field.to == entity.name else f"{field.to}_id"
                connection.execute(f"CREATE TABLE {entity.name}_{field.name} ({entity.name}_id, position, {pointer})")
            else:
                columns.append(field.name)
        connection.execute(f"CREATE TABLE {entity.name} ({', '.join(columns)})")
    connection.execute("CREATE TABLE legacy_alias (legacy_key TEXT PRIMARY KEY, entity TEXT, target_id INTEGER)")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(tmp_path / "target.sqlite", isolation_level=None)
    create(connection)
    connection.executemany(
        "INSERT INTO section (id, legacy_key, is_stub, name, parent_id) VALUES (?, ?, 0, ?, ?)",
        [(1, "web:section:1", "Kinh tế", None), (2, "web:section:2", "Đời sống", 1)],
    )
    yield connection
    connection.close()


@pytest.fixture
def reader(database: sqlite3.Connection, tmp_path: Path) -> Iterator[SqlReader]:
    reader = SqlReader(f"sqlite:///{tmp_path}/target.sqlite")
    yield reader
    reader.close()


def put_article(connection: sqlite3.Connection, number: int, key: str | None = "", **columns: object) -> None:
    values: dict[str, object] = {
        "id": number, "legacy_key": f"web:article:{number}" if key == "" else key, "is_stub": 0, **columns,
    }  # fmt: skip
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO article ({names}) VALUES ({marks})", list(values.values()))


def test_values_come_in_their_canonical_form(database: sqlite3.Connection, reader: SqlReader) -> None:
    put_article(
        database, 7, headline="Lễ  hội ", word_count=3, is_locked=1, published_at="2024-03-25 00:30:01.123456",
        created_at="2024-03-25 00:30:01", section_id=2,
    )  # fmt: skip
    database.executemany("INSERT INTO article_sections VALUES (7, ?, ?)", [(1, 1), (0, 2)])
    database.execute("INSERT INTO tag (id, legacy_key, is_stub, synonyms) VALUES (1, 'web:tag:1', 0, ?)", ['["b","ợ"]'])
    (record,) = reader.read("article", ["web:article:7", "web:article:8"])
    assert (record.key, record.target_id, record.is_stub) == ("web:article:7", "7", False)
    assert list(record.fields) == [field.name for field in ENTITIES["article"].fields]
    assert record.fields["headline"] == "Lễ  hội "
    assert record.fields["word_count"] == 3
    assert record.fields["is_locked"] is True
    assert record.fields["published_at"] == MOMENT
    assert record.fields["created_at"] == MOMENT.replace(microsecond=0)
    assert record.fields["section"] == "web:section:2"
    assert record.fields["sections"] == ("web:section:2", "web:section:1")
    assert record.fields["tags"] == ()
    assert record.fields["topic"] is None
    assert reader.read("tag", ["web:tag:1"])[0].fields["synonyms"] == ("b", "ợ")
    assert reader.read("section", ["web:section:2"])[0].fields["parent"] == "web:section:1"
    assert reader.read("article", []) == []


def test_what_has_no_canonical_form_comes_as_it_stands(database: sqlite3.Connection, reader: SqlReader) -> None:
    put_article(database, 7, published_at="hôm qua", is_locked=7, word_count="nhiều")
    database.executemany(
        "INSERT INTO tag (id, legacy_key, is_stub, name, synonyms) VALUES (?, ?, 0, 'a', ?)",
        [(1, "t:1", "[1]"), (2, "t:2", "{"), (3, "t:3", None)],
    )
    fields = reader.read("article", ["web:article:7"])[0].fields
    assert (fields["published_at"], fields["is_locked"], fields["word_count"]) == ("hôm qua", "7", "nhiều")
    synonyms = [record.fields["synonyms"] for record in reader.read("tag", ["t:1", "t:2", "t:3"])]
    assert synonyms == ["[1]", "{", None]


def test_references_that_lead_nowhere_are_told_apart(database: sqlite3.Connection, reader: SqlReader) -> None:
    database.execute("INSERT INTO section (id, is_stub, name) VALUES (5, 0, 'không khóa')")
    put_article(database, 7, section_id=99)
    put_article(database, 8, section_id=5)
    database.executemany("INSERT INTO article_sections VALUES (8, ?, ?)", [(0, 5), (1, 98), (2, 1)])
    seven, eight = reader.read("article", ["web:article:7", "web:article:8"])
    assert seven.fields["section"] == "!:section:99"
    assert eight.fields["section"] == "?:section:5"
    assert eight.fields["sections"] == ("?:section:5", "!:section:98", "web:section:1")


def test_a_doubled_key_gives_two_records(database: sqlite3.Connection, reader: SqlReader) -> None:
    put_article(database, 7)
    put_article(database, 9, key="web:article:7")
    assert [record.target_id for record in reader.read("article", ["web:article:7"])] == ["7", "9"]


def test_all_records_are_enumerated_page_by_page(database: sqlite3.Connection, reader: SqlReader) -> None:
    database.executemany(
        "INSERT INTO tag (id, legacy_key, is_stub) VALUES (?, ?, ?)", [(n, f"t:{n}", n == 7) for n in range(1, 10_002)]
    )
    database.execute("INSERT INTO tag (id, is_stub) VALUES (10500, 0)")
    entries = list(reader.enumerate("tag"))
    assert len(entries) == 10_002
    assert entries[6] == ("7", "t:7", True)
    assert entries[-1] == ("10500", None, False)
    assert list(reader.enumerate("topic")) == []


def test_records_by_id_and_aliases(database: sqlite3.Connection, reader: SqlReader) -> None:
    put_article(database, 7, key=None)
    put_article(database, 8)
    database.executemany(
        "INSERT INTO legacy_alias VALUES (?, ?, ?)",
        [("a", "article", 8), ("b", "article", 99), ("c", "section", 1), ("d", "nonsense", 1)],
    )
    assert [record.key for record in reader.fetch("article", ["7", "8", "9"])] == [None, "web:article:8"]
    assert reader.aliases(["a", "b", "c", "d", "e"]) == {
        "a": "web:article:8", "b": "!:article:99", "c": "web:section:1", "d": "!:nonsense:1",
    }  # fmt: skip


def test_all_aliases_are_enumerated_page_by_page(database: sqlite3.Connection, reader: SqlReader) -> None:
    assert list(reader.all_aliases()) == []
    put_article(database, 8)
    aliases = [(f"web:article:{n}", "article", 8) for n in range(1000, 3500)]
    database.executemany("INSERT INTO legacy_alias VALUES (?, ?, ?)", [*aliases, ("x", "nonsense", 1)])
    found = list(reader.all_aliases())
    assert found == [*((key, "web:article:8") for key, _, _ in aliases), ("x", "!:nonsense:1")]


def test_a_batch_takes_a_few_queries_whatever_its_size(database: sqlite3.Connection, reader: SqlReader) -> None:
    for number in range(1, 301):
        put_article(database, number, section_id=1)
        database.execute("INSERT INTO article_sections VALUES (?, 0, 1)", [number])
    queries: list[str] = []
    event.listen(reader._engine, "before_cursor_execute", lambda *arguments: queries.append(arguments[2]))
    records = reader.read("article", [f"web:article:{number}" for number in range(1, 301)])
    assert len(records) == 300
    assert all(record.fields["sections"] == ("web:section:1",) for record in records)
    assert len([query for query in queries if query.startswith("SELECT")]) == 6


def test_the_target_cannot_be_written_through_the_reader(reader: SqlReader) -> None:
    with pytest.raises(Exception, match="readonly"), reader._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM section")


def test_a_target_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AccessError):
        SqlReader(f"sqlite:///{tmp_path}/nothing.sqlite")


def test_a_target_without_tables_is_told_as_a_sentence(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "empty.sqlite").execute("CREATE TABLE x (y)").connection.close()
    with pytest.raises(AccessError):
        SqlReader(f"sqlite:///{tmp_path}/empty.sqlite").read("article", ["a"])
