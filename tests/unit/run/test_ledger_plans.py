"""What is asked once a batch or a page must not read the whole ledger: with a million articles it would never end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from migrator.ledger.store import SqlLedger
from migrator.model.outcome import LOADED, Bucket

DIGESTS = [bytes([number]) * 32 for number in range(250)]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedgerOpened]:
    with SqlLedgerOpened(f"sqlite:///{tmp_path}/ledger.sqlite") as opened:
        yield opened


class SqlLedgerOpened(SqlLedger):
    def __enter__(self) -> SqlLedgerOpened:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def plans(self, ask: Callable[[SqlLedger], Any]) -> list[str]:
        """How SQLite goes about each question that ``ask`` has for the items."""
        asked: list[tuple[str, Any]] = []

        def listen(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if "FROM item" in statement:
                asked.append((statement, parameters))

        event.listen(self._engine, "before_cursor_execute", listen)
        ask(self)
        event.remove(self._engine, "before_cursor_execute", listen)
        assert asked
        with self._engine.connect() as connection:
            return [
                " | ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))
                for statement, parameters in asked
            ]


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lambda ledger: ledger.items(["web:article:1", "web:article:2"]), "sqlite_autoindex_item_1 (key=?)"),
        (lambda ledger: ledger.known(["web:article:1", "web:article:2"]), "sqlite_autoindex_item_1 (key=?)"),
        (lambda ledger: ledger.survivors("article", DIGESTS), "item_by_merge (merge_digest=?)"),
        (lambda ledger: ledger.by_content("article", DIGESTS[0]), "item_by_content (content=?)"),
        (lambda ledger: list(ledger.keys("article")), "item_by_entity (entity=?)"),
        (lambda ledger: list(ledger.keys("article", LOADED)), "item_by_entity (entity=?)"),
        (lambda ledger: list(ledger.all_items("article")), "item_by_entity (entity=?)"),
        (lambda ledger: list(ledger.all_items()), "SCAN item USING INDEX sqlite_autoindex_item_1"),
        (lambda ledger: list(ledger.set_aside([Bucket.REJECTED, Bucket.FAILED])), "sqlite_autoindex_item_1"),
        (lambda ledger: list(ledger.unseen_by(1, "web", "article", kept=True)), "item_by_entity (entity=?)"),
        (lambda ledger: list(ledger.unsettled("web", "article", 1, DIGESTS[0], 0)), "item_by_entity (entity=?)"),
    ],
)
def test_reads_only_what_it_needs(ledger: SqlLedgerOpened, ask: Callable[[SqlLedger], Any], index: str) -> None:
    for plan in ledger.plans(ask):
        assert index in plan
        assert "TEMP B-TREE" not in plan


def test_a_ledger_of_an_earlier_version_gets_the_index(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.sqlite"
    SqlLedger(url).close()
    old = sa.create_engine(url)
    with old.begin() as connection:
        connection.exec_driver_sql("DROP INDEX item_by_entity")
        connection.exec_driver_sql("UPDATE meta SET value = '2' WHERE name = 'schema_version'")
    with SqlLedgerOpened(url) as opened:
        assert "item_by_entity" in opened.plans(lambda ledger: list(ledger.keys("article")))[0]
    with old.connect() as connection:
        assert connection.exec_driver_sql("SELECT value FROM meta WHERE name = 'schema_version'").scalar() == "3"
    old.dispose()
