"""Sums, belongings and plain values as SQLite, MariaDB and PostgreSQL themselves give them; and the target's own sums."""

import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from migrator.db import parse_url
from migrator.model.audit import Against, AuditedEntity, Belonging, Grouped, Identity, NumberTotal, Place, Summed
from migrator.model.source import Test
from migrator.ports import GroupSums
from migrator.read.sql import SqlReader, SqlWitness
from tests.unit.read.test_source import insert
from tests.unit.read.test_target import create

SCHEMA = (
    "CREATE TABLE nhuan_but (id INTEGER PRIMARY KEY, ma_ns INTEGER, ky VARCHAR(7), so_tien BIGINT, "
    "he_so DOUBLE PRECISION, tt INTEGER)",
    "CREATE TABLE tong_hop (ma_ns INTEGER, ky VARCHAR(7), so_bai INTEGER, tong BIGINT)",
    "CREATE TABLE bai (id INTEGER PRIMARY KEY)",
)
ROWS = [
    (1, 1, "2024-01", 100_000, 0.25, 1), (2, 1, "2024-01", 250_001, 1.5, 1), (3, 1, "2024-02", None, None, 1),
    (4, 2, "2024-01", 9_007_199_254_740_993, 30, 1), (5, None, "2024-02", 7, 1, 2), (6, 9, "2024-02", 8, 1, 3),
]  # fmt: skip
BY = [
    Grouped(name, identity=Identity(name, Place(column))) for name, column in (("account", "ma_ns"), ("period", "ky"))
]
TOTAL = NumberTotal(tuple(BY), (Summed("amount_vnd", "so_tien"), Summed("coefficient_thousandths", "he_so")))


@pytest.fixture(params=["sqlite", "mariadb", "postgres"])
def witness(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlWitness]:
    url = f"sqlite:///{tmp_path}/legacy.sqlite"
    if request.param != "sqlite":
        url = request.getfixturevalue(f"{request.param}_url")
    engine = sa.create_engine(parse_url(url))
    with engine.begin() as connection:
        for statement in SCHEMA:
            connection.exec_driver_sql(statement)
        insert(connection, "nhuan_but", ROWS)
        insert(connection, "tong_hop", [(1, "2024-01", 2, 350_001), (2, "2024-01", None, None)])
        insert(connection, "bai", [(1,), (2,), (3,)])
    engine.dispose()
    witness = SqlWitness(url, "print")
    yield witness
    witness.close()


def audited(*where: Test, **other: Any) -> AuditedEntity:
    return AuditedEntity(
        **{"entity": "royalty", "table": "nhuan_but", "sql": None, "key": ("id",), "where": where, **other}
    )


def summed(groups: Iterator[GroupSums]) -> dict[tuple[Any, ...], tuple[int | None, tuple[Decimal, ...]]]:
    return {each.group: (each.rows, each.sums) for each in groups}


def test_sums_per_group_to_the_last_dong(witness: SqlWitness) -> None:
    assert summed(witness.sums(audited(), TOTAL)) == {
        (1, "2024-01"): (2, (Decimal(350_001), Decimal("1.75"))),
        (1, "2024-02"): (1, (Decimal(0), Decimal(0))),
        (2, "2024-01"): (1, (Decimal(9_007_199_254_740_993), Decimal(30))),
        (None, "2024-02"): (1, (Decimal(7), Decimal(1))),
        (9, "2024-02"): (1, (Decimal(8), Decimal(1))),
    }


@pytest.mark.parametrize("where", [(Test("tt", "in", (1,)),), (Test("tt", "matches", "^1$"),)])
def test_only_the_entity_s_own_rows_are_summed(where: tuple[Test, ...], witness: SqlWitness) -> None:
    found = summed(witness.sums(audited(*where), TOTAL))
    assert set(found) == {(1, "2024-01"), (1, "2024-02"), (2, "2024-01")}
    assert found[1, "2024-01"] == (2, (Decimal(350_001), Decimal("1.75")))


