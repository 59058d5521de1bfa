"""Accounts with few rights: reading needs SELECT alone, and what a target's account lacks is said before anything is written."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
import sqlalchemy as sa

from migrator.db import parse_url
from migrator.errors import AccessError
from migrator.extract.sql import SqlExtractor
from migrator.load.sql import SqlLoader
from migrator.model.audit import AuditedEntity
from migrator.model.content import ENTITIES, Value
from migrator.model.record import Record
from migrator.model.source import Selection
from migrator.ports import Write
from migrator.read.sql import SqlReader, SqlWitness

Grant = Callable[[str], str]
"""Rights, as in GRANT … ON everything -> the URL of a new account that has them."""


@contextmanager
def owner(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(parse_url(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(params=["mariadb", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
def account(url: str) -> Iterator[Grant]:
    """Makes accounts, and takes them away afterwards."""
    parsed, made = parse_url(url), ExitStack()
    is_mysql = parsed.get_backend_name() == "mysql"

    def make(rights: str) -> str:
        name = f"m_{uuid.uuid4().hex[:12]}"
        with owner(url) as connection:
            if is_mysql:
                connection.exec_driver_sql(f"CREATE USER '{name}'@'127.0.0.1'")
                made.callback(drop, f"DROP USER '{name}'@'127.0.0.1'")
                connection.exec_driver_sql(f"GRANT {rights} ON {parsed.database}.* TO '{name}'@'127.0.0.1'")
            else:
                connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN")
                made.callback(drop, f"DROP OWNED BY {name}; DROP ROLE {name}")
                connection.exec_driver_sql(f"GRANT {rights} ON ALL TABLES IN SCHEMA public TO {name}")
        return parsed.set(username=name).render_as_string(hide_password=False)

    def drop(statement: str) -> None:
        with owner(url) as connection:
            connection.exec_driver_sql(statement)

    with made:
        yield make


def section(number: int) -> Write:
    blank: dict[str, Value] = {
        f.name: () if f.kind.value in {"refs", "texts"} else None for f in ENTITIES["section"].fields
    }
    record = Record(f"web:section:{number}", "section", blank | {"name": "Kinh tế 🎉"})
    return Write("put", record.key, "section", record=record)


def test_select_is_enough_to_read_a_source_and_a_target(url: str, account: Grant) -> None:
    with owner(url) as connection:
        connection.exec_driver_sql("CREATE TABLE story (id INTEGER PRIMARY KEY, title VARCHAR(50))")
        connection.exec_driver_sql("INSERT INTO story VALUES (1, 'Một'), (2, 'Hai')")
    loader = SqlLoader(url)
    loader.prepare()
    loader.write([section(1)])
    loader.close()
    reading = account("SELECT")
    extractor, witness, reader = SqlExtractor(reading, "old"), SqlWitness(reading, "old"), SqlReader(reading)
    chosen = Selection("old", "article", ("id",), table="story")
    assert "story" in extractor.tables()
    assert extractor.marker([chosen]).consistent
    assert [row.key for row in extractor.read(chosen, None, 5)] == ["old:article:1", "old:article:2"]
    assert [len(page) for page in witness.rows(AuditedEntity("article", "story", None, ("id",)), 10)] == [2]
    assert reader.read("section", ["web:section:1"])[0].fields["name"] == "Kinh tế 🎉"
    for each in (extractor, witness, reader):
        each.close()


@pytest.mark.parametrize("missing", ["INSERT", "UPDATE", "DELETE", "SELECT"])
def test_a_right_the_target_lacks_is_named_before_anything_is_written(url: str, account: Grant, missing: str) -> None:
    first = SqlLoader(url)
    first.prepare()
    first.close()
    writing = account(", ".join({"SELECT", "INSERT", "UPDATE", "DELETE"} - {missing}))
    loader = SqlLoader(writing)
    with pytest.raises(AccessError, match=r"denied|lacks|may not") as refused:
        loader.prepare()
    assert refused.value.next_step
    loader.close()


def test_tables_that_may_not_be_made_are_named(url: str, account: Grant) -> None:
    with owner(url) as connection:
        connection.exec_driver_sql("CREATE TABLE other (id INTEGER PRIMARY KEY)")
        if parse_url(url).get_backend_name() == "postgresql":
            connection.exec_driver_sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    loader = SqlLoader(account("SELECT, INSERT, UPDATE, DELETE"))
    with pytest.raises(AccessError, match=r"denied"):
        loader.prepare()
    loader.close()
    with owner(url) as connection:
        assert sa.inspect(connection).get_table_names() == ["other"]


def test_rights_on_the_rows_are_enough_once_the_tables_stand(url: str, account: Grant) -> None:
    first = SqlLoader(url)
    first.prepare()
    first.close()
    writing = account("SELECT, INSERT, UPDATE, DELETE")
    loader = SqlLoader(writing)
    if parse_url(url).get_backend_name() == "postgresql":
        with pytest.raises(AccessError, match="numbers"):
            loader.prepare()
        with owner(url) as connection:
            name = parse_url(writing).username
            connection.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name}")
    loader.prepare()
    assert [answer.error for answer in loader.write([section(1)])] == [""]
    loader.close()


# --- columns that do not take everything ---
def test_what_a_column_of_three_bytes_cannot_hold_is_refused_alone(mariadb_url: str) -> None:
    """Also where the server is set to mangle and cut silently."""
    lax = parse_url(mariadb_url).update_query_dict({"init_command": "SET sql_mode = ''"})
    loader = SqlLoader(lax.render_as_string(hide_password=False))
    loader.prepare()
    with owner(mariadb_url) as connection:
        connection.exec_driver_sql("ALTER TABLE tag MODIFY name VARCHAR(40) CHARACTER SET utf8mb3 NOT NULL")
    names = ["Thời sự", "Lễ hội 🎉", "Chữ Nôm 𡨸", "Dài " * 20, "hoà", "hòa"]
    blank: dict[str, Value] = {f.name: () if f.kind.value == "texts" else None for f in ENTITIES["tag"].fields}
    records = [Record(f"web:tag:{number}", "tag", blank | {"name": name}) for number, name in enumerate(names)]
    answers = loader.write([Write("put", record.key, "tag", record=record) for record in records])
    assert [bool(answer.error) for answer in answers] == [False, True, True, True, False, False]
    assert "Incorrect string value" in answers[1].error
    assert "too long" in answers[3].error
    loader.close()
    reader = SqlReader(mariadb_url)
    stand = reader.read("tag", [record.key for record in records])
    assert [record.fields["name"] for record in stand] == ["Thời sự", "hoà", "hòa"]
    reader.close()


def test_keys_that_mariadb_takes_for_the_same_are_told_apart(mariadb_url: str) -> None:
    loader = SqlLoader(mariadb_url)
    loader.prepare()
    blank: dict[str, Value] = {f.name: () if f.kind.value == "texts" else None for f in ENTITIES["tag"].fields}
    keys = [f"web:tag:{word}" for word in ("hoà", "hòa", "HOÀ", "ThoiSu", "THOISU")]
    writes = [Write("put", key, "tag", record=Record(key, "tag", blank | {"name": key, "slug": "x"})) for key in keys]
    assert [answer.error for answer in loader.write(writes)] == [""] * 5
    assert loader.standing("tag", keys).keys() == set(keys)
    assert not loader.standing("tag", ["web:tag:hoà ", "web:tag:thoisu"])
    spaced = Record("web:tag:hoà ", "tag", blank | {"name": "x", "slug": "x"})
    assert "Duplicate" in loader.write([Write("put", spaced.key, "tag", record=spaced)])[0].error
    loader.write([Write("withdraw", "web:tag:hoà ", "tag")])
    assert loader.standing("tag", keys).keys() == set(keys)
    loader.close()


def test_the_rights_the_guide_names_are_enough_to_make_the_tables(url: str, account: Grant) -> None:
    is_mysql = parse_url(url).get_backend_name() == "mysql"
    making = account("SELECT, INSERT, UPDATE, DELETE" + (", CREATE, INDEX, REFERENCES" if is_mysql else ""))
    if not is_mysql:
        with owner(url) as connection:
            connection.exec_driver_sql(f"GRANT CREATE ON SCHEMA public TO {parse_url(making).username}")
    loader = SqlLoader(making)
    loader.prepare()
    assert [answer.error for answer in loader.write([section(1)])] == [""]
    loader.close()
