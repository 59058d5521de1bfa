"""M1: every file the records speak of lies at the target with exactly the bytes it has at the source.

Digests are computed here, of both sides. What a record says was found at its path – missing, empty, no media, another kind
than its name says – is judged again from the source's bytes: what is missing there is a finding about the source, what is
lost on the way is a difference. Files at the target that no record speaks of are differences too. Nothing is decoded: two
pictures that look alike are two pictures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import orjson

from migrator.model.accounts import MediaAccount
from migrator.model.content import EntityType, Value
from migrator.model.finding import Check, DifferenceKind
from migrator.model.record import split_key
from migrator.ports import MediaWitness, Progress
from migrator.verify.desk import Batch, Desk
from migrator.verify.kinds import Named
from migrator.verify.magic import HEAD_BYTES, state

ASSET = "asset"
WITH_BYTES = frozenset({"stored", "wrong-extension"})
_K = DifferenceKind


@dataclass(frozen=True, slots=True)
class _File:
    """Bytes that were read: their digest (hex), number, and beginning."""

    sha256: str
    size_bytes: int
    head: bytes


def _read(pieces: Iterator[bytes]) -> _File:
    digest, size, head = hashlib.sha256(), 0, b""
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
        if len(head) < HEAD_BYTES:
            head += piece[: HEAD_BYTES - len(head)]
    return _File(digest.hexdigest(), size, head)


class MediaCheck:
    """M1 for the inventory of media."""

    def __init__(self, desk: Desk, entity: EntityType, media: MediaWitness, progress: Progress) -> None:
        self._desk, self._entity, self._media, self._progress = desk, entity, media, progress
        self._readable = frozenset(media.sources())
        self._kept, self._stored = desk.spool(), desk.spool()
        self._compared = self._not_compared = self._differences = self._files = 0
        self._unread: set[str] = set()
        self.accounts: dict[str, MediaAccount] = {}

    def look(self, batch: Batch) -> None:
        """Read the source's bytes of every record of a batch; remember what must lie at the target."""
        for standing in batch.settled:
            fields = standing.record.fields
            source = split_key(standing.key)[0]
            account = self.accounts.setdefault(source, MediaAccount(source))
            found = str(fields.get("file_state") or "")
            account.records += 1
            account.states[found] = account.states.get(found, 0) + 1
            sha256 = str(fields.get("sha256") or "")
            if sha256:
                self._kept.add(sha256, orjson.dumps((standing.key, fields.get("size_bytes"))).decode())
            if bool(sha256) != (found in WITH_BYTES):
                kind = _K.MISSING if found in WITH_BYTES else _K.EXTRA
                self._differ(
                    standing.key, "sha256", (kind, f"the record says {found or 'nothing'} of the file"), sha256
                )
            if found and found != "stored":
                detail = f"{fields.get('path')}: {found} at the source"
                self._desk.lists.finding(f"file-{found}", ASSET, standing.key, detail)
            if source in self._readable:
                self._at_source(standing.key, source, fields, account)
            else:
                self._unread.add(source)

    def _at_source(self, key: str, source: str, values: Mapping[str, Value], account: MediaAccount) -> None:
        """One file at the source against what the record says of it."""
        said, path = str(values.get("file_state") or ""), str(values.get("path") or "")
        if not said:
            self._not_compared += 1
            return
        self._compared += 1
        pieces = self._media.source(source, path)
        if pieces is None:
            self._absent(key, source, said, account)
            return
        file = _read(pieces)
        account.size_bytes += file.size_bytes
        judged = state(file.head, file.size_bytes, path)
        if said == "missing":
            self._differ(
                key, "file_state", (_K.MISSING, f"lost: the source has {file.size_bytes} bytes there"), said, judged
            )
        elif said != "too-large" and judged != said:
            self._differ(key, "file_state", (_K.CHANGED, "not what the source's bytes are"), said, judged)
        if said not in WITH_BYTES:
            return
        self._note(account, "compared")
        if values.get("sha256") != file.sha256:
            named = (_K.CHANGED, "the source's bytes are others")
            self._differ(key, "sha256", named, str(values.get("sha256")), file.sha256)
        elif values.get("size_bytes") != file.size_bytes:
            self._differ(key, "size_bytes", (_K.CHANGED, ""), str(values.get("size_bytes")), str(file.size_bytes))

    def _absent(self, key: str, source: str, said: str, account: MediaAccount) -> None:
        """The source has no bytes at the path."""
        if said == "missing" or (said not in WITH_BYTES and not self._media.has_all(source)):
            self._note(account, "absent")
            return
        self._differ(key, "file_state", (_K.EXTRA, "the source has no file there"), said, "missing")

    # --- the target ---------------------------------------------------------------------------------------------------
    def _at_target(self) -> None:
        """Every file of the store, once; then records and files are brought together."""
        self._progress.start("media", None)
        for name, size in self._media.stored():
            pieces = self._media.target(name)
            file = _read(pieces) if pieces is not None else None
            self._stored.add(name, orjson.dumps((size, file.sha256 if file else "")).decode())
            self._files += 1
            self._progress.advance(1)
        self._progress.finish()
        for kept, stored in zip(self._kept.parts(), self._stored.parts(), strict=True):
            there = {name: tuple(orjson.loads(payload)) for name, payload in stored}
            spoken_of = set()
            for sha256, payload in kept:
                key, size = orjson.loads(payload)
                spoken_of.add(sha256)
                self._compared += 1
                self._one_at_target(key, sha256, size, there.get(sha256))
            for name in there.keys() - spoken_of:
                self._differ(
                    f"target:{ASSET}:{name}", "", (_K.EXTRA, "a file of the target that no record speaks of"), name
                )
        self._kept.close()
        self._stored.close()

    def _one_at_target(self, key: str, sha256: str, size: object, file: tuple[int, str] | None) -> None:
        account = self.accounts[split_key(key)[0]]
        if file is None:
            self._note(account, "lost")
            self._differ(key, "sha256", (_K.MISSING, "lost: the target has no such file"), "", sha256)
        elif file[1] != sha256:
            self._note(account, "damaged")
            self._differ(
                key,
                "sha256",
                (_K.CHANGED, "the file at the target has other bytes than its name says"),
                file[1],
                sha256,
            )
        elif size != file[0]:
            self._differ(
                key, "size_bytes", (_K.CHANGED, "not the size of the file at the target"), str(size), str(file[0])
            )
        else:
            self._note(account, "kept")

    @staticmethod
    def _note(account: MediaAccount, outcome: str) -> None:
        account.outcomes[outcome] = account.outcomes.get(outcome, 0) + 1

    def _differ(self, key: str, field: str, named: Named, found: str, expected: str = "") -> None:
        self._differences += 1
        self._desk.lists.difference("M1", ASSET, key, field, named, expected or None, found or None)

    def conclude(self) -> Sequence[Check]:
        """The result."""
        self._at_target()
        records = sum(account.records for account in self.accounts.values())
        states = "; ".join(f"{account.source}: {_said(account.states)}" for account in self.accounts.values())
        statement = (
            f"{records} records of files ({states}) against the bytes at the source and {self._files} files at the target, "
            "all digests computed here"
        )
        if self._unread:
            statement += (
                f"; not compared with the source, whose files nobody has given: {', '.join(sorted(self._unread))}"
            )
        holds = not self._differences if self._compared or self._files or self._differences else None
        return (Check("M1", ASSET, holds, self._compared, self._not_compared, self._differences, True, statement),)


def _said(states: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {state or 'not looked at'}" for state, number in states.items())
