"""Statements prepared once: for many rows, and for rows among many values."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from migrator.db import Among, Many

TABLE = sa.Table(
    "thing",
    sa.MetaData(),
    sa.Column("key", sa.String(40), primary_key=True),
    sa.Column("kind", sa.String(40)),
    sa.Column("data", sa.LargeBinary),
    sa.Column("is_odd", sa.Boolean),
)
ROWS = 1100


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    TABLE.metadata.create_all(engine)
    with engine.begin() as opened:
        rows = (
            {"key": f"k{n}", "kind": "a'%s :b" if n % 2 else None, "data": bytes([n % 256]), "is_odd": bool(n % 2)}
            for n in range(ROWS)
        )
        Many(engine, sa.insert(TABLE), TABLE.columns.keys()).execute(opened, rows)
        yield opened
    engine.dispose()


def test_many_rows_stand_as_they_were_given(connection: sa.Connection) -> None:
    assert connection.execute(sa.select(sa.func.count()).select_from(TABLE)).scalar() == ROWS
    odd = connection.execute(sa.select(TABLE).where(TABLE.c.key == "k257")).one()
    assert tuple(odd) == ("k257", "a'%s :b", b"\x01", True)


@pytest.mark.parametrize("number", [0, 1, 7, 8, 9, 64, 65, 500, 501, 1050])
def test_the_rows_among_a_list_of_any_length(connection: sa.Connection, number: int) -> None:
    question = Among(connection.engine, sa.select(TABLE.c.key, TABLE.c.data), TABLE.c.key)
    keys = [f"k{n}" for n in range(number)]
    found = question.rows(connection, [*keys, "unknown"] if number else [])
    assert sorted(map(tuple, found)) == sorted((f"k{n}", bytes([n % 256])) for n in range(number))


def test_other_conditions_and_other_columns_hold(connection: sa.Connection) -> None:
    odd = sa.select(TABLE.c.key).where(TABLE.c.kind == "a'%s :b")
    question = Among(connection.engine, odd, TABLE.c.data)
    assert sorted(row[0] for row in question.rows(connection, [b"\x02", b"\x03"])) == [
        "k1027",
        "k259",
        "k3",
        "k515",
        "k771",
    ]
