"""What servers do to a run in the night, on real servers: cut connections, deadlocks, waits, limits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from migrator import db
from migrator.db import parse_url
from migrator.errors import StopRun
from migrator.extract.sql import SqlExtractor
from migrator.load.sql import SqlLoader
from migrator.load.sql.vault import SqlVault
from migrator.model.content import ENTITIES, Value
from migrator.model.record import Record
from migrator.model.source import Selection
from migrator.ports import Withheld, Write
from migrator.read.sql import SqlReader
from tests.proxy import Action, Fault, Proxy

ROWS = 12
PATIENCE_S = 20


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "RETRY_AFTER_S", (0.05, 0.3, 1.0))


@pytest.fixture(params=["mariadb", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """An empty database on each server."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@contextmanager
def session(url: str) -> Iterator[sa.Connection]:
    """Somebody else's connection, committing at once unless it begins something."""
    engine = sa.create_engine(parse_url(url), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def is_mysql(url: str) -> bool:
    return parse_url(url).get_backend_name() == "mysql"


def with_option(url: str, mysql: str, postgres: str) -> str:
    """The URL with a setting for its sessions."""
    option = {"init_command": mysql} if is_mysql(url) else {"options": f"-c {postgres}"}
    return parse_url(url).update_query_dict(option).render_as_string(hide_password=False)


def cut(connection: sa.Connection, url: str, doing: str = "") -> int:
    """End every other connection to this database, or those that do something; how many there were."""
    name = parse_url(url).database
    if is_mysql(url):
        listed = "SELECT id FROM information_schema.processlist WHERE db = :name AND id <> connection_id()"
        ids = connection.execute(
            sa.text(f"{listed} AND coalesce(info, '') LIKE :doing"), {"name": name, "doing": f"%{doing}%"}
        )
        return sum(1 for (number,) in ids.all() if _killed(connection, number))
    listed = "SELECT pid FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()"
    state = " AND state = 'active'" if doing else ""
    found = connection.execute(
        sa.text(f"{listed}{state} AND query LIKE :doing"), {"name": name, "doing": f"%{doing}%"}
    ).all()
    for (pid,) in found:
        connection.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    return len(found)


def _killed(connection: sa.Connection, number: int) -> bool:
    try:
        connection.exec_driver_sql(f"KILL CONNECTION {number}")
    except sa.exc.OperationalError:  # it ended by itself
        return False
    return True


@contextmanager
def meanwhile(work: Callable[[], None]) -> Iterator[None]:
    """Something done in another thread during the block; its failure fails the test."""
    failed: list[BaseException] = []

    def carry() -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=carry)
    thread.start()
    yield
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert not failed, failed


def until(happened: Callable[[], Any]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)


def fill(url: str) -> None:
    with session(url) as connection:
        connection.exec_driver_sql("CREATE TABLE stories (id INTEGER PRIMARY KEY, title VARCHAR(200))")
        for number in range(1, ROWS + 1):
            connection.exec_driver_sql(f"INSERT INTO stories VALUES ({number}, 'Bài {number}')")


STORIES = Selection("old", "article", ("id",), table="stories")


# --- reading ---
def test_a_connection_cut_between_two_pages_is_made_again(url: str) -> None:
    fill(url)
    extractor = SqlExtractor(url, "old")
    first = extractor.read(STORIES, None, 5)
    assert extractor.is_one_snapshot
    with session(url) as other:
        assert cut(other, url)
    rest = extractor.read(STORIES, first[-1].position, 100)
    extractor.close()
    assert [row.values["id"] for row in [*first, *rest]] == list(range(1, ROWS + 1))
    assert not extractor.is_one_snapshot  # and the run will say so