def test_a_query_is_summed_as_a_table(witness: SqlWitness) -> None:
    sql = "SELECT id, 'views' AS name, so_tien FROM nhuan_but WHERE so_tien < 1000"
    total = NumberTotal((Grouped("name", identity=Identity("name", Place("name"))),), (Summed("value", "so_tien"),))
    assert summed(witness.sums(audited(table=None, sql=sql), total)) == {("views",): (2, (Decimal(15),))}


def test_the_source_s_own_sums(witness: SqlWitness) -> None:
    against = Against("x", "tong_hop", (("ma_ns", "ma_ns"), ("ky", "ky")), (("tong", "so_tien"),), "so_bai")
    assert summed(witness.kept_sums(against)) == {
        (1, "2024-01"): (2, (Decimal(350_001),)),
        (2, "2024-01"): (0, (Decimal(0),)),
    }
    without = Against(
        "x", "tong_hop", (("ma_ns", "ma_ns"),), (("tong", "so_tien"),), where=(Test("ma_ns", "in", (1,)),)
    )
    assert summed(witness.kept_sums(without)) == {(1,): (None, (Decimal(350_001),))}


def test_orphans_by_their_key_and_by_what_they_lack(witness: SqlWitness) -> None:
    belonging = Belonging("bai", (("ma_ns", "id"),))
    assert list(witness.orphans("nhuan_but", belonging, ("id",))) == [((6,), 1)]
    assert list(witness.orphans("nhuan_but", belonging)) == [((9,), 1)]
    assert list(witness.orphans("nhuan_but", Belonging("bai", (("ma_ns", "id"),), ("9",)))) == []
    assert sorted(witness.orphans("nhuan_but", Belonging("bai", (("id", "id"),)), ("id",))) == [
        ((4,), 1),
        ((5,), 1),
        ((6,), 1),
    ]


def test_plain_values(witness: SqlWitness) -> None:
    assert sorted(witness.values("nhuan_but", ["ky", "id"], (Test("tt", "ge", 2),))) == [("2024-02", 5), ("2024-02", 6)]
    assert list(witness.values("bai", ["id"], (Test("id", "matches", "^3"),))) == [(3,)]


def test_the_target_s_sums(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "target.sqlite")
    create(connection)
    connection.executemany(
        "INSERT INTO account (id, legacy_key, is_stub, username) VALUES (?, ?, 0, ?)",
        [(1, "web:account:1", "a"), (2, None, "b")],
    )
    connection.executemany(
        "INSERT INTO royalty (legacy_key, is_stub, account_id, period, is_paid, amount_vnd) VALUES (?, ?, ?, ?, ?, ?)",
        [
            ("print:royalty:1", 0, 1, "2024-01", 1, 100), ("print:royalty:2", 0, 1, "2024-01", 1, 23),
            ("print:royalty:3", 0, None, "2024-01", 0, 4), ("print:royalty:4", 0, 2, "2024-01", 0, 5),
            ("print:royalty:5", 0, 99, "2024-01", 0, 6), ("print:royalty:6", 1, 1, "2024-01", 1, 1000),
            ("print2:royalty:1", 0, 1, "2024-01", 1, 1000), (None, 0, 1, "2024-01", 1, 1000),
        ],
    )  # fmt: skip
    connection.commit()
    connection.close()
    reader = SqlReader(f"sqlite:///{tmp_path}/target.sqlite")
    found = summed(reader.sums("royalty", "print", ["period", "account", "is_paid"], ["amount_vnd"]))
    reader.close()
    assert found == {
        ("2024-01", "web:account:1", True): (2, (Decimal(123),)), ("2024-01", None, False): (1, (Decimal(4),)),
        ("2024-01", "?:account:2", False): (1, (Decimal(5),)), ("2024-01", "!:account:99", False): (1, (Decimal(6),)),
    }  # fmt: skip
