"""Whether a target can really be written: a table is made, filled, changed and emptied, and nothing of it stays.

SQLite and PostgreSQL take DDL back with the transaction. MariaDB commits it at once, so nothing is tried there: its
grants say what is allowed.
"""

from __future__ import annotations

import os
from pathlib import Path

import sqlalchemy as sa

from migrator.db import WRITES_AFTER_READING, open_engine, parse_url, reading
from migrator.errors import AccessError

TABLE = "migrator_doctor_trial"


def try_writing(url: str) -> bool:
    """Whether it was tried. AccessError where it cannot be written. An SQLite file that is not there yet is not made."""
    parsed = parse_url(url)
    dialect = parsed.get_backend_name()
    if dialect not in {"sqlite", "postgresql"}:
        return False
    if dialect == "sqlite" and not Path(str(parsed.database)).is_file():
        folder = Path(str(parsed.database)).parent
        if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
            raise AccessError(f"The folder {folder} cannot be written.", "Make it, or give this account the right.")
        return True
    engine = open_engine(url, read_only=False).execution_options(**{WRITES_AFTER_READING: True})
    table = sa.Table(TABLE, sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("said", sa.Text))
    try:
        with reading(url), engine.connect() as connection:
            transaction = connection.begin()
            try:
                table.create(connection)
                connection.execute(sa.insert(table).values(id=1, said="trial"))
                connection.execute(sa.update(table).values(said="changed"))
                connection.execute(sa.delete(table))
            finally:
                transaction.rollback()
    finally:
        engine.dispose()
    return True