def test_a_connection_cut_in_the_midst_of_a_read_is_made_again(url: str) -> None:
    fill(url)
    nap = "SLEEP(0.1)" if is_mysql(url) else "CAST(pg_sleep(0.1) AS text)"
    slowly = Selection("old", "article", ("id",), sql=f"SELECT id, {nap} AS nap FROM stories")
    extractor = SqlExtractor(url, "old")

    def kill() -> None:
        with session(url) as other:
            until(lambda: cut(other, url, "nap"))

    with meanwhile(kill):
        rows = extractor.read(slowly, None, 100)
    extractor.close()
    assert [row.values["id"] for row in rows] == list(range(1, ROWS + 1))


def test_a_disturbed_way_to_the_source_loses_no_row(url: str) -> None:
    fill(url)
    actions: tuple[Action, ...] = ("drop", "reset", "delay", "lose-answer", "go-away")
    with Proxy(url) as proxy:
        extractor = SqlExtractor(proxy.url, "old")
        proxy.plan([Fault("read", 2 + 2 * turn, action) for turn, action in enumerate(actions)])
        rows = extractor.read(STORIES, None, 1)
        while page := extractor.read(STORIES, rows[-1].position, 1):
            rows = [*rows, *page]
        extractor.close()
        assert len(proxy.done) == len(actions)
    assert [row.values["id"] for row in rows] == list(range(1, ROWS + 1))


def test_a_statement_over_its_time_limit_ends_with_a_sentence(url: str) -> None:
    fill(url)
    nap = "SLEEP(1)" if is_mysql(url) else "CAST(pg_sleep(1) AS text)"
    slowly = Selection("old", "article", ("id",), sql=f"SELECT id, {nap} AS nap FROM stories")
    limited = with_option(url, "SET SESSION max_statement_time=0.2", "statement_timeout=200")
    extractor = SqlExtractor(limited, "old")
    with pytest.raises(StopRun, match="time limit") as stopped:
        extractor.read(slowly, None, 100)
    extractor.close()
    assert "--batch" in stopped.value.next_step


# --- writing ---
def section(number: int, name: str = "") -> Record:
    blank: dict[str, Value] = {
        f.name: () if f.kind.value in {"refs", "texts"} else None for f in ENTITIES["section"].fields
    }
    return Record(f"web:section:{number}", "section", blank | {"name": name or f"Mục {number}"})


def article(number: int, body: str) -> Record:
    blank: dict[str, Value] = {
        f.name: () if f.kind.value in {"refs", "texts"} else None for f in ENTITIES["article"].fields
    }
    return Record(
        f"web:article:{number}", "article", blank | {"headline": f"Bài {number}", "status": "draft", "body_html": body}
    )


def puts(*records: Record) -> list[Write]:
    return [Write("put", record.key, record.entity, record=record) for record in records]


def names(url: str) -> dict[str | None, object]:
    reader = SqlReader(url)
    try:
        ids = [target_id for target_id, _, _ in reader.enumerate("section")]
        found = reader.fetch("section", ids)
        assert len({record.key for record in found}) == len(found)
        return {record.key: record.fields["name"] for record in found}
    finally:
        reader.close()


@pytest.fixture
def loader(url: str) -> Iterator[SqlLoader]:
    loader = SqlLoader(url)
    loader.prepare()
    loader.write(puts(section(1), section(2)))
    yield loader
    loader.close()


