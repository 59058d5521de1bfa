"""A folder of packs: gzip files of lines, each named by the SHA-256 of what is in it.

A pack is written beside its name and moved there when it is whole, so that one stands there whole or not at all. It is
compared with its name each time it is read. The same rows give the same pack: staged again, they take no new space.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from migrator.errors import EvidenceError, StopRun

LEVEL = 6
_GZIP = 31
"""zlib's number for a gzip file with its largest window."""
_SUFFIX = ".gz"
_NEXT = "Stage the source again where it is still there ('migrator stage'), else restore the pack from a backup."


class PackStore:
    """Packs below one folder, readable by this user alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, digest: str) -> Path:
        """Where a pack stands."""
        return self._folder / digest[:2] / f"{digest}{_SUFFIX}"

    def holds(self, digest: str) -> bool:
        """Whether a pack of this name is there; what is in it is compared when it is read."""
        return self.path(digest).is_file()

    def keep(self, lines: Sequence[bytes]) -> tuple[str, int, int, int]:
        """Write lines as a pack: its digest, the bytes of its content and of its file, and how many bytes are new.

        StopRun where it cannot be written (a full disk): nothing half-written stays under its name.
        """
        content = b"".join(line + b"\n" for line in lines)
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        if self._is_whole(digest, len(content)):
            return digest, len(content), path.stat().st_size, 0
        packed = _packed(content)
        try:
            private_folder(path.parent)
            write_whole(path, packed)
        except OSError as error:
            raise StopRun(
                f"The pack {path.name} cannot be written: {error.strerror}.",
                "Free space on the disk, or correct the rights of the folder; then start 'migrator stage' again: it goes on.",
            ) from error
        return digest, len(content), len(packed), len(packed)

    def _is_whole(self, digest: str, size: int) -> bool:
        """Whether the pack is there and undamaged; a damaged one is written anew."""
        try:
            return self.holds(digest) and len(self.content(digest, size)) == size
        except EvidenceError:
            return False

    def lines(self, digest: str, size: int) -> list[bytes]:
        """The lines of a pack whose content has ``size`` bytes. EvidenceError where it is missing or not what it was."""
        return self.content(digest, size).split(b"\n")[:-1]

    def content(self, digest: str, size: int) -> bytes:
        """What is in a pack, compared with its name."""
        path = self.path(digest)
        try:
            packed = path.read_bytes()
        except FileNotFoundError as error:
            raise EvidenceError(f"The pack {path} is missing.", _NEXT) from error
        except OSError as error:
            raise EvidenceError(f"The pack {path} cannot be read: {error.strerror}.", _NEXT) from error
        unpacking = zlib.decompressobj(_GZIP)
        try:
            content = unpacking.decompress(packed, size + 1)  # one byte more than there may be tells that there is more
        except zlib.error as error:
            raise EvidenceError(f"The pack {path} is damaged.", _NEXT) from error
        if len(content) != size or not unpacking.eof or unpacking.unused_data:
            raise EvidenceError(f"The pack {path} is damaged: it holds more or less than was staged.", _NEXT)
        if hashlib.sha256(content).hexdigest() != digest:
            raise EvidenceError(f"The pack {path} is damaged: its content is not what its name says.", _NEXT)
        return content

    def names(self) -> Iterator[str]:
        """The digests of all packs that are there."""
        for path in sorted(self._folder.glob(f"??/*{_SUFFIX}")):
            yield path.name.removesuffix(_SUFFIX)

    def remove_all_but(self, digests: Collection[str]) -> int:
        """Remove the other packs, and what a kill left half-written; how many packs went."""
        gone = [digest for digest in self.names() if digest not in digests]
        for digest in gone:
            self.path(digest).unlink()
        for path in self._folder.glob("??/*.part"):
            path.unlink()
        return len(gone)


def _packed(content: bytes) -> bytes:
    """The gzip file of a content; the same bytes each time."""
    packing = zlib.compressobj(LEVEL, zlib.DEFLATED, _GZIP)
    return packing.compress(content) + packing.flush()


def private_folder(path: Path) -> None:
    """Make a folder, and those above it that are missing, for this user alone."""
    if not path.is_dir():
        private_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Put a file in its place whole, readable by this user alone, and on the disk before this returns."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    if os.name == "posix":  # elsewhere a folder cannot be opened
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
