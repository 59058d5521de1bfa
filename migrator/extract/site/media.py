"""One file of the site: fetched, looked at, kept under its SHA-256, and put on record whatever came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from migrator.extract.site import states
from migrator.extract.site.addresses import Addresses
from migrator.extract.site.fetch import NOT_FOUND, NOT_MODIFIED, OK, Fetch, Fetched, Known
from migrator.extract.site.files import FileStore, Receiver
from migrator.extract.site.magic import dimensions, extension_of, is_meant, mime_type
from migrator.extract.site.records import seconds
from migrator.extract.site.store import now
from migrator.extract.site.visit import Forbidden, Visitor, is_passing, is_redirect
from migrator.net import TooLarge

LARGEST_BYTES = 2 * 1024 * 1024 * 1024
_NO_MEDIA = frozenset({"text/html", "text/plain", "application/xml"})


class Later(Exception):
    """No answer that counts; the same question may be answered better later."""


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a file: its state, why, and its row. ``row`` is None where nothing changed since last time."""

    state: str
    reason: str
    row: Mapping[str, Any] | None
    answer: Fetched | None = None


class Media:
    """Brings files into the evidence: from a folder that has them, or else from the site."""

    def __init__(
        self, addresses: Addresses, files: FileStore, folder: Fetch | None, visitor: Visitor | None, largest_bytes: int
    ) -> None:
        self._addresses, self._files, self._folder, self._visitor = addresses, files, folder, visitor
        self._largest = largest_bytes

    def bring(self, url: str, known: Known, kept: tuple[str, int] | None = None) -> Found:
        """Fetch the file of a canonical address and keep its bytes. Later, Stopped and NoAnswer where it may come yet.

        What is ``known`` spares reading it again, unless the bytes that were ``kept`` are gone.
        """
        if kept is not None and not self._files.has(*kept):
            known = Known()
        with self._files.receiving() as receiver:
            try:
                ended, answer = self._fetch(url, receiver, known)
            except TooLarge as error:
                return self._without(url, states.TOO_LARGE, error.message)
            except Forbidden:
                return self._without(url, states.FORBIDDEN, "")
            if answer.status == OK:
                return self._taken(url, receiver, answer, ended)
        if answer.status == NOT_MODIFIED:
            return Found(states.STORED, "", None, answer)
        if answer.status in {NOT_FOUND, 410}:
            return self._without(url, states.MISSING, f"{answer.status}")
        if is_passing(answer.status):
            raise Later(f"answers {answer.status}")
        if is_redirect(answer.status):
            return self._stray(url, ended, answer)
        return self._without(url, states.REFUSED, f"answers {answer.status}")

    def _fetch(self, url: str, receiver: Receiver, known: Known) -> tuple[str, Fetched]:
        """The folder first; the site for what it lacks."""
        if self._folder is not None:
            answer = self._folder.fetch(url, receiver, known, self._largest)
            if answer.status != NOT_FOUND or self._visitor is None:
                return url, answer
        if self._visitor is None:
            return url, Fetched(NOT_FOUND)
        return self._visitor.follow(url, receiver, known, self._largest)

    def _taken(self, url: str, receiver: Receiver, answer: Fetched, ended: str) -> Found:
        """A whole answer came: what is it?"""
        mime = mime_type(receiver.head)
        state, reason = _verdict(self._addresses.path(url), receiver.size_bytes, mime)
        size = dimensions(receiver.head, mime)
        row = {
            "sha256": receiver.sha256, "size_bytes": receiver.size_bytes, "mime_type": mime, "version": answer.version,
            "width": size[0] if size else None, "height": size[1] if size else None,
            "modified_at": seconds(answer.modified_at),
            "stored_as": self._files.keep(receiver) if state in states.KEPT else "",
        }  # fmt: skip
        if ended != url:
            reason = f"{reason}; at {ended}".lstrip("; ")
        return Found(state, reason, {**self._row(url, state, reason), **row}, answer)

    def _stray(self, url: str, ended: str, answer: Fetched) -> Found:
        """A redirect that was not followed."""
        further = self._addresses.canonical(answer.location, ended)
        if further is not None and not self._addresses.may_ask(further):
            return self._without(url, states.FOREIGN, f"leads to {further}")
        return self._without(url, states.FAILED, f"redirects in a circle, or to nowhere: {answer.location[:200]}")

    def _without(self, url: str, state: str, reason: str) -> Found:
        return Found(state, reason, self.nothing(url, state, reason))

    def nothing(self, url: str, state: str, reason: str) -> Mapping[str, Any]:
        """The row of a file that did not come."""
        nothing = dict.fromkeys(("sha256", "size_bytes", "mime_type", "width", "height", "modified_at"))
        return {**self._row(url, state, reason), **nothing, "version": "", "stored_as": ""}

    def _row(self, url: str, state: str, reason: str) -> dict[str, Any]:
        path = self._addresses.file_path(url)
        return {"path": path, "url": url, "state": state, "reason": reason, "checked_at": now()}


def _verdict(path: str, size_bytes: int, mime: str | None) -> tuple[str, str]:
    """What the bytes are, held against the name."""
    extension = extension_of(path)
    if size_bytes == 0:
        return states.EMPTY, ""
    if is_meant(extension, mime):
        return states.STORED, ""
    if mime in _NO_MEDIA:
        return states.NOT_MEDIA, f"is {mime}"
    return states.WRONG_EXTENSION, f"is {mime or 'of no known kind'}, not .{extension}"


LINK_STATE = {
    states.STORED: states.DONE,
    states.WRONG_EXTENSION: states.DONE,
    states.NOT_MEDIA: states.DONE,
    states.EMPTY: states.DONE,
    states.MISSING: states.GONE,
    states.FOREIGN: states.REDIRECTED,
}
"""State of a file -> state of its address, where the two words differ."""
