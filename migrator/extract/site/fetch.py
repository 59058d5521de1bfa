"""The port to what is harvested: ask for an address, get what stands there. Two adapters: a web server, and a folder."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from os import stat_result
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO, Protocol
from unicodedata import normalize

from migrator.errors import StopRun
from migrator.extract.site.addresses import Addresses
from migrator.net import Session, Sink, TooLarge

OK, NOT_MODIFIED, NOT_FOUND = 200, 304, 404
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an address from last time, so that it need not be sent again. Empty: nothing."""

    etag: str = ""
    modified: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered, in the terms of HTTP. The body is in the sink, if ``status`` is 200.

    ``version`` changes whenever the bytes do, as far as one can know without reading them. ``modified_at`` is when the
    server says they last changed.
    """

    status: int
    content_type: str = ""
    location: str = ""
    etag: str = ""
    modified: str = ""
    version: str = ""
    modified_at: datetime | None = None
    retry_after_s: float | None = None


class Fetch(Protocol):
    """Asks for addresses. Whoever crawls in another way (a browser, an archive of the web) gives another one of these."""

    def fetch(self, url: str, sink: Sink, known: Known, largest_bytes: int) -> Fetched:
        """Ask once for a canonical address. NoAnswer, TooLarge, or AccessError for a host that may not be asked."""

    def close(self) -> None:
        """Give connections back."""


class HttpFetch:
    """Asks the site's web server, and no host that is not named."""

    def __init__(self, addresses: Addresses, timeout_s: float = 30.0, longest_s: float = 300.0) -> None:
        self._addresses = addresses
        self._session = Session(addresses.hosts, timeout_s, longest_s)

    def fetch(self, url: str, sink: Sink, known: Known, largest_bytes: int) -> Fetched:
        """Ask once; nothing is followed."""
        headers = {}
        if known.etag:
            headers["If-None-Match"] = known.etag
        if known.modified:
            headers["If-Modified-Since"] = known.modified
        answer = self._session.ask(self._addresses.to_ask(url), sink, headers, largest_bytes)
        told = answer.headers
        return Fetched(
            answer.status,
            told.get("content-type", ""),
            told.get("location", ""),
            told.get("etag", ""),
            told.get("last-modified", ""),
            told.get("etag", "") or told.get("last-modified", ""),
            _date(told.get("last-modified", "")),
            _retry_after(told),
        )

    def close(self) -> None:
        """Give connections back."""
        self._session.close()


class FolderFetch:
    """Takes the files of a site from a folder: a copy of its media on disk. Nothing outside the folder is read."""

    def __init__(self, addresses: Addresses, root: Path) -> None:
        self._addresses = addresses
        self._root = root.resolve()

    def fetch(self, url: str, sink: Sink, known: Known, largest_bytes: int) -> Fetched:
        """The file at the path of the address; 304 where size and time are as known."""
        found = self._find(self._addresses.file_path(url)) if self._addresses.is_own(url) else None
        if found is None:
            return Fetched(NOT_FOUND)
        path, stat = found
        version = f"{stat.st_size}:{stat.st_mtime_ns}"
        modified_at = datetime.fromtimestamp(int(stat.st_mtime), UTC)
        if version == known.version:
            return Fetched(NOT_MODIFIED, version=version, modified_at=modified_at)
        if stat.st_size > largest_bytes:
            raise TooLarge(f"{path} has more than {largest_bytes} bytes.", "Look at the file.")
        with _opened(path) as file:
            while piece := file.read(_PIECE):
                sink.write(piece)
        return Fetched(OK, version=version, modified_at=modified_at)

    def _find(self, path: str) -> tuple[Path, stat_result] | None:
        """The regular file, also where its name is written in the other Unicode form; None outside the folder."""
        plain = path.partition("?")[0]
        for name in dict.fromkeys((path, plain, normalize("NFC", plain), normalize("NFD", plain))):
            with suppress(OSError, ValueError):
                found = (self._root / name.lstrip("/")).resolve()
                stat = found.stat()
                if found.is_relative_to(self._root) and S_ISREG(stat.st_mode):
                    return found, stat
        return None

    def close(self) -> None:
        """Nothing to give back."""


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise StopRun(f"{path} cannot be read: {error.strerror}.", "Check its rights, then start again.") from error


def _date(text: str) -> datetime | None:
    """An HTTP date (RFC 9110, 5.6.7); None where it is none."""
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, as a number or until a date (RFC 9110, 10.2.3); None where nothing, or nothing readable, is said."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    until = _date(text) if text else None
    return max(0.0, (until - datetime.now(UTC)).total_seconds()) if until else None
