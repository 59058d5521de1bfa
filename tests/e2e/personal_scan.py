"""Looks for planted personal data in anything a file can hold, in every spelling somebody might have given it."""

from __future__ import annotations

import html
import re
import sqlite3
import unicodedata
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

NUMBERS = ("phone", "cccd", "tax_code", "bank_account")
_LONGEST_REST = 400
_LONGEST_MAIL = 80
_APART = "\x01"
"""Between what stood in different places."""
_DIGITS = re.compile(r"[\d .()\u00a0-]{9,}")
_NOT_DIGIT = re.compile(r"\D+")
_AFTER_MAIL = re.compile(r"[\w.-]*")
_DOTTED = re.compile(r"[\d.]{7,}")
_HEX = re.compile(r"[0-9a-f]{16,}")
_PIECE = 2_000
_CODE = re.compile(r"\\u([0-9a-f]{4})")
_ESCAPED = re.compile(r"&(?:#|[a-z])|%[0-9a-f]{2}|\\u[0-9a-f]{4}|\\/")


class PersonalScan:
    """Finds the values of a manifest's ``personal`` part: kind -> value -> the columns it was planted in."""

    def __init__(self, personal: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        self._numbers = {number: value for kind in NUMBERS for value in personal[kind] for number in _spellings(value)}
        self._lengths = sorted({len(number) for number in self._numbers})
        self._mails = {value.lower(): value for value in personal["email"]}
        self._ips = {value: value for value in personal["ip"]}
        self._secrets = {value.lower(): value for value in personal["two_factor_secret"]}
        phrases = {folded(value): value for kind in ("address", "security_answer") for value in personal[kind]}
        phrases |= {value.lower(): value for value in personal["password_hash"]}
        self._phrases: dict[str, dict[str, str]] = {}
        for phrase, value in phrases.items():
            self._phrases.setdefault(_stem(phrase), {})[phrase] = value
        self.values = frozenset(value for values in personal.values() for value in values)

    def in_text(self, text: str) -> set[str]:
        """The planted values that stand in a text, however they are spelled or escaped."""
        lower = folded(text)
        found = self._in(lower)
        for start in range(0, len(lower), _PIECE):
            piece = lower[start : start + _PIECE + _LONGEST_REST]
            if _ESCAPED.search(piece):
                plain = _CODE.sub(lambda code: chr(int(code[1], 16)), piece.replace("\\/", "/"))
                found |= self._in(folded(unquote(html.unescape(html.unescape(plain)))))
        return found

    def _in(self, text: str) -> set[str]:
        found = {self._mails[mail] for mail in _mails(text) if mail in self._mails}
        for each in _DOTTED.findall(text):
            if each.count(".") >= 3:
                found |= {
                    self._ips[part] for length in range(7, 16) for part in _windows(each, length) if part in self._ips
                }
        for each in _DIGITS.findall(text):
            digits = _NOT_DIGIT.sub("", each)
            for length in self._lengths:
                found |= {self._numbers[part] for part in _windows(digits, length) if part in self._numbers}
        for each in _HEX.findall(text):
            found |= {self._secrets[part] for part in _windows(each, 16) if part in self._secrets}
        for stem, phrases in self._phrases.items():
            for place in _places(text, stem):
                rest = text[place : place + _LONGEST_REST]
                found |= {value for phrase, value in phrases.items() if rest.startswith(phrase)}
        return found

    def in_bytes(self, data: bytes) -> set[str]:
        """The planted values in bytes, as they are and decompressed."""
        found = self.in_text(data.decode("utf-8", "replace"))
        for plain in _unpacked(data):
            found |= self.in_text(plain.decode("utf-8", "replace"))
        return found

    def in_file(self, path: Path) -> set[str]:
        """The planted values in a file: in its bytes, and in every column where it is an SQLite database."""
        data = path.read_bytes()
        found = self.in_bytes(data)
        if data.startswith(b"SQLite format 3\0"):
            for table in _tables(path):
                blobs = [cell for cell in table if isinstance(cell, bytes)]
                texts = [cell for cell in table if isinstance(cell, str)]
                plain = [each.decode("utf-8", "replace") for blob in blobs for each in (blob, *_unpacked(blob))]
                found |= self.in_text(_APART.join([*texts, *plain]))
        return found

    def in_folder(self, folder: Path, without: Sequence[str] = ()) -> dict[str, set[str]]:
        """File (relative) -> the planted values in it, for every file below a folder but those below ``without``."""
        left_out = [folder / name for name in without]
        found = {}
        for path in sorted(folder.rglob("*")):
            is_wanted = path.is_file() and not any(path.is_relative_to(each) for each in left_out)
            if is_wanted and (values := self.in_file(path)):
                found[str(path.relative_to(folder))] = values
        return found


def folded(text: str) -> str:
    """Text in NFC and small letters, white space as single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


def _spellings(number: str) -> Iterator[str]:
    digits = _NOT_DIGIT.sub("", number)
    yield digits
    if digits.startswith("0900"):
        yield f"84{digits[1:]}"


def _stem(phrase: str) -> str:
    """The beginning by which a phrase is looked for."""
    return phrase[:7]


def _places(text: str, part: str) -> Iterator[int]:
    place = text.find(part)
    while place >= 0:
        yield place
        place = text.find(part, place + 1)


def _mails(text: str) -> Iterator[str]:
    """Everything that may be an e-mail address, with whatever length its name has: other letters may stand before it."""
    for place in _places(text, "@"):
        after = _AFTER_MAIL.match(text, place + 1)
        host = after[0].rstrip(".") if after else ""
        for start in range(max(0, place - _LONGEST_MAIL), place):
            yield f"{text[start:place]}@{host}"


def _windows(text: str, length: int) -> Iterator[str]:
    return (text[place : place + length] for place in range(len(text) - length + 1))


def _unpacked(data: bytes) -> Iterator[bytes]:
    """What zlib or gzip make of it."""
    if data[:1] == b"\x78" or data[:2] == b"\x1f\x8b":
        try:
            yield zlib.decompress(data, wbits=47)
        except zlib.error:
            return


def _tables(path: Path) -> Iterator[list[str | bytes]]:
    """Every text and blob of each table of a database."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    try:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            rows = connection.execute(f'SELECT * FROM "{name}"')
            yield [cell for row in rows for cell in row if isinstance(cell, (str, bytes))]
    finally:
        connection.close()
