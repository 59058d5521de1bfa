"""Files that a harvest kept: looked up in its evidence database, read from the folder beside it."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from migrator.db import open_engine, reading


class EvidenceFiles:
    """Files of a source by the path its inventory names. Only files whose bytes were kept can be found."""

    has_all = False

    def __init__(self, database: Path) -> None:
        self._url, self._folder = f"sqlite:///{database}", database.parent.resolve()
        self._engine = open_engine(self._url, read_only=True)
        self._file = sa.table("file", sa.column("path"), sa.column("stored_as"))
        self._sized = sa.table("file", sa.column("sha256"), sa.column("size_bytes"), sa.column("stored_as"))

    def find(self, path: str) -> Path | None:
        """The file kept for a path; None where none was kept."""
        query = sa.select(self._file.c.stored_as).where(self._file.c.path == path)
        with reading(self._url), self._engine.connect() as connection:
            stored_as = connection.execute(query).scalar()
        if not stored_as:
            return None
        file = (self._folder / str(stored_as)).resolve()
        return file if file.is_relative_to(self._folder) and file.is_file() else None

    def totals(self) -> tuple[int, int]:
        """Files whose bytes were kept, and the bytes, each content once."""
        file = self._sized.c
        once = sa.select(file.sha256, sa.func.max(file.size_bytes).label("size")).where(file.stored_as != "")
        kept = once.group_by(file.sha256).subquery()
        query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(kept.c.size), 0)).select_from(kept)
        with reading(self._url), self._engine.connect() as connection:
            files, size = connection.execute(query).one()
        return int(files), int(size)

    def waiting(self) -> int:
        """Addresses that are still to be asked."""
        link = sa.table("link", sa.column("state"))
        query = sa.select(sa.func.count()).select_from(link).where(link.c.state == "waiting")
        with reading(self._url), self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def close(self) -> None:
        """Give connections back."""
        self._engine.dispose()