def waits(other: sa.Connection, url: str) -> bool:
    """Whether somebody waits for a lock. MariaDB's list of transactions is refreshed too seldom to be asked often."""
    asked = (
        "SELECT count(*) FROM information_schema.processlist"
        " WHERE db = database() AND command = 'Query' AND time_ms > 200 AND info LIKE 'UPDATE section%'"
        if is_mysql(url)
        else "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    return bool(other.execute(sa.text(asked)).scalar())


@contextmanager
def holding(url: str, number: int) -> Iterator[sa.Connection]:
    """A transaction of somebody else that holds a section."""
    with session(url) as holder:
        holder.exec_driver_sql("BEGIN")
        holder.exec_driver_sql(f"UPDATE section SET slug = 'x' WHERE legacy_key = 'web:section:{number}'")
        yield holder
        holder.exec_driver_sql("ROLLBACK")


def test_a_connection_cut_in_the_midst_of_a_write_is_made_again(url: str, loader: SqlLoader) -> None:
    with session(url) as other, holding(url, 2) as holder:

        def kill() -> None:
            until(lambda: waits(other, url))
            assert cut(other, url, "UPDATE section")
            holder.exec_driver_sql("ROLLBACK")

        with meanwhile(kill):
            answers = loader.write(puts(section(1, "Một"), section(2, "Hai"), section(3, "Ba")))
    assert [answer.error for answer in answers] == ["", "", ""]
    assert names(url) == {"web:section:1": "Một", "web:section:2": "Hai", "web:section:3": "Ba"}


def test_the_victim_of_a_deadlock_tries_again(url: str, loader: SqlLoader) -> None:
    with session(url) as other, session(url) as rival:
        rival.exec_driver_sql("BEGIN")
        if is_mysql(url):  # the server ends the one that changed less
            rival.exec_driver_sql("CREATE TEMPORARY TABLE ballast (x INTEGER)")
            rival.exec_driver_sql("INSERT INTO ballast SELECT seq FROM seq_1_to_1000")
        else:  # the server ends the one that looks first
            rival.exec_driver_sql("SET deadlock_timeout = '20s'")
        rival.exec_driver_sql("UPDATE section SET slug = 'x' WHERE legacy_key = 'web:section:2'")

        def cross() -> None:
            until(lambda: waits(other, url))
            rival.exec_driver_sql("UPDATE section SET slug = 'x' WHERE legacy_key = 'web:section:1'")
            rival.exec_driver_sql("COMMIT")

        with meanwhile(cross):
            answers = loader.write(puts(section(1, "Một"), section(2, "Hai")))
    assert [answer.error for answer in answers] == ["", ""]
    assert names(url) == {"web:section:1": "Một", "web:section:2": "Hai"}


def test_a_row_held_for_too_long_stops_the_run_with_a_sentence(url: str, loader: SqlLoader) -> None:
    impatient = SqlLoader(with_option(url, "SET SESSION innodb_lock_wait_timeout=1", "lock_timeout=200"))
    with holding(url, 2), pytest.raises(StopRun, match="holds rows") as stopped:
        impatient.write(puts(section(1, "Một"), section(2, "Hai")))
    assert "goes on" in stopped.value.next_step
    assert names(url) == {"web:section:1": "Mục 1", "web:section:2": "Mục 2"}  # nothing of it was written
    assert [answer.error for answer in impatient.write(puts(section(2, "Hai")))] == [""]
    impatient.close()


def test_a_body_larger_than_a_packet_is_refused_alone(mariadb_url: str) -> None:
    with session(mariadb_url) as other:
        limit = int(other.exec_driver_sql("SELECT @@max_allowed_packet").scalar_one())
    loader = SqlLoader(mariadb_url)
    loader.prepare()
    answers = loader.write(puts(article(1, "nhỏ"), article(2, "á" * (limit // 2)), article(3, "cũng nhỏ")))
    assert [bool(answer.error) for answer in answers] == [False, True, False]
    assert "max_allowed_packet" in answers[1].error
    escaped = loader.write(puts(article(4, "'" * (limit // 2))))  # a quote takes two bytes on its way
    assert "max_allowed_packet" in escaped[0].error
    assert [answer.error for answer in loader.write(puts(article(5, "x" * (limit - 4096))))] == [""]
    loader.close()
    vault = SqlVault(mariadb_url)
    vault.prepare()
    with pytest.raises(StopRun, match=r"web:article:2.*max_allowed_packet"):
        vault.keep([Withheld(article(2, "á" * (limit // 2)), "retracted", "retracted")])
    vault.close()
