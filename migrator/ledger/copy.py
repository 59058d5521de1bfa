"""A copy of a ledger to try things on: what a run reads of it, without the words of the journal."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from migrator.db import open_engine, running
from migrator.ledger import tables

_LEFT_OUT = frozenset({"outcome", "undo", "brought", "lease"})
_PAGE = 5000


def copy_ledger(url: str, path: Path) -> None:
    """Copy the ledger into a new SQLite file. The original is opened for reading only.

    Of the journal the newest entry is enough for the next one to be chained to it.
    """
    source, copy = open_engine(url, read_only=True), open_engine(f"sqlite:///{path}", read_only=False)
    try:
        tables.metadata.create_all(copy)
        with running(url), source.connect() as reading, copy.begin() as writing:
            there = sa.inspect(reading)
            for table in tables.metadata.sorted_tables:
                if table.name in _LEFT_OUT or not there.has_table(table.name):
                    continue
                statement = sa.select(table)
                if table is tables.journal:
                    statement = statement.order_by(table.c.seq.desc()).limit(1)
                for page in reading.execution_options(yield_per=_PAGE).execute(statement).mappings().partitions():
                    writing.execute(sa.insert(table), [dict(row) for row in page])
    finally:
        source.dispose()
        copy.dispose()
