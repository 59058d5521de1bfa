"""Reading what was harvested: files by their path or their SHA-256. It is a :class:`migrator.ports.FileSource`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa

from migrator.db import open_engine, reading
from migrator.extract.site import states, tables
from migrator.extract.site.files import FileStore

_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file as the evidence knows it. Without ``sha256`` and ``size_bytes`` nobody ever had its bytes."""

    path: str
    state: str
    sha256: str | None
    size_bytes: int | None
    mime_type: str | None

    @property
    def is_kept(self) -> bool:
        """Whether its bytes lie in the evidence."""
        return self.state in states.KEPT


class Evidence:
    """One evidence database and the files beside it, read-only."""

    def __init__(self, database: Path) -> None:
        self._url = f"sqlite:///{database}"
        self._engine = open_engine(self._url, read_only=True)
        self._files = FileStore(database.parent)

    def open(self, sha256: str) -> BinaryIO | None:
        """The bytes with this SHA-256 in hex, to be closed by the caller; None where they are not there."""
        return self._files.open(sha256)

    def find(self, path: str) -> EvidenceFile | None:
        """The file at a path (below the site's root, decoded, or a whole address); None where nobody named it."""
        file = tables.file
        columns = (file.c.path, file.c.state, file.c.sha256, file.c.size_bytes, file.c.mime_type)
        with reading(self._url), self._engine.connect() as connection:
            row = connection.execute(sa.select(*columns).where(file.c.path == path)).one_or_none()
        return None if row is None else EvidenceFile(*row)

    def open_path(self, path: str) -> BinaryIO | None:
        """The bytes of the file at a path; None where they were not kept."""
        found = self.find(path)
        return self.open(found.sha256) if found is not None and found.is_kept and found.sha256 else None

    def damaged(self) -> Iterator[str]:
        """Paths of files whose bytes are gone or no longer have their SHA-256. Reads every file kept."""
        file, after = tables.file, ""
        while True:
            with reading(self._url), self._engine.connect() as connection:
                rows = connection.execute(
                    sa.select(file.c.path, file.c.sha256)
                    .where(file.c.path > after, file.c.state.in_(states.KEPT)).order_by(file.c.path).limit(_CHUNK)
                ).all()  # fmt: skip
            yield from (row.path for row in rows if not self._files.is_whole(row.sha256))
            if len(rows) < _CHUNK:
                return
            after = rows[-1].path

    def close(self) -> None:
        """Give connections back."""
        self._engine.dispose()
