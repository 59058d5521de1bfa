"""Real servers asked about themselves: what is planted is found, what is well is said to be well."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import URL

from migrator.db import open_engine
from migrator.doctor import Diagnosis, Level
from migrator.doctor.encodings import encoding, folded_keys, mislabelled
from migrator.doctor.engines import engines
from migrator.doctor.ledger import ledger
from migrator.doctor.limits import limits
from migrator.doctor.rights import source_rights, target_rights
from migrator.errors import AccessError
from migrator.ledger import SqlLedger
from migrator.ledger.health import ledger_facts
from migrator.load.sql.trial import TABLE, try_writing
from migrator.model.server import LedgerFacts
from migrator.read.sql.server import server_facts
from migrator.read.sql.server_mysql import rights_of


def execute(url: str, *statements: str) -> None:
    engine = open_engine(url, read_only=False)
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        connection.commit()
    engine.dispose()


def codes(diagnoses: list[Diagnosis]) -> dict[str, Level]:
    return {diagnosis.code: diagnosis.level for diagnosis in diagnoses}


@contextmanager
def account(server: URL, url: str, grants: str) -> Iterator[str]:
    """The same database, for an account of its own with these rights."""
    name = f"doctor_{uuid.uuid4().hex[:8]}"
    database = sa.make_url(url).database
    execute(str(url), f"CREATE USER {name}@'127.0.0.1'", f"GRANT {grants} ON `{database}`.* TO {name}@'127.0.0.1'")
    try:
        yield sa.make_url(url).set(username=name).render_as_string(hide_password=False)
    finally:
        execute(str(url), f"DROP USER {name}@'127.0.0.1'")


# --- MariaDB ---
def test_utf8_in_latin1_is_found_and_true_latin1_is_not(mariadb_url: str) -> None:
    execute(
        mariadb_url,
        "CREATE TABLE wrong (id INT PRIMARY KEY, title VARCHAR(99)) CHARACTER SET latin1",
        "CREATE TABLE good (id INT PRIMARY KEY, title VARCHAR(99)) CHARACTER SET latin1",
        "INSERT INTO wrong VALUES (1, 'plain'), (2, CONVERT(X'43E1BAA36E67' USING latin1))",
        "INSERT INTO good VALUES (1, 'plain'), (2, CONVERT(X'436166E9' USING latin1))",
    )
    facts = server_facts(mariadb_url)
    assert [(m.table, m.column, m.utf8, m.looked_at) for m in facts.mislabelled] == [("wrong", "title", 1, 1)]
    (said,) = mislabelled("source web", facts)
    assert (said.code, said.level) == ("latin1_holds_utf8", Level.WARNING)
    assert said.facts["columns"] == "wrong.title (1/1)"
    assert codes(mislabelled("source web", server_facts(mariadb_url, ["good"]))) == {"latin1_true": Level.OK}


def test_tables_without_transactions_and_folded_keys(mariadb_url: str) -> None:
    execute(
        mariadb_url,
        "CREATE TABLE old (code VARCHAR(20) PRIMARY KEY) ENGINE=MyISAM",
        "CREATE TABLE plain (id INT PRIMARY KEY) ENGINE=InnoDB",
    )
    facts = server_facts(mariadb_url)
    assert codes(engines("source", facts, is_target=False)) == {"no_snapshot": Level.WARNING}
    assert codes(engines("target", facts, is_target=True)) == {"target_engine": Level.FAULT}
    assert codes(folded_keys("source", facts, {"old": ["code"]})) == {"keys_folded": Level.WARNING}
    assert folded_keys("source", facts, {"plain": ["id"]}) == []
    only = server_facts(mariadb_url, ["plain"])
    assert codes(engines("source", only, is_target=False)) == {"snapshot_good": Level.OK}
    assert codes(encoding("target", facts, is_target=True)) == {"encoding_good": Level.OK}


def test_a_reading_account_and_one_that_can_write(mariadb_server: URL, mariadb_url: str) -> None:
    execute(mariadb_url, "CREATE TABLE plain (id INT PRIMARY KEY)")
    with account(mariadb_server, mariadb_url, "SELECT") as url:
        facts = server_facts(url)
        assert codes(source_rights("source", facts)) == {"source_reads": Level.OK}
        assert codes(target_rights("target", facts)) == {"target_lacks": Level.FAULT}
    with account(mariadb_server, mariadb_url, "SELECT, INSERT, UPDATE, DELETE, CREATE") as url:
        facts = server_facts(url)
        (said,) = source_rights("source", facts)
        assert (said.level, said.facts["rights"]) == (Level.WARNING, "create, delete, insert, update")
        assert codes(target_rights("target", facts)) == {"target_writes": Level.OK}


@pytest.mark.parametrize(
    ("grant", "rights"),
    [
        ("GRANT USAGE ON *.* TO `a`@`%`", {"usage"}),
        ("GRANT SELECT, INSERT ON `paper`.* TO `a`@`%`", {"select", "insert"}),
        ("GRANT SELECT ON `pap\\_r`.* TO `a`@`%`", set()),
        ("GRANT SELECT ON `pa%`.* TO `a`@`%`", {"select"}),
        ("GRANT SELECT (`id`, `b`), UPDATE (`c`) ON `paper`.`news` TO `a`@`%`", {"select", "update"}),
        ("GRANT `reader` TO `a`@`%`", set()),
    ],
)
def test_grants(grant: str, rights: set[str]) -> None:
    assert rights_of([grant], "paper") == rights


def test_a_small_packet_and_a_cut_statement(mariadb_server: URL, mariadb_url: str) -> None:
    facts = server_facts(mariadb_url)
    assert facts.limits["max_allowed_packet"] >= 1024 * 1024
    with account(mariadb_server, mariadb_url, "SELECT") as url:
        name = sa.make_url(url).username
        execute(mariadb_url, f"ALTER USER {name}@'127.0.0.1' WITH MAX_STATEMENT_TIME 90")
        (said,) = (d for d in limits("source", server_facts(url), is_target=False) if d.code == "statement_cut")
        assert said.facts == {"name": "max_statement_time", "seconds": 90.0}


# --- PostgreSQL ---
def test_postgresql_limits_rights_and_encoding(postgres_url: str) -> None:
    database = sa.make_url(postgres_url).database
    execute(postgres_url, "CREATE TABLE plain (id int)", f"ALTER DATABASE {database} SET statement_timeout = '30s'")
    facts = server_facts(postgres_url)
    assert facts.version >= (9, 5)
    (said,) = (d for d in limits("target", facts, is_target=True) if d.code == "statement_cut")
    assert said.facts["seconds"] == 30.0
    assert codes(target_rights("target", facts)) == {"target_writes": Level.OK}
    assert codes(source_rights("source", facts)) == {"source_writes": Level.WARNING}
    assert codes(encoding("target", facts, is_target=True)) == {"encoding_good": Level.OK}


def test_a_postgresql_role_that_only_reads(postgres_url: str) -> None:
    role = f"doctor_{uuid.uuid4().hex[:8]}"
    execute(
        postgres_url, "CREATE TABLE plain (id int)", "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"CREATE ROLE {role} LOGIN", f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}",
    )  # fmt: skip
    try:
        url = sa.make_url(postgres_url).set(username=role).render_as_string(hide_password=False)
        facts = server_facts(url)
        assert codes(source_rights("source", facts)) == {"source_reads": Level.OK}
        assert codes(target_rights("target", facts)) == {"target_lacks": Level.FAULT}
        assert facts.data_folder == ""  # not told to everybody
        with pytest.raises(AccessError):
            try_writing(url)
        with closing(SqlLedger(postgres_url)):
            assert ledger_facts(postgres_url).exists
    finally:
        execute(postgres_url, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


def test_a_trial_leaves_nothing(postgres_url: str, tmp_path: Path) -> None:
    file = tmp_path / "target.sqlite"
    assert try_writing(f"sqlite:///{file}")
    assert not file.exists()
    execute(f"sqlite:///{file}", "CREATE TABLE there (id int)")
    for url in (postgres_url, f"sqlite:///{file}"):
        assert try_writing(url)
        engine = open_engine(url, read_only=True)
        assert TABLE not in sa.inspect(engine).get_table_names()
        engine.dispose()


# --- the ledger ---
def test_the_ledger_tells_who_holds_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.sqlite"
    assert codes(ledger(ledger_facts(url))) == {"ledger_new": Level.OK}
    assert not (tmp_path / "ledger.sqlite").exists()
    with closing(SqlLedger(url)) as mine:
        mine.begin("run", "0" * 64, "{}")
        assert codes(ledger(ledger_facts(url))) == {"ledger_held": Level.FAULT}
        mine.release()
        assert codes(ledger(ledger_facts(url))) == {"ledger_open_run": Level.WARNING}
        mine.begin("run", "0" * 64, "{}")
        mine.end("done")
    assert codes(ledger(ledger_facts(url))) == {"ledger_good": Level.OK}
    newer = LedgerFacts(exists=True, version=99, known_version=1)
    assert codes(ledger(newer)) == {"ledger_newer": Level.FAULT}
