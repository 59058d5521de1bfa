"""The survey counts alike on every database, whatever a column's type and collation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from migrator.errors import AccessError
from migrator.extract.sql.survey import SqlSurvey
from migrator.model.source import Selection, Test

ROWS = [(1, "A", "x", 1), (2, "a", "", 0), (3, "Â", None, None), (4, "a", "y" * 300, 7), (5, "a ", "x", 7)]


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with one table; text is compared without regard to case where the database can."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path}/s.sqlite"
        text = "TEXT COLLATE NOCASE"
    else:
        address = request.getfixturevalue(f"{request.param}_url")
        text = "TEXT"
    engine = sa.create_engine(address)
    with engine.begin() as connection:
        connection.execute(
            sa.text(f"CREATE TABLE t (id INTEGER PRIMARY KEY, status {text}, note {text}, number INTEGER)")
        )
        connection.execute(
            sa.text("INSERT INTO t VALUES (:a, :b, :c, :d)"), [dict(zip("abcd", row, strict=True)) for row in ROWS]
        )
    engine.dispose()
    return address


@pytest.fixture
def survey(url: str) -> Iterator[SqlSurvey]:
    survey = SqlSurvey(url)
    yield survey
    survey.close()


ALL = Selection("s", "", (), "t")


def test_rows_and_filled_columns(survey: SqlSurvey) -> None:
    assert survey.rows(ALL) == 5
    assert survey.filled(ALL, ["status", "note", "number", "id"]) == {"status": 5, "note": 3, "number": 4, "id": 5}
    assert survey.filled(ALL, []) == {}
    assert survey.rows(Selection("s", "", (), "t", where=(Test("number", "ge", 1),))) == 3
    assert survey.filled(Selection("s", "", (), None, "SELECT note FROM t WHERE id > 3"), ["note"]) == {"note": 2}


def test_values_are_told_apart_letter_by_letter(survey: SqlSurvey) -> None:
    found = dict(survey.tally(ALL, ["status"], 10))
    assert found == {("a",): 2, ("A",): 1, ("Â",): 1, ("a ",): 1}


def test_combinations_come_with_the_most_frequent_first(survey: SqlSurvey) -> None:
    assert survey.tally(ALL, ["number"], 1) == [((7,), 2)]
    assert dict(survey.tally(ALL, ["number"], 9)) == {(7,): 2, (1,): 1, (0,): 1, (None,): 1}
    assert sum(rows for _, rows in survey.tally(ALL, ["status", "number"], 9)) == 5


def test_samples_are_text_cut_short_without_the_empty_ones(survey: SqlSurvey) -> None:
    assert survey.samples(ALL, "note", 5) == [("x", 2), ("y" * 200, 1)]
    assert survey.samples(ALL, "number", 1) == [("7", 2)]


def test_an_empty_table_counts_nothing(survey: SqlSurvey) -> None:
    none = Selection("s", "", (), "t", where=(Test("id", "gt", 99),))
    assert survey.rows(none) == 0
    assert survey.filled(none, ["note"]) == {"note": 0}
    assert survey.tally(none, ["note"], 5) == []


def test_it_never_writes(survey: SqlSurvey) -> None:
    with pytest.raises(AccessError):
        survey.rows(Selection("s", "", (), "no_such_table"))
    with pytest.raises(sa.exc.SQLAlchemyError), survey._engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM t"))
    assert survey.rows(ALL) == 5
