"""The bytes of media as the auditor reads them: a folder of the source, and the target's store. Nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from migrator.errors import AccessError

_PIECE = 1 << 20
_DIGEST_LETTERS = 64


class SourceFiles(Protocol):
    """Where the files of one source can be read. ``has_all`` as in :class:`migrator.ports.MediaWitness`."""

    has_all: bool

    def find(self, path: str) -> Path | None:
        """The file a path of the source's inventory means; None where none is there."""


class FolderFiles:
    """A copy of the legacy site's files: paths of the inventory are below its root."""

    has_all = True

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def find(self, path: str) -> Path | None:
        """The file below the root; nothing outside it, whatever the path says."""
        try:
            file = (self._root / path.lstrip("/")).resolve()
            return file if file.is_relative_to(self._root) and file.is_file() else None
        except (OSError, ValueError):  # a name that is too long, or holds a zero byte
            return None


class SourceMedia:
    """The half of the MediaWitness port that every target has in common: the files of the sources."""

    def __init__(self, sources: Mapping[str, SourceFiles]) -> None:
        self._sources = sources

    def sources(self) -> Collection[str]:
        """The sources whose files can be read."""
        return self._sources.keys()

    def has_all(self, source: str) -> bool:
        """Whether a file that is not there is not at the source either."""
        return self._sources[source].has_all

    def source(self, source: str, path: str) -> Iterator[bytes] | None:
        """The source's file in pieces."""
        file = self._sources[source].find(path)
        return None if file is None else _pieces(file)


class MediaFolders(SourceMedia):
    """The MediaWitness port: files of the sources, and a store of files named ``ab/cdef…`` by their SHA-256."""

    def __init__(self, target: Path, sources: Mapping[str, SourceFiles]) -> None:
        super().__init__(sources)
        self._target = target

    def target(self, sha256: str) -> Iterator[bytes] | None:
        """The target's file in pieces; a name as :meth:`stored` gives it."""
        file = self._target / sha256[:2] / sha256[2:] if len(sha256) == _DIGEST_LETTERS else self._target / sha256
        return _pieces(file) if file.is_file() else None

    def stored(self) -> Iterator[tuple[str, int]]:
        """Every file below the target's folder, folder by folder."""
        if not self._target.is_dir():
            return
        for folder in sorted(self._target.iterdir()):
            if not folder.is_dir():
                yield folder.name, folder.stat().st_size
                continue
            for file in sorted(folder.rglob("*")):
                if file.is_file():
                    name = file.relative_to(self._target).as_posix()
                    joined = folder.name + file.name
                    is_named = len(joined) == _DIGEST_LETTERS and file.parent == folder
                    yield joined if is_named else name, file.stat().st_size


def _pieces(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as stream:
            while piece := stream.read(_PIECE):
                yield piece
    except OSError as error:
        raise AccessError(f"{file} cannot be read: {error.strerror}.", "Give the right to read it.") from error
